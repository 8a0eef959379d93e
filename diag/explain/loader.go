// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/loadfault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// What the loader found, before or instead of a verification.

// Object explains what libbpf or the kernel refuses of an object apart from its
// programs. file is the file that was checked: faults whose place is not known
// are shown there.
func Object(obj *program.Object, file string, read diag.SourceReader) []diag.Diagnostic {
	return loadfault.Object(obj, file, read)
}

// LoadErrors explains why libbpf does not load a program as it is written.
func LoadErrors(s diag.Subject) []diag.Diagnostic { return loadfault.Errors(s) }

// Poison explains the rejection of an instruction that the loader replaced by a
// call that fails, since the target kernel lacks a function.
func Poison(s diag.Subject, pc int) []diag.Diagnostic { return loadfault.Poison(s, pc) }

// Relocations explains CO-RE relocations without a match, except where a
// diagnostic of shown already explains the line.
func Relocations(s diag.Subject, failed []*program.LoadError, shown []diag.Diagnostic) []diag.Diagnostic {
	return loadfault.Relocations(s, failed, shown)
}

// Guess reports that the type of a verified program was guessed, since its
// section does not name one.
func Guess(s diag.Subject) []diag.Diagnostic { return loadfault.Guess(s) }

// Static warns about a program that libbpf does not load because its function is
// static.
func Static(s diag.Subject) diag.Diagnostic { return loadfault.Static(s) }

// Skip reports that a program was not verified, and why.
func Skip(s diag.Subject, why string) []diag.Diagnostic { return loadfault.Skip(s, why) }
