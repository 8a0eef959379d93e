// SPDX-License-Identifier: GPL-2.0-only

// Package fault is what the verifier says when it rejects: for each message
// of the kernel its words by release, the code of the rule that was broken,
// and the type of what is known about the fault.
//
// A rule names a message and fills in its family, a small struct:
//
//	v.reject(eacces, fault.NegativeOffset.Of(fault.Limits{Reg: n, Min: r.Smin(), Max: r.Smax()}))
//
// The line of the log is rendered from that, and whoever explains the fault
// reads the same struct: nothing is read back out of text.
//
// Reading order: fault.go (a fault and its facts), text.go (a message and how
// it is rendered), family.go and family_call.go (the families), then the
// messages by category, texts_*.go.
package fault
