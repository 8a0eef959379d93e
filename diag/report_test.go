// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// TestLogReports holds the reports in the logs of the rejected programs
// against a golden file, and what the log importer makes of them against the
// diagnostics.
func TestLogReports(t *testing.T) {
	objects, err := filepath.Glob(filepath.Join(objectDir, "*.bpf.o"))
	if err != nil || len(objects) == 0 {
		t.Fatalf("no objects: %v", err)
	}
	var out bytes.Buffer
	for _, name := range objects {
		obj := loadObject(t, name)
		for _, p := range obj.Programs {
			r := verifier.Verify(p, verifier.Options{LogLevel: 1 | 4, Record: true})
			s := diag.Subject{Object: obj, Program: p, Read: programSource}
			reports := render.LogReports(s, explain.Reports(s, &r))
			if r.Verdict != verifier.Rejected {
				if len(reports) > 0 {
					t.Errorf("%s is not rejected, but has a report", p.Name)
				}
				continue
			}
			fmt.Fprintf(&out, "== %s %s\n%s", filepath.Base(name), p.Name, reports)
			log := render.WithReports(r.Log, len(r.Log)-r.LogEnd, reports)
			if !bytes.Contains(log, []byte("\n\nverification time ")) {
				t.Errorf("%s: the statistics do not follow the report", p.Name)
			}
			checkImported(t, p.Name, string(log), string(r.Log), explain.Result(s, &r))
		}
	}
	golden(t, "reports.golden", out.String())
	for line := range strings.Lines(out.String()) {
		if len([]rune(line)) > 110 && !strings.Contains(line, " | ") {
			t.Errorf("a line of %d columns: %s", len(line), line)
		}
	}
}

// checkImported reads a log with reports back: its message must be that of the
// log without, and the reports must say what the diagnostics do.
func checkImported(t *testing.T, name, log, plain string, want []diag.Diagnostic) {
	t.Helper()
	got, bare := kernellog.End(log), kernellog.End(plain)
	if got.Message != bare.Message || got.PC != bare.PC || got.Source != bare.Source {
		t.Errorf("%s: the log ends with %q at %d, without reports with %q at %d", name, got.Message, got.PC, bare.Message, bare.PC)
	}
	if rest, _ := kernellog.Split(log); rest != plain {
		t.Errorf("%s: the log without its reports is\n%s\nwant\n%s", name, rest, plain)
	}
	if len(got.Reports) != len(want) {
		t.Fatalf("%s: %d reports of %d faults", name, len(got.Reports), len(want))
	}
	for i := range want {
		r, d := &got.Reports[i], &want[i]
		if r.Category != d.Category || !strings.EqualFold(r.Problem, d.Problem) || r.Reason != d.Reason || r.Suggestion != d.Suggestion {
			t.Errorf("%s: the report says %+v, the diagnostic %+v", name, r, d)
		}
		if r.At.PC != d.PC || r.At.Label != "error" {
			t.Errorf("%s: the report is about %+v, the diagnostic about instruction %d", name, r.At, d.PC)
		}
	}
}

// longPath is a program of so many branches without line information, and a
// result that went through all of them.
func longPath(branches int) (*program.Program, verifier.Result) {
	p := &program.Program{Name: "long", Section: "xdp"}
	r := verifier.Result{Verdict: verifier.Rejected, Reports: []verifier.Report{{
		Code: catalog.UnreadableRegister, PC: branches, Kernel: "R6 !read_ok", Errno: 13, Fault: fault.UnreadableRegister.Of(fault.Register{Reg: 6}),
	}}}
	for pc := range branches {
		p.Insns = append(p.Insns, isa.Insn{Op: isa.ClassJMP | isa.OpJeq, Dst: 1, Off: 1})
		r.Path = append(r.Path, int32(pc))
		r.History = append(r.History, record.Event{Kind: record.EventBranch, PC: pc})
	}
	p.Insns = append(p.Insns, isa.Insn{Op: isa.ClassALU64 | isa.SrcX | isa.OpMov, Src: 6}, isa.Insn{Op: isa.ClassJMP | isa.OpExit})
	r.Path = append(r.Path, int32(branches))
	return p, r
}

// TestLongReport shows 64 events of a path, its first and its last ones.
func TestLongReport(t *testing.T) {
	p, r := longPath(100)
	text := bareReports(p, r)
	if n := strings.Count(text, "^-- branch: the jump is not taken\n"); n != 64 {
		t.Errorf("%d branches", n)
	}
	const middle = "  >>>  31 | (15) if r1 == 0x0 goto pc+1\n       32 | (15) if r1 == 0x0 goto pc+1\n       33 | (15) if r1 == 0x0 goto pc+1\n" +
		"\n  36 events omitted\n\n  insn 68\n       | ^-- branch: the jump is not taken\n  Instruction context:\n"
	if !strings.Contains(text, middle) {
		t.Errorf("the middle is not left out:\n%s", text)
	}
	if !strings.Contains(text, "\nAt:\n  insn 100\n       | ^-- error: uninitialized value\n  Instruction context:\n       98 | ") {
		t.Errorf("the fault has another place:\n%s", text)
	}
	_, got := kernellog.Split(text)
	if len(got) != 1 || len(got[0].Path) != 64 || got[0].Path[32].PC != 68 {
		t.Errorf("read back as %+v", got)
	}
}

// TestIncompleteReport says where events were not kept.
func TestIncompleteReport(t *testing.T) {
	p, r := longPath(4)
	r.Lost, r.LostAt = 9, 2
	text := bareReports(p, r)
	if !strings.Contains(text, "goto pc+1\n\n  9 events of this long path not kept\n\n  insn 2\n") {
		t.Errorf("got\n%s", text)
	}
	r.History, r.Lost, r.LostAt = nil, 0, 0
	if text := bareReports(p, r); !strings.Contains(text, "\nCausal path:\n  nothing on this path led here\n\nSuggestion:\n") {
		t.Errorf("got\n%s", text)
	}
}

// TestReportSource shows lines that are too long, tabs, and lines of other
// functions, which do not belong there.
func TestReportSource(t *testing.T) {
	p, r := longPath(2)
	p.Insns = append(p.Insns, isa.Insn{Op: isa.ClassJMP | isa.OpExit})
	long := "\t\tx\t= " + strings.Repeat("long ", 30) + ";"
	p.Lines = []program.Line{
		{InsnOff: 0, File: "dir/a.c", Line: 8, Col: 3, Text: "  if (a)"},
		{InsnOff: 2, File: "dir/a.c", Line: 10, Col: 5, Text: long},
		{InsnOff: 3, File: "dir/b.h", Line: 11, Col: 1, Text: "of a header"},
		{InsnOff: 4, File: "dir/a.c", Line: 9, Col: 1, Text: "of another function"},
	}
	p.Funcs = []program.Func{{InsnOff: 0, Name: "f"}, {InsnOff: 4, Name: "g"}}
	text := bareReports(p, r)
	want := "At:\n  f @ dir/a.c:10:5\n  Source context:\n       8 |   if (a)\n       9 | ...\n  >>> 10 | " +
		(strings.Repeat(" ", 16) + "x       = " + strings.Repeat("long ", 30))[:88-9-3] + "...\n" +
		"         | " + strings.Repeat(" ", 16) + "^-- error: uninitialized value\n      11 | ...\n      12 | ...\n"
	if !strings.Contains(text, want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// bareReports are the reports of a program of which only the instructions are
// known.
func bareReports(p *program.Program, r verifier.Result) string {
	s := diag.Subject{Program: p}
	return string(render.LogReports(s, explain.Reports(s, &r)))
}
