// SPDX-License-Identifier: GPL-2.0-only

// Package scalar is what the verifier knows about a number: which bits are
// certain (Tnum), and the signed and unsigned range of the whole register and
// of its low half (Scalar).
//
// Every operation yields exactly the facts that Linux 6.18 yields, not merely
// sound ones: the log prints them and pruning compares them, so a tighter
// answer is as wrong here as a looser one. That is also why the order of
// deductions in Sync matters.
//
// The package holds values only. It knows no registers, identities, pointers
// or programs; callers keep those, and say so where an operation obliges them
// to forget one.
//
// Reading order: tnum.go, bounds.go, scalar.go, sync.go, extend.go, alu.go,
// shift.go, branch.go.
package scalar
