// SPDX-License-Identifier: GPL-2.0-only

// Package explain turns what the verifier and the loader found into diagnostics
// that a C programmer can read. It judges nothing: a fault comes from a
// verifier.Result or a program.Object, and the wording from diag/catalog.
//
// Reading order: result.go (how a rejection becomes diagnostics), facts.go,
// value.go, names.go and keeper.go (what the wording may mention), where.go and
// origin.go (source and path), scope.go, branch.go, inline.go, related.go and
// related_value.go (history), anchor.go (where it is shown), details.go (what is
// looked up for a single kind of fault). reports.go, events.go and words.go tell
// the same story in terms of registers, for the verifier log. lives.go is about
// accepted programs, and refute.go holds diagnostics against the recorded walk.
// loader.go leads to the faults that are found before verification.
package explain
