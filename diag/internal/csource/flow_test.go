// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const flowing = `int f(struct a *p, int n)
{
	int i = 0;

	if (!p || n < 3)
		goto out;
	for (i = 0; i < n; i++) {
		if (p->x)
			continue;
		switch (p->kind) {
		case 1:
			n++;
		case 2:
			break;
		default:
			return 2;
		}
		bpf_for(j, 0, 4) { n += j; }
	}
	do { n--; } while (n > 7);
	CHECK(n)
out:
	return n;
}
`

func TestFlow(t *testing.T) {
	f := Scan([]byte(flowing))
	fn, ok := f.FunctionAt(3, 1)
	if !ok {
		t.Fatal("no function")
	}
	w, ok := f.Flow(fn)
	if !ok {
		t.Fatal("not understood")
	}
	next := func(step int) (out []string) {
		for _, way := range w.Steps[step].Ways {
			text := "end"
			if way.To >= 0 {
				text = w.Text(way.To)
			}
			if l := w.Label(way); l != "" {
				text = l + " " + text
			}
			out = append(out, text)
		}
		return out
	}
	want := map[string][]string{
		"int i = 0":        {"!p || n < 3"},
		"!p || n < 3":      {"goto out", "i = 0"},
		"goto out":         {"return n"},
		"i < n":            {"p->x", "n--"},
		"i++":              {"i < n"},
		"continue":         {"i++"},
		"p->kind":          {"case 1: n++", "case 2: break", "default: return 2"},
		"n++":              {"break"},
		"break":            {"bpf_for(j, 0, 4)"},
		"bpf_for(j, 0, 4)": {"n += j", "i++"},
		"n += j":           {"bpf_for(j, 0, 4)"},
		"n--":              {"n > 7"},
		"n > 7":            {"n--", "CHECK(n)"},
		"CHECK(n)":         {"return n"},
		"return n":         {"end"},
	}
	for step := range w.Steps {
		if expected, ok := want[w.Text(step)]; ok {
			if got := next(step); !slices.Equal(got, expected) {
				t.Errorf("after %q comes %q, not %q", w.Text(step), got, expected)
			}
			delete(want, w.Text(step))
		}
	}
	for text := range want {
		t.Errorf("no step %q", text)
	}
	if got := w.Text(w.Entry); got != "int i = 0" {
		t.Errorf("%q runs first", got)
	}
	if step := w.At(5, 2); step < 0 || w.Steps[step].Keyword != "if" {
		t.Errorf("the place of `if` is in step %d", step)
	}
	if names := f.Parameters(fn); fmt.Sprint(names) != "[p n]" {
		t.Errorf("parameters %v", names)
	}
}

func TestFlowNotUnderstood(t *testing.T) {
	for _, body := range []string{"goto nowhere;", "case 3: f();", "if (a", "for (;) f();"} {
		f := Scan([]byte("int f(void)\n{\n" + body + "\n}\n"))
		if fn, ok := f.FunctionAt(2, 1); ok {
			if w, ok := f.Flow(fn); ok {
				t.Errorf("%q is taken for %d steps", body, len(w.Steps))
			}
		}
	}
}

func TestMacro(t *testing.T) {
	f := Scan([]byte("#define PUT(x) \\\n\tdo { drop(x); } while (0)\nint a = PUT(1);\n"))
	if body, ok := f.Macro("PUT"); !ok || !strings.Contains(body, "drop(x)") {
		t.Errorf("PUT is %q", body)
	}
	if _, ok := f.Macro("GET"); ok {
		t.Error("a macro that is not there")
	}
}
