// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// What libbpf refuses of one program, before the kernel is asked. What it
// refuses of an object is in from_object.go.

// Errors explains why a program could not be linked as it is written. All
// faults that keep libbpf from loading it are reported, each symbol and map once.
func Errors(s diag.Subject) []diag.Diagnostic {
	w := newLoader(s)
	type subject struct {
		kind   program.LoadErrorKind
		symbol string
	}
	told := map[subject]bool{}
	var out []diag.Diagnostic
	for _, e := range s.Program.LoadErrors {
		about := subject{e.Kind, e.Symbol}
		if !e.Fatal || e.Symbol != "" && told[about] {
			continue
		}
		told[about] = e.Kind != program.CORERelocation && e.Kind != program.InvalidCode
		out = append(out, w.loadError(e))
	}
	return out
}

// Poison explains the rejection of a call that the loader put in where the
// kernel lacks a weak function.
func Poison(s diag.Subject, pc int) []diag.Diagnostic {
	for _, e := range s.Program.LoadErrors {
		if e.PC == pc {
			return []diag.Diagnostic{newLoader(s).loadError(e)}
		}
	}
	return nil
}

// Guess reports that a program was verified although its section leaves its
// type to a guess.
func Guess(s diag.Subject) []diag.Diagnostic {
	for _, e := range s.Program.LoadErrors {
		if e.Kind == program.UnknownSection && !e.Fatal {
			d := newLoader(s).loadError(e)
			d.Severity = diag.Info
			return []diag.Diagnostic{d}
		}
	}
	return nil
}

// Relocations explains CO-RE relocations that spoiled instructions, but for
// what is already reported on their lines: one access may have several.
func Relocations(s diag.Subject, which []*program.LoadError, told []diag.Diagnostic) []diag.Diagnostic {
	if len(which) == 0 {
		return nil
	}
	w := newLoader(s)
	var out []diag.Diagnostic
	for _, e := range which {
		d := w.loadError(e)
		_, _, own := OwnStruct(w.View, e) // another name mends all its members
		same := func(t diag.Diagnostic) bool {
			return t.Span.File == d.Span.File && (t.Span.Line == d.Span.Line || own) && t.Reason == d.Reason
		}
		if !slices.ContainsFunc(told, same) && !slices.ContainsFunc(out, same) {
			out = append(out, d)
		}
	}
	return out
}

// loader answers questions about a program that libbpf does not load as it is.
type loader struct{ *source.View }

func newLoader(s diag.Subject) loader { return loader{source.New(s)} }

// loadError explains one error.
func (w loader) loadError(e *program.LoadError) diag.Diagnostic {
	if e.Kind == program.UnusableMap {
		d := NotVerified(w.View, catalog.UnsupportedObject, code(e.Message))
		if e.PC >= 0 {
			d.Span = w.Span(e.PC)
		}
		return d
	}
	code, severity := loadErrorCode(e.Kind)
	d := diag.New(catalog.Lookup(code), Facts(w.View, e), w.Prog)
	if e.Kind == program.InvalidCode {
		d.Problem, d.Reason, d.Suggestion = "program cannot be linked", catalog.Call(w.Prog.Name)+" cannot be linked: "+e.Message+".", ""
	}
	switch {
	case e.Kind == program.UndeclaredSymbol && catalog.InPlaceOf(e.Symbol) != "":
		d.Problem, d.Reason, d.Suggestion = "call of the C library", catalog.LibraryCall.With(catalog.Facts{"name": catalog.Call(e.Symbol)}), catalog.InPlaceOf(e.Symbol)
	case e.Optional:
		severity = diag.Warning
		d.Reason, d.Suggestion = isOptional(e.Symbol), string(catalog.AdviseOtherTypes)
	case e.Kind == program.MissingTarget && w.Prog.Type == facts.ProgStructOps && len(e.Near) == 0:
		d.Suggestion = string(catalog.AdviseOtherTypes)
	case e.Kind == program.MissingTarget && w.Prog.IsExtension() && w.Prog.AttachTo != "":
		d.Suggestion = string(catalog.AdviseExtends)
	case e.Kind == program.MissingTarget:
		d.Suggestion += " " + string(catalog.AdviseAttachTarget)
	}
	d.Severity, d.Kernel, d.PC = severity, cmp.Or(diag.LibbpfSays(e.Libbpf), e.Message), e.PC
	d.Span = w.Signature()
	switch {
	case e.Kind == program.CORERelocation:
		d.Kernel = strings.TrimPrefix("invalid func unknown#195896080\n"+d.Kernel, "\n")
		d.Span = AccessSpan(w.View, e)
	case e.PC >= 0:
		d.Span = w.Span(e.PC)
		d.Related = w.declared(e)
		d.Fixes = w.fixes(e, d.Related)
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
	return catalog.OptionalFunction.With(catalog.Facts{"name": catalog.Quote(name)})
}

// Facts returns what the wordings of load errors ask for.
func Facts(w *source.View, e *program.LoadError) catalog.Facts {
	f := catalog.Facts{"name": catalog.Quote(Relocated(e.Symbol)), "detail": code(e.Message), "program": catalog.Call(w.Prog.Name), "near": catalog.OneOf(e.Near), "want": catalog.Quote(e.Declared)}
	switch e.Kind {
	case program.CORERelocation:
		if _, name, ok := OwnStruct(w, e); ok {
			f["ownstruct"] = catalog.Quote(name)
		}
	case program.UnknownSection:
		if e.Fatal {
			delete(f, "detail")
		}
		if f["near"] = oneSection("", e.Near); len(e.Near) > 0 {
			f["advice"] = "Did you mean " + f["near"] + "?"
		}
	case program.MissingTarget:
		if section, _, ok := strings.Cut(w.Prog.Section, "/"); ok && w.Prog.Type != facts.ProgStructOps {
			f["near"] = oneSection(section+"/", e.Near)
		}
	}
	return f
}

// structRE is the struct at the beginning of what a relocation is about.
var structRE = regexp.MustCompile(`^struct ([A-Za-z_]\w*)`)

// OwnStruct is where the program's source defines the struct that a relocation is about,
// if nothing there asks for relocations: then a header that does declares it as well.
func OwnStruct(w *source.View, e *program.LoadError) (at diag.Span, name string, ok bool) {
	m := structRE.FindStringSubmatch(Relocated(e.Symbol))
	if m == nil || strings.Contains(m[1], "___") || e.PC < 0 {
		return diag.Span{}, "", false
	}
	pos, known := w.Declarations().Struct(m[1])
	here, file, ok := w.At(e.PC)
	if !known || !ok || file == nil || w.Absolute(pos.File) != w.Absolute(here.File) {
		return diag.Span{}, "", false
	}
	for n := 1; n < here.Line; n++ {
		line := file.Line(n)
		if strings.Contains(line, "#pragma clang attribute push") || n >= pos.Line && strings.Contains(line, "preserve_access_index") {
			return diag.Span{}, "", false
		}
		if n >= pos.Line && strings.HasPrefix(line, "}") {
			break
		}
	}
	return w.NameSpan(pos, m[1]), "struct " + m[1], true
}

// oneSection lists sections of which one may be meant, each a prefix and a name.
func oneSection(prefix string, names []string) string {
	sections := make([]string, len(names))
	for i, n := range names {
		sections[i] = `SEC("` + prefix + n + `")`
	}
	return catalog.OneOf(sections)
}

var quoted = regexp.MustCompile(`(^|[ (])'([^']+)'`)

// code shows what a message has in quotation marks as C text.
func code(text string) string { return quoted.ReplaceAllString(text, "$1`$2`") }

func loadErrorCode(k program.LoadErrorKind) (catalog.Code, diag.Severity) {
	switch k {
	case program.CORERelocation:
		return catalog.UnresolvedRelocation, diag.Error
	case program.MissingKfunc, program.MissingSymbol:
		return catalog.UnresolvedSymbol, diag.Error
	case program.MismatchedSymbol:
		return catalog.SymbolMismatch, diag.Error
	case program.ForeignSymbol:
		return catalog.IncompleteProgram, diag.Info
	case program.UndeclaredSymbol:
		return catalog.UndeclaredSymbol, diag.Error
	case program.MissingConfig:
		return catalog.UnresolvedConfig, diag.Error
	case program.MissingTarget:
		return catalog.AttachTarget, diag.Warning
	case program.ExceptionCallback:
		return catalog.ExceptionCallback, diag.Error
	case program.UnknownSection:
		return catalog.UnknownSection, diag.Warning
	case program.InvalidCode:
		return catalog.InvalidObject, diag.Error
	}
	return catalog.UnsupportedObject, diag.Info
}

// declared is where the symbol of a load error is declared.
func (w loader) declared(e *program.LoadError) []diag.Related {
	pos, ok := w.Declarations().Global(e.Symbol)
	if !ok {
		return nil
	}
	return []diag.Related{{Span: w.NameSpan(pos, e.Symbol), Message: catalog.Quote(e.Symbol) + " is declared here"}}
}

// member is where the C code declares what a struct_ops program implements and
// the kernel does not have.
func (w loader) member(e *program.LoadError) []diag.Related {
	of, _, ok := strings.Cut(w.Prog.AttachTo, ":")
	if e.Kind != program.MissingTarget || !ok || w.Prog.Type != facts.ProgStructOps {
		return nil
	}
	decls := w.Declarations()
	pos, ok := decls.Member(of, e.Symbol)
	if !ok {
		pos, ok = decls.Struct(e.Symbol)
	}
	if !ok {
		return nil
	}
	return []diag.Related{{Span: w.NameSpan(pos, e.Symbol), Message: catalog.Quote(e.Symbol) + " is declared here"}}
}

// section is the SEC() of the program, where it stands before the function.
func (w loader) section() (diag.Span, bool) {
	at := w.Signature()
	f := w.File(at.File)
	for _, name := range []string{w.Prog.Section, "?" + w.Prog.Section} {
		if r, ok := f.LastName(`"`+name+`"`, max(at.Line-sectionLines, 1), at.Line); ok {
			return source.WithRange(at, r), true
		}
	}
	return diag.Span{}, false
}

// sectionLines is how far above a function its section is looked for.
const sectionLines = 8

// AccessSpan is the access that a relocation is of. Compilers move accesses to
// where they suit them and note the function's first line, or an unrelated one;
// then the function's text is searched for the member or type.
func AccessSpan(w *source.View, e *program.LoadError) diag.Span {
	s := w.Span(e.PC)
	pos, f, ok := w.At(e.PC)
	name := lastName(e.Symbol)
	if !ok || f == nil || name == "" {
		return s
	}
	if s.Line > 0 {
		if _, ok := f.Name(name, s.Line, max(s.EndLine, s.Line)); ok {
			return s
		}
	}
	fn, ok := f.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return s
	}
	for n := pos.Line; n <= fn.Body.EndLine; n++ {
		if r, ok := f.Member(name, n); ok {
			return source.WithRange(s, r)
		}
	}
	for _, from := range []int{pos.Line, fn.Body.Line} {
		if r, ok := f.Name(name, from, fn.Body.EndLine); ok {
			if e, ok := f.Expression(r.Line, r.Col); ok {
				r = e
			}
			return source.WithRange(s, r)
		}
	}
	return s
}

// lastName is the member, enumerator or type that a relocation asks for.
func lastName(symbol string) string {
	name := Relocated(symbol)
	name, _, _ = strings.Cut(name, " = ")
	i := strings.LastIndexAny(name, ".: ")
	name, _, _ = strings.Cut(name[i+1:], "[")
	return name
}

// NotVerified says that nothing is known about the program: never an error,
// since the gap is the tool's.
func NotVerified(w *source.View, code catalog.Code, why string) diag.Diagnostic {
	d := diag.New(catalog.Lookup(code), catalog.Facts{"detail": why, "program": catalog.Call(w.Prog.Name)}, w.Prog)
	d.Severity = diag.Info
	d.Span = w.Signature()
	return d
}

// Skip reports that a program was not verified, and why.
func Skip(s diag.Subject, why string) []diag.Diagnostic {
	return []diag.Diagnostic{NotVerified(source.New(s), catalog.UnsupportedObject, why)}
}

// Static warns of a program that libbpf would not load for being static.
func Static(s diag.Subject) diag.Diagnostic {
	d := diag.New(catalog.Lookup(catalog.StaticProgram), catalog.Facts{"program": catalog.Call(s.Program.Name)}, s.Program)
	d.Kernel = diag.LibbpfSays("sec '" + s.Program.Section + "': program '" + s.Program.Name + "' is static and not supported")
	d.Severity, d.Span = diag.Warning, source.New(s).Signature()
	return d
}

// Relocated is the type or member of a CO-RE access as the log describes it:
// "struct s.m" of "<byte_off> [5] struct s___old.m (0:1 @ offset 4)".
func Relocated(symbol string) string {
	if _, after, ok := strings.Cut(symbol, "] "); ok {
		symbol = after
	}
	symbol, _, _ = strings.Cut(symbol, " (")
	if name, flavor, ok := strings.Cut(symbol, "___"); ok {
		_, member, _ := strings.Cut(flavor, ".")
		if symbol = name; member != "" {
			symbol += "." + member
		}
	}
	return symbol
}
