// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

func (c *checker) count(u *check.Report) {
	accepted, rejected, skipped := u.Counts()
	c.counts.accepted += accepted
	c.counts.rejected += rejected
	c.counts.skipped += skipped
	switch {
	case hasError(u.Compiler):
		c.counts.broken++
	case len(u.Faults) > 0:
		c.counts.failed++
	}
	for _, r := range u.Programs {
		c.counts.insns += r.Result.Stats.InsnsProcessed
		c.counts.took += time.Duration(max(r.TimeUS, 0)) * time.Microsecond
	}
}

func hasError(ds []diag.Diagnostic) bool {
	for i := range ds {
		if ds[i].Severity == diag.Error {
			return true
		}
	}
	return false
}

func (c *checker) writeText(u *check.Report) error {
	printer := diag.Printer{Color: c.color, Read: u.Source.Read, Show: shown}
	for _, d := range u.Diagnostics(true) {
		if err := printer.Print(c.stdout, &d); err != nil {
			return err
		}
	}
	return nil
}

// writeRecords writes a line for each program, or one for a file without any.
func (c *checker) writeRecords(u *check.Report) error {
	for _, r := range u.Programs {
		record := diag.NewRecord(r, c.fullLog)
		if err := diag.WriteRecord(c.stdout, &record); err != nil {
			return err
		}
	}
	if len(u.Programs) > 0 {
		return nil
	}
	var reasons []string
	for _, d := range u.Diagnostics(true) {
		if d.Severity <= diag.Warning {
			reasons = append(reasons, place(d.Span)+d.Message())
		}
	}
	return diag.WriteRecord(c.stdout, &diag.Record{Object: filepath.Base(u.File), Verdict: diag.VerdictSkip, Reason: strings.Join(reasons, "; ")})
}

// place is where a message of the compiler is, as it prints it itself.
func place(s diag.Span) string {
	if s.Line == 0 {
		return ""
	}
	s.File = shown(s.File)
	return s.String() + ": "
}

// writeLogs writes the logs as the kernel would; several programs get a
// heading each. What is not a log goes to standard error.
func (c *checker) writeLogs(u *check.Report) error {
	for _, d := range append(u.Compiler, u.Faults...) {
		fmt.Fprintf(c.stderr, "bpf-lsp: %s%s\n", place(d.Span), d.Message())
	}
	for _, r := range u.Programs {
		if len(u.Programs) > 1 {
			if _, err := fmt.Fprintf(c.stdout, "== %s %s %s\n", r.Object, r.Program.Section, r.Program.Name); err != nil {
				return err
			}
		}
		why := r.Skip
		if why == "" {
			why = diag.SkipReason(&r.Result)
		}
		if why != "" {
			fmt.Fprintf(c.stderr, "bpf-lsp: %s: %s\n", r.Program.Name, why)
		}
		if r.Result.Verdict != verifier.Canceled {
			if _, err := c.stdout.Write(c.log(u, r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// log is the log of a program, with reports if they are wanted.
func (c *checker) log(u *check.Report, r *diag.Run) []byte {
	log := diag.LoaderLog(r.Program, r.Result.Log)
	if !c.reports || r.Skip != "" {
		return log
	}
	reports := diag.Reports(u.Object, r.Program, r.Result, nil, u.Source.Read)
	if len(reports) == 0 {
		return log
	}
	return diag.WithReports(log, len(r.Result.Log)-r.Result.LogEnd, reports)
}

// summary is the last line of the text report.
func (c *checker) summary() {
	n := c.counts
	parts := []string{}
	for _, p := range []struct {
		count int
		what  string
	}{
		{n.rejected, "rejected"}, {n.accepted, "accepted"}, {n.skipped, "not verified"},
		{n.broken, "not compiled"}, {n.failed, "not checked"},
	} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.count, p.what))
		}
	}
	fmt.Fprintf(c.stdout, "%s (%d instructions in %s)\n", strings.Join(parts, ", "), n.insns, n.took.Round(time.Millisecond/10))
}
