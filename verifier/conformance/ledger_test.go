// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeLedger(t *testing.T, rows ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ledger.tsv")
	text := strings.Join(append([]string{"# why", strings.Join(columns, "\t")}, rows...), "\n") + "\n"
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLedgerHolds(t *testing.T) {
	known, err := readLedger(writeLedger(t, "a.o\tp\tinsns,log\tbecause", "a.o\tq\tverdict\tbecause",
		"a.o\tr\tasked\tbecause"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ program, parted, worse, stale string }{
		{"p", "insns,log", "", ""},
		{"p", "insns,states,log", "differs", ""},
		{"p", "log", "", "differs in"},
		{"p", "", "", "differs in"},
		{"new", "", "", ""},
		{"new", "log", "differs", ""},
		// A verdict that is right at last shows what it hid; the row is out of date, not violated.
		{"q", "message,log", "", "differs in"},
		{"q", "asked", "differs", ""},
		{"r", "verdict", "", "differs in"},
	} {
		parted, err := parseAspects(c.parted)
		if err != nil {
			t.Fatal(err)
		}
		f := known.hold([]compared{{key: key{"a.o", c.program}, difference: difference{parted: parted}}})
		for _, side := range []struct {
			name, want string
			got        []string
		}{{"worse", c.worse, f.worse}, {"better", c.stale, f.stale}} {
			if got := strings.Join(side.got, "\n"); (got == "") != (side.want == "") ||
				!strings.Contains(got, side.want) {
				t.Errorf("%s differing in %q: %s: %q, want %q", c.program, c.parted, side.name, got, side.want)
			}
		}
	}
}

func TestLedgerWantsReasons(t *testing.T) {
	for name, c := range map[string]struct{ row, want string }{
		"columns":   {"a.o\tp\tverdict", "3 columns"},
		"no reason": {"a.o\tp\tverdict\t", "without a reason"},
		"agrees":    {"a.o\tp\t\tbecause", "that agrees"},
		"aspect":    {"a.o\tp\tcolour\tbecause", "colour"},
		"twice":     {"a.o\tp\tlog\tbecause\na.o\tp\tlog\tbecause", "second row"},
	} {
		if _, err := readLedger(writeLedger(t, c.row)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// The committed ledger can be read.
func TestCommittedLedger(t *testing.T) {
	if _, err := readLedger("../../docs/conformance-ledger.tsv"); err != nil {
		t.Error(err)
	}
}
