// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

// apply makes changes of a text; diag.Apply does it for users.
func apply(t *testing.T, text string, changes []Change) string {
	t.Helper()
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Line, a.Line), cmp.Compare(b.Col, a.Col))
	})
	lines := strings.Split(text, "\n")
	offset := func(line, col int) int {
		at := col - 1
		for _, l := range lines[:line-1] {
			at += len(l) + 1
		}
		return at
	}
	for _, c := range changes {
		text = text[:offset(c.Line, c.Col)] + c.Text + text[offset(c.EndLine, c.EndCol):]
	}
	return text
}

// TestInsertions inserts statements at the place of the name x.
func TestInsertions(t *testing.T) {
	const check = "if (!p) { put(q); return 0; }"
	for _, test := range []struct{ name, edit, text, statements, want string }{
		{"in a block", "before", "int f(void)\n{\n\treturn x;\n}\n", "if (!p) return 0;",
			"int f(void)\n{\n\tif (!p)\n\t\treturn 0;\n\treturn x;\n}\n"},
		{"several statements", "before", "int f(void)\n{\n  return x;\n}\n", check,
			"int f(void)\n{\n  if (!p) {\n    put(q);\n    return 0;\n  }\n  return x;\n}\n"},
		{"above a comment of the line", "before", "int f(void)\n{\n\ta();\n\t// why\n\treturn x;\n}\n", "b();",
			"int f(void)\n{\n\ta();\n\tb();\n\t// why\n\treturn x;\n}\n"},
		{"the body of an if", "before", "int f(void)\n{\n\tif (a)\n\t\treturn x;\n\treturn 1;\n}\n", "put(q);",
			"int f(void)\n{\n\tif (a) {\n\t\tput(q);\n\t\treturn x;\n\t}\n\treturn 1;\n}\n"},
		{"on the line of its if", "before", "int f(void)\n{\n\tif (a) return x; // why\n\treturn 1;\n}\n", "put(q);",
			"int f(void)\n{\n\tif (a) {\n\t\tput(q);\n\t\treturn x;\n\t} // why\n\treturn 1;\n}\n"},
		{"the body of an else", "before", "int f(void)\n{\n\tif (a)\n\t\tb();\n\telse\n\t\tx();\n}\n", "c();",
			"int f(void)\n{\n\tif (a)\n\t\tb();\n\telse {\n\t\tc();\n\t\tx();\n\t}\n}\n"},
		{"the head of an if", "before", "int f(void)\n{\n\tif (x)\n\t\tb();\n}\n", "c();",
			"int f(void)\n{\n\tc();\n\tif (x)\n\t\tb();\n}\n"},
		{"the head of a loop", "before", "int f(void)\n{\n\tfor (i = 0; i < x; i++)\n\t\tb();\n}\n", "c();",
			"int f(void)\n{\n\tc();\n\tfor (i = 0; i < x; i++)\n\t\tb();\n}\n"},
		{"a loop of a macro", "before", "int f(void)\n{\n\tbpf_for(i, 0, 9) {\n\t\ta();\n\t}\n\treturn x;\n}\n", "c();",
			"int f(void)\n{\n\tbpf_for(i, 0, 9) {\n\t\ta();\n\t}\n\tc();\n\treturn x;\n}\n"},
		{"behind a label of a switch", "before", "int f(void)\n{\n\tswitch (a) {\n\tcase 1:\n\t\tx();\n\t}\n}\n", "c();",
			"int f(void)\n{\n\tswitch (a) {\n\tcase 1:\n\t\tc();\n\t\tx();\n\t}\n}\n"},
		{"on the line of a label", "before", "int f(void)\n{\n\tswitch (a) {\n\tcase 1: x(); break;\n\t}\n}\n", "c();",
			"int f(void)\n{\n\tswitch (a) {\n\tcase 1: c(); x(); break;\n\t}\n}\n"},
		{"an initialiser", "before", "int f(void)\n{\n\tstruct s s = {\n\t\t.a = x,\n\t};\n}\n", "c();",
			"int f(void)\n{\n\tc();\n\tstruct s s = {\n\t\t.a = x,\n\t};\n}\n"},
		{"behind a statement", "after", "int f(void)\n{\n\tx(); // why\n\tb();\n}\n", "c();",
			"int f(void)\n{\n\tx(); // why\n\tc();\n\tb();\n}\n"},
		{"behind a body", "after", "int f(void)\n{\n\tif (a)\n\t\tx();\n\tb();\n}\n", "c();",
			"int f(void)\n{\n\tif (a) {\n\t\tx();\n\t\tc();\n\t}\n\tb();\n}\n"},
		{"lines that end otherwise", "before", "int f(void)\r\n{\r\n\treturn x;\r\n}\r\n", "c();",
			"int f(void)\r\n{\r\n\tc();\r\n\treturn x;\r\n}\r\n"},
		{"removed with its line", "remove", "int f(void)\n{\n\tx();\n\tb();\n}\n", "", "int f(void)\n{\n\tb();\n}\n"},
		{"removed as a body", "remove", "int f(void)\n{\n\tif (a)\n\t\tx();\n\tb();\n}\n", "",
			"int f(void)\n{\n\tif (a)\n\t\t;\n\tb();\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := Scan([]byte(test.text))
			r, ok := f.Name("x", 1, f.Lines())
			if !ok {
				t.Fatal("no x")
			}
			var changes []Change
			switch test.edit {
			case "before":
				changes, ok = f.InsertBefore(r.Line, r.Col, test.statements)
			case "after":
				changes, ok = f.InsertAfter(r.Line, r.Col, test.statements)
			case "remove":
				changes, ok = f.Remove(r.Line, r.Col)
			}
			if !ok {
				t.Fatal("no change")
			}
			if got := apply(t, test.text, changes); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestUncertainPlaces requires that nothing is inserted where the statement is not known.
func TestUncertainPlaces(t *testing.T) {
	for _, text := range []string{
		"int x;\n",
		"#define A x\nint f(void)\n{\n\treturn A;\n}\n",
		"int f(void)\n{\n\tif (a) for (;;) {\n\t\tb(\n\t}\n\tx();\n",
	} {
		f := Scan([]byte(text))
		r, ok := f.Name("x", 1, f.Lines())
		if !ok {
			r = Range{Line: 1, Col: 11}
		}
		if got, ok := f.InsertBefore(r.Line, r.Col, "c();"); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestBodies adds to the bodies of conditions.
func TestBodies(t *testing.T) {
	for _, test := range []struct{ edit, text, want string }{
		{"last", "int f(void)\n{\n\tif (x) {\n\t\ta();\n\t\treturn 1;\n\t}\n}\n", "int f(void)\n{\n\tif (x) {\n\t\ta();\n\t\tc();\n\t\treturn 1;\n\t}\n}\n"},
		{"last", "int f(void)\n{\n\tif (x)\n\t\tgoto out;\n}\n", "int f(void)\n{\n\tif (x) {\n\t\tc();\n\t\tgoto out;\n\t}\n}\n"},
		{"last", "int f(void)\n{\n\tif (x)\n\t\ta();\n\tb();\n}\n", "int f(void)\n{\n\tif (x) {\n\t\ta();\n\t\tc();\n\t}\n\tb();\n}\n"},
		{"else", "int f(void)\n{\n\tif (x) {\n\t\ta();\n\t}\n\tb();\n}\n", "int f(void)\n{\n\tif (x) {\n\t\ta();\n\t} else\n\t\tc();\n\tb();\n}\n"},
		{"else", "int f(void)\n{\n\tif (x)\n\t\ta();\n\tb();\n}\n", "int f(void)\n{\n\tif (x)\n\t\ta();\n\telse {\n\t\tc();\n\t}\n\tb();\n}\n"},
	} {
		f := Scan([]byte(test.text))
		r, _ := f.Name("x", 1, f.Lines())
		c, ok := f.ConditionAt(r.Line, r.Col)
		if !ok {
			t.Fatal("no condition")
		}
		var changes []Change
		if test.edit == "else" {
			changes, ok = f.AddElse(&c, "c();")
		} else {
			changes, ok = f.InsertLast(c.Body, "c();")
		}
		if !ok {
			t.Errorf("%s: no change of\n%s", test.edit, test.text)
		} else if got := apply(t, test.text, changes); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.edit, got, test.want)
		}
	}
}
