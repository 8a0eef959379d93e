// SPDX-License-Identifier: GPL-2.0-only

// Package flags finds the flags that a project builds a C file with.
//
// A source of flags is one file with a function that knows files, and one row of the table in sources.go, which also has the order in
// which they are asked. What a source finds is as the project writes it; normalise.go turns it into flags for one object, and leaves out
// what a project that is not trusted may not pass to a compiler.
//
// Reading order: sources.go, the sources in the order of its table (projectfile.go, compiledb.go, bpf2go.go, flagsfile.go, dryrun.go,
// buildscript.go, defaults.go with literals.go), clangd.go, normalise.go, loader.go, steps.go.
package flags
