// SPDX-License-Identifier: GPL-2.0-only

// Package compile turns one C file into a BPF object the way the project itself would: it finds the flags that the project builds the
// file with, runs clang with them under limits, and looks for what a build lacks, as a fresh checkout lacks what its build would set up.
//
// Nothing here belongs to an editor or to the verifier. A project never gets to choose a program to run unless the workspace is
// trusted, and only then are its build tools asked what they would do.
//
// Reading order: compiler.go, search.go, survey.go. Below are rooms of their own: flags has the sources of flags, cures what is tried
// when a file does not compile, clang runs the compiler and reads its messages, project knows what a project holds.
package compile
