// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explainlog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Verdicts of a Record.
const (
	VerdictAccept = "accept"
	VerdictReject = "reject"
	VerdictSkip   = "skip"
)

// Record is the answer for one program as a line of JSON; docs/jsonl.md
// describes the fields.
type Record struct {
	Object     string `json:"object"`
	Section    string `json:"section,omitempty"`
	Program    string `json:"program,omitempty"`
	ProgType   string `json:"prog_type,omitempty"`
	AttachType string `json:"attach_type,omitempty"`
	AttachTo   string `json:"attach_to,omitempty"`

	Verdict string `json:"verdict"`
	Reason  string `json:"reason,omitempty"`

	Error   string `json:"error,omitempty"`
	InsnIdx *int   `json:"insn_idx,omitempty"`
	Source  string `json:"source,omitempty"`

	Insns     int    `json:"insns,omitempty"`
	ProgFlags string `json:"prog_flags,omitempty"`

	Stats  *RecordStats  `json:"stats,omitempty"`
	Report *RecordReport `json:"report,omitempty"`
	// MoreReports are faults found with the first, such as other leaks at one exit,
	// and beyond it.
	MoreReports []RecordReport `json:"more_reports,omitempty"`
	Log         string         `json:"log,omitempty"`
}

// RecordStats are the verifier's own numbers.
type RecordStats struct {
	InsnsProcessed   int    `json:"insns_processed"`
	MaxStatesPerInsn int    `json:"max_states_per_insn"`
	TotalStates      int    `json:"total_states"`
	PeakStates       int    `json:"peak_states"`
	StackDepth       string `json:"stack_depth,omitempty"`
	// TimeUS is the time of a verification without a log, in microseconds.
	TimeUS *int64 `json:"time_us,omitempty"`
}

// RecordReport is a diagnostic as JSON.
type RecordReport struct {
	Code       catalog.Code  `json:"code"`
	Severity   string        `json:"severity"`
	Category   string        `json:"category"`
	Problem    string        `json:"problem"`
	Reason     string        `json:"reason"`
	At         *RecordSpan   `json:"at,omitempty"`
	Insn       *int          `json:"insn,omitempty"`
	Kernel     string        `json:"kernel,omitempty"`
	Errno      int           `json:"errno,omitempty"`
	History    []RecordEvent `json:"history"`
	Suggestion string        `json:"suggestion,omitempty"`
	Href       string        `json:"href,omitempty"`
	Beyond     bool          `json:"beyond,omitempty"`
}

// RecordSpan is a Span as JSON; unknown parts are left out.
type RecordSpan struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Col     int    `json:"col,omitempty"`
	EndLine int    `json:"end_line,omitempty"`
	EndCol  int    `json:"end_col,omitempty"`
}

// RecordEvent is one related place as JSON.
type RecordEvent struct {
	RecordSpan
	Message string `json:"message"`
}

// NewRecord builds the line of a run; the log goes in only if fullLog is set.
func NewRecord(run *diag.Run, fullLog bool) Record {
	p := run.Program
	r := Record{
		Object:   run.Object,
		Section:  p.Section,
		Program:  p.Name,
		ProgType: p.Type.String(),
		AttachTo: p.AttachTo,
		Insns:    len(p.Insns),
	}
	if p.Attach != 0 {
		r.AttachType = p.Attach.String()
	}
	if run.Flags != 0 {
		r.ProgFlags = fmt.Sprintf("%#x", run.Flags)
	}
	for i := range run.Diagnostics {
		report := newRecordReport(&run.Diagnostics[i])
		if r.Report == nil {
			r.Report = &report
		} else {
			r.MoreReports = append(r.MoreReports, report)
		}
	}
	if run.Skip != "" {
		r.Verdict, r.Reason = VerdictSkip, run.Skip
		return r
	}
	res := &run.Result
	if fullLog {
		r.Log = string(LoaderLog(p, res.Log))
	}
	switch res.Verdict {
	case verifier.Accepted:
		r.Verdict = VerdictAccept
	case verifier.Rejected:
		r.Verdict = VerdictReject
		ending := kernellog.End(string(LoaderLog(p, res.Log)))
		r.Error, r.Source = ending.Message, ending.Source
		if ending.PC >= 0 {
			r.InsnIdx = &ending.PC
		}
	default:
		r.Verdict, r.Reason = VerdictSkip, SkipReason(res)
		return r
	}
	r.Stats = &RecordStats{
		InsnsProcessed:   res.Stats.InsnsProcessed,
		MaxStatesPerInsn: res.Stats.MaxStatesPerInsn,
		TotalStates:      res.Stats.TotalStates,
		PeakStates:       res.Stats.PeakStates,
		StackDepth:       res.Stats.StackDepth,
	}
	if run.TimeUS >= 0 {
		r.Stats.TimeUS = &run.TimeUS
	}
	return r
}

// SkipReason says why a result is not a verdict about the program.
func SkipReason(res *verifier.Result) string {
	switch res.Verdict {
	case verifier.Unsupported:
		return "not verified: " + res.Reason
	case verifier.Canceled:
		return "not verified: canceled"
	case verifier.InternalBug:
		return "not verified: fault of bpf-lsp: " + res.Reason
	}
	return ""
}

func newRecordReport(d *diag.Diagnostic) RecordReport {
	r := RecordReport{
		Code:       d.Code,
		Severity:   d.Severity.String(),
		Category:   d.Category,
		Problem:    d.Problem,
		Reason:     d.Reason,
		Kernel:     d.Kernel,
		Errno:      d.Errno,
		History:    []RecordEvent{},
		Suggestion: d.Suggestion,
		Href:       d.Href,
		Beyond:     d.Beyond,
	}
	if !d.Span.IsZero() {
		at := RecordSpan(d.Span)
		r.At = &at
	}
	if d.PC >= 0 {
		pc := d.PC
		r.Insn = &pc
	}
	for _, rel := range d.Related {
		r.History = append(r.History, RecordEvent{RecordSpan(rel.Span), rel.Message})
	}
	return r
}

// WriteRecord writes r as one line of JSON.
func WriteRecord(w io.Writer, r *Record) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// NewLogRecord builds the line of JSON about a log that was found in the file named.
func NewLogRecord(l *explainlog.Log, name string) Record {
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
