// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// maxFurtherAfter bounds the instructions before the first fault. Beyond it no further faults are looked for, because a
// save should not wait for an optional result.
const maxFurtherAfter = 50_000

// further finds the faults after the one in r, the result of o. It leaves out those that depend on user space or on
// another part of the object, and relocations, which are for beyond.
func (judge Verifier) further(p *program.Program, o verifier.Options, r *verifier.Result) []verifier.Result {
	if r.Verdict != verifier.Rejected || r.Stats.InsnsProcessed > maxFurtherAfter || relocationAt(p, r) != nil {
		return nil
	}
	o.LogLevel, o.Record, o.Further = 0, true, true
	again := judge.guarded(p, o)
	if again.Verdict != verifier.Rejected || again.Reports[0].PC != r.Reports[0].PC ||
		again.Reports[0].Kernel != r.Reports[0].Kernel {
		return nil
	}
	return slices.DeleteFunc(again.Further, func(found verifier.Result) bool {
		return spoiled(p, &found) != "" || relocationAt(p, &found) != nil
	})
}

// furtherDiagnostics explains the faults after the first. On a panic it returns none.
func furtherDiagnostics(s diag.Subject, r *diag.Run) (out []diag.Diagnostic) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	return explain.Further(s, r.Further, r.Diagnostics)
}
