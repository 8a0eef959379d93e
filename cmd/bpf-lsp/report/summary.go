// SPDX-License-Identifier: GPL-2.0-only

// Package report writes the results of a bpf-lsp check as one document for other programs: as JSON, and as SARIF. It
// also counts the results.
package report

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// Summary counts the results of a run. Each file is in one of the first three numbers, each program in one of the next
// three, each diagnostic in at most one of the last three.
type Summary struct {
	// Checked files got as far as their programs, NotCompiled ones have compiler errors, and NotChecked ones failed for
	// another reason.
	Checked     int `json:"checked"`
	NotCompiled int `json:"not_compiled"`
	NotChecked  int `json:"not_checked"`

	Accepted    int `json:"accepted"`
	Rejected    int `json:"rejected"`
	NotVerified int `json:"not_verified"`

	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`

	InsnsProcessed int `json:"insns_processed"`
	// ExitStatus is the exit status of the command.
	ExitStatus int `json:"exit_status"`
}

// Status is the result for a file.
type Status string

// The statuses of a file.
const (
	Checked     Status = "checked"
	NotCompiled Status = "not_compiled"
	NotChecked  Status = "not_checked"
)

// StatusOf returns the result for a file.
func StatusOf(u *check.Report) Status {
	isError := func(d diag.Diagnostic) bool { return d.Severity == diag.Error }
	switch {
	case u.Failed() && slices.ContainsFunc(u.Compiler, isError):
		return NotCompiled
	case len(u.Faults) > 0 && len(u.Programs) == 0:
		return NotChecked
	}
	return Checked
}

// Add counts a file.
func (s *Summary) Add(u *check.Report) {
	switch StatusOf(u) {
	case NotCompiled:
		s.NotCompiled++
	case NotChecked:
		s.NotChecked++
	default:
		s.Checked++
	}
	accepted, rejected, skipped := u.Counts()
	s.Accepted += accepted
	s.Rejected += rejected
	s.NotVerified += skipped
	for _, r := range u.Programs {
		s.InsnsProcessed += r.Result.Stats.InsnsProcessed
	}
	for _, d := range u.Diagnostics() {
		switch {
		case !IsFinding(&d):
		case d.Severity == diag.Error:
			s.Errors++
		case d.Severity == diag.Warning:
			s.Warnings++
		default:
			s.Infos++
		}
	}
}

// Complete reports whether everything could be checked.
func (s *Summary) Complete() bool { return s.NotCompiled+s.NotChecked+s.NotVerified == 0 }

// unchecked are the codes which report that something was not checked, for a reason outside of it.
var unchecked = []catalog.Code{
	catalog.InvalidObject, catalog.NoPrograms, catalog.MissingBTF, catalog.MissingLines, catalog.TargetKernel,
	catalog.UnsupportedObject, catalog.UnreadableFile,
	catalog.IncompleteProgram,
	catalog.CompilerNotFound, catalog.CompilerFailed, catalog.CompilerTimeout,
	catalog.InternalBug, catalog.Unsupported,
}

// IsFinding reports whether a diagnostic is about the checked code, and not about something that prevented the check.
func IsFinding(d *diag.Diagnostic) bool { return !slices.Contains(unchecked, d.Code) }
