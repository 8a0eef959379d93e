// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// HasSteps reports whether the log shows any instruction.
func (l *PastedLog) HasSteps() bool { return len(l.walk.Steps) > 0 }

// Covers reports whether the log tells all that another one does, such as the
// one line of an error whose log is printed too.
func (l *PastedLog) Covers(short *PastedLog) bool {
	return !short.HasSteps() && (l.HasSteps() || l.Lines[0].N < short.Lines[0].N) && l.Code != nil && l.Code == short.Code &&
		(short.Program == "" || l.Program == "" || l.Program == short.Program) &&
		strings.Contains(l.Ending.Message, lastLine(short.Ending.Message))
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// IsOf reports whether a verified program has the fault of the log, at the same
// instruction. Kernels word a fault differently, so its code decides.
func (l *PastedLog) IsOf(run *Run) bool {
	if l.Code == nil || l.Ending.PC < 0 {
		return false
	}
	return slices.ContainsFunc(run.Diagnostics, func(d Diagnostic) bool {
		e, _ := catalog.Match(d.Kernel)
		return d.PC == l.Ending.PC && (d.Code == l.Code.Code || e == l.Code)
	})
}

// Unrecognized says what of a log was not recognised.
func (l *PastedLog) Unrecognized() string {
	switch {
	case l.Refused && l.Ending.Message == "":
		return "the program was refused, and the log has no message"
	case !l.Whole && l.HasSteps() && l.endsWithStep():
		return "the log ends before the verifier's message"
	}
	return "no message of the verifier's that is known is in the log, which ends with \"" + lastLine(l.Ending.Message) + "\""
}

// endsWithStep reports whether the last line of the log is an instruction.
func (l *PastedLog) endsWithStep() bool {
	return l.walk.Steps[len(l.walk.Steps)-1].Line == len(l.Lines)-1
}

// Record is the line of JSON about the log.
func (l *PastedLog) Record(name string) Record {
	r := Record{Object: name, Program: l.Program, Source: l.Ending.Source}
	switch {
	case l.Accepted():
		r.Verdict, r.Source = VerdictAccept, ""
	case !l.Recognized():
		r.Verdict, r.Reason = VerdictSkip, "not recognised: "+l.Unrecognized()
	default:
		r.Verdict, r.Error = VerdictReject, l.Ending.Message
		if pc := l.Ending.PC; pc >= 0 {
			r.InsnIdx = &pc
		}
		for _, d := range l.Diagnostics() {
			report := newRecordReport(&d)
			if r.Report == nil {
				r.Report = &report
			} else {
				r.MoreReports = append(r.MoreReports, report)
			}
		}
	}
	return r
}
