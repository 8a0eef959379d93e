// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bpf-lsp": main})
}

// TestScripts runs the command as users do. Each script starts in a directory with the committed objects and their
// sources.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:      "testdata/script",
		Deadline: deadline.Next(),
		Setup: func(e *testscript.Env) error {
			for _, pattern := range []string{"objects/*.bpf.o", "programs/*.bpf.c"} {
				files, err := filepath.Glob(filepath.Join("..", "..", "testdata", pattern))
				if err != nil {
					return err
				}
				for _, f := range files {
					data, err := os.ReadFile(f)
					if err != nil {
						return err
					}
					if err := os.WriteFile(filepath.Join(e.WorkDir, filepath.Base(f)), data, 0o644); err != nil {
						return err
					}
				}
			}
			return nil
		},
	})
}

func TestParseCheck(t *testing.T) {
	o, err := parseCheck([]string{"a.c", "--format=jsonl", "-program", "p", "b.o", "--prog-flags", "0x80",
		"--target-kernel", "7.3", "--", "-DX", "--y"}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.paths) != 2 || o.format != "jsonl" || o.program != "p" || o.flags != 0x80 ||
		o.target != verifier.Linux73 || len(o.clangFlags) != 2 {
		t.Errorf("parsed %+v", o)
	}
	for _, bad := range [][]string{{}, {"a.c", "--format", "html"}, {"a.c", "--log-level", "9"},
		{"a.c", "--kernel", "6.1"}, {"a.c", "--jobs", "0"}, {"a.c", "--reports"}, {"a.c", "--prog-flags", "many"},
		{"a.c", "--fail-on", "note"}, {"a.c", "--target-kernel", "6.1"}} {
		if _, err := parseCheck(bad, discard{}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
