// SPDX-License-Identifier: GPL-2.0-only

// Package values answers what a variable is in a line of the source: it joins what a
// recorded walk knows of registers and stack slots with where the compiler keeps
// variables.
//
// Reading order: values.go, answer.go, member.go, global.go, words.go, cases.go; contract.go,
// declared.go, hook.go.
package values

import (
	"slices"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// What a value is in a line is what it is at the line's instructions. Where the
// compiler keeps a variable it says in its debug information, for each instruction; what
// is there, the recorded walk says. In the order of preference:
//
//	a use         the instructions of the line that know the variable, merged
//	an assignment what the variable holds behind the instructions of the line
//	a member      what the line loads from there or stores to it; else where it lies
//	anything else the nearest line that knows the variable, which is then named
//
// A variable may be in several copies of an inlined function: they are merged.

// walked answers for one program; it is a diag.Walked.
type walked struct {
	mu sync.Mutex // the view caches files
	*source.View
	walk     *record.Walk
	complete bool
	// byLine are the instructions of each line that were walked, ascending.
	byLine map[diag.Line][]int
	lineOf []diag.Line
	// dead are the lines with code that no path comes to.
	dead   map[diag.Line]bool
	leadTo [][]int // made when it is asked for
	// decision is the condition in C that a branch decides on the way to an instruction.
	decision Decision
}

// Decision says which condition of the source a branch decides, and how it went on the way
// to an instruction; false if that is not known.
type Decision func(pc, next int) (condition string, truth, ok bool)

// Of prepares the answers about a program whose walk was recorded; nil if there is
// nothing to answer. Where the paths of a value part is told by decision, if there is one.
func Of(s diag.Subject, r *verifier.Result, decision Decision) diag.Walked {
	if r.Walk == nil {
		return nil
	}
	w := &walked{View: source.New(s), walk: r.Walk, complete: r.Verdict == verifier.Accepted,
		byLine: map[diag.Line][]int{}, dead: map[diag.Line]bool{}, lineOf: make([]diag.Line, len(s.Program.Insns)), decision: decision}
	for pc, n := range r.Walk.Walked {
		if pc > 0 && s.Program.Insns[pc-1].IsLdImm64() {
			continue
		}
		pos, file, ok := w.At(pc)
		if !ok || file == nil {
			continue
		}
		at := diag.Line{File: w.Absolute(pos.File), Line: pos.Line}
		if n == 0 {
			w.dead[at] = w.complete && len(w.byLine[at]) == 0
			continue
		}
		w.byLine[at] = append(w.byLine[at], pc)
		w.lineOf[pc] = at
		delete(w.dead, at)
	}
	return w
}

func (w *walked) Program() string { return w.Prog.Name }

func (w *walked) Complete() bool { return w.complete }

func (w *walked) Times(at diag.Line) (n int) {
	for _, pc := range w.byLine[at] {
		n = max(n, int(w.walk.Walked[pc]))
	}
	return n
}

func (w *walked) ValueAt(file string, line, col int) (diag.Value, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.File(file)
	m, ok := f.MentionAt(line, col)
	if !ok {
		return diag.Value{}, false
	}
	return w.value(f, diag.Line{File: file, Line: line}, &m)
}

func (w *walked) ValuesOn(file string, line int) (out []diag.Value) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.File(file)
	for _, m := range f.Mentions(line) {
		if slices.ContainsFunc(out, func(v diag.Value) bool { return v.Text == m.Text() }) {
			continue
		}
		if v, ok := w.value(f, diag.Line{File: file, Line: line}, &m); ok {
			out = append(out, v)
		}
	}
	return out
}

// value is the value of what is mentioned in a line.
func (w *walked) value(f *csource.File, at diag.Line, m *csource.Mention) (v diag.Value, ok bool) {
	fn, ok := f.FunctionAt(at.Line, m.Range.Col)
	if m.Called {
		return diag.Value{}, false
	}
	if !ok {
		return w.global(at, m, true)
	}
	v.Text = m.Text()
	locals := w.locals(f, fn, at, m.Root)
	if len(locals) == 0 {
		return w.global(at, m, false)
	}
	l := &locals[0]
	var field dwarfmap.Field
	if v.Type = l.Type; m.Path != "" {
		if field, ok = w.Index.Field(l, m.Path); !ok {
			return diag.Value{}, false
		}
		v.Type = field.Type
	}
	if w.dead[at] {
		v.Known = catalog.KnownDead.With(nil)
		return v, true
	}
	q := question{walked: w, locals: locals, mention: m, field: &field, at: at, body: fn.Body}
	var known answer
	if field.Behind {
		known = q.behind()
	} else {
		known = q.own()
	}
	if known.nothing() {
		v.Known = w.absent(at, locals)
		return v, v.Known != ""
	}
	v.Folded, v.Line = known.folded, known.line
	v.Known = w.words(&known, l, &field)
	if v.Known == "" {
		return diag.Value{}, false
	}
	v.Cases = q.cases(&known, l)
	return v, true
}

// absent says why nothing is known of a variable, "" if that is not known either.
func (w *walked) absent(at diag.Line, locals []dwarfmap.Local) string {
	for i := range locals {
		if at.Line != locals[i].Decl.Line || len(w.Index.Known(&locals[i])) > 0 {
			return ""
		}
	}
	return catalog.KnownNowhere.With(nil)
}

// locals are the variables that a name in a line means: those of the copies of the
// function that the line is part of.
func (w *walked) locals(f *csource.File, fn csource.Function, at diag.Line, name string) (out []dwarfmap.Local) {
	for _, pc := range w.byLine[at] {
		if l, ok := w.Index.LocalAt(pc, name); ok && w.isOf(f, &l, at, fn) {
			out = appendLocal(out, l)
		}
	}
	if len(out) > 0 {
		return out
	}
	// The line has no code: those that are declared in the function last before it.
	latest := 0
	for _, l := range w.Index.LocalsNamed(name) {
		if w.isOf(f, &l, at, fn) && l.Decl.Line <= at.Line {
			latest = max(latest, l.Decl.Line)
			out = appendLocal(out, l)
		}
	}
	return slices.DeleteFunc(out, func(l dwarfmap.Local) bool { return l.Decl.Line != latest })
}

func appendLocal(to []dwarfmap.Local, l dwarfmap.Local) []dwarfmap.Local {
	if slices.ContainsFunc(to, func(o dwarfmap.Local) bool { return o.Is(&l) }) {
		return to
	}
	return append(to, l)
}

// isOf reports whether a variable is declared in a function of the source: macros, and
// functions that were inlined there, have variables of the same name.
func (w *walked) isOf(f *csource.File, l *dwarfmap.Local, at diag.Line, fn csource.Function) bool {
	return l.Decl.Line > 0 && w.Absolute(l.Decl.File) == at.File &&
		l.Decl.Line >= f.HeadLine(fn) && l.Decl.Line <= fn.Body.EndLine
}
