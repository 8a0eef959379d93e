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

// atTop is where a fault of the unit as a whole is shown.
func atTop(file string) diag.Span { return diag.Span{File: file, Line: 1} }

// buildFault says why a unit could not be built. The file itself may be fine, so it is shown as a warning.
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

// load turns the loader's errors, and its panics on objects nobody foresaw, into diagnostics.
func (c *Checker) load(elf []byte, o program.Options, file string) (obj *program.Object, fault *diag.Diagnostic) {
	defer func() {
		if err := recover(); err != nil {
			d := diag.FromFault(catalog.InternalBug, atTop(file), panicReason(err))
			d.Severity = diag.Info
			obj, fault = nil, &d
		}
	}()
	obj, err := c.Load(elf, o)
	if err != nil {
		d := loadFault(err, file)
		return nil, &d
	}
	return obj, nil
}

// loadForDistribution links an object for the types of a distribution's kernel, if these have what the programs implement. It stays as it
// is if they have not.
func (c *Checker) loadForDistribution(elf []byte, o program.Options, file string, obj *program.Object) *program.Object {
	kernel, err := program.DistributionKernel()
	if err != nil {
		return obj
	}
	o.Kernel = kernel
	if other, fault := c.load(elf, o, file); fault == nil && !other.LacksStructOps() {
		return other
	}
	return obj
}

// loadFault says why an object could not be linked at all.
func loadFault(err error, file string) diag.Diagnostic {
	text := strings.TrimSuffix(err.Error(), ".")
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

// kernelFault says that the types or the configuration of the target kernel are not to be had, which is the fault of the settings
// and not of the file.
func kernelFault(err error, file string) diag.Diagnostic {
	d := diag.FromFault(catalog.TargetKernel, atTop(file), "")
	d.Severity = diag.Warning
	d.Reason = "The file was not checked: " + strings.TrimSuffix(err.Error(), ".") + "."
	return d
}

// panicReason names the place of a panic, which is what a report of the fault needs. It must be called while panicking.
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
		if !isCall || strings.HasPrefix(name, "\t") || strings.HasPrefix(name, "runtime.") || strings.HasPrefix(string(l), "{") {
			continue
		}
		if i := strings.LastIndex(string(l), "("); strings.HasPrefix(string(l)[len(name):], "(*") {
			name = string(l)[:i]
		}
		return filepath.Base(name)
	}
	return "an unknown function"
}
