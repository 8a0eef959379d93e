// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp/report"
	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// logPaths are the log level bits that request more than statistics.
const logPaths = 1 | 2

// proofTime is how long changes are tried for one file. Nobody types meanwhile, and a busy machine should not change
// what is printed.
const proofTime = 2 * time.Minute

// checker checks files and reports them.
type checker struct {
	*checkOptions
	stdout, stderr io.Writer
	dir            string // working directory of the command
	units          *check.Checker
	sum            report.Summary
}

func newChecker(o *checkOptions, stdout, stderr io.Writer) (*checker, error) {
	if o.btf != "" {
		if _, err := os.Stat(o.btf); err != nil {
			return nil, fmt.Errorf("cannot read the kernel's types in %s: %w", o.btf, reason(err))
		}
	}
	if o.kconfig != "" {
		if _, err := os.Stat(o.kconfig); err != nil {
			return nil, fmt.Errorf("cannot read the kernel's configuration in %s: %w", o.kconfig, reason(err))
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("cannot find the current directory: %w", err)
	}
	return &checker{
		checkOptions: o, stdout: stdout, stderr: stderr, dir: dir,
		units: check.New(check.Settings{
			Clang: compile.Settings{Path: o.clang, Flags: o.clangFlags, Trusted: !o.untrusted,
				Timeout: o.clangTime},
			KernelBTF: o.btf, KernelRelease: o.kernel, KernelConfig: o.kconfig, Target: o.target, Workers: o.jobs,
			ProofTime: proofTime,
		}),
	}, nil
}

// colorful reports whether w is a terminal whose user accepts colours.
func colorful(w io.Writer) bool { return os.Getenv("NO_COLOR") == "" && isTerminal(w) }

// checkAll checks every file and returns the exit status.
func (c *checker) checkAll(ctx context.Context, targets []target) int {
	bar := newProgress(c.stderr, len(targets))
	out := c.newOutput(bar.above(c.stdout), bar.above(c.stderr), len(targets))
	done := 0
	err := inOrder(ctx, c.jobs, targets,
		func(ctx context.Context, t target) (checked, error) {
			defer bar.step()
			return c.checkFile(ctx, t)
		},
		func(u checked) error {
			done++
			if err := c.emitFixes(bar.above(c.stdout), bar.above(c.stderr), &u); err != nil {
				return written(err)
			}
			c.sum.Add(&u.Report)
			if c.fixes == fixDiff {
				return nil
			}
			return written(out.File(&u.Report))
		})
	bar.end()
	if err == nil {
		c.sum.ExitStatus = c.status()
		if c.fixes != fixDiff {
			err = written(out.End(&c.sum))
		}
	}
	switch {
	case err == nil:
		return c.sum.ExitStatus
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.stderr, "bpf-lsp: interrupted after %d of %d files\n", done, len(targets))
	default:
		fmt.Fprintf(c.stderr, "bpf-lsp: %v\n", err)
	}
	return exitFailed
}

// written marks an error as one of the output.
func written(err error) error {
	if err != nil {
		return fmt.Errorf("cannot write the report: %w", reason(err))
	}
	return nil
}

// status returns the exit status for a report. A file that does not compile was not checked, whatever counts as a
// finding.
func (c *checker) status() int {
	findings := 0
	switch c.failOn {
	case failOnInfo:
		findings += c.sum.Infos
		fallthrough
	case failOnWarning:
		findings += c.sum.Warnings
		fallthrough
	case failOnError:
		findings += c.sum.Errors + c.sum.Rejected
	}
	switch {
	case findings > 0:
		return exitRejected
	case !c.sum.Complete():
		return exitFailed
	}
	return exitAccepted
}

// checkFile checks one file. The error is the context's; errors in the file are in the report.
func (c *checker) checkFile(ctx context.Context, t target) (checked, error) {
	abs, err := filepath.Abs(t.path)
	if err != nil {
		abs, t.problem = t.path, err
	}
	unit := checked{Report: unfit(abs, t.problem)}
	if unit.Faults == nil {
		req := check.Request{File: abs, Program: c.program, Flags: c.flags, CPUs: c.cpus, Unprivileged: c.noPrivs,
			Budget: c.verbose || c.heat, Overlay: besides(abs)}
		if c.fullLog || c.format == "kernel-log" {
			req.LogLevel = c.logLevel & logPaths
		}
		if unit.Report, err = c.units.Unit(ctx, req); err != nil {
			return unit, err
		}
		if unit.repair, err = c.fix(ctx, req, &unit.Report); err != nil {
			return unit, err
		}
		if !c.noProof && unit.repair == nil {
			if err := c.units.Settle(ctx, req, &unit.Report); err != nil {
				return unit, err
			}
		}
	}
	if !unit.Failed() && len(unit.Programs) == 0 {
		unit.Faults = append(unit.Faults, noPrograms(abs, c.program))
	}
	return unit, nil
}

// besides reads source files where they are, else beside the checked file: an object names its sources as its compiler
// saw them.
func besides(checked string) func(string) ([]byte, bool) {
	return func(file string) ([]byte, bool) {
		if _, err := os.Stat(file); err == nil {
			return nil, false
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(checked), filepath.Base(file)))
		return text, err == nil
	}
}

// compiled are the suffixes of files that clang compiles.
var compiled = []string{".c", ".h", ".i", ".cc", ".cpp", ".cxx", ".C"}

// unfit returns a fault if a file is neither a source nor an object.
func unfit(path string, problem error) check.Report {
	u := check.Report{File: path, Source: check.NewSource(nil)}
	fault := func(code catalog.Code, why string) check.Report {
		u.Faults = append(u.Faults, diag.FromFault(code, diag.Span{File: path}, why))
		return u
	}
	if problem != nil {
		return fault(catalog.UnreadableFile, problem.Error())
	}
	ext := filepath.Ext(path)
	if slices.Contains(compiled, ext) {
		return u
	}
	f, err := os.Open(path)
	if err != nil {
		return fault(catalog.UnreadableFile, reason(err).Error())
	}
	defer f.Close()
	head := make([]byte, len(elf.ELFMAG))
	_, err = io.ReadFull(f, head)
	switch {
	case err == nil && string(head) == elf.ELFMAG:
		return u
	case ext == ".o":
		return fault(catalog.InvalidObject, "it is not an ELF file")
	}
	return fault(catalog.InvalidObject, "it is not an ELF file, and its name is not that of a C file")
}

// noPrograms reports that there is nothing to check in a file.
func noPrograms(path, name string) diag.Diagnostic {
	d := diag.FromFault(catalog.NoPrograms, diag.Span{File: path}, "")
	if name != "" {
		d.Reason = fmt.Sprintf("The object has no program named %s.", name)
		d.Suggestion = ""
	}
	return d
}
