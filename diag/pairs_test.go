// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// TestPairs checks broken programs beside their fixed forms: see the README of
// testdata/pairs.
func TestPairs(t *testing.T) {
	eachSource(t, moduleRoot+"/testdata/pairs", func(t *testing.T, object string, source []byte) {
		checkPair(t, object, string(source))
	})
}

var (
	rejectedRE = regexp.MustCompile(`// .*\brejected ([a-z-]+/[a-z0-9-]+)`)
	changeRE   = regexp.MustCompile(`// .*\bchange$`)
)

// checkPair verifies every program of an object, of which only bad has a fault.
func checkPair(t *testing.T, object, source string) {
	t.Helper()
	var found []diag.Diagnostic
	for _, d := range explained(t, object, []byte(source)) {
		if d.Program != "" && d.Program != "bad" {
			t.Errorf("%s: line %d: %s", d.Program, d.Span.Line, d.Message())
			continue
		}
		found = append(found, d)
	}
	if len(found) == 0 {
		t.Fatal("bad has no fault")
	}
	shown := map[int]bool{}
	for i := range found {
		shown[found[i].Span.Line] = true
		for _, r := range found[i].Related {
			shown[r.Span.Line] = true
		}
	}
	asked := 0
	for i, line := range strings.Split(source, "\n") {
		if m := rejectedRE.FindStringSubmatch(line); m != nil {
			asked++
			if d := &found[0]; d.Span.Line != i+1 || string(d.Code) != m[1] {
				t.Errorf("line %d: %s is not shown here, but %s in line %d", i+1, m[1], d.Code, d.Span.Line)
			}
		}
		if changeRE.MatchString(line) && !shown[i+1] {
			t.Errorf("line %d: the mistake is made here, and nothing is shown: %s", i+1, found[0].Message())
		}
	}
	if asked != 1 {
		t.Errorf("%d lines are marked as rejected", asked)
	}
}
