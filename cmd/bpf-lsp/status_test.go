// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp/report"
)

func TestStatus(t *testing.T) {
	type sum = report.Summary
	for _, c := range []struct {
		what                              string
		sum                               sum
		onError, onWarning, onInfo, never int
	}{
		{"accepted", sum{Checked: 1, Accepted: 1}, 0, 0, 0, 0},
		{"nothing", sum{}, 0, 0, 0, 0},
		{"rejected", sum{Checked: 1, Rejected: 1, Errors: 1}, 1, 1, 1, 0},
		{"a warning of clang", sum{Checked: 1, Accepted: 1, Warnings: 1}, 0, 1, 1, 0},
		{"a remark of clang", sum{Checked: 1, Accepted: 1, Infos: 1}, 0, 0, 1, 0},
		{"not compiled", sum{NotCompiled: 1, Errors: 2}, 1, 1, 1, 2},
		{"no clang", sum{NotChecked: 1}, 2, 2, 2, 2},
		{"not verified", sum{Checked: 1, Accepted: 1, NotVerified: 1}, 2, 2, 2, 2},
		{"rejected and no clang", sum{Checked: 1, NotChecked: 1, Rejected: 1, Errors: 1}, 1, 1, 1, 2},
	} {
		for level, want := range map[failOn]int{failOnError: c.onError, failOnWarning: c.onWarning,
			failOnInfo: c.onInfo, failOnNever: c.never} {
			if got := (&checker{checkOptions: &checkOptions{failOn: level}, sum: c.sum}).status(); got != want {
				t.Errorf("%s, --fail-on %s: %d, want %d", c.what, level, got, want)
			}
		}
	}
}

func TestFailOn(t *testing.T) {
	project(t, []string{"leak_ringbuf", "tc_session"}, map[string]string{"text.o": "This is text."})
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"leak_ringbuf.bpf.o"}, exitRejected},
		{[]string{"leak_ringbuf.bpf.o", "--fail-on", "never"}, exitAccepted},
		{[]string{"leak_ringbuf.bpf.o", "text.o", "--fail-on=never"}, exitFailed},
		{[]string{"tc_session.bpf.o", "--fail-on", "info"}, exitAccepted},
		{[]string{"text.o"}, exitFailed},
		{[]string{"text.o", "tc_session.bpf.o"}, exitFailed},
	} {
		for _, format := range formats {
			args := append([]string{"check", "--format", format}, c.args...)
			var out discard
			if got := run(args, out, out); got != c.want {
				t.Errorf("%q: %d, want %d", args, got, c.want)
			}
		}
	}
}
