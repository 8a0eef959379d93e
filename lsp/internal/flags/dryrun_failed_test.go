// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package flags

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestFailedDryRuns makes a build tool fail in ways that may not last.
func TestFailedDryRuns(t *testing.T) {
	dir := t.TempDir()
	tool, mood := filepath.Join(dir, "make"), filepath.Join(dir, "mood")
	text := "#!/bin/sh\n. " + mood + "\necho clang -DFOUND -target bpf -c a.bpf.c -o a.o\n"
	if err := os.WriteFile(tool, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	top := workspace.Write(t, "-- .git/HEAD --\n-- Makefile --\nbpf:\n-- a.bpf.c --\n")
	file := filepath.Join(top, "a.bpf.c")
	runs := newDryRuns(project.New(""))
	ask := func(what, how string, found bool) {
		t.Helper()
		if err := os.WriteFile(mood, []byte(how+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := runs.find(t.Context(), file)
		if (err == nil) != found || err != nil && !errors.Is(err, errNotHere) {
			t.Errorf("%s: got flags of %s, %v", what, f.Source, err)
		}
	}
	ask("killed", "kill -9 $$", false)
	ask("failed", "exit 2", false)
	ask("just after it failed", "true", false)
	for key, r := range runs.runs {
		r.failed = r.failed.Add(-dryRunAgain)
		runs.runs[key] = r
	}
	ask("a while after it failed", "true", true)
	ask("after it succeeded", "exit 2", true)
}

func TestDryRunsAreAskedLessAndLess(t *testing.T) {
	now := time.Now()
	for failures, minutes := range map[int]time.Duration{1: 1, 2: 2, 3: 4, 6: 32, 60: 32} {
		r := dryRun{failed: now, failures: failures}
		if !r.fresh(now.Add(minutes*time.Minute-1)) || r.fresh(now.Add(minutes*time.Minute)) {
			t.Errorf("after %d failures the last run is not kept for %d minutes", failures, minutes)
		}
	}
}
