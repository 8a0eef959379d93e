// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Reports explain each fault of a rejected program together with its path. The
// result must have been recorded.
func Reports(s diag.Subject, r *verifier.Result) []diag.PathReport {
	if r.Verdict != verifier.Rejected {
		return nil
	}
	w := newWhere(s)
	out := make([]diag.PathReport, 0, len(r.Reports))
	for i := range r.Reports {
		out = append(out, newFinding(w, r, &r.Reports[i]).pathReport())
	}
	return out
}

func (f *finding) pathReport() diag.PathReport {
	r := diag.PathReport{Diagnostic: f.diagnostic(), Returns: f.isExit(f.report.PC)}
	r.At = diag.PathEvent{PC: f.report.PC, Label: "error", Message: f.errorWords(&r.Diagnostic)}
	if lock := f.activeLock(); lock != nil {
		r.Lock = &diag.PathEvent{PC: lock.PC, Label: "acquired", Message: f.lockWords(lock)}
	}
	if scope, ok := f.scope(); ok {
		r.Path = f.story(history.Tell(f.result, scope))
	}
	return r
}

// errorWords say at the failing instruction what is wrong there.
func (f *finding) errorWords(d *diag.Diagnostic) string {
	if value := f.facts["value"]; value != "" {
		return d.Problem + " (" + value + ")"
	}
	return d.Problem
}

func (f *finding) lockWords(e *record.Event) string {
	text := f.acquireStep(e.PC).message
	if e.Ref != 0 {
		text += fmt.Sprintf(" (lock identity %d)", e.Ref)
	}
	return text
}

// story puts the events of a path into words.
func (f *finding) story(s history.Story) *diag.Path {
	steps := s.Steps
	if s.Lost == 0 {
		steps = history.Fold(steps)
	}
	p := &diag.Path{Events: make([]diag.PathEvent, len(steps)), Lost: s.Lost, LostAt: s.LostAt}
	for i := range steps {
		label, message := f.event(&steps[i])
		p.Events[i] = diag.PathEvent{PC: steps[i].PC, Label: label, Message: message}
	}
	return p
}
