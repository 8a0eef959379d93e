// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package clang

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// moodyClang writes a compiler that does what a file says, in place of the answer to one question, for as long as that file is there.
func moodyClang(t *testing.T, question string) (path, mood string) {
	t.Helper()
	dir := t.TempDir()
	path, mood = filepath.Join(dir, "clang"), filepath.Join(dir, "mood")
	script := "#!/bin/sh\ncase \"$*\" in *" + question + "*) [ -f " + mood + " ] && . " + mood + " ;; esac\n" + `case "$*" in
*--print-targets*) echo '  bpf - BPF' ;;
*--version*) echo 'clang version 99' ;;
*-E*) printf '#include <...> search starts here:\n /usr/include/here\nEnd of search list.\n' >&2 ;;
esac
`
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path, mood
}

// TestFailedProbesAreNotKept has a compiler fail while it is asked what it can do, in each way and at each question. The next build
// must ask again.
func TestFailedProbesAreNotKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.bpf.c")
	for _, question := range []string{"--print-targets", "--version", "-E"} {
		for name, way := range map[string]string{"signal": "kill -9 $$", "status": "exit 1", "cut off": "echo half; exit 137", "timeout": "exec sleep 1000"} {
			t.Run(question+" "+name, func(t *testing.T) {
				path, mood := moodyClang(t, question)
				if err := os.WriteFile(mood, []byte(way+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
				s := Settings{Path: path}
				if name == "timeout" {
					s.Timeout = time.Second
				}
				c := New(s)
				if cmd, err := c.Find(t.Context(), file); err == nil {
					t.Errorf("a compiler that failed is taken for one that answered: %s", cmd)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if _, err := c.Find(ctx, file); err == nil {
					t.Error("a question that was cancelled is taken for one that was answered")
				}
				if err := os.Remove(mood); err != nil {
					t.Fatal(err)
				}
				c.settings.Timeout = 0
				for path, p := range c.probes {
					p.silentUntil = time.Time{} // a while later
					c.probes[path] = p
				}
				cmd, err := c.Find(t.Context(), file)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Contains(cmd.Args, "/usr/include/here") || c.Version(cmd) != "clang version 99" {
					t.Errorf("got %s, version %q", cmd, c.Version(cmd))
				}
			})
		}
	}
}

// TestAnotherCompilerIsNotTakenAtOnce has the best compiler fail once.
func TestAnotherCompilerIsNotTakenAtOnce(t *testing.T) {
	best, mood := moodyClang(t, "--print-targets")
	if err := os.WriteFile(mood, []byte("rm "+mood+"; kill -9 $$\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	other, _ := moodyClang(t, "nothing")
	t.Setenv("PATH", strings.Join([]string{filepath.Dir(best), filepath.Dir(other), os.Getenv("PATH")}, string(os.PathListSeparator)))
	if err := os.Rename(best, best+"-99"); err != nil {
		t.Fatal(err)
	}
	cmd, err := New(Settings{}).Find(t.Context(), filepath.Join(t.TempDir(), "a.bpf.c"))
	if err != nil || cmd.Clang != best+"-99" {
		t.Errorf("got %s, %v", cmd.Clang, err)
	}
}

// TestNoCompilerAnswers has every compiler of the search path fail: the reason is theirs, and not that they cannot build for BPF.
func TestNoCompilerAnswers(t *testing.T) {
	path, mood := moodyClang(t, "--print-targets")
	if err := os.WriteFile(mood, []byte("echo 'no memory' >&2; exit 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(path))
	_, err := New(Settings{}).Find(t.Context(), filepath.Join(t.TempDir(), "a.bpf.c"))
	fault, ok := IsFault(err)
	if !ok || fault.Code != catalog.CompilerFailed || !strings.Contains(fault.Error(), "exit status 1") || !strings.Contains(fault.Advice, "no memory") {
		t.Errorf("got %v", err)
	}
}

// TestFailedDryRuns has a build tool fail in ways that say nothing lasting about the project.
func TestFailedDryRuns(t *testing.T) {
	dir := t.TempDir()
	tool, mood := filepath.Join(dir, "make"), filepath.Join(dir, "mood")
	text := "#!/bin/sh\n. " + mood + "\necho clang -DFOUND -target bpf -c a.bpf.c -o a.o\n"
	if err := os.WriteFile(tool, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	project := workspace(t, "-- .git/HEAD --\n-- Makefile --\nbpf:\n-- a.bpf.c --\n")
	file := filepath.Join(project, "a.bpf.c")
	c := New(Settings{Trusted: true})
	ask := func(what, how string, found bool) {
		t.Helper()
		if err := os.WriteFile(mood, []byte(how+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := c.flags(t.Context(), file)
		if err != nil || (f.source == "make dry run") != found {
			t.Errorf("%s: got flags of %s, %v", what, f.source, err)
		}
	}
	ask("killed", "kill -9 $$", false)
	ask("failed", "exit 2", false)
	ask("just after it failed", "true", false)
	for key, r := range c.dryRuns {
		r.failed = r.failed.Add(-dryRunAgain)
		c.dryRuns[key] = r
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

// TestCachedFilesAreWhole damages what the cache keeps, which must be as new when it is used next.
func TestCachedFilesAreWhole(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sub", "a.h")
	text := []byte("#define A 1\n")
	for what, damage := range map[string]func() error{
		"missing":   func() error { return os.RemoveAll(filepath.Dir(name)) },
		"empty":     func() error { return os.Truncate(name, 0) },
		"cut short": func() error { return os.Truncate(name, 5) },
		"longer":    func() error { return os.WriteFile(name, append(text, "x\n"...), 0o644) },
		"changed":   func() error { return os.WriteFile(name, []byte("#define A 2\n"), 0o644) },
	} {
		if err := writeCached(name, text); err != nil {
			t.Fatal(err)
		}
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if err := writeCached(name, text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != string(text) {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
	left := name + ".1.tmp"
	for _, age := range []time.Duration{0, 2 * abandonedAfter} {
		at := time.Now().Add(-age)
		if err := os.WriteFile(left, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(left, at, at); err != nil {
			t.Fatal(err)
		}
		if err := writeCached(name, append(text, age.String()...)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); (err == nil) != (age == 0) {
			t.Errorf("a file that was being written %s ago: %v", age, err)
		}
	}
}

// TestViewsAreWhole has something else where a view of a directory is to be.
func TestViewsAreWhole(t *testing.T) {
	c := New(Settings{CacheDir: t.TempDir()})
	src := t.TempDir()
	dir, err := c.view("libbpf", src, "bpf")
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "bpf")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(link, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := c.view("libbpf", src, "bpf"); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != src {
		t.Errorf("got %q, %v", to, err)
	}
}
