// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

func number(n int) *int { return &n }

func accepted(insns, states int, log string) *answer {
	a := &answer{Record: render.Record{Object: "a.o", Program: "p", Verdict: render.VerdictAccept, Log: log,
		Stats: &render.RecordStats{InsnsProcessed: insns, TotalStates: states, PeakStates: states}}}
	a.hashLog()
	return a
}

func rejected(message string, pc int, line, log string) *answer {
	a := accepted(pc, 1, log)
	a.Verdict, a.Error, a.InsnIdx, a.Source = render.VerdictReject, message, number(pc), line
	return a
}

func TestDiffer(t *testing.T) {
	reject := rejected("R1 !read_ok\nmore", 7, "x = *p;", "log")
	for name, c := range map[string]struct {
		kernel, here *answer
		want         string
	}{
		"equal":            {accepted(9, 2, "log"), accepted(9, 2, "log"), ""},
		"equal rejections": {reject, rejected("R1  !read_ok", 7, "x = *p;", "log"), ""},
		"no answer":        {reject, nil, "asked"},
		"not judged":       {reject, &answer{Record: render.Record{Verdict: render.VerdictSkip}}, "asked"},
		"another verdict":  {reject, accepted(9, 2, "log"), "verdict"},
		"another message":  {reject, rejected("R2 !read_ok", 7, "x = *p;", "log"), "message"},
		"another place":    {reject, rejected("R1 !read_ok", 8, "y = *p;", "log"), "insn,source,insns"},
		"other counts":     {accepted(9, 2, "log"), accepted(9, 3, "log"), "states"},
		"another log":      {accepted(9, 2, "log"), accepted(9, 2, "lag"), "log"},
		"addresses and times": {accepted(9, 2, "R0=ffff888012345678 verification time 3 usec"),
			accepted(9, 2, "R0=ffff888087654321 verification time 0 usec"), ""},
	} {
		d := differ(c.kernel, c.here)
		if got := d.parted.String(); got != c.want {
			t.Errorf("%s: differ in %q, want %q", name, got, c.want)
		}
		if why := disagreement(c.kernel, c.here, d.parted); (why == "") != (c.want == "" || name == "not judged") {
			t.Errorf("%s: explained as %q", name, why)
		}
	}
}

// A program in the corpus that only one side judges is not compared as equal.
func TestSkippedIsNotEqual(t *testing.T) {
	d := differ(accepted(9, 2, "log"), nil)
	if d.held.has(verdict) || d.held.has(logText) {
		t.Errorf("compared %s of a program without an answer", d.held)
	}
	skipped := accepted(9, 2, "log")
	skipped.Verdict = render.VerdictSkip
	kernel, here := newAnswers(), newAnswers()
	kernel.add(skipped)
	here.add(accepted(9, 2, "log"))
	if programs := compareAll(kernel, here); len(programs) != 0 {
		t.Errorf("compared %v, which the kernel was not asked about", programs[0].key)
	}
}

func TestAspectsRoundTrip(t *testing.T) {
	for s := range aspects(1 << numAspects) {
		if got, err := parseAspects(s.String()); got != s || err != nil {
			t.Fatalf("%q reads as %q, %v", s, got, err)
		}
	}
	if _, err := parseAspects("verdict,colour"); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("an unknown aspect gives %v", err)
	}
}
