// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

func TestMissingCompiler(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := New(Settings{}).Pick(t.Context(), "")
	if f, ok := IsFault(err); ok && runtime.GOOS == "linux" {
		if f.Code != catalog.CompilerNotFound || !strings.Contains(f.Advice, "apt install clang") ||
			!strings.Contains(f.Advice, "--clang.") {
			t.Errorf("got %v", err)
		}
	} else if runtime.GOOS == "linux" {
		t.Errorf("got %v, want a fault", err)
	}
}

func TestCompilerWithoutBPF(t *testing.T) {
	path := workspace.Script(t, "echo '  x86 - X86'\n")
	_, err := New(Settings{Path: path, Names: Names{Path: "bpfLsp.clangPath"}}).Pick(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), "cannot build for BPF") ||
		strings.Count(err.Error(), "bpfLsp.clangPath") != 2 {
		t.Errorf("got %v", err)
	}
}

func TestUntrustedProjectDoesNotChooseTheCompiler(t *testing.T) {
	project := workspace.Script(t, "echo '  bpf - BPF'\n")
	for _, trusted := range []bool{false, true} {
		p, err := New(Settings{Trusted: trusted}).Pick(t.Context(), project)
		if err != nil && trusted {
			t.Fatal(err)
		}
		if got := p.Path == project; got != trusted {
			t.Errorf("trusted %v: project's compiler chosen is %v", trusted, got)
		}
	}
}

func TestInstalledClangs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"clang", "clang-9", "clang-19", "clang-tidy-19", "clang-14"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, p := range installedClangs([]string{"", "relative", dir}) {
		if filepath.Dir(p) == dir {
			got = append(got, filepath.Base(p))
		}
	}
	if d := cmp.Diff([]string{"clang-19", "clang-14", "clang-9", "clang"}, got); d != "" {
		t.Error(d)
	}
}
