// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// report writes the runs of one file in the chosen format.
func (c *checker) report(runs []*diag.Run) error {
	var all []diag.Diagnostic
	for _, r := range runs {
		c.count(r)
		var err error
		switch c.format {
		case "jsonl":
			record := diag.NewRecord(r, c.fullLog)
			err = diag.WriteRecord(c.stdout, &record)
		case "kernel-log":
			err = c.kernelLog(r, len(runs) > 1)
		default:
			all = append(all, r.Diagnostics...)
		}
		if err != nil {
			return err
		}
	}
	for _, d := range diag.Merge(all) {
		if err := c.printer.Print(c.stdout, &d); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) count(r *diag.Run) {
	c.counts.insns += r.Result.Stats.InsnsProcessed
	c.counts.took += time.Duration(max(r.TimeUS, 0)) * time.Microsecond
	switch {
	case r.Skip != "":
		c.counts.skipped++
	case r.Result.Verdict == verifier.Accepted:
		c.counts.accepted++
	case r.Result.Verdict == verifier.Rejected:
		c.counts.rejected++
	default:
		c.counts.skipped++
	}
}

// kernelLog writes the log as the kernel would; several programs get a
// heading each.
func (c *checker) kernelLog(r *diag.Run, heading bool) error {
	if heading {
		if _, err := fmt.Fprintf(c.stdout, "== %s %s %s\n", r.Object, r.Program.Section, r.Program.Name); err != nil {
			return err
		}
	}
	if r.Skip != "" {
		fmt.Fprintf(c.stderr, "bpf-lsp: %s: %s\n", r.Program.Name, r.Skip)
		return nil
	}
	if why := diag.SkipReason(&r.Result); why != "" {
		fmt.Fprintf(c.stderr, "bpf-lsp: %s: %s\n", r.Program.Name, why)
	}
	_, err := c.stdout.Write(r.Result.Log)
	return err
}

// reportFile reports what is wrong with a file as a whole.
func (c *checker) reportFile(path string, ds []diag.Diagnostic) error {
	compileError := false
	for i := range ds {
		compileError = compileError || ds[i].Source == diag.SourceClang && ds[i].Severity == diag.Error
	}
	if compileError {
		c.counts.rejected++
	} else {
		c.counts.failed++
	}
	if c.format == "jsonl" {
		var reasons []string
		for i := range ds {
			if ds[i].Severity == diag.Error {
				reasons = append(reasons, ds[i].Message())
			}
		}
		return diag.WriteRecord(c.stdout, &diag.Record{Object: filepath.Base(path), Verdict: diag.VerdictSkip, Reason: strings.Join(reasons, "; ")})
	}
	for i := range ds {
		if err := c.printer.Print(c.stderr, &ds[i]); err != nil {
			return err
		}
	}
	return nil
}

// summary is the last line of the text report.
func (c *checker) summary() {
	n := c.counts
	parts := []string{}
	for _, p := range []struct {
		count int
		what  string
	}{
		{n.rejected, "rejected"}, {n.accepted, "accepted"}, {n.skipped, "not verified"}, {n.failed, "not checked"},
	} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.count, p.what))
		}
	}
	fmt.Fprintf(c.stdout, "%s (%d instructions in %s)\n", strings.Join(parts, ", "), n.insns, n.took.Round(time.Millisecond/10))
}
