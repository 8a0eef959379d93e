// SPDX-License-Identifier: GPL-2.0-only

// Package diag defines what a fault of a BPF program is in terms of its C source:
// a Diagnostic, with a place, a message, a suggestion and related places. All
// text is complete, so that a client needs no other table to show it.
//
// The work is done below:
//
//   - diag/explain makes diagnostics from what the verifier and the loader found,
//   - diag/explainlog makes them from a verifier log alone,
//   - diag/render writes them for a terminal, a verifier log, or as JSON lines,
//   - diag/catalog has the codes and their wording,
//   - diag/kernellog reads verifier logs.
//
// None of them judges a program: a fault comes from a verifier.Result, from a
// program.Object or from a compiler.
package diag
