// SPDX-License-Identifier: GPL-2.0-only

// Package check checks one compilation unit, a C file or an object file: it builds and loads it, verifies every
// program, and explains the result. The editor's server and the command line both use it, so they report the same about
// a file.
//
// Every failure becomes a diagnostic at the place it concerns. The only error is the end of the context.
//
// Reading order: checker.go, unit.go, programs.go, faults.go, kernel.go, source.go.
package check
