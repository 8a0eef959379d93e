// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Run is what checking one program gave.
type Run struct {
	Object  string // name of the object or source file, as shown
	Program *program.Program
	Result  verifier.Result
	// TimeUS is the time of a verification without a log, -1 if not measured.
	TimeUS int64
	Flags  uint32 // all flags the program was verified with
	// Skip says why the program was not verified; empty if it was.
	Skip string
	// Beyond are relocations without a match behind the one that the
	// verification failed at.
	Beyond []*program.LoadError
	// Further are faults of the program beyond the first.
	Further     []verifier.Result
	Diagnostics []Diagnostic
	// Judged is what each target kernel says.
	Judged []Judgement
	// Summary says in one line what became of the program.
	Summary Summary
	// Budget is where instructions and states went, if that was asked for.
	Budget *Budget
}
