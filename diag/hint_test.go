// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// hintRE is a comment that says which hint its line has.
var hintRE = regexp.MustCompile(`// hint (.*?)$`)

// TestHints requires exactly the hints that comments say.
func TestHints(t *testing.T) {
	source, err := os.ReadFile(moduleRoot + "/testdata/hints/hints.c")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(source), "\n") {
		if m := hintRE.FindStringSubmatch(line); m != nil {
			for label := range strings.SplitSeq(m[1], " // hint ") {
				want = append(want, fmt.Sprintf("%d: // %s", i+1, label))
			}
		}
	}
	obj := loadObject(t, moduleRoot+"/testdata/hints/hints.o")
	var programs []diag.ProgramHints
	for _, p := range obj.Programs {
		r := verifier.Verify(p, verifier.Options{Walk: true, Budget: true})
		if rejected := strings.HasPrefix(p.Name, "rejected"); rejected != (r.Verdict != verifier.Accepted) {
			t.Fatalf("%s: %v %s", p.Name, r.Verdict, r.Log)
		}
		found := explain.Hints(diag.Subject{Object: obj, Program: p,
			Read: func(string) ([]byte, bool) { return source, true }}, &r)
		if r.Verdict != verifier.Accepted && len(found.Hints) > 0 {
			t.Errorf("%s was not accepted, but has hints", p.Name)
		}
		programs = append(programs, found)
	}
	var got []string
	for _, h := range diag.CommonHints(programs) {
		got = append(got, fmt.Sprintf("%d: %s", h.At.Line, h.Label()))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestHintsAreJoined leaves of several hints at one line what is true of each.
func TestHintsAreJoined(t *testing.T) {
	one, two := diag.Line{File: "a.c", Line: 1}, diag.Line{File: "a.c", Line: 2}
	loop := func(at diag.Line, rounds int, r ...diag.HintRange) diag.LineHint {
		return diag.LineHint{Kind: diag.HintLoop, At: at, Rounds: rounds, Ranges: r}
	}
	packet := func(at diag.Line, n int) diag.LineHint {
		return diag.LineHint{Kind: diag.HintPacket, At: at, Bytes: n}
	}
	null := func(at diag.Line, may bool) diag.LineHint {
		return diag.LineHint{Kind: diag.HintNull, At: at, Null: may}
	}
	lines := map[diag.Line]bool{one: true, two: true}
	for _, c := range []struct {
		name     string
		programs []diag.ProgramHints
		want     []string
	}{
		{"ranges and rounds", []diag.ProgramHints{
			{Lines: lines, Hints: []diag.LineHint{loop(one, 8, diag.HintRange{Name: "i", Max: 7},
				diag.HintRange{Name: "n", Min: 8, Max: 8})}},
			{Lines: lines, Hints: []diag.LineHint{loop(one, 16, diag.HintRange{Name: "i", Min: 1, Max: 15})}},
		}, []string{"1 // i: 0…15, ≤ 16 rounds"}},
		{"rounds that are not followed", []diag.ProgramHints{
			{Lines: lines, Hints: []diag.LineHint{loop(one, 8, diag.HintRange{Name: "i", Min: 3, Max: 3})}},
			{Lines: lines, Hints: []diag.LineHint{loop(one, 0, diag.HintRange{Name: "i", Min: 3, Max: 3})}},
		}, []string{"1 // i: 3"}},
		{"nothing in common", []diag.ProgramHints{
			{Lines: lines, Hints: []diag.LineHint{loop(one, 8), null(two, true)}},
			{Lines: lines, Hints: []diag.LineHint{loop(one, 0), null(two, false)}},
		}, nil},
		{"the least of a packet", []diag.ProgramHints{
			{Lines: lines, Hints: []diag.LineHint{packet(two, 34), null(one, true)}},
			{Lines: lines, Hints: []diag.LineHint{packet(two, 1), null(one, true)}},
		}, []string{"1 // may be NULL", "2 // 1 byte of packet proven"}},
		{"a program without a hint", []diag.ProgramHints{
			{Lines: lines, Hints: []diag.LineHint{packet(two, 34), null(one, false)}},
			{Lines: map[diag.Line]bool{two: true}},
		}, []string{"1 // not NULL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, h := range diag.CommonHints(c.programs) {
				got = append(got, fmt.Sprint(h.At.Line, " ", h.Label()))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
