// SPDX-License-Identifier: GPL-2.0-only

package diag

import "github.com/bpf-lsp/bpf-lsp/verifier"

// Summary says in one line what became of a program.
type Summary struct {
	// Span is the name of the program's function where it is declared, without a file
	// if that is not known.
	Span Span
	Text string
	// Near reports whether the walk took half of the instructions that it may take, or
	// the program three quarters of the stack.
	Near bool
}

// Judgement is what one kernel says of a program.
type Judgement struct {
	Release string
	Verdict verifier.Verdict
}
