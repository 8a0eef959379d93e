// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Claim is what a message states about the failing path, in a form that can be
// held against the recorded walk.
type Claim struct {
	Kind ClaimKind
	// Event is the index in the history that the claim is about, -1 for the
	// failing instruction.
	Event int
	// Text is the C condition or the name, as it is shown.
	Text string
	// Truth is how a condition went.
	Truth bool
	// Place holds the value that is named.
	Place record.Place
}

// ClaimKind is what a claim is about.
type ClaimKind uint8

// Kinds of claims.
const (
	// ClaimCondition states that a condition was true, or false, at a branch.
	ClaimCondition ClaimKind = iota
	// ClaimName states that the value at a place is that of a variable.
	ClaimName
	// ClaimOwned states that a reference is still held at the end.
	ClaimOwned
)
