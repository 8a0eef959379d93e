// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/lsp/clang"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Log level bits of the kernel.
const (
	logPaths = 1 | 2
	logStats = 4
)

// checker checks files and reports them.
type checker struct {
	*checkOptions
	stdout, stderr io.Writer
	kernel         *program.Kernel // nil for the built-in one
	compiler       *clang.Compiler
	sources        sources
	printer        diag.Printer
	counts         counts
}

// counts are for the last line of the text report.
type counts struct {
	accepted, rejected, skipped, failed int
	insns                               int
	took                                time.Duration
}

func newChecker(o *checkOptions, stdout, stderr io.Writer) (*checker, error) {
	c := &checker{checkOptions: o, stdout: stdout, stderr: stderr, sources: sources{}}
	if o.btf != "" {
		data, err := os.ReadFile(o.btf)
		if err != nil {
			return nil, fmt.Errorf("cannot read the kernel's types: %w", err)
		}
		if c.kernel, err = program.NewKernel(data, o.kernel); err != nil {
			return nil, fmt.Errorf("%s: %w", o.btf, err)
		}
	}
	c.compiler = clang.New(clang.Settings{Path: o.clang, Flags: o.clangFlags, Trusted: true})
	c.printer = diag.Printer{Color: !o.noColor && colorful(stdout), Read: c.sources.read, Show: shown}
	return c, nil
}

// colorful reports whether w is a terminal whose user has nothing against
// colours.
func colorful(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd())
}

// checkAll checks every file and returns the exit status.
func (c *checker) checkAll() int {
	files, err := expand(c.paths)
	if err != nil {
		fmt.Fprintf(c.stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	for _, f := range files {
		if err := c.checkFile(f); err != nil {
			fmt.Fprintf(c.stderr, "bpf-lsp: %v\n", err)
			return exitFailed
		}
	}
	if c.format == "text" {
		c.summary()
	}
	switch {
	case c.counts.rejected > 0:
		return exitRejected
	case c.counts.failed > 0 || c.counts.skipped > 0:
		return exitFailed
	}
	return exitAccepted
}

// checkFile checks one file; only a failing output is an error.
func (c *checker) checkFile(path string) error {
	elf, faults := c.object(path)
	if elf == nil {
		return c.reportFile(path, faults)
	}
	obj, err := program.Load(elf, program.Options{Name: path, Kernel: c.kernel})
	if err != nil {
		return c.reportFile(path, append(faults, loadFault(path, err)))
	}
	if c.format == "text" {
		for i := range faults {
			if err := c.printer.Print(c.stdout, &faults[i]); err != nil {
				return err
			}
		}
	}
	chosen := c.chosen(obj)
	if len(chosen) == 0 {
		return c.reportFile(path, []diag.Diagnostic{noPrograms(path, c.program)})
	}
	return c.report(c.verifyAll(path, obj, chosen))
}

// object reads or builds the object of a file. Without an object the
// diagnostics say why.
func (c *checker) object(path string) ([]byte, []diag.Diagnostic) {
	if !isSource(path) {
		elf, err := os.ReadFile(path)
		if err != nil {
			return nil, []diag.Diagnostic{loadFault(path, err)}
		}
		return elf, nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, []diag.Diagnostic{loadFault(path, err)}
	}
	built, ds, err := c.compiler.Build(context.Background(), abs)
	if err != nil {
		return nil, append(ds, buildFault(path, err))
	}
	return built.ELF, ds
}

func (c *checker) chosen(obj *program.Object) []*program.Program {
	if c.program == "" {
		return obj.Programs
	}
	var chosen []*program.Program
	for _, p := range obj.Programs {
		if p.Name == c.program {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// verifyAll checks programs at the same time and returns them in order.
func (c *checker) verifyAll(path string, obj *program.Object, programs []*program.Program) []*diag.Run {
	runs := make([]*diag.Run, len(programs))
	slots := make(chan struct{}, c.jobs)
	var done sync.WaitGroup
	for i, p := range programs {
		slots <- struct{}{}
		done.Go(func() {
			runs[i] = c.verify(path, p)
			<-slots
		})
	}
	done.Wait()
	for _, r := range runs {
		c.explain(obj, r)
	}
	return runs
}

// verify runs the verifier: first without a log, for the numbers, then, if
// there is something to explain, once more with log and history.
func (c *checker) verify(path string, p *program.Program) *diag.Run {
	r := &diag.Run{Object: filepath.Base(path), Program: p, TimeUS: -1, Flags: p.Flags | c.flags}
	if r.Skip = skipReason(p); r.Skip != "" {
		return r
	}
	start := time.Now()
	r.Result = safely(p, verifier.Options{LogLevel: logStats, Flags: c.flags})
	r.TimeUS = time.Since(start).Microseconds()
	rejected := r.Result.Verdict == verifier.Rejected
	level := max(c.logLevel, p.LogLevel&logPaths)
	if rejected || level&logPaths != 0 && (c.fullLog || c.format == "kernel-log") {
		stats := r.Result.Stats
		r.Result = safely(p, verifier.Options{LogLevel: max(level&logPaths, 1) | logStats, Flags: c.flags, Record: rejected})
		r.Result.Stats = stats
	}
	r.Skip = spoiled(p, &r.Result)
	return r
}

// safely turns a panic into the verdict that the verifier itself is at fault.
func safely(p *program.Program, o verifier.Options) (r verifier.Result) {
	defer func() {
		if err := recover(); err != nil {
			r = verifier.Result{Verdict: verifier.InternalBug, Reason: fmt.Sprint(err)}
		}
	}()
	return verifier.Verify(p, o)
}

// skipReason says why a program cannot be asked about.
func skipReason(p *program.Program) string {
	switch {
	case p.Type == facts.ProgUnspec:
		return "section name gives no program type"
	case p.Type == facts.ProgExtension:
		return "freplace needs a loaded target program"
	case p.LoadError != nil && p.LoadError.Fatal:
		return p.LoadError.Message
	}
	return ""
}

// spoiled says that a rejection is of a call that the loader put in because
// the kernel lacks a function.
func spoiled(p *program.Program, r *verifier.Result) string {
	if r.Verdict != verifier.Rejected || len(r.Reports) == 0 {
		return ""
	}
	for _, e := range p.LoadErrors {
		if e.Kind == program.MissingKfunc && e.PC == r.Reports[0].PC {
			return e.Message
		}
	}
	return ""
}

// explain makes the diagnostics of a run.
func (c *checker) explain(obj *program.Object, r *diag.Run) {
	ix := dwarfmap.New(r.Program)
	switch {
	case r.Skip != "" && r.Program.LoadError != nil:
		r.Diagnostics = diag.FromLoadError(obj, r.Program, ix, c.sources.read)
	case r.Skip != "":
		r.Diagnostics = diag.FromSkip(obj, r.Program, ix, c.sources.read, r.Skip)
	default:
		r.Diagnostics = diag.FromResult(obj, r.Program, r.Result, ix, c.sources.read)
	}
}

func loadFault(path string, err error) diag.Diagnostic {
	return diag.FromFault(catalog.InvalidObject, diag.Span{File: path}, strings.TrimSuffix(reason(err).Error(), "."))
}

// buildFault says why clang made no object.
func buildFault(path string, err error) diag.Diagnostic {
	f, ok := clang.IsFault(err)
	if !ok {
		return diag.FromFault(catalog.CompilerFailed, diag.Span{File: path}, err.Error())
	}
	d := diag.FromFault(f.Code, diag.Span{File: path}, "")
	d.Reason = f.Error()
	if f.Advice != "" {
		d.Suggestion = f.Advice
	}
	return d
}

func noPrograms(path, name string) diag.Diagnostic {
	d := diag.FromFault(catalog.NoPrograms, diag.Span{File: path}, "")
	if name != "" {
		d.Reason = fmt.Sprintf("The object has no program named %s.", name)
		d.Suggestion = ""
	}
	return d
}
