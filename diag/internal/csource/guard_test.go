// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"slices"
	"strings"
	"testing"
)

// changed makes changes of a text.
func changed(text string, changes []Change) string {
	lines := strings.SplitAfter(text, "\n")
	for _, c := range slices.Backward(changes) {
		l := lines[c.Line-1]
		lines[c.Line-1] = l[:c.Col-1] + c.Text + l[c.EndCol-1:]
	}
	return strings.Join(lines, "")
}

func TestGuardCalls(t *testing.T) {
	const declared = "extern int f(int) __ksym;\nint g(int a)\n{\n"
	for _, test := range []struct{ body, want string }{
		{"\tf(a);\n", "\tif (has(f)) f(a);\n"},
		{"\tif (a)\n\t\tf(a);\n\telse\n\t\ta = 1;\n", "\tif (a)\n\t\t{ if (has(f)) f(a); }\n\telse\n\t\ta = 1;\n"},
		{"\ta = f(1) + f(f(2));\n", "\ta = (has(f) ? f(1) : 0) + (has(f) ? f((has(f) ? f(2) : 0)) : 0);\n"},
		{"\tif (has(f))\n\t\tf(a);\n", "\tif (has(f))\n\t\tf(a);\n"},
		{"\treturn f(a);\n", "\treturn (has(f) ? f(a) : 0);\n"},
	} {
		text := declared + test.body + "}\n"
		changes, ok := Scan([]byte(text)).GuardCalls("f", "has")
		slices.SortStableFunc(changes, func(a, b Change) int { return (a.Line-b.Line)*1000 + a.Col - b.Col })
		if got := changed(text, changes); !ok || got != declared+test.want+"}\n" {
			t.Errorf("%v, %q", ok, got)
		}
	}
}

func TestRename(t *testing.T) {
	const text = "int f(int);\nint g(struct s *s) { return f(s->f) + s->g.f; }\n"
	want := "int h(int);\nint g(struct s *s) { return h(s->f) + s->g.f; }\n"
	if got := changed(text, Scan([]byte(text)).Rename("f", "h")); got != want {
		t.Errorf("%q", got)
	}
}

func TestInitialValue(t *testing.T) {
	for text, want := range map[string]string{
		`char l[] SEC("license") = "MIT";`: `"MIT"`,
		`char l[] SEC("license") = OURS;`:  `OURS`,
		`char l[] SEC("license");`:         ``,
	} {
		f := Scan([]byte("int x = 1;\n" + text + "\n"))
		at, _ := f.Name(`"license"`, 2, 2)
		r, ok := f.InitialValue(at.Line, at.Col)
		if got := f.Text(r); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
}
