// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// What libbpf refuses of one program, before the kernel is asked. What it
// refuses of an object is in from_object.go.

// FromLoadError explains why a program could not be linked as it is written. All
// faults that keep libbpf from loading it are told, each symbol and map once.
func FromLoadError(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader) []Diagnostic {
	w := newWhere(obj, p, ix, read)
	type subject struct {
		kind   program.LoadErrorKind
		symbol string
	}
	told := map[subject]bool{}
	var out []Diagnostic
	for _, e := range p.LoadErrors {
		s := subject{e.Kind, e.Symbol}
		if !e.Fatal || e.Symbol != "" && told[s] {
			continue
		}
		told[s] = e.Kind != program.CORERelocation && e.Kind != program.InvalidCode
		out = append(out, w.loadError(e))
	}
	return out
}

// FromPoison explains the rejection of a call that the loader put in where the
// kernel lacks a weak function.
func FromPoison(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader, pc int) []Diagnostic {
	for _, e := range p.LoadErrors {
		if e.PC == pc {
			return []Diagnostic{newWhere(obj, p, ix, read).loadError(e)}
		}
	}
	return nil
}

// FromGuess says that a program was verified although its section leaves its
// type to a guess.
func FromGuess(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader) []Diagnostic {
	for _, e := range p.LoadErrors {
		if e.Kind == program.UnknownSection && !e.Fatal {
			d := newWhere(obj, p, ix, read).loadError(e)
			d.Severity = Info
			return []Diagnostic{d}
		}
	}
	return nil
}

// FromRelocations explains CO-RE relocations that spoiled instructions, but for
// what is already told of their lines: one access may have several.
func FromRelocations(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader, which []*program.LoadError, told []Diagnostic) []Diagnostic {
	if len(which) == 0 {
		return nil
	}
	w := newWhere(obj, p, ix, read)
	var out []Diagnostic
	for _, e := range which {
		d := w.loadError(e)
		same := func(t Diagnostic) bool {
			return t.Span.File == d.Span.File && t.Span.Line == d.Span.Line && t.Reason == d.Reason
		}
		if !slices.ContainsFunc(told, same) && !slices.ContainsFunc(out, same) {
			out = append(out, d)
		}
	}
	return out
}

// loadError explains one error.
func (w *where) loadError(e *program.LoadError) Diagnostic {
	if e.Kind == program.UnusableMap {
		d := w.notVerified(catalog.UnsupportedObject, code(e.Message))
		if e.PC >= 0 {
			d.Span = w.span(e.PC)
		}
		return d
	}
	code, severity := loadErrorCode(e.Kind)
	d := wording(catalog.Lookup(code), w.loadFacts(e), w.prog)
	if code == catalog.InvalidObject {
		d.Problem, d.Reason, d.Suggestion = "program cannot be linked", call(w.prog.Name)+" cannot be linked: "+e.Message+".", ""
	}
	switch {
	case e.Optional:
		severity = Warning
		d.Reason, d.Suggestion = isOptional(e.Symbol), string(catalog.AdviseOtherTypes)
	case code == catalog.AttachTarget && w.prog.Type == facts.ProgStructOps && len(e.Near) == 0:
		d.Suggestion = string(catalog.AdviseOtherTypes)
	case code == catalog.AttachTarget:
		d.Suggestion += " " + string(catalog.AdviseAttachTarget)
	}
	d.Severity, d.Kernel, d.PC = severity, cmp.Or(libbpfSays(e.Libbpf), e.Message), e.PC
	d.Span = w.signature()
	switch {
	case e.Kind == program.CORERelocation:
		d.Kernel = strings.TrimPrefix("invalid func unknown#195896080\n"+d.Kernel, "\n")
		d.Span = w.accessSpan(e)
	case e.PC >= 0:
		d.Span = w.span(e.PC)
		d.Related = w.declared(e)
	default:
		if s, ok := w.section(); ok {
			d.Span = s
		}
		d.Related = w.member(e)
	}
	return d
}

// isOptional says that other kernels of the version have a function.
func isOptional(name string) string {
	return catalog.OptionalFunction.With(catalog.Facts{"name": quote(name)})
}

// libbpfPrefix begins the messages of libbpf.
const libbpfPrefix = "libbpf: "

// libbpfSays is a message as libbpf prints it.
func libbpfSays(text string) string {
	if text == "" {
		return ""
	}
	return libbpfPrefix + text
}

// loadFacts are what the wordings of load errors ask for.
func (w *where) loadFacts(e *program.LoadError) catalog.Facts {
	f := catalog.Facts{"name": quote(relocated(e.Symbol)), "detail": code(e.Message), "program": call(w.prog.Name), "near": oneOf(e.Near), "want": quote(e.Declared)}
	switch e.Kind {
	case program.UnknownSection:
		if e.Fatal {
			delete(f, "detail")
		}
		near := make([]string, len(e.Near))
		for i, n := range e.Near {
			near[i] = `SEC("` + n + `")`
		}
		if f["near"] = oneOf(near); len(near) > 0 {
			f["advice"] = "Did you mean " + f["near"] + "?"
		}
	case program.MissingTarget:
		if section, _, ok := strings.Cut(w.prog.Section, "/"); ok && w.prog.Type != facts.ProgStructOps {
			near := make([]string, len(e.Near))
			for i, n := range e.Near {
				near[i] = `SEC("` + section + "/" + n + `")`
			}
			f["near"] = oneOf(near)
		}
	}
	return f
}

// oneOf lists C texts to choose from.
func oneOf(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1]
	}
	return strings.Join(quoted, "")
}

var quoted = regexp.MustCompile(`(^|[ (])'([^']+)'`)

// code shows what a message has in quotation marks as C text.
func code(text string) string { return quoted.ReplaceAllString(text, "$1`$2`") }

func loadErrorCode(k program.LoadErrorKind) (catalog.Code, Severity) {
	switch k {
	case program.CORERelocation:
		return catalog.UnresolvedRelocation, Error
	case program.MissingKfunc, program.MissingSymbol:
		return catalog.UnresolvedSymbol, Error
	case program.MismatchedSymbol:
		return catalog.SymbolMismatch, Error
	case program.ForeignSymbol:
		return catalog.IncompleteProgram, Info
	case program.UndeclaredSymbol:
		return catalog.UndeclaredSymbol, Error
	case program.MissingConfig:
		return catalog.UnresolvedConfig, Error
	case program.MissingTarget:
		return catalog.AttachTarget, Warning
	case program.ExceptionCallback:
		return catalog.ExceptionCallback, Error
	case program.UnknownSection:
		return catalog.UnknownSection, Warning
	case program.InvalidCode:
		return catalog.InvalidObject, Error
	}
	return catalog.UnsupportedObject, Info
}

// declarations reads those of the object once.
func (w *where) declarations() *dwarfmap.Decls {
	if w.decls == nil {
		w.decls = dwarfmap.NewDecls(w.prog.Debug)
	}
	return w.decls
}

// declared is where the symbol of a load error is declared.
func (w *where) declared(e *program.LoadError) []Related {
	pos, ok := w.declarations().Global(e.Symbol)
	if !ok {
		return nil
	}
	return []Related{{Span: w.nameSpan(pos, e.Symbol), Message: quote(e.Symbol) + " is declared here"}}
}

// member is where the C code declares what a struct_ops program implements and
// the kernel does not have.
func (w *where) member(e *program.LoadError) []Related {
	of, _, ok := strings.Cut(w.prog.AttachTo, ":")
	if e.Kind != program.MissingTarget || !ok || w.prog.Type != facts.ProgStructOps {
		return nil
	}
	decls := w.declarations()
	pos, ok := decls.Member(of, e.Symbol)
	if !ok {
		pos, ok = decls.Struct(e.Symbol)
	}
	if !ok {
		return nil
	}
	return []Related{{Span: w.nameSpan(pos, e.Symbol), Message: quote(e.Symbol) + " is declared here"}}
}

// nameSpan is a name on the line of its declaration.
func (w *where) nameSpan(pos dwarfmap.Pos, name string) Span {
	s := Span{File: w.absolute(pos.File), Line: pos.Line}
	f := w.file(pos.File)
	if r, ok := f.Name(name, pos.Line, pos.Line); ok {
		return withRange(s, r)
	}
	return w.wholeLine(s, f.Line(pos.Line))
}

// section is the SEC() of the program, where it stands before the function.
func (w *where) section() (Span, bool) {
	at := w.signature()
	f := w.file(at.File)
	for _, name := range []string{w.prog.Section, "?" + w.prog.Section} {
		if r, ok := f.LastName(`"`+name+`"`, max(at.Line-sectionLines, 1), at.Line); ok {
			return withRange(at, r), true
		}
	}
	return Span{}, false
}

// sectionLines is how far above a function its section is looked for.
const sectionLines = 8

// accessSpan is the access that a relocation is of. Compilers move accesses to
// where they suit them and note the function's first line, or an unrelated one;
// then the function's text is searched for the member or type.
func (w *where) accessSpan(e *program.LoadError) Span {
	s := w.span(e.PC)
	pos, f, ok := w.at(e.PC)
	name := lastName(e.Symbol)
	if !ok || f == nil || name == "" {
		return s
	}
	if s.Line > 0 {
		if _, ok := f.Name(name, s.Line, max(s.EndLine, s.Line)); ok {
			return s
		}
	}
	fn, ok := f.FunctionAt(pos.Line, max(pos.Col, 1))
	if !ok {
		return s
	}
	for _, from := range []int{pos.Line, fn.Body.Line} {
		if r, ok := f.Name(name, from, fn.Body.EndLine); ok {
			if e, ok := f.Expression(r.Line, r.Col); ok {
				r = e
			}
			return withRange(s, r)
		}
	}
	return s
}

// lastName is the member, enumerator or type that a relocation asks for.
func lastName(symbol string) string {
	name := relocated(symbol)
	name, _, _ = strings.Cut(name, " = ")
	i := strings.LastIndexAny(name, ".: ")
	name, _, _ = strings.Cut(name[i+1:], "[")
	return name
}
