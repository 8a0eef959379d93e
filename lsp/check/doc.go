// SPDX-License-Identifier: GPL-2.0-only

// Package check judges one compilation unit, a C file or an object file: build, load, verify every program, explain. The editor's
// server and the command line both call it and so say the same about a file.
//
// Whatever goes wrong on the way becomes a diagnostic at the place it is about; the only error is the end of the context.
//
// Reading order: checker.go, unit.go, programs.go, faults.go, kernel.go, source.go.
package check
