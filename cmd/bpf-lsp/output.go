// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp/report"
	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// output reports files in one format. It receives them in the order of the command line, and keeps no more of a file
// than it needs. An error means that it could not write.
type output interface {
	File(u *check.Report) error
	End(s *report.Summary) error
}

// formats are the values of --format.
var formats = []string{"text", "json", "jsonl", "sarif", "kernel-log"}

// newOutput returns the output for the flags and some files.
func (c *checker) newOutput(stdout, stderr io.Writer, files int) output {
	tool := report.Tool{Name: "bpf-lsp", Version: version()}
	switch c.format {
	case "json":
		return report.NewJSON(stdout, c.dir, tool, c.reportTarget(), c.fullLog)
	case "sarif":
		return report.NewSARIF(stdout, report.Root(c.dir), tool, c.reportTarget())
	case "jsonl":
		return &linesOutput{stdout, c.fullLog}
	case "kernel-log":
		return &logOutput{stdout, stderr, c.reports, files > 1}
	}
	return &textOutput{w: stdout, color: !c.noColor && colorful(c.stdout), budget: c.verbose, heat: c.heat}
}

// reportTarget returns the target kernel according to the flags.
func (c *checker) reportTarget() report.Target {
	t := report.Target{Rules: c.target.String(), Kernel: c.kernel, Types: c.btf, Config: c.kconfig, CPUs: c.cpus,
		Unprivileged: c.noPrivs}
	if t.Kernel == "" {
		t.Kernel = program.EmbeddedRelease
	}
	return t
}

// textOutput is for people.
type textOutput struct {
	w     io.Writer
	color bool
	// budget and heat show where the instructions of programs went, shortly and line by line.
	budget, heat bool

	took time.Duration
}

func (o *textOutput) File(u *check.Report) error {
	for _, r := range u.Programs {
		o.took += time.Duration(max(r.TimeUS, 0)) * time.Microsecond
	}
	printer := render.Printer{Color: o.color, Read: u.Source.Read, Show: shown}
	for _, d := range u.Diagnostics() {
		if err := printer.Print(o.w, &d); err != nil {
			return err
		}
	}
	for _, r := range u.Programs {
		if o.budget {
			if err := printer.PrintBudget(o.w, r.Program.Name, r.Budget); err != nil {
				return err
			}
		}
		if o.heat {
			if err := printer.PrintHeat(o.w, r.Program.Name, r.Budget); err != nil {
				return err
			}
		}
	}
	return nil
}

// End writes the last line, with counts.
func (o *textOutput) End(s *report.Summary) error {
	var parts []string
	for _, p := range []struct {
		count int
		what  string
	}{
		{s.Rejected, "rejected"}, {s.Accepted, "accepted"}, {s.NotVerified, "not verified"},
		{s.NotCompiled, "not compiled"}, {s.NotChecked, "not checked"},
	} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.count, p.what))
		}
	}
	if len(parts) == 0 {
		_, err := fmt.Fprintln(o.w, "nothing to check")
		return err
	}
	_, err := fmt.Fprintf(o.w, "%s (%d instructions in %s)\n", strings.Join(parts, ", "), s.InsnsProcessed,
		o.took.Round(time.Millisecond/10))
	return err
}

// linesOutput writes a line of JSON per program, or one for a file without programs.
type linesOutput struct {
	w       io.Writer
	fullLog bool
}

func (o *linesOutput) File(u *check.Report) error {
	for _, r := range u.Programs {
		record := render.NewRecord(r, o.fullLog)
		if err := render.WriteRecord(o.w, &record); err != nil {
			return err
		}
	}
	if len(u.Programs) > 0 {
		return nil
	}
	var reasons []string
	for _, d := range u.Diagnostics() {
		if d.Severity <= diag.Warning {
			reasons = append(reasons, place(d.Span)+d.Message())
		}
	}
	return render.WriteRecord(o.w, &render.Record{Object: filepath.Base(u.File), Verdict: render.VerdictSkip,
		Reason: strings.Join(reasons, "; ")})
}

func (o *linesOutput) End(*report.Summary) error { return nil }

// place is the place of a compiler message, as the compiler prints it.
func place(s diag.Span) string {
	if s.Line == 0 {
		return ""
	}
	s.File = shown(s.File)
	return s.String() + ": "
}

// logOutput writes the logs as the kernel would. If there are several files or programs, each log has a heading.
// Anything that is not a log goes to standard error.
type logOutput struct {
	w, stderr io.Writer
	reports   bool
	several   bool // files
}

func (o *logOutput) File(u *check.Report) error {
	for _, d := range append(u.Compiler, u.Faults...) {
		fmt.Fprintf(o.stderr, "bpf-lsp: %s%s\n", place(d.Span), d.Message())
	}
	for _, r := range u.Programs {
		if o.several || len(u.Programs) > 1 {
			if _, err := fmt.Fprintf(o.w, "== %s %s %s\n", shown(u.File), r.Program.Section,
				r.Program.Name); err != nil {
				return err
			}
		}
		why := r.Skip
		if why == "" {
			why = render.SkipReason(&r.Result)
		}
		if why != "" {
			fmt.Fprintf(o.stderr, "bpf-lsp: %s: %s\n", r.Program.Name, why)
		}
		if r.Result.Verdict != verifier.Canceled {
			if _, err := o.w.Write(o.log(u, r)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *logOutput) End(*report.Summary) error { return nil }

// log is the log of a program, with reports if requested.
func (o *logOutput) log(u *check.Report, r *diag.Run) []byte {
	log := render.LoaderLog(r.Program, r.Result.Log)
	if !o.reports || r.Skip != "" {
		return log
	}
	s := diag.Subject{Object: u.Object, Program: r.Program, Read: u.Source.Read}
	reports := render.LogReports(s, explain.Reports(s, &r.Result))
	if len(reports) == 0 {
		return log
	}
	return render.WithReports(log, len(r.Result.Log)-r.Result.LogEnd, reports)
}
