// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
)

// flagsFileName is the plain list of flags that clangd reads: one word a line, for every file below its directory.
const flagsFileName = "compile_flags.txt"

// fromFlagsFile takes the nearest compile_flags.txt. It says nothing about BPF and is often written for the loader beside the
// program, so its flags come on top of the default ones, and one for another target says nothing here.
func (c *Compiler) fromFlagsFile(_ context.Context, file string) (found, error) {
	for dir := range ancestors(filepath.Dir(file)) {
		name := filepath.Join(dir, flagsFileName)
		text, err := readText(name, maxBuildFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return found{}, &Fault{Problem: "The list of flags cannot be read.", File: name, Err: err}
		}
		var words []string
		for line := range strings.Lines(string(text)) {
			if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
				words = append(words, word)
			}
		}
		if hasTarget(words) && !isBPFTarget(words) {
			return found{}, errNotHere
		}
		return found{dir: dir, args: append(c.defaultFlags(), words...), source: flagsFileName, origin: name, guessed: true}, nil
	}
	return found{}, errNotHere
}
