// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"strconv"
	"strings"
	"testing"
)

const sample = `#include <vmlinux.h>
#define TWICE(x) \
	((x) * 2)
/* a comment with return 1; */
struct event { int pid; };

SEC("tp/x") // if (not) here
int handle(struct ctx *ctx)
{
	struct event *e = (struct event *)bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
	if (!e)
		return 0;
	e->next->pid = ctx->args[1];
	if (a > 3 && b->c < d[i] + 1) {
		return 1;
	} else {
		count++;
	}
	for (int i = 0; i < n; i++)
		sum += data[i];
	sk = bpf_sk_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv4), f(1, 2),
			       0);
	asm volatile ("r1 = 0;	\
		       r2 = 1;" ::: "r1");
	*p = 3;
	n = *(int *)(long)sum;
	return call(x)->y;
}
`

// at finds the position of the first occurrence of marked text; ‸ in it marks
// the position itself.
func at(t *testing.T, f *File, marked string) (line, col int) {
	t.Helper()
	before, after, _ := strings.Cut(marked, "‸")
	i := strings.Index(sample, before+after)
	if i < 0 {
		t.Fatalf("%q is not in the sample", before+after)
	}
	i += len(before)
	line = 1 + strings.Count(sample[:i], "\n")
	return line, i - strings.LastIndexByte(sample[:i], '\n')
}

func cut(f *File, r Range) string {
	if r.Line == r.EndLine {
		return f.Text(r)
	}
	text := f.Line(r.Line)[r.Col-1:]
	for n := r.Line + 1; n < r.EndLine; n++ {
		text += "\n" + f.Line(n)
	}
	return text + "\n" + f.Line(r.EndLine)[:r.EndCol-1]
}

func TestExpression(t *testing.T) {
	f := Scan([]byte(sample))
	for marked, want := range map[string]string{
		"‸bpf_ringbuf_reserve(": "bpf_ringbuf_reserve(&rb, sizeof(*e), 0)",
		"if (‸!e)":              "!e",
		"‸return 0":             "return 0",
		"e->next->‸pid =":       "e->next->pid",
		"e->next->pid ‸=":       "e->next->pid = ctx->args[1]",
		"‸ctx->args[1]":         "ctx->args[1]",
		"ctx->‸args[1]":         "ctx->args[1]",
		"a ‸> 3":                "a > 3",
		"b->c ‸< d":             "b->c < d[i]",
		"‸*p = 3":               "*p",
		"return call(x)->‸y":    "call(x)->y",
		"‸if (!e)":              "if (!e)",
		"sum ‸+= data":          "sum += data[i]",
		"*p ‸= 3":               "*p = 3",
		"‸asm volatile":         "asm volatile (\"r1 = 0;\t\\\n\t\t       r2 = 1;\" ::: \"r1\")",
		"‸*(int *)(long)sum":    "*(int *)(long)sum",
	} {
		line, col := at(t, f, marked)
		r, ok := f.Expression(line, col)
		if !ok || cut(f, r) != want {
			t.Errorf("%s: %q, want %q", marked, cut(f, r), want)
		}
	}
}

func TestPointer(t *testing.T) {
	f := Scan([]byte(sample))
	for marked, want := range map[string]string{
		"e->next->‸pid =": "e->next",
		"e->‸next->pid":   "e",
		"e->next->pid ‸=": "e->next",
		"‸ctx->args[1]":   "ctx",
		"ctx->‸args[1]":   "ctx",
		"‸*p = 3":         "p",
		"*p ‸= 3":         "p",
		"‸*(int *)(long)": "(int *)(long)sum",
		"‸data[i]":        "data",
		"if (‸!e)":        "",
	} {
		line, col := at(t, f, marked)
		if got, _ := f.Pointer(line, col); got != want {
			t.Errorf("%s: %q, want %q", marked, got, want)
		}
	}
}

func TestCalls(t *testing.T) {
	f := Scan([]byte(sample))
	line, col := at(t, f, "‸struct event *e =")
	if got, _ := f.Assigned("bpf_ringbuf_reserve", line, col); got != "e" {
		t.Errorf("the record is assigned to %q", got)
	}
	line, col = at(t, f, "‸sk = bpf")
	if got, _ := f.Assigned("bpf_sk_lookup_tcp", line, col); got != "sk" {
		t.Errorf("the socket is assigned to %q", got)
	}
	for n, want := range []string{"ctx", "&tuple", "sizeof(tuple.ipv4)", "f(1, 2)", "0", ""} {
		if got, _, _ := f.Argument("bpf_sk_lookup_tcp", n, line, col); got != want {
			t.Errorf("argument %d is %q, want %q", n, got, want)
		}
	}
}

func TestAssigned(t *testing.T) {
	for line, want := range map[string]string{
		"e = f();":                                   "e",
		"p->next = (struct e *)f();":                 "p->next",
		"struct s x = { .row = f() };":               "x.row",
		"struct s x = { .a = g(1, 2), .row = f() };": "x.row",
		"struct s x = { .in.row = f() };":            "x.in.row",
		"struct s x = { .in = { 1, .row = f() } };":  "x.in.row",
		"int a[2] = { [1] = f() };":                  "a[1]",
		"x = (struct s){ .row = f() };":              "x.row",
		"return (struct s){ .row = f() };":           "",
		"use(&(struct s){ .row = f() });":            "",
		"struct s x = { f() };":                      "",
		"if (f())":                                   "",
	} {
		file := Scan([]byte("{\n\t" + line + "\n}\n"))
		if got, _ := file.Assigned("f", 2, 1); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestConditions(t *testing.T) {
	f := Scan([]byte(sample))
	for _, test := range []struct{ marked, whole, operands, body, jump string }{
		{"if (‸!e)", "!e", "!e T F", "return 0;", "return"},
		{"a ‸> 3", "a > 3 && b->c < d[i] + 1", "a > 3 1 F, b->c < d[i] + 1 T F", "{\n\t\treturn 1;\n\t}", "return"},
		{"b->c ‸< d", "a > 3 && b->c < d[i] + 1", "a > 3 1 F, b->c < d[i] + 1 T F", "{\n\t\treturn 1;\n\t}", "return"},
		{"i ‸< n", "i < n", "i < n T F", "sum += data[i];", ""},
		{"‸for (int", "i < n", "i < n T F", "sum += data[i];", ""},
	} {
		line, col := at(t, f, test.marked)
		c, ok := f.ConditionAt(line, col)
		if !ok || c.Whole.Text != test.whole || operands(&c) != test.operands || cut(f, c.Body) != test.body || c.Jump != test.jump {
			t.Errorf("%s: %q %+v", test.marked, operands(&c), c)
		}
	}
	for _, marked := range []string{"‸*p = 3", "e->next->‸pid", "i‸++)"} {
		line, col := at(t, f, marked)
		if c, ok := f.ConditionAt(line, col); ok {
			t.Errorf("%s belongs to the condition %q", marked, c.Whole.Text)
		}
	}
}

// operands writes each operand with what it leads to when true and false.
func operands(c *Condition) string {
	var parts []string
	name := func(target int) string {
		switch target {
		case WholeTrue:
			return "T"
		case WholeFalse:
			return "F"
		}
		return strconv.Itoa(target)
	}
	for _, o := range c.Operands {
		parts = append(parts, o.Text+" "+name(o.OnTrue)+" "+name(o.OnFalse))
	}
	return strings.Join(parts, ", ")
}

func TestOperands(t *testing.T) {
	for condition, want := range map[string]string{
		"a || b || c":           "a T 1, b T 2, c T F",
		"a && (b || c) && d":    "a 1 F, b 3 2, c 3 F, d T F",
		"(a && b) || !(c && d)": "a 1 2, b T 2, !(c && d) T F",
	} {
		f := Scan([]byte("void f(void) { if (" + condition + ") return; }"))
		c, ok := f.ConditionAt(1, 16)
		if got := operands(&c); !ok || got != want {
			t.Errorf("%s: got %s, want %s", condition, got, want)
		}
	}
}

// TestDecided has operands that are evaluated on every way to an outcome of the condition, and others.
func TestDecided(t *testing.T) {
	for condition, want := range map[string]string{
		"a":                    "true: a; false: !a",
		"a || b":               "true:; false: !a !b",
		"a && b":               "true: a b; false:",
		"(a || b) && c":        "true: c; false:",
		"a && b || c":          "true:; false: !c",
		"a && (b || c) && d":   "true: a d; false:",
		"(a && b) || (c && d)": "true:; false:",
	} {
		f := Scan([]byte("void f(void) { if (" + condition + ") return; }"))
		c, ok := f.ConditionAt(1, 16)
		if !ok {
			t.Fatal(condition)
		}
		of := func(whole bool) (out string) {
			for i, o := range c.Operands {
				switch truth, ok := c.Decided(i, whole); {
				case !ok:
				case truth:
					out += " " + o.Text
				default:
					out += " !" + o.Text
				}
			}
			return out
		}
		if got := "true:" + of(true) + "; false:" + of(false); got != want {
			t.Errorf("%s: got %s, want %s", condition, got, want)
		}
	}
}

func TestFunctions(t *testing.T) {
	f := Scan([]byte(sample))
	for _, marked := range []string{"‸int handle", "‸*p = 3", "if (a ‸> 3"} {
		line, col := at(t, f, marked)
		fn, ok := f.FunctionAt(line, col)
		if !ok || f.ClosingBrace(fn).Line != f.Lines()-1 {
			t.Fatalf("%s: %+v", marked, fn)
		}
		if r, ok := f.LastReturn(fn); !ok || cut(f, r) != "return call(x)->y" {
			t.Errorf("%s: last return %+v", marked, r)
		}
	}
	if r, ok := f.ReturnOn(12); !ok || cut(f, r) != "return 0" {
		t.Errorf("return on line 12: %+v", r)
	}
	if _, ok := f.ReturnOn(4); ok {
		t.Error("a return was found in a comment")
	}
}

// FuzzScan makes sure that no text breaks the scanner or its questions.
func FuzzScan(f *testing.F) {
	f.Add(sample, 10, 4)
	f.Add("if (", 1, 1)
	f.Add(")]}({[\"'\\\n#\\", 1, 3)
	f.Fuzz(func(t *testing.T, text string, line, col int) {
		file := Scan([]byte(text))
		file.Expression(line, col)
		file.Pointer(line, col)
		file.ConditionAt(line, col)
		file.Assigned("f", line, col)
		file.Argument("f", 1, line, col)
		if fn, ok := file.FunctionAt(line, col); ok {
			file.LastReturn(fn)
			file.ClosingBrace(fn)
		}
		file.ReturnOn(line)
	})
}

func TestDefinition(t *testing.T) {
	const text = `static int bad(int x);
int use(void) { return bad(1); }
SEC("fentry/f")
int BPF_PROG(traced, int a,
	     int b)
{
	return traced_by(a);
}
__u32
bad(int x)
{
	return x;
}
`
	f := Scan([]byte(text))
	for name, want := range map[string]int{"use": 2, "traced": 4, "bad": 10, "traced_by": 0} {
		if line, _ := f.Definition(name); line != want {
			t.Errorf("%s is defined on line %d, want %d", name, line, want)
		}
	}
}

// TestCode leaves out what stands behind the code of a line, and nothing of other lines.
func TestCode(t *testing.T) {
	f := Scan([]byte("a = b; // not c\n\td(\"/* e */\"); /* f */\n/* g */\n#define h i // j\n\n"))
	for n, want := range map[int]string{
		1: "a = b;", 2: "\td(\"/* e */\");", 3: "/* g */", 4: "#define h i // j", 5: "", 9: "",
	} {
		if got := f.Code(n); got != want {
			t.Errorf("line %d: %q, want %q", n, got, want)
		}
	}
}
