// SPDX-License-Identifier: GPL-2.0-only

// Package clang turns one C file into a BPF object the way the project itself would: it finds the flags the project builds the
// file with, runs clang with them under limits, and reads clang's messages back as diagnostics.
//
// Nothing here belongs to an editor or to the verifier. A project never gets to choose a program to run unless the workspace is
// trusted, and only then are its build tools asked what they would do.
//
// Reading order: settings.go, command.go, find.go with the sources it asks (project.go, compiledb.go, bpf2go.go, flagsfile.go and
// clangd.go, dryrun.go, cargo.go, heuristic.go with buildfiles.go), normalise.go, compiler.go, build.go with run.go,
// messages.go, search.go, cures.go with undefined.go, typestwice.go, oldmaps.go, index.go, buildtexts.go, headers.go, standins.go, newer.go and template.go,
// packages.go.
package clang
