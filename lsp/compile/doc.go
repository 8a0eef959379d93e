// SPDX-License-Identifier: GPL-2.0-only

// Package compile turns one C file into a BPF object the way the project would. It finds the flags that the project
// builds the file with, runs clang within limits, and searches for what a build lacks, as a fresh checkout lacks what
// its build would have set up.
//
// Nothing here depends on an editor or on the verifier. A project does not choose a program to run unless the workspace
// is trusted; only then are its build tools asked what they would do.
//
// Reading order: compiler.go, search.go, survey.go, api.go. The parts are packages below lsp/internal: flags has the
// sources of flags, cures what is tried when a file does not compile, clang runs the compiler, project indexes what a
// project holds.
package compile
