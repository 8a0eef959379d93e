// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

func TestExpectations(t *testing.T) {
	const failure = "comment:test_expect_failure"
	log := "0: R1=ctx()\n1: (85) call x#7\nR0 leaks\nprocessed 2 insns"
	for name, c := range map[string]struct {
		tags []string
		met  bool
	}{
		"the verdict":     {[]string{failure}, true},
		"another verdict": {[]string{"comment:test_expect_success"}, false},
		"messages in order": {[]string{failure, "comment:test_expect_msg=2=R0 leaks",
			"comment:test_expect_msg=1=R1=ctx()"}, true},
		"messages out of order": {[]string{failure, "comment:test_expect_msg=1=R0 leaks",
			"comment:test_expect_msg=2=R1=ctx()"}, false},
		"a missing message":      {[]string{failure, "comment:test_expect_msg=1=R9"}, false},
		"a pattern":              {[]string{failure, "comment:test_expect_msg=1=call {{x#[0-9]+}}\nR0"}, true},
		"an absent message":      {[]string{failure, "comment:test_expect_not_msg=1=R9"}, true},
		"one that is not absent": {[]string{failure, "comment:test_expect_not_msg=1=leaks"}, false},
		"one that comes later": {[]string{failure, "comment:test_expect_not_msg=1=leaks",
			"comment:test_expect_msg=2=call"}, true},
		"one without a number": {[]string{failure, "comment:test_expect_msg=R0 leaks"}, true},
	} {
		e := readExpectation(c.tags)
		unmet := e.unmet(&render.Record{Verdict: render.VerdictReject, Error: "R0 leaks", Log: log})
		if (unmet == "") != c.met {
			t.Errorf("%s: %q", name, unmet)
		}
	}
	if e := readExpectation([]string{"comment:test_prog_flags=1"}); e.verdict != "" {
		t.Errorf("a program that says nothing is expected to be %s", e.verdict)
	}
}
