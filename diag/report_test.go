// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
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
		obj := loadObject(t, filepath.Base(name))
		for _, p := range obj.Programs {
			r := verifier.Verify(p, verifier.Options{LogLevel: 1 | 4, Record: true})
			reports := diag.Reports(obj, p, r, nil, programSource)
			if r.Verdict != verifier.Rejected {
				if len(reports) > 0 {
					t.Errorf("%s is not rejected, but has a report", p.Name)
				}
				continue
			}
			fmt.Fprintf(&out, "== %s %s\n%s", filepath.Base(name), p.Name, reports)
			log := diag.WithReports(r.Log, len(r.Log)-r.LogEnd, reports)
			if !bytes.Contains(log, []byte("\n\nverification time ")) {
				t.Errorf("%s: the statistics do not follow the report", p.Name)
			}
			checkImported(t, p.Name, string(log), string(r.Log), diag.FromResult(obj, p, r, nil, programSource))
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
