// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// TestWholeAsKernel compares the verdicts on whole objects with how their load ended on running kernels.
func TestWholeAsKernel(t *testing.T) {
	asked := 0
	for _, file := range []string{"whole-6.18.jsonl", "whole-6.18.15.jsonl"} {
		f, err := os.Open(filepath.Join(faultDir, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var answer struct{ Object, Refused, Skip string }
			if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			if answer.Object == "" || answer.Skip != "" {
				continue
			}
			asked++
			want := WholeLoads
			if answer.Refused != "" {
				want = WholeRefused
			}
			r := run(t, New(Settings{}), Request{File: filepath.Join(faultDir, answer.Object)})
			if got, ok := r.Whole(); !ok || got.Verdict != want {
				t.Errorf("%s: %v, but the kernel refused %q", answer.Object, got, answer.Refused)
			}
		}
	}
	if asked < 15 {
		t.Errorf("%d objects were compared", asked)
	}
}

// TestWhole is about what no kernel was asked.
func TestWhole(t *testing.T) {
	for object, want := range map[string]Whole{
		"../../testdata/rules/map_unsized.o":   {WholeOpen, []string{"bytes"}},
		"../../testdata/faults/maps.fixed.o":   {WholeLoads, nil},
		"../../testdata/faults/sections.o":     {WholeRefused, []string{"rejected"}},
		"../../testdata/faults/static.o":       {WholeRefused, []string{"counts", "passes"}},
		"../../testdata/faults/static.fixed.o": {WholeLoads, nil},
	} {
		r := run(t, New(Settings{}), Request{File: object})
		if got, ok := r.Whole(); !ok || got.Verdict != want.Verdict || !slices.Equal(got.Names, want.Names) {
			t.Errorf("%s: %v, want %v", object, got, want)
		}
	}
}

// TestWholeByItsLoader requires that a loader that takes what libbpf refuses loads the object.
func TestWholeByItsLoader(t *testing.T) {
	guessed := &program.LoadError{Kind: program.UnknownSection, PC: -1, Symbol: "xdp_drop"}
	missing := &program.LoadError{Kind: program.MissingTarget, Fatal: true, PC: -1, Symbol: "no_such_hook"}
	for _, test := range []struct {
		of     *program.LoadError
		loader compile.Loader
		chosen bool
		want   WholeVerdict
	}{
		{guessed, compile.LoaderUnknown, false, WholeOpen},
		{guessed, compile.LoaderLibbpf, false, WholeOpen},
		{guessed, compile.LoaderOther, false, WholeLoads},
		{missing, compile.LoaderLibbpf, false, WholeUnknown},
		{missing, compile.LoaderLibbpf, true, WholeRefused},
	} {
		r := Report{Command: compile.Command{Loader: test.loader}, kernelChosen: test.chosen}
		if got := r.wholeOfError(test.of, test.loader != compile.LoaderOther); got != test.want {
			t.Errorf("%s by loader %d, kernel chosen: %v: %s, want %s", test.of.Symbol, test.loader, test.chosen, got,
				test.want)
		}
	}
}
