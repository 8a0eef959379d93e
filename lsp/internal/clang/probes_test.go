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

// moodyClang writes a compiler that runs the script in the file mood instead of answering one question, as long as that
// file exists.
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

// TestFailedProbesAreNotKept makes each question to a compiler fail in each way. The next build must ask again.
func TestFailedProbesAreNotKept(t *testing.T) {
	for _, question := range []string{"--print-targets", "--version", "-E"} {
		for name, way := range map[string]string{"signal": "kill -9 $$", "status": "exit 1",
			"cut off": "echo half; exit 137", "timeout": "exec sleep 1000"} {
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
				if p, err := c.Pick(t.Context(), ""); err == nil {
					t.Errorf("a compiler that failed is taken for one that answered: %+v", p)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if _, err := c.Pick(ctx, ""); err == nil {
					t.Error("a question that was cancelled is taken for one that was answered")
				}
				if err := os.Remove(mood); err != nil {
					t.Fatal(err)
				}
				c.settings.Timeout = 10 * time.Minute
				p, err := c.Pick(t.Context(), "")
				if err != nil {
					t.Fatal(err)
				}
				if version := c.Version(Command{Clang: p.Path}); !slices.Contains(p.HostIncludes,
					"/usr/include/here") || version != "clang version 99" {
					t.Errorf("got %+v, version %q", p, version)
				}
			})
		}
	}
}

func TestMoment(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{time.Minute: 6 * time.Second,
		10 * time.Second: 2 * time.Second, time.Second: time.Second} {
		if got := moment(limit); got != want {
			t.Errorf("of %s: got %s, want %s", limit, got, want)
		}
	}
}

// TestAnotherCompilerIsNotTakenAtOnce makes the best compiler fail once.
func TestAnotherCompilerIsNotTakenAtOnce(t *testing.T) {
	best, mood := moodyClang(t, "--print-targets")
	if err := os.WriteFile(mood, []byte("rm "+mood+"; kill -9 $$\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	other, _ := moodyClang(t, "nothing")
	t.Setenv("PATH", strings.Join([]string{filepath.Dir(best), filepath.Dir(other), os.Getenv("PATH")},
		string(os.PathListSeparator)))
	if err := os.Rename(best, best+"-99"); err != nil {
		t.Fatal(err)
	}
	p, err := New(Settings{}).Pick(t.Context(), "")
	if err != nil || p.Path != best+"-99" {
		t.Errorf("got %s, %v", p.Path, err)
	}
}

// TestNoCompilerAnswers makes every compiler on PATH fail. The error must be theirs, not that none can build for BPF.
func TestNoCompilerAnswers(t *testing.T) {
	path, mood := moodyClang(t, "--print-targets")
	if err := os.WriteFile(mood, []byte("echo 'no memory' >&2; exit 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(path))
	_, err := New(Settings{}).Pick(t.Context(), "")
	fault, ok := IsFault(err)
	if !ok || fault.Code != catalog.CompilerFailed || !strings.Contains(fault.Error(), "exit status 1") ||
		!strings.Contains(fault.Advice, "no memory") {
		t.Errorf("got %v", err)
	}
}
