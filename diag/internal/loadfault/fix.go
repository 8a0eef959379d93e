// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// kernelSymbol is what a declaration of something of the kernel ends with.
const kernelSymbol = " __ksym"

// mayLack is what a declaration of something that kernels may lack ends with, and existsTest
// is the macro of libbpf that asks for it.
const (
	mayLack    = " __weak"
	existsTest = "bpf_ksym_exists"
)

// fixes are changes for an error of a program: a declaration that lacks what says that the
// kernel defines the name, or may lack it.
func (w loader) fixes(e *program.LoadError, declared []diag.Related) []diag.Fix {
	if len(declared) == 0 {
		return nil
	}
	at := declared[0].Span
	switch e.Kind {
	case program.UndeclaredSymbol:
		if fix, ok := declareAs(w.View, at, e.Symbol, kernelSymbol); ok {
			return []diag.Fix{fix}
		}
	case program.MissingKfunc, program.MissingSymbol, program.MissingConfig:
		return missing(w.View, at, e.Symbol, e.Near, e.Kind == program.MissingConfig)
	}
	return nil
}

// fixes are changes for a fault of an object: an extern that no program needs, and that the
// kernel lacks.
func (o *object) fixes(f *program.Fault) []diag.Fix {
	pos, ok := o.Declarations().Global(f.Name)
	if f.Kind != program.UnresolvedExtern || !ok {
		return nil
	}
	at := o.NameSpan(pos, f.Name)
	return missing(o.View, at, f.Name, f.Near, false)
}

// declareAs ends the declaration of a name at a place with a word.
func declareAs(v *source.View, at diag.Span, name, word string) (diag.Fix, bool) {
	file := v.File(at.File)
	if file == nil {
		return diag.Fix{}, false
	}
	end, ok := file.DeclarationEnd(name, at.Line)
	if !ok {
		return diag.Fix{}, false
	}
	title := catalog.FixDeclareAs.With(catalog.Facts{"value": catalog.Quote(name), "name": catalog.Quote(strings.TrimSpace(word)), "line": strconv.Itoa(end.Line)})
	return diag.Fix{
		Kind: catalog.FixDeclaration, Advised: true, Title: title,
		Edits: []diag.Edit{{Span: source.WithRange(diag.Span{File: at.File}, end), Text: word}},
	}, true
}

// missing are changes for something that the kernel lacks: another name that may have been
// meant, or a declaration that lets it be missing, with calls only where it is there.
func missing(v *source.View, at diag.Span, name string, near []string, option bool) (out []diag.Fix) {
	file := v.File(at.File)
	if file == nil {
		return nil
	}
	if len(near) == 1 && !option {
		fix := diag.Fix{Kind: catalog.FixDeclaration, Advised: true, Choice: true}
		fix.Title = catalog.FixReplace.With(catalog.Facts{"value": catalog.Quote(name), "instead": catalog.Quote(near[0])})
		add(&fix, source.Edits(at.File, file.Rename(name, near[0])))
		out = append(out, fix)
	}
	fix := diag.Fix{Kind: catalog.FixDeclaration, Advised: true, Another: true}
	if end, ok := file.DeclarationEnd(name, at.Line); !ok {
		return out
	} else if text := file.Line(end.Line)[:end.Col-1]; !strings.Contains(text, strings.TrimSpace(mayLack)) {
		fix, _ = declareAs(v, at, name, mayLack)
		fix.Another = true
	}
	if calls, ok := file.GuardCalls(name, existsTest); ok && len(calls) > 0 && !option {
		fix.Title = catalog.FixIfThere.With(catalog.Facts{"value": catalog.Call(name), "name": catalog.Quote(existsTest + "(" + name + ")")})
		add(&fix, source.Edits(at.File, calls))
	}
	if len(fix.Edits) > 0 {
		out = append(out, fix)
	}
	return out
}

// add adds edits to a fix, in order of place.
func add(fix *diag.Fix, edits []diag.Edit) {
	fix.Edits = append(fix.Edits, edits...)
	slices.SortStableFunc(fix.Edits, func(a, b diag.Edit) int {
		return cmp.Or(cmp.Compare(a.Span.Line, b.Span.Line), cmp.Compare(a.Span.Col, b.Span.Col))
	})
}
