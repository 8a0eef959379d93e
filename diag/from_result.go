// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// FromResult explains what a verification found in terms of the C source. An
// accepted or canceled program gives nothing; one that could not be verified
// gives an Info diagnostic. ix may be nil; read may be nil or say that it does
// not have a file, and then the lines that the object carries are used.
func FromResult(obj *program.Object, p *program.Program, r verifier.Result, ix *dwarfmap.Index, read SourceReader) []Diagnostic {
	w := newWhere(obj, p, ix, read)
	switch r.Verdict {
	case verifier.Rejected:
		out := make([]Diagnostic, 0, len(r.Reports))
		for i := range r.Reports {
			out = append(out, newFinding(w, &r, &r.Reports[i]).diagnostic())
		}
		return out
	case verifier.Unsupported:
		return []Diagnostic{w.notVerified(catalog.Unsupported, r.Reason)}
	case verifier.InternalBug:
		return []Diagnostic{w.notVerified(catalog.InternalBug, r.Reason)}
	}
	return nil
}

// diagnostic explains one report.
func (f *finding) diagnostic() Diagnostic {
	w, rep := f.where, f.report
	d := wording(f.entry, f.facts, w.prog)
	d.Severity = Error
	d.Kernel, d.PC, d.Errno = rep.Kernel, f.failed, rep.Errno
	d.Span = f.anchor()
	d.Related = f.history()
	if e := f.relocation(); e != nil {
		d.Kernel, d.Span = d.Kernel+"\n"+libbpfSays(e.Libbpf), f.accessSpan(e)
	}
	if at, ok := f.license(); ok {
		d.Related = append(d.Related, at)
	}
	d.RefSite = -1
	if ref, held := f.reference(); held {
		d.RefSite = int(ref.Site)
	}
	f.claimValue(d.Reason)
	d.Claims = f.claims
	if !w.ix.HasLines() {
		d.Reason += " (In section " + w.prog.Section + "; compile with -g to see the source line.)"
	}
	return d
}

// wording makes a diagnostic without a place out of a row of the catalogue.
func wording(e *catalog.Entry, facts catalog.Facts, p *program.Program) Diagnostic {
	problem, reason, suggestion := e.Wording(facts)
	d := Diagnostic{
		Code:       e.Code,
		Category:   catalog.Title(e.Category()),
		Problem:    problem,
		Reason:     catalog.Fill(reason, facts),
		Suggestion: catalog.Fill(suggestion, facts),
		Source:     SourceVerifier,
		Href:       catalog.Href(e.Code),
		PC:         -1,
		RefSite:    -1,
	}
	if p != nil {
		d.Program, d.Section = p.Name, p.Section
	}
	return d
}

// notVerified says that nothing is known about the program: never an error,
// since the gap is the tool's.
func (w *where) notVerified(code catalog.Code, why string) Diagnostic {
	d := wording(catalog.Lookup(code), catalog.Facts{"detail": why, "program": call(w.prog.Name)}, w.prog)
	d.Severity = Info
	d.Span = w.signature()
	return d
}

// signature is the line where the program's function is declared.
func (w *where) signature() Span { return w.declaration(0) }

// declaration is the line where the function that holds an instruction is
// declared.
func (w *where) declaration(pc int) Span {
	name := w.prog.Name
	if fn, ok := w.ix.Function(pc); ok {
		pc = fn.Start
		if pc > 0 {
			name = fn.Name
		}
	}
	pos, f, ok := w.at(pc)
	if !ok {
		return w.fallback()
	}
	s := Span{File: w.absolute(pos.File), Line: pos.Line}
	if f == nil {
		return w.wholeLine(s, pos.Text)
	}
	// The first instruction may be of the first statement.
	if line, ok := f.Definition(name); ok {
		s.Line = line
	}
	return w.wholeLine(s, f.Line(s.Line))
}

// anchor is where the diagnostic is shown.
func (f *finding) anchor() Span {
	pc := f.report.PC
	if f.overwritten != nil {
		return *f.overwritten
	}
	if f.instead != nil {
		return *f.instead
	}
	if pc < 0 || pc >= len(f.prog.Insns) || f.entry.Anchor == catalog.AtProgram {
		return f.signature()
	}
	if f.entry.Anchor == catalog.AtFunction {
		return f.declaration(pc)
	}
	if f.isExit(pc) || f.entry.Anchor == catalog.AtReturn && !f.isCall() {
		if s, ok := f.returnSpan(f.path(), pc); ok {
			return f.rightReturn(s, pc)
		}
	}
	if f.arg > 0 && f.entry.Category() == catalog.CallType {
		if _, s, ok := f.argument(pc, f.arg); ok {
			return s
		}
	}
	return f.span(pc)
}

// FromSkip says that a program was not verified, and why.
func FromSkip(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader, why string) []Diagnostic {
	return []Diagnostic{newWhere(obj, p, ix, read).notVerified(catalog.UnsupportedObject, why)}
}

// FromStatic warns of a program that libbpf would not load for being static.
func FromStatic(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader) Diagnostic {
	d := wording(catalog.Lookup(catalog.StaticProgram), catalog.Facts{"program": call(p.Name)}, p)
	d.Kernel = libbpfSays("sec '" + p.Section + "': program '" + p.Name + "' is static and not supported")
	d.Severity, d.Span = Warning, newWhere(obj, p, ix, read).signature()
	return d
}

// FromFault is a diagnostic about a file as a whole: it could not be built,
// read or linked. detail fills the wording's place for it.
func FromFault(code catalog.Code, at Span, detail string) Diagnostic {
	d := wording(catalog.Lookup(code), catalog.Facts{"detail": detail}, nil)
	d.Severity, d.Span = Error, at
	return d
}
