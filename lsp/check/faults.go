// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// atTop is the place of a fault of the whole unit.
func atTop(file string) diag.Span { return diag.Span{File: file, Line: 1} }

// buildFault reports why a unit could not be built. It is a warning, as the file itself may be correct.
func buildFault(err error, file string) diag.Diagnostic {
	f, ok := compile.IsFault(err)
	if !ok {
		f = &compile.Fault{Problem: string(catalog.FileNotBuilt), Err: err}
	}
	code := f.Code
	if code == "" {
		code = catalog.CompilerFailed
	}
	span := atTop(file)
	if f.File != "" {
		span = diag.Span{File: f.File, Line: max(f.Line, 1)}
	}
	d := diag.FromFault(code, span, "")
	d.Severity, d.Suggestion, d.Reason = diag.Warning, f.Advice, f.Problem
	if f.Err != nil {
		d.Reason = fmt.Sprintf("%s: %v.", strings.TrimSuffix(f.Problem, "."), f.Err)
	}
	return d
}

// loadAs loads an object, against the types of a distribution's kernel if no kernel was chosen and those have more of
// what the programs ask for. A panic on an unexpected object becomes an error.
func (c *Checker) loadAs(o program.Options, load func(program.Options) (*program.Object, error)) (obj *program.Object,
	err error) {
	defer func() {
		if cause := recover(); cause != nil {
			obj, err = nil, &brokenLoader{panicReason(cause)}
		}
	}()
	obj, err = load(o)
	if err != nil || c.kernel.file != "" || obj.Lacks() == 0 {
		return obj, err
	}
	kernel, err := program.DistributionKernel()
	if err != nil {
		return obj, nil
	}
	o.Kernel = kernel
	if other, err := load(o); err == nil && other.Lacks() < obj.Lacks() {
		return other, nil
	}
	return obj, nil
}

// brokenLoader is a panic of the loader.
type brokenLoader struct{ reason string }

func (e *brokenLoader) Error() string { return e.reason }

// loadFault reports why an object could not be linked at all.
func loadFault(err error, file string) diag.Diagnostic {
	text := strings.TrimSuffix(err.Error(), ".")
	if _, ok := errors.AsType[*brokenLoader](err); ok {
		d := diag.FromFault(catalog.InternalBug, atTop(file), err.Error())
		d.Severity = diag.Info
		return d
	}
	switch {
	case errors.Is(err, program.ErrNoPrograms):
		d := diag.FromFault(catalog.NoPrograms, atTop(file), "")
		d.Severity, d.Reason = diag.Info, "There is nothing to check: "+text+"."
		return d
	case errors.Is(err, program.ErrKernelBTF):
		return kernelFault(err, file)
	case errors.Is(err, program.ErrUnsupported):
		d := diag.FromFault(catalog.UnsupportedObject, atTop(file), text)
		d.Reason = "The file was not checked: " + text + "."
		d.Severity = diag.Warning
		return d
	}
	return diag.FromFault(catalog.InvalidObject, atTop(file), text)
}

// kernelFault reports that the target kernel's types or configuration are not available. That is an error in the
// settings, not in the file.
func kernelFault(err error, file string) diag.Diagnostic {
	d := diag.FromFault(catalog.TargetKernel, atTop(file), "")
	d.Severity = diag.Warning
	d.Reason = "The file was not checked: " + strings.TrimSuffix(err.Error(), ".") + "."
	return d
}

// panicReason returns the place of a panic, for use in a bug report. It must be called while panicking.
func panicReason(err any) string {
	return fmt.Sprintf("%v in %s", err, panicPlace(debug.Stack()))
}

// panicPlace finds the function that panicked in a stack trace: the first one after the runtime's.
func panicPlace(stack []byte) string {
	_, after, ok := bytes.Cut(stack, []byte("\npanic("))
	if !ok {
		return "an unknown function"
	}
	for l := range bytes.Lines(after) {
		name, _, isCall := strings.Cut(string(l), "(")
		if !isCall || strings.HasPrefix(name, "\t") || strings.HasPrefix(name, "runtime.") ||
			strings.HasPrefix(string(l), "{") {
			continue
		}
		if i := strings.LastIndex(string(l), "("); strings.HasPrefix(string(l)[len(name):], "(*") {
			name = string(l)[:i]
		}
		return filepath.Base(name)
	}
	return "an unknown function"
}
