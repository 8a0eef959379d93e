// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp/report"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// document runs a check and reads its JSON.
func document(t *testing.T, args ...string) report.Document {
	t.Helper()
	out, _ := command(t, append([]string{"check", "--format", "json"}, args...)...)
	var doc report.Document
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestBadObjects checks files that are not objects, or damaged ones: each must be reported, with a code, and never as a
// bug of the verifier.
func TestBadObjects(t *testing.T) {
	project(t, []string{"tc_session", "leak_ringbuf"}, nil)
	whole := string(read(t, "tc_session.bpf.o"))
	rng := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		return string(b)
	}
	write(t, "bad/empty.bpf.o", "")
	for i := 0; i < len(whole); i += 211 {
		write(t, fmt.Sprintf("bad/cut%05d.bpf.o", i), whole[:i])
	}
	for _, size := range []int{3, 4, 64, 4 << 10, 4 << 20} {
		write(t, fmt.Sprintf("bad/noise%d.bpf.o", size), noise(size))
		write(t, fmt.Sprintf("bad/magic%d.bpf.o", size), "\x7fELF"+noise(size))
		write(t, fmt.Sprintf("bad/head%d.bpf.o", size), whole[:64]+noise(size))
		write(t, fmt.Sprintf("bad/zero%d.bpf.o", size), whole[:64]+strings.Repeat("\x00", size))
	}
	doc := document(t, "bad")
	for _, f := range doc.Files {
		if f.Status != report.NotChecked || len(f.Diagnostics) != 1 || f.Diagnostics[0].Code == catalog.InternalBug {
			t.Errorf("%s: %s, %+v", f.File, f.Status, f.Diagnostics)
		}
	}
	if doc.Summary.NotChecked < 60 || doc.Summary.ExitStatus != exitFailed {
		t.Errorf("%+v", doc.Summary)
	}
	// Flipped bytes may still be an object; any verdict is valid.
	for i := range 300 {
		b := []byte(whole)
		for range 1 + rng.IntN(20) {
			b[rng.IntN(len(b))] = byte(rng.Uint32())
		}
		write(t, fmt.Sprintf("flipped/%03d.bpf.o", i), string(b))
	}
	for _, f := range document(t, "flipped").Files {
		for _, d := range f.Diagnostics {
			if d.Code == catalog.InternalBug {
				t.Errorf("%s: %s", f.File, d.Reason)
			}
		}
	}
}

// TestManyFiles has ten thousand files in a directory. None may stop the others.
func TestManyFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for i := range 10_000 {
		write(t, fmt.Sprintf("d/%05d.bpf.o", i), "")
	}
	doc := document(t, "d")
	if len(doc.Files) != 10_000 || doc.Files[1234].File != "d/01234.bpf.o" || doc.Summary.NotChecked != 10_000 {
		t.Errorf("%d files, %+v", len(doc.Files), doc.Summary)
	}
}

// fakeClang replaces clang by a script that answers the questions to a compiler.
func fakeClang(t *testing.T, body string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: needs a POSIX shell")
	}
	name := filepath.Join(t.TempDir(), "clang")
	write(t, name, "#!/bin/sh\ncase \"$1\" in --print-targets) echo '    bpf - BPF';; --version) echo fake;; -v) ;; "+
		"*)\n"+body+"\n;; esac\n")
	if err := os.Chmod(name, 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestBadCompilers has compilers that fail in every unusual way.
func TestBadCompilers(t *testing.T) {
	t.Chdir(t.TempDir())
	names := []string{"a.bpf.c", "b c.bpf.c", "it's 100%.bpf.c", "two\nlines.bpf.c"}
	for _, name := range names {
		write(t, name, "int x;\n")
	}
	for _, c := range []struct {
		what, body string
		code       catalog.Code
		says       string
		status     report.Status
	}{
		{"killed", "kill -9 $$", catalog.CompilerFailed, "killed", report.NotChecked},
		{"silent", "exit 3", catalog.CompilerFailed, "exit status 3", report.NotChecked},
		{"idle", "exit 0", catalog.CompilerFailed, "no object", report.NotChecked},
		{"endless", "sleep 1000", catalog.CompilerTimeout, "did not finish", report.NotChecked},
		{"removes the file", `rm -f ./*.bpf.c; echo "clang: error: no such file" >&2; exit 1`, catalog.CompileError,
			"no such file", report.NotCompiled},
	} {
		args := []string{"--clang", fakeClang(t, c.body), "--clang-timeout", "1m"}
		if c.code == catalog.CompilerTimeout {
			args[3] = "1s"
		}
		doc := document(t, append(args, names...)...)
		if len(doc.Files) != len(names) {
			t.Fatalf("%s: %d files", c.what, len(doc.Files))
		}
		for i, f := range doc.Files {
			if f.File != names[i] || len(f.Diagnostics) == 0 {
				t.Fatalf("%s: %+v", c.what, f)
			}
			gone := f.Diagnostics[0].Code == catalog.UnreadableFile && c.code == catalog.CompileError
			if d := f.Diagnostics[0]; !gone && (f.Status != c.status || d.Code != c.code ||
				!strings.Contains(d.Reason, c.says)) {
				t.Errorf("%s: %s: %s, %s: %s", c.what, f.File, f.Status, d.Code, d.Reason)
			}
		}
	}
}

// TestNoCompiler names a clang that does not exist.
func TestNoCompiler(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.bpf.c", "int x;\n")
	f := document(t, "--clang", "no-such-clang", "a.bpf.c").Files[0]
	if len(f.Diagnostics) != 1 || f.Diagnostics[0].Code != catalog.CompilerNotFound || f.Status != report.NotChecked {
		t.Errorf("%+v", f)
	}
}

// broken accepts a number of bytes and then fails.
type broken struct{ room int }

func (b *broken) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
	}
	return len(p), nil
}

// TestOutputMustBeWritten makes the output fail at different places, including the last line.
func TestOutputMustBeWritten(t *testing.T) {
	project(t, []string{"leak_ringbuf", "tc_session"}, nil)
	for _, format := range formats {
		args := []string{"check", "--format", format, "leak_ringbuf.bpf.o", "tc_session.bpf.o"}
		var whole bytes.Buffer
		run(args, &whole, io.Discard)
		// Times vary in length, but the last line is longer than that.
		for _, room := range []int{0, whole.Len() / 2, whole.Len() - 20} {
			var stderr bytes.Buffer
			status := run(args, &broken{room}, &stderr)
			if status != exitFailed ||
				!strings.Contains(stderr.String(), "cannot write the report: no space left on device") {
				t.Errorf("%s with room for %d: status %d, %s", format, room, status, stderr.String())
			}
		}
	}
}

// TestPipesAreNotWaitedFor names a pipe without a writer.
func TestPipesAreNotWaitedFor(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: needs named pipes")
	}
	project(t, []string{"tc_session"}, nil)
	write(t, "d/a.bpf.o", string(read(t, "tc_session.bpf.o")))
	for _, name := range []string{"pipe.bpf.o", "d/pipe.bpf.c"} {
		if out, err := exec.CommandContext(deadline.Context(t, "mkfifo"), "mkfifo", name).CombinedOutput(); err != nil {
			t.Skipf("SKIPPED: no named pipes: %v: %s", err, out)
		}
	}
	var stderr bytes.Buffer
	var status int
	deadline.Do(t, "the end of the check",
		func() { status = run([]string{"check", "pipe.bpf.o"}, io.Discard, &stderr) })
	if status != exitFailed || !strings.Contains(stderr.String(), "neither a regular file nor a directory") {
		t.Errorf("status %d, %s", status, stderr.String())
	}
	if s := document(t, "d").Summary; s.Accepted != 1 || s.NotChecked != 1 {
		t.Errorf("%+v", s)
	}
}

// TestUnreadable has a directory and a file without read permission. Root may read everything.
func TestUnreadable(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("needs a user who may not read everything")
	}
	project(t, []string{"tc_session"}, map[string]string{"no/x.bpf.o": "", "no.bpf.o": "", "no.bpf.c": ""})
	for _, name := range []string{"no", "no.bpf.o", "no.bpf.c"} {
		if err := os.Chmod(name, 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod("no", 0o700) })
	doc := document(t, ".", "--exclude", "tc_session.bpf.c")
	if doc.Summary.Accepted != 1 || doc.Summary.NotChecked != 3 {
		t.Errorf("%+v", doc.Summary)
	}
	for _, f := range doc.Files {
		if f.Status == report.NotChecked && f.Diagnostics[0].Code != catalog.UnreadableFile {
			t.Errorf("%+v", f)
		}
	}
}

// TestInterrupt sends the signal of a terminal while clang runs. Neither processes nor files may be left.
func TestInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	for i := range 8 {
		write(t, fmt.Sprintf("%d.bpf.c", i), "int x;\n")
	}
	tmp := t.TempDir()
	clang := fakeClang(t, "echo $$ >>running\nsleep 1000")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// testscript runs the test binary as the command, by its name.
	name := filepath.Join(t.TempDir(), "bpf-lsp")
	if err := os.Symlink(exe, name); err != nil {
		t.Skipf("SKIPPED: no links: %v", err)
	}
	cmd := exec.Command(name, "check", "--clang", clang, "--jobs", "2", "--format", "json", ".")
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer deadline.Watch(t, "the end of "+name, func() { cmd.Process.Kill() })()
	deadline.Until(t, "two compilers to run", func() bool {
		return strings.Count(string(readIfThere("running")), "\n") == 2
	})
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Errorf("ended with %v", err)
	}
	if stdout.Len() > 0 || !strings.Contains(stderr.String(), "interrupted after 0 of 8 files") {
		t.Errorf("wrote %q and %q", stdout.String(), stderr.String())
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, pid := range strings.Fields(string(readIfThere("running"))) {
		if state := readIfThere("/proc/" + pid + "/stat"); len(state) > 0 && !strings.Contains(string(state), ") Z ") {
			t.Errorf("a compiler still runs: %s", state)
		}
	}
}

func readIfThere(name string) []byte {
	text, _ := os.ReadFile(name)
	return text
}
