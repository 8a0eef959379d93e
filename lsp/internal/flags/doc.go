// SPDX-License-Identifier: GPL-2.0-only

// Package flags finds the flags with which a project builds a C file.
//
// A source of flags is one file with a function that recognises files, and one row of the table in sources.go, which
// also defines their order. Sources return flags as the project writes them. normalise.go turns them into flags for one
// object and drops those that an untrusted project may not pass to a compiler.
//
// Reading order: sources.go, the sources in the order of the table (projectfile.go, compiledb.go, bpf2go.go,
// flagsfile.go, dryrun.go, buildscript.go, defaults.go with literals.go), clangd.go, normalise.go, loader.go, steps.go.
package flags
