// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/explainlog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// TestLogsOfOtherKernels explains logs of three kernels without the programs.
// The code and the instruction must be those of the embedded verifier, and what
// is said is in a golden file.
func TestLogsOfOtherKernels(t *testing.T) {
	files, err := filepath.Glob("../testdata/logs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no logs: %v", err)
	}
	var out bytes.Buffer
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		logs := kernellog.Logs(string(text))
		if n := strings.Count("\n"+string(text), "\n== "); n != len(logs) {
			t.Errorf("%s: %d logs are found, want %d", file, len(logs), n)
		}
		for i := range logs {
			l := explainlog.Read(&logs[i], filepath.Base(file), nil)
			fmt.Fprintf(&out, "== %s %s\n", filepath.Base(file), l.Program)
			run := verified(t, l.Program)
			if l.Accepted() {
				fmt.Fprintln(&out, "accepted")
				if run.Result.Verdict != verifier.Accepted {
					t.Errorf("%s: %s is accepted, but the verifier rejects it", file, l.Program)
				}
				continue
			}
			if !l.IsOf(run) {
				t.Errorf("%s: %s: %v at %d, the verifier has %s at %d", file, l.Program, l.Code, l.Ending.PC, run.Diagnostics[0].Code, run.Diagnostics[0].PC)
			}
			found := l.Diagnostics()
			if len(found) != len(run.Diagnostics) {
				t.Errorf("%s: %s: %d diagnostics, the verifier has %d", file, l.Program, len(found), len(run.Diagnostics))
			}
			printer := render.Printer{Read: func(string) ([]byte, bool) { return nil, false }}
			for _, d := range found {
				if err := printer.Print(&out, &d); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	golden(t, "logs.golden", out.String())
}

// verified is the program of that name among the committed objects.
func verified(t *testing.T, name string) *diag.Run {
	t.Helper()
	objects, err := filepath.Glob(filepath.Join(objectDir, "*.bpf.o"))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		obj := loadObject(t, o)
		for _, p := range obj.Programs {
			if p.Name == name {
				r := verifier.Verify(p, verifier.Options{Record: true})
				return &diag.Run{Program: p, Result: r, Diagnostics: explain.Result(diag.Subject{Object: obj, Program: p, Read: programSource}, &r)}
			}
		}
	}
	t.Fatalf("no object has the program %s", name)
	return nil
}

// steps is a log of the program that the pasted ones below are of.
const steps = `0: (b7) r1 = 1
1: (61) r0 = *(u32 *)(r1 +0)
R1 invalid mem access 'inv'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`

// TestPastedForms reads one log in the forms in which people paste it.
func TestPastedForms(t *testing.T) {
	each := func(prefix string) string {
		return prefix + strings.ReplaceAll(strings.TrimSuffix(steps, "\n"), "\n", "\n"+prefix) + "\n"
	}
	wrapped := "libbpf: prog 'bad': BPF program load failed: Permission denied\nlibbpf: prog 'bad': -- BEGIN PROG LOAD LOG --\n" + steps +
		"-- END PROG LOAD LOG --\nlibbpf: prog 'bad': failed to load: -13\nlibbpf: failed to load object 'x'\n"
	lines := strings.SplitAfter(steps, "\n")
	for _, test := range []struct {
		name, text, program string
		pc                  int
	}{
		{"as it is", steps, "", 1},
		{"libbpf", wrapped, "bad", 1},
		{"old libbpf", "libbpf: load bpf program failed: Permission denied\nlibbpf: -- BEGIN DUMP LOG ---\nlibbpf: \n" + steps + "libbpf: -- END LOG --\nlibbpf: failed to load program 'bad'\n", "bad", 1},
		{"carriage returns", strings.ReplaceAll(wrapped, "\n", "\r\n"), "bad", 1},
		{"mail", each("> > "), "", 1},
		{"dmesg", each("[  312.004217] "), "", 1},
		{"dmesg with readable times", each("[Mon Nov 30 10:00:00 2026] "), "", 1},
		{"syslog", each("Nov 30 10:00:00 host loader[77]: "), "", 1},
		{"a container's log", each("loader_1  | "), "", 1},
		{"times of a logger", each("2026-11-30T10:00:00.123Z INFO "), "", 1},
		{"colours", "\x1b[31m" + strings.ReplaceAll(steps, "R1", "\x1b[1mR1\x1b[0m"), "", 1},
		{"a code block", "What is wrong here?\n\n```\n" + steps + "```\n\nThe kernel is 5.10. Thanks!\n", "", 1},
		{"indented, by cilium/ebpf", "field Bad: program bad: load program: permission denied:\n" + each("\t"), "bad", 1},
		{"one line, by cilium/ebpf", "program bad: load program: permission denied: 1: (61) r0 = *(u32 *)(r1 +0): R1 invalid mem access 'inv' (1 line(s) omitted)\n", "bad", 1},
		{"its last line alone", "program bad: load program: permission denied: R1 invalid mem access 'inv' (truncated, 2 line(s) omitted)\n", "bad", -1},
		{"behind words", "the BPF_PROG_LOAD syscall failed. Verifier output: " + steps, "", 1},
		{"escaped", `level=error msg="loading: ` + strings.ReplaceAll(steps, "\n", `\n`) + `"` + "\n", "", 1},
		{"cut at the start", lines[1] + lines[2] + lines[3], "", 1},
		{"cut at the end", lines[0] + lines[1] + strings.TrimSuffix(lines[2], "\n"), "", 1},
		{"the message alone", lines[2], "", -1},
		{"text behind a cut log", lines[1] + lines[2] + strings.Repeat("some words\n", 20), "", 1},
	} {
		logs := kernellog.Logs(test.text)
		var known []*explainlog.Log
		for i := range logs {
			if l := explainlog.Read(&logs[i], "log", nil); l.Recognized() {
				known = append(known, l)
			}
		}
		if len(known) != 1 {
			t.Errorf("%s: %d logs are recognised", test.name, len(known))
			continue
		}
		l := known[0]
		if l.Code.Code != catalog.ScalarDereference || l.Program != test.program || l.Ending.PC != test.pc {
			t.Errorf("%s: %s of %q at %d", test.name, l.Code.Code, l.Program, l.Ending.PC)
		}
		if d := l.Diagnostics()[0]; d.Kernel != "R1 invalid mem access 'inv'" {
			t.Errorf("%s: the message is %q", test.name, d.Kernel)
		}
	}
}

// FuzzPasted makes sure that no text breaks what reads it.
func FuzzPasted(f *testing.F) {
	f.Add(steps)
	f.Add("from 3 to 1: R1=ctx(\n1: (15) if r1 == 0 goto pc+1 3: R1=\nUnreleased reference id=1 alloc_insn=1\n")
	f.Fuzz(func(_ *testing.T, text string) {
		logs := kernellog.Logs(text)
		for i := range logs {
			l := explainlog.Read(&logs[i], "log", nil)
			l.Accepted()
			render.NewLogRecord(l, "log")
		}
	})
}
