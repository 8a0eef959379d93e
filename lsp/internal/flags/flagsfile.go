// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// flagsFileName is clangd's list of flags: one word per line, for every file below its directory.
const flagsFileName = "compile_flags.txt"

// fromFlagsFile reads the nearest compile_flags.txt. It says nothing about BPF and is often written for the loader
// beside the program. So its flags are added to the default ones, and a file for another target is ignored.
func (s *Sources) fromFlagsFile(_ context.Context, file string) (Found, error) {
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		name := filepath.Join(dir, flagsFileName)
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Found{}, &clang.Fault{Problem: "The list of flags cannot be read.", File: name, Err: err}
		}
		var words []string
		for line := range strings.Lines(string(text)) {
			if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
				words = append(words, word)
			}
		}
		if hasTarget(words) && !isBPFTarget(words) {
			return Found{}, errNotHere
		}
		return Found{Dir: dir, Args: append(s.defaultFlags(), words...), Origin: name,
			Guessed: true}, nil
	}
	return Found{}, errNotHere
}
