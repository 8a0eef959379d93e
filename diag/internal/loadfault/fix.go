// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// kernelSymbol is what a declaration of something of the kernel ends with.
const kernelSymbol = " __ksym"

// fixes are changes for an error of a program: a declaration that lacks what says that the
// kernel defines the name.
func (w loader) fixes(e *program.LoadError, declared []diag.Related) []diag.Fix {
	if e.Kind != program.UndeclaredSymbol || len(declared) == 0 {
		return nil
	}
	at := declared[0].Span
	file := w.File(at.File)
	if file == nil {
		return nil
	}
	end, ok := file.DeclarationEnd(e.Symbol, at.Line)
	if !ok {
		return nil
	}
	at.Line, at.Col, at.EndLine, at.EndCol = end.Line, end.Col, end.Line, end.Col
	return []diag.Fix{{
		Kind: catalog.FixDeclaration, Advised: true,
		Title: catalog.FixDeclareAs.With(catalog.Facts{"value": catalog.Quote(e.Symbol), "name": catalog.Quote("__ksym"), "line": strconv.Itoa(end.Line)}),
		Edits: []diag.Edit{{Span: at, Text: kernelSymbol}},
	}}
}
