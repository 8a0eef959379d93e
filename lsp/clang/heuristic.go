// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"path/filepath"
)

// fromDefaults knows every file. Where a build file says which definitions the project's BPF programs are compiled with, these are
// added: without them a program may be another one.
func (c *Compiler) fromDefaults(_ context.Context, file string) (found, error) {
	f := found{dir: filepath.Dir(file), args: append(c.defaultFlags(), "-I."), source: "defaults"}
	if flags, origin := buildWords(file, c.root(file)); len(flags) > 0 {
		f.args = append(f.args, flags...)
		f.source, f.origin = "defaults and what "+filepath.Base(origin)+" defines", origin
	}
	return f, nil
}

// defaultFlags build nearly every BPF program that needs no definitions of its own: libbpf's examples and bpf2go's alike.
func (c *Compiler) defaultFlags() []string { return c.defaultFlagsFor("") }

func (c *Compiler) defaultFlagsFor(arch string) []string {
	if arch == "" {
		arch = c.settings.arch()
	}
	return []string{"-g", "-O2", "-target", "bpf", "-D__TARGET_ARCH_" + arch, "-Wall", "-Wno-compare-distinct-pointer-types", "-Wno-unused-function"}
}
