// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// TestFaultsKnowWhatTheyTell holds the faults of all committed programs
// against their own messages: a fault knows at least what can be read out of
// the text, and its lines are that text.
func TestFaultsKnowWhatTheyTell(t *testing.T) {
	rejections, codes := 0, map[fault.Code]bool{}
	for _, dir := range []string{objectDir, ruleDir} {
		objects, err := filepath.Glob(dir + "/*.o")
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range objects {
			for _, p := range loadObject(t, object).Programs {
				if p.Unloadable() != "" {
					continue
				}
				for _, target := range []verifier.Target{verifier.Linux618, verifier.Linux73} {
					for _, r := range verifier.Verify(p, verifier.Options{Target: target}).Reports {
						checkTold(t, filepath.Base(object)+" "+p.Name, &r, target)
						rejections++
						codes[r.Code] = true
					}
				}
			}
		}
	}
	if rejections < 200 || len(codes) < 100 {
		t.Errorf("only %d rejections of %d codes", rejections, len(codes))
	}
}

func checkTold(t *testing.T, name string, r *verifier.Report, target verifier.Target) {
	t.Helper()
	var lines []string
	for f := r.Fault; f != nil; f = f.Next {
		lines = append(lines, f.Line(target))
	}
	if text := strings.Join(lines, "\n"); text != r.Kernel {
		t.Errorf("%s: the fault says %q, the report %q", name, text, r.Kernel)
	}
	known := r.Fault.Facts()
	_, told := catalog.Match(r.Kernel)
	for fact, value := range told {
		if sameFact(known[fact], value) {
			continue
		}
		t.Errorf("%s: %q tells the %s %q, and the fault knows %q", name, r.Kernel, fact, value, known[fact])
	}
}

// sameFact reports whether a fact is what a message tells of it. Messages that
// a log knows by "or_null" have the type without that.
func sameFact(known, told string) bool {
	return known == told || strings.TrimSuffix(strings.TrimSuffix(known, "_"), "_or_null") == strings.TrimSuffix(told, "_")
}
