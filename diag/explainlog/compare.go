// SPDX-License-Identifier: GPL-2.0-only

package explainlog

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// HasSteps reports whether the log shows any instruction.
func (l *Log) HasSteps() bool { return len(l.walk.Steps) > 0 }

// Covers reports whether the log says all that another one does, such as the
// one line of an error whose log is printed too.
func (l *Log) Covers(short *Log) bool {
	return !short.HasSteps() && (l.HasSteps() || l.Lines[0].N < short.Lines[0].N) && l.Code != nil && l.Code == short.Code &&
		(short.Program == "" || l.Program == "" || l.Program == short.Program) &&
		strings.Contains(l.Ending.Message, lastLine(short.Ending.Message))
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// IsOf reports whether a verified program has the fault of the log, at the same
// instruction. Kernels word a fault differently, so its code decides.
func (l *Log) IsOf(run *diag.Run) bool {
	if l.Code == nil || l.Ending.PC < 0 {
		return false
	}
	return slices.ContainsFunc(run.Diagnostics, func(d diag.Diagnostic) bool {
		e, _ := catalog.Match(d.Kernel)
		return d.PC == l.Ending.PC && (d.Code == l.Code.Code || e == l.Code)
	})
}

// Unrecognized says what of a log was not recognised.
func (l *Log) Unrecognized() string {
	switch {
	case l.Refused && l.Ending.Message == "":
		return "the program was refused, and the log has no message"
	case !l.Whole && l.HasSteps() && l.endsWithStep():
		return "the log ends before the verifier's message"
	}
	return "no message of the verifier's that is known is in the log, which ends with \"" + lastLine(l.Ending.Message) + "\""
}

// endsWithStep reports whether the last line of the log is an instruction.
func (l *Log) endsWithStep() bool {
	return l.walk.Steps[len(l.walk.Steps)-1].Line == len(l.Lines)-1
}
