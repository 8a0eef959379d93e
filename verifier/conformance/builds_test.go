// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

const someBuild = "66cad55951da0f5d"

func writeChanges(t *testing.T, rows ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "builds.tsv")
	text := strings.Join(append([]string{"# why", strings.Join(changeColumns, "\t")}, rows...), "\n") + "\n"
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestChangesOfABuildExplain has programs that differ as one build does, and others; only the former are explained.
func TestChangesOfABuildExplain(t *testing.T) {
	all, err := readChanges(writeChanges(t,
		someBuild+"\tinsns,log\t^mark_precise\tprecise",
		someBuild+"\tverdict\tNULL\tnull",
		"0000000000000000\tlog\t.\tanother build"))
	if err != nil {
		t.Fatal(err)
	}
	own := changesOf(all, "6.18.44 #1 SMP, types "+someBuild)
	if len(own) != 2 || len(changesOf(all, "6.18.44, types 1111111111111111")) != 0 {
		t.Fatalf("%d changes are of the build, want 2", len(own))
	}
	for _, c := range []struct{ differs, says, reason string }{
		{"log", "mark_precise: frame0", "precise"},
		{"insns,log", "mark_precise: frame0", "precise"},
		{"states,log", "mark_precise: frame0", ""},
		{"log", "7: mark_precise", ""},
		{"verdict", "NULL passed", "null"},
		{"", "mark_precise", ""},
	} {
		parted, err := parseAspects(c.differs)
		if err != nil {
			t.Fatal(err)
		}
		programs := []compared{{key: key{"a.o", "p"}, difference: difference{parted: parted}, says: c.says}}
		explainBuild(own, programs)
		if programs[0].reason != c.reason {
			t.Errorf("%q from %q: explained by %q, want %q", c.differs, c.says, programs[0].reason, c.reason)
		}
		worse := (ledger{}).hold(programs).worse
		if (len(worse) == 0) != (c.reason != "" || parted == 0) {
			t.Errorf("%q from %q: the ledger says %q", c.differs, c.says, worse)
		}
	}
	if stale := explainBuild(own, nil); len(stale) != 2 {
		t.Errorf("changes that explain nothing: %q, want both", stale)
	}
}

// TestSays finds where answers part: at the message, or at a line of the log.
func TestSays(t *testing.T) {
	kernel := &answer{Record: render.Record{Verdict: render.VerdictReject, Error: "R1 is  wrong\nmore"}}
	for differs, want := range map[string]string{
		"message,log": "R1 is wrong", "log": "two\nthree", "insns": "two\nthree",
	} {
		parted, err := parseAspects(differs)
		if err != nil {
			t.Fatal(err)
		}
		p := &compared{difference: difference{parted: parted}, kernel: kernel}
		if got := says(p, "one\ntwo\nthree\nfour", "one\n2\nthree"); got != want {
			t.Errorf("%s: %q, want %q", differs, got, want)
		}
	}
	if got := says(&compared{difference: difference{parted: 1 << logText}}, "one\ntwo", "one"); got != "two" {
		t.Errorf("a longer log: %q", got)
	}
}

func TestChangesWantReasons(t *testing.T) {
	for name, row := range map[string]string{
		"columns": "b\tlog\tx", "build": "\tlog\tx\tbecause", "reason": "b\tlog\tx\t", "any": "b\tlog\t\tbecause",
		"aspect": "b\tcolour\tx\tbecause", "pattern": "b\tlog\t(\tbecause",
	} {
		if _, err := readChanges(writeChanges(t, row)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestCommittedChanges reads the committed file.
func TestCommittedChanges(t *testing.T) {
	if all, err := readChanges("../../docs/conformance-builds.tsv"); err != nil || len(all) == 0 {
		t.Errorf("%d changes, %v", len(all), err)
	}
}
