// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/clang"
)

// logPaths are the log level bits that ask for more than statistics.
const logPaths = 1 | 2

// checker checks files and reports them.
type checker struct {
	*checkOptions
	stdout, stderr io.Writer
	units          *check.Checker
	color          bool
	counts         counts
}

// counts are for the last line of the text report and the exit status.
type counts struct {
	accepted, rejected, skipped, failed, broken int
	insns                                       int
	took                                        time.Duration
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
	return &checker{
		checkOptions: o, stdout: stdout, stderr: stderr,
		color: !o.noColor && colorful(stdout),
		units: check.New(check.Settings{
			Clang:     clang.Settings{Path: o.clang, Flags: o.clangFlags, Trusted: true},
			KernelBTF: o.btf, KernelRelease: o.kernel, KernelConfig: o.kconfig, Target: o.target, Workers: o.jobs,
		}),
	}, nil
}

// colorful reports whether w is a terminal whose user has nothing against
// colours.
func colorful(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd())
}

// checkAll checks every file and returns the exit status.
func (c *checker) checkAll(ctx context.Context) int {
	files, err := expand(c.paths)
	if err != nil {
		fmt.Fprintf(c.stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	for _, f := range files {
		if err := c.checkFile(ctx, f); err != nil {
			fmt.Fprintf(c.stderr, "bpf-lsp: %v\n", err)
			return exitFailed
		}
	}
	if c.format == "text" {
		c.summary()
	}
	switch {
	case c.counts.rejected+c.counts.broken > 0:
		return exitRejected
	case c.counts.failed+c.counts.skipped > 0:
		return exitFailed
	}
	return exitAccepted
}

// checkFile checks one file. A failing output and the end of the context are
// errors; what is wrong with the file is reported.
func (c *checker) checkFile(ctx context.Context, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	req := check.Request{File: abs, Program: c.program, Flags: c.flags, CPUs: c.cpus, Unprivileged: c.noPrivs, Overlay: besides(abs)}
	if c.fullLog || c.format == "kernel-log" {
		req.LogLevel = c.logLevel & logPaths
	}
	unit := notAnObject(abs)
	if unit.Faults == nil {
		if unit, err = c.units.Unit(ctx, req); err != nil {
			return err
		}
	}
	if !unit.Failed() && len(unit.Programs) == 0 {
		unit.Faults = append(unit.Faults, noPrograms(abs, c.program))
	}
	c.count(&unit)
	switch c.format {
	case "jsonl":
		return c.writeRecords(&unit)
	case "kernel-log":
		return c.writeLogs(&unit)
	}
	return c.writeText(&unit)
}

// besides reads source files from where they are, or else from beside the
// checked file: an object names its sources as its compiler saw them.
func besides(checked string) func(string) ([]byte, bool) {
	return func(file string) ([]byte, bool) {
		if _, err := os.Stat(file); err == nil {
			return nil, false
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(checked), filepath.Base(file)))
		return text, err == nil
	}
}

// notAnObject has a fault if a file is called an object but is none: it is not
// for the compiler then.
func notAnObject(path string) check.Report {
	u := check.Report{File: path, Source: check.NewSource(nil)}
	if filepath.Ext(path) != ".o" {
		return u
	}
	head := make([]byte, len(elf.ELFMAG))
	f, err := os.Open(path)
	if err == nil {
		_, err = io.ReadFull(f, head)
		f.Close()
	}
	if err != nil || string(head) != elf.ELFMAG {
		u.Faults = append(u.Faults, diag.FromFault(catalog.InvalidObject, diag.Span{File: path}, "it does not begin as an ELF file does"))
	}
	return u
}

// noPrograms says that there is nothing to check in a file.
func noPrograms(path, name string) diag.Diagnostic {
	d := diag.FromFault(catalog.NoPrograms, diag.Span{File: path}, "")
	if name != "" {
		d.Reason = fmt.Sprintf("The object has no program named %s.", name)
		d.Suggestion = ""
	}
	return d
}
