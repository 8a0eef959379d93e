// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Request names one unit and says what to do with it.
type Request struct {
	// File is a C file or an object file; the content decides which.
	File string
	// Overlay returns the texts of files that an editor holds, for excerpts and the ends of ranges. Nil means that all
	// are on disk.
	Overlay func(file string) (text []byte, ok bool)
	// Unsaved are texts to compile instead of the files on disk. Overlay should return them too.
	Unsaved compile.Unsaved
	// Program restricts the check to the program of that name; empty means all.
	Program string
	// LogLevel requests a log at the kernel's level 1 or 2; 0 keeps logs of rejected programs only, at level 1.
	LogLevel uint32
	// Budget requests where the instructions and states of each program went.
	Budget bool
	// CPUs is the highest number of CPUs of the target machine; 0 selects the verifier's default.
	CPUs uint32
	// Unprivileged checks as for a user without any capability.
	Unprivileged bool
	// Flags are BPF_F_* flags added to those of the programs.
	Flags uint32
}

// Report is the result of checking one unit.
type Report struct {
	File string
	// Object is nil if the file does not compile or cannot be loaded.
	Object   *program.Object
	Programs []*diag.Run // in the order of the object
	// Compiler has clang's messages. Faults has what prevents the unit or a part of it from being checked or loaded.
	Compiler, Faults []diag.Diagnostic
	// Deps are the files whose change requires a new check; just File for an object file.
	Deps []string
	// Partial reports whether Deps may lack files, because the build did not complete.
	Partial bool
	// Command and ClangVersion are empty for an object file.
	Command      compile.Command
	ClangVersion string
	// LicenseFrom is the file whose license is used for a file without one, because the project links the two.
	LicenseFrom string
	// Linked are the files whose objects were linked to one with this file's, in order; nil if it was loaded by itself.
	Linked []string
	own    []string // Deps of a linked file's own object
	// kernelChosen says that the settings name the target kernel's types, varied that the unit was checked per variant.
	kernelChosen, varied bool
	// Source holds the files that diagnostics refer to, as they were at the time of the check.
	Source *Source
}

// Diagnostics returns all diagnostics of the unit, each once, in order of place.
func (r *Report) Diagnostics() []diag.Diagnostic { return r.merged(r.Compiler) }

// DiagnosticsBesideClangd returns the diagnostics of the unit if another tool shows clang's messages.
func (r *Report) DiagnosticsBesideClangd() []diag.Diagnostic {
	if d, ok := r.unbuilt(); ok {
		return r.merged([]diag.Diagnostic{d})
	}
	return r.merged(nil)
}

func (r *Report) merged(compiler []diag.Diagnostic) []diag.Diagnostic {
	all := slices.Concat(r.Faults, compiler)
	for _, run := range r.Programs {
		all = append(all, run.Diagnostics...)
	}
	return diag.Merge(all)
}

// unbuilt replaces clang's errors if another tool shows them. That tool may use other flags and find no errors, and the
// user would not learn why nothing is verified. It concerns the unit, so it is shown there.
func (r *Report) unbuilt() (diag.Diagnostic, bool) {
	for _, e := range r.Compiler {
		if r.Failed() && e.Severity == diag.Error {
			where := newElsewhere(r)
			where.rename(&e)
			d := diag.FromFault(catalog.CompilerFailed, e.Span, "")
			if e.Span.File != r.File {
				d.Span, d.Related = where.leadsTo(&e), []diag.Related{{Span: e.Span, Message: "the error is here"}}
			}
			d.Severity, d.Problem = diag.Info, "not verified"
			d.Reason, d.Suggestion = catalog.FileDoesNotCompile.With(
				catalog.Facts{"detail": strings.TrimSuffix(e.Reason, ".")}), e.Suggestion
			return d, true
		}
	}
	return diag.Diagnostic{}, false
}

// LacksHeader reports whether the unit does not compile because a header was not found.
func (r *Report) LacksHeader() bool {
	return slices.ContainsFunc(r.Compiler, func(d diag.Diagnostic) bool { return d.Code == catalog.MissingHeader })
}

// Failed reports whether the unit has no object, so no program could be checked.
func (r *Report) Failed() bool { return r.Object == nil }

// Refused returns why libbpf would load none of the programs, whatever the verifier says about them; nil if it would
// try.
func (r *Report) Refused() *diag.Diagnostic {
	i := slices.IndexFunc(r.Faults, func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
	if i < 0 {
		return nil
	}
	return &r.Faults[i]
}

// Counts returns how many programs were accepted, rejected, and not verified.
func (r *Report) Counts() (accepted, rejected, unjudged int) {
	for _, run := range r.Programs {
		switch {
		case run.Skip != "":
			unjudged++
		case run.Result.Verdict == verifier.Accepted:
			accepted++
		case run.Result.Verdict == verifier.Rejected:
			rejected++
		default:
			unjudged++
		}
	}
	return accepted, rejected, unjudged
}

// Unit checks one unit. If it returns an error, which is the context's, the report is incomplete and must not be shown.
// A panic becomes a fault of the unit.
func (c *Checker) Unit(ctx context.Context, req Request) (r Report, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			r = Report{File: req.File, Deps: []string{req.File}, Partial: true, Source: NewSource(req.Overlay)}
			r.Faults = []diag.Diagnostic{buildFault(&compile.Fault{
				Problem: catalog.BrokenInside.With(catalog.Facts{"detail": panicReason(cause)}),
				Code:    catalog.InternalBug}, req.File)}
			err = ctx.Err()
		}
	}()
	ctx = compile.WithDirCache(ctx)
	names := c.variants(ctx, req.File)
	if len(names) == 0 {
		return c.unit(ctx, req)
	}
	return c.unitVariants(ctx, req, names)
}

// unit checks the object of a unit, or of one of its variants.
func (c *Checker) unit(ctx context.Context, req Request) (Report, error) {
	r := Report{File: req.File, Deps: []string{req.File}, Partial: true, Source: NewSource(req.Overlay)}
	// Reading the kernel's types takes about as long as clang does, so the first unit reads them in parallel. An error
	// is reported below.
	go c.kernel.load()
	elf, err := c.object(ctx, req, &r)
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if err != nil {
		r.Faults = append(r.Faults, buildFault(err, req.File))
		return r, nil
	}
	if elf == nil {
		c.proposeIncludes(ctx, req, &r)
		return r, nil
	}
	kernel, err := c.kernel.load()
	if err != nil {
		r.Faults = append(r.Faults, kernelFault(err, req.File))
		return r, nil
	}
	config, err := c.config.load()
	if err != nil {
		r.Faults = append(r.Faults, kernelFault(err, req.File))
		return r, nil
	}
	options := program.Options{Name: req.File, Kernel: kernel, Kconfig: config}
	if r.Command.File != "" {
		options.License = func() (license string) {
			license, r.LicenseFrom = compile.LinkedLicense(req.File)
			return license
		}
	}
	obj, fault := c.loadUnit(ctx, req, elf, options, &r)
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if fault != nil {
		r.Faults = append(r.Faults, *fault)
		return r, nil
	}
	quoteUnsaved(obj, req.Unsaved)
	r.Object, r.kernelChosen = obj, c.kernel.file != ""
	if r.Command.Loader == compile.LoaderOther {
		obj.Faults = slices.DeleteFunc(obj.Faults, func(f *program.Fault) bool { return f.OnlyLibbpf })
	}
	r.Faults = append(r.Faults, r.ownFaults(explain.Object(obj, req.File, r.Source.Read))...)
	r.Programs = c.programs(ctx, req, obj, r.concerned(obj.Programs), r.Source)
	return r, ctx.Err()
}

// object reads an object file or builds one from a C file. A panic becomes a fault.
func (c *Checker) object(ctx context.Context, req Request, r *Report) (elf []byte, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			elf, err = nil, &compile.Fault{
				Problem: catalog.BrokenInside.With(catalog.Facts{"detail": panicReason(cause)}),
				Code:    catalog.InternalBug}
		}
	}()
	if _, unsaved := req.Unsaved[req.File]; !unsaved {
		if read, ok, err := readObject(req.File); ok || err != nil {
			r.Partial = err != nil
			return read, err
		}
	}
	obj, messages, err := c.Builder.BuildUnsaved(ctx, req.File, req.Unsaved)
	if len(obj.Deps) > 0 {
		r.Deps = obj.Deps
	}
	if err != nil {
		return nil, err
	}
	r.Compiler, r.Command, r.Partial = messages, obj.Command, obj.ELF == nil
	r.ClangVersion = c.Builder.Version(obj.Command)
	return obj.ELF, nil
}

// maxObjectBytes bounds the size of objects. No compiler makes a larger one from a BPF program, and reading must not
// exhaust memory.
const maxObjectBytes = 256 << 20

// readObject returns the content of an ELF file; ok is false for any other file, including one that exists only in an
// editor.
func readObject(name string) (elf []byte, ok bool, err error) {
	const magic = "\x7fELF"
	f, err := disk.OpenRegular(name)
	if err != nil {
		return nil, false, &compile.Fault{Problem: string(catalog.FileUnreadable), Code: catalog.UnreadableFile,
			Err: bare(err)}
	}
	defer f.Close()
	var head [len(magic)]byte
	if n, _ := io.ReadFull(f, head[:]); n < len(magic) || string(head[:]) != magic {
		return nil, false, nil
	}
	var all bytes.Buffer
	all.Write(head[:])
	if _, err := all.ReadFrom(io.LimitReader(f, maxObjectBytes)); err != nil {
		return nil, false, &compile.Fault{Problem: string(catalog.FileUnreadable), Code: catalog.UnreadableFile,
			Err: bare(err)}
	}
	if all.Len() > maxObjectBytes {
		return nil, false, &compile.Fault{
			Problem: catalog.ObjectTooLarge.With(catalog.Facts{"size": fmt.Sprintf("%d MB", maxObjectBytes>>20)}),
			Code:    catalog.InvalidObject}
	}
	return all.Bytes(), true, nil
}

// bare returns an error of the file system without the file name, which is shown beside it anyway.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
