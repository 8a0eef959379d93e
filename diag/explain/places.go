// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// declaresRE is a line that declares variables of a type with a name.
var declaresRE = regexp.MustCompile(`^\s*(?:const\s+|unsigned\s+|struct\s+)*[A-Za-z_]\w*\s+\**[A-Za-z_][\w\s,*\[\]=]*;`)

// What a finding says of places: the function, the variable, where a resource was acquired,
// and by how much a variable moves a pointer.

// addPlaces adds what the source and the path show: functions, variables,
// and where a resource was acquired.
func (f *finding) addPlaces() {
	pc := f.report.PC
	if fn, ok := f.Index.Function(pc); ok {
		f.set("function", catalog.Call(fn.Name))
	}
	f.set("call", catalog.Call(cmp.Or(f.report.Fault.Text("callee"), f.report.Call)))
	if f.facts["call"] == "" {
		f.set("call", catalog.Call(f.Callee(pc)))
	}
	if acquire, ok := f.acquirePC(); ok {
		f.addAcquisition(acquire)
	}
	if f.facts["value"] == "" {
		f.set("value", f.value())
	}
	f.addFate()
	if f.intoMemory() {
		f.addVariablePart()
	}
}

// addUnset says why a register holds nothing.
func (f *finding) addUnset() {
	if f.isExit(f.report.PC) {
		f.facts["value"] = "the return value"
		if fn, ok := f.Index.Function(f.report.PC); ok && f.returnsNothing(fn.Start) {
			f.facts["lost"] = catalog.Call(fn.Name) + " is declared `void`"
			known := catalog.Facts{"function": catalog.Call(fn.Name)}
			if v, ok := catalog.VerdictOf(f.Prog.Type, f.Prog.Attach); ok && fn.Start == 0 {
				known["value"] = v.GoOn.Words()
			}
			f.facts["advice"] = catalog.AdviseReturnType.With(known)
			f.details = append(f.details, step{pc: -1, span: f.Declaration(fn.Start), message: catalog.Call(fn.Name) + " is declared `void` here"})
		}
	}
	if f.isCall() && f.addNeverSet() {
		return
	}
	if f.reg >= 1 && f.reg <= 5 && len(f.path()) >= 2 {
		if o := lineage(f.Prog.Insns, f.path(), uint8(f.reg)); o.kind == originLost {
			f.facts["lost"] = "it was lost in the call of " + f.calleeWords(o.pc) + f.lineWords(o.pc)
			return
		}
	}
	if name := trimQuotes(f.facts["value"]); isVariable(name) && f.isVariableHere(name) && !f.isCall() {
		f.advise(catalog.AdviseSet, catalog.Facts{"value": catalog.Quote(name)})
		f.relateDeclaration(name)
	}
}

// addNeverSet finds that a call is given a local variable which nothing in its function gives
// a value. It is false unless there is just one such variable.
func (f *finding) addNeverSet() bool {
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return false
	}
	var never []string
	for _, m := range file.Mentions(pos.Line) {
		name := m.Root
		if !m.Called && m.Path == "" && declaredOnly(file, fn, name) && !slices.Contains(never, name) {
			never = append(never, name)
		}
	}
	if len(never) != 1 {
		return false
	}
	f.neverSet = true
	f.facts["value"] = catalog.Quote(never[0])
	f.advise(catalog.AdviseSet, catalog.Facts{"value": f.facts["value"]})
	f.relateDeclaration(never[0])
	return true
}

// declaredOnly reports whether a function declares a variable without a value, and never
// assigns to it or takes its address.
func declaredOnly(file *csource.File, fn csource.Function, name string) bool {
	first, ok := file.Name(name, fn.Body.Line, fn.Body.EndLine)
	if !ok || !declaresRE.MatchString(file.Code(first.Line)) || len(file.Assignments(fn, name)) > 0 {
		return false
	}
	taken := regexp.MustCompile(`(^|[^&])&\s*` + regexp.QuoteMeta(name) + `\b|\b` + regexp.QuoteMeta(name) + `\s*(?:\[|\.)`)
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		if taken.MatchString(file.Code(n)) {
			return false
		}
	}
	return true
}

// relateDeclaration shows where a local variable is declared without a value.
func (f *finding) relateDeclaration(name string) {
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return
	}
	first, ok := file.Name(name, fn.Body.Line, pos.Line-1)
	if text := file.Code(first.Line); !ok || strings.Contains(text, "return") || !declaresRE.MatchString(text) || strings.Contains(text[first.Col-1:], "=") {
		return
	}
	f.details = append(f.details, step{pc: -1, span: f.sourceSpan(first), message: catalog.Quote(name) + " is declared here, without a value"})
}

// lineWords is " at line N" of an instruction, "" if the line is not known.
func (w *where) lineWords(pc int) string {
	pos, _, ok := w.At(pc)
	if !ok {
		return ""
	}
	return " at line " + strconv.Itoa(pos.Line)
}

// intoMemory reports whether the fault is about what a register points to.
func (f *finding) intoMemory() bool {
	return (f.entry.Category() == catalog.Memory || f.entry.ByOffset) && f.reg >= 0 && f.reg < 10
}

// addVariablePart says where the offset of an access came from.
func (f *finding) addVariablePart() {
	_, offset, variable := f.pointerAndOffset()
	if !variable {
		return
	}
	switch terms := f.variableTerms(); {
	case len(terms) > 1:
		return // which of them is too large is not known
	case len(terms) == 1 && f.result.History[terms[0]].PC != offset.usePC:
		// What is added last is known.
		e := &f.result.History[terms[0]]
		if name := f.name(e.PC, int(e.Operand.Index), ""); e.Operand.Kind == record.InRegister && mentions(f.lineText(e.PC), name) {
			f.set("offset", catalog.Quote(name))
		}
		return
	}
	f.set("offset", f.offsetWords(offset))
}

// variableTerms are the events that added a number to the pointer of the fault which is
// not known exactly.
func (f *finding) variableTerms() []int {
	made, _ := history.Lineage(f.result, len(f.result.History), f.place())
	var terms []int
	for _, i := range made {
		e := &f.result.History[i]
		if e.Operand.Kind == record.NoPlace || e.New == nil || e.New.IsNumber() {
			continue
		}
		if v := history.Known(f.result, i, e.Operand); v != nil && v.IsNumber() && !v.IsConst() {
			terms = append(terms, i)
		}
	}
	return terms
}

// lookedUpWords name the map whose value an access is to, by the lookup that
// returned the pointer.
func (f *finding) lookedUpWords() string {
	if !f.intoMemory() {
		return ""
	}
	pointer, _, _ := f.pointerAndOffset()
	if pointer.kind != originCall || f.Callee(pointer.pc) != "bpf_map_lookup_elem" {
		return ""
	}
	text, _, ok := f.Argument(pointer.pc, 1)
	if !ok {
		return ""
	}
	return "the value of map " + catalog.Quote(strings.TrimPrefix(text, "&"))
}

// acquirePC is the instruction that acquired the resource concerned.
func (f *finding) acquirePC() (int, bool) {
	if ref, held := f.reference(); held {
		return int(ref.Site), true
	}
	switch f.entry.Story.About {
	case catalog.AboutOpenRegion, catalog.AboutHeldLock:
		return f.lastEnter(f.regions()...)
	}
	return 0, false
}

// lastEnter finds where the innermost open region of one of the kinds was
// entered.
func (f *finding) lastEnter(kinds ...record.Context) (int, bool) {
	if e := history.Innermost(f.result.History, kinds...); e != nil {
		return e.PC, true
	}
	return 0, false
}

func (f *finding) addAcquisition(pc int) {
	if pos, _, ok := f.At(pc); ok {
		f.facts["acquire_line"] = strconv.Itoa(pos.Line)
		if here, _, ok := f.At(f.report.PC); ok && here.File != pos.File {
			f.facts["acquire_line"] += " of " + baseName(pos.File)
		}
	}
	name := f.Callee(pc)
	if name == "" || f.Prog.Insns[pc].IsSubprogCall() {
		return
	}
	a := catalog.AcquiredBy(name)
	f.facts["acquirer"] = catalog.Call(name)
	if pos, file, ok := f.At(pc); ok && file != nil && strings.HasSuffix(name, "_impl") && source.Spelled(name, file, pos.Line) == name {
		a = a.Plain()
		f.facts["acquirer"] = name + "()"
	}
	f.facts["acquired"] = a.Verb
	f.set("releaser", a.ReleasedWith())
	if a.Holder > 0 && f.entry.Leak && f.callFailed(pc) {
		f.facts["failed"] = "yes"
	}
	switch holder := f.holder(pc, a); {
	case f.entry.Leak:
		f.facts["value"] = holder
		f.addRelease(a.Of(f.ownedObject()))
	case f.entry.Value == catalog.ValueWhole && holder != a.Noun:
		f.facts["value"] = holder
	}
}

// offsetWords name the variable part of an access: its index, or where the
// number came from.
func (f *finding) offsetWords(o origin) string {
	text := ""
	if pos, file, ok := f.At(f.report.PC); ok && file != nil && pos.Col > 0 && !f.isCall() {
		if index, ok := file.Index(pos.Line, pos.Col); ok && !csource.IsConstant(index) {
			text = index
		}
	}
	if inAssembler(f.lineText(o.usePC)) || f.severalIndexes() {
		return ""
	}
	if text = f.name(o.usePC, int(o.useReg), text); text != "" {
		return catalog.Quote(text)
	}
	return f.originWords(o)
}

// atomicTarget names what an atomic operation on the object of a text is about: the pointer
// that leads to the object, where that may be NULL or is none.
func (f *finding) atomicTarget(object string) string {
	pointer, ok := csource.Followed(object)
	if !ok || !f.entry.Nullable && !f.entry.Stale {
		f.leadsTo = true // no register needs to hold what the source names
		return object
	}
	f.leadsTo = !slices.ContainsFunc(f.held(f.report.PC, uint8(max(f.reg, 0))), func(v dwarfmap.Var) bool { return v.Name == pointer })
	return pointer
}

// sourceAt is the place of the fault in the source.
func (f *finding) sourceAt() (*csource.File, dwarfmap.Pos, bool) {
	pos, file, ok := f.At(f.report.PC)
	return file, pos, ok && file != nil
}

// functionHere is the function of the source in which the fault is, with the place of the fault.
func (f *finding) functionHere() (csource.Function, *csource.File, dwarfmap.Pos, bool) {
	file, pos, ok := f.sourceAt()
	if !ok {
		return csource.Function{}, nil, pos, false
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	return fn, file, pos, ok
}
