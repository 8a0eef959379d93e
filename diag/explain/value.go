// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// atomicRE is an atomic operation on an object.
var atomicRE = regexp.MustCompile(`^__(?:sync|atomic)_\w+\(\s*&([^,()]+),`)

// statementText is the expression of the fault, "" if it takes several lines.
func (f *finding) statementText() string {
	file, pos, ok := f.sourceAt()
	if !ok {
		return ""
	}
	r, ok := file.Expression(pos.Line, max(pos.Col, 1))
	if !ok {
		return ""
	}
	return file.Text(r)
}

// indexesRE finds elements at indexes that vary, of arrays in arrays.
var indexesRE = regexp.MustCompile(`\[[^\[\]]*[A-Za-z_][^\[\]]*\]\s*\[[^\[\]]*[A-Za-z_][^\[\]]*\]`)

// severalIndexes reports whether the access of the fault has several indexes that vary:
// which of them is too large the offset does not tell.
func (f *finding) severalIndexes() bool {
	return !f.isCall() && indexesRE.MatchString(f.statementText())
}

// value names the value concerned: as the C source writes it, or by where it
// came from.
func (f *finding) value() string {
	name := f.valueAnyhow()
	if bare := trimQuotes(name); f.insn() != nil && f.isAccessThrough(f.reg) && f.reg >= 0 && f.entry.Value != catalog.ValueWhole && !mentions(f.lineText(f.report.PC), bare) {
		if member := f.memberRead(); member != "" && (bare == "" || strings.ContainsAny(bare, ".>") || !f.visible(bare)) {
			return catalog.Quote(member)
		}
	}
	return name
}

// chainsRE finds members behind a member behind a variable.
var chainsRE = regexp.MustCompile(`\b([A-Za-z_]\w*(?:\.\w+)*->\w+(?:\.\w+)*)->\w+`)

// memberRead is the member that the line of the fault reads a pointer from and follows, if
// there is only one; "" for others.
func (f *finding) memberRead() string {
	text := f.lineText(f.report.PC)
	found := ""
	for _, m := range chainsRE.FindAllStringSubmatchIndex(text, -1) {
		member := text[m[2]:m[3]]
		if strings.HasPrefix(text[m[1]:], "->") || found != "" && found != member {
			return "" // several are followed
		}
		found = member
	}
	return found
}

// valueAnyhow is value by the registers and the debug information alone, which may know
// another name for it.
func (f *finding) valueAnyhow() string {
	in := f.insn()
	if in == nil {
		return ""
	}
	if f.isCall() && f.arg > 0 {
		text, _, ok := f.Argument(f.report.PC, f.arg)
		if !ok {
			text, _, _ = f.local(f.path(), f.arg)
		}
		if text = f.name(f.report.PC, f.arg, text); text != "" {
			return catalog.Quote(f.objectOf(text))
		}
	}
	if f.isAccessThrough(f.reg) {
		text := ""
		if pos, file, ok := f.At(f.report.PC); ok && file != nil && pos.Col > 0 {
			if pointer, ok := file.Pointer(pos.Line, pos.Col); ok {
				text = pointer
			}
			if through := f.readThrough(text); through != "" {
				return through
			}
		}
		if m := atomicRE.FindStringSubmatch(f.statementText()); m != nil && text == "" {
			return catalog.Quote(f.atomicTarget(strings.TrimSpace(m[1])))
		}
		whole := f.entry.Value == catalog.ValueWhole
		if text == "" || whole {
			text, _ = f.accessed()
		}
		if !whole {
			text = f.name(f.report.PC, f.base(), text)
		}
		if text != "" {
			return catalog.Quote(text)
		}
	}
	if f.entry.Value == catalog.ValueReturned {
		if text := f.returned(); text != "" {
			return catalog.Quote(text)
		}
	}
	if f.reg < 0 || f.reg > 9 || len(f.result.Path) == 0 {
		return ""
	}
	if name := f.name(f.report.PC, f.reg, ""); name != "" {
		return catalog.Quote(name)
	}
	if f.entry.Amount == catalog.AmountOperand {
		if name, _, ok := f.local(f.path(), f.reg); ok && mentions(f.lineText(f.report.PC), name) {
			return catalog.Quote(name)
		}
	}
	o := f.origin()
	return cmp.Or(catalog.Quote(f.takes(o)), f.originWords(o))
}

// takes is the variable that a number or pointer is assigned to where it is read, if
// it is used unchanged.
func (f *finding) takes(o origin) string {
	if o.kind != originLoad || len(o.edits) > 0 {
		return ""
	}
	m := takesRE.FindStringSubmatch(f.lineText(o.pc))
	if m == nil || trimQuotes(f.originWords(o)) != m[2] {
		return ""
	}
	return m[1]
}

// takesRE is an assignment of something that is read, after casts.
var takesRE = regexp.MustCompile(`\b([A-Za-z_]\w*)\s*=\s*(?:\([^()]*\)\s*)*([^()=;]+);`)

// readThrough names a pointer that was itself read through what seems to be the
// pointer of the access, since both accesses start with it: `p->a` of `p->a[0]`.
func (f *finding) readThrough(text string) string {
	o := f.origin()
	if o.kind != originLoad || text == "" || !f.sameLine(o.pc, f.report.PC) || len(o.edits) > 0 {
		return f.readBefore(text)
	}
	pos, file, ok := f.At(o.pc)
	if !ok || file == nil || pos.Col == 0 {
		return ""
	}
	if pointer, ok := file.Pointer(pos.Line, pos.Col); !ok || pointer != text {
		return ""
	}
	if slices.ContainsFunc(f.held(f.report.PC, uint8(f.reg)), func(v dwarfmap.Var) bool { return v.Name == text }) {
		return ""
	}
	words := f.originWords(o)
	here, _, _ := f.At(f.report.PC)
	outer, ok := file.Expression(here.Line, max(here.Col, 1))
	if inner, ok2 := file.Expression(pos.Line, pos.Col); ok && ok2 && inner == outer && strings.HasSuffix(words, "]`") {
		words = words[:strings.LastIndexByte(words, '[')] + "`"
	}
	return words
}

// elementOfRE is an element of an array that a pointer leads to which is itself a member
// behind a pointer.
var elementOfRE = regexp.MustCompile(`^([A-Za-z_]\w*(?:->\w+)+)->\w+(?:\.\w+)*\[`)

// readBefore names such a pointer where an index was added to it: `p->a` of `p->a->b[i]`.
func (f *finding) readBefore(text string) string {
	o := lineage(f.Prog.Insns, f.path(), uint8(f.reg))
	if o.kind != originLoad || text == "" || !f.sameLine(o.pc, f.report.PC) || len(o.edits) == 0 || !f.addsOnly(o) {
		return ""
	}
	m := elementOfRE.FindStringSubmatch(f.statementText())
	if m == nil || !strings.HasPrefix(m[1], text+"->") {
		return ""
	}
	f.leadsTo = true // the register has the sum
	return catalog.Quote(m[1])
}

// addsOnly reports whether nothing but additions changed a value: a pointer that was read
// is the base of the access then.
func (f *finding) addsOnly(o origin) bool {
	return !slices.ContainsFunc(o.edits, func(e edit) bool {
		in := &f.Prog.Insns[e.pc]
		return in.Class() != isa.ClassALU64 || in.Code() != isa.OpAdd
	})
}

// accessedSlot is the offset from R10 that the instruction reads or writes, and
// the local variable there.
func (f *finding) accessedSlot() (name string, off int, ok bool) {
	pc, off, ok := f.accessedPlace()
	if !ok {
		return "", 0, false
	}
	v, _, _ := f.Index.SlotVariable(pc, off)
	return v.Name, off, true
}

// accessedPlace is the offset from R10 that the instruction reads or writes, and
// an instruction in whose scope that is.
func (f *finding) accessedPlace() (pc, off int, ok bool) {
	in := f.insn()
	if in == nil {
		return 0, 0, false
	}
	path, base, off := f.path(), f.base(), int(in.Off)
	if base == frameReg {
		return f.report.PC, off, true
	}
	at, from, ok := f.frameOffset(path, base)
	return from, off + at, ok
}

// accessed names the local variable that the instruction reads or writes.
func (f *finding) accessed() (string, bool) {
	pc, off, ok := f.accessedPlace()
	if !ok {
		return "", false
	}
	if f.entry.Value == catalog.ValueWhole {
		v, _, ok := f.Index.SlotVariable(pc, off)
		return v.Name, ok
	}
	return f.Index.SlotPart(pc, off)
}

// base is the register that an access goes through.
func (f *finding) base() int {
	if in := f.insn(); in.Class() == isa.ClassLDX {
		return int(in.Src)
	}
	return int(f.insn().Dst)
}

// returned is the expression of the return statement that the path left by.
func (f *finding) returned() string {
	s := f.anchor()
	file := f.File(s.File)
	if file == nil {
		return ""
	}
	text, ok := strings.CutPrefix(file.Text(csource.Range{Line: s.Line, Col: s.Col, EndLine: s.EndLine, EndCol: s.EndCol}), "return ")
	if !ok || len(text) > 60 {
		return ""
	}
	if number, known := f.returnedNumber(); known && csource.IsConstant(text) && !sameInt(text, number) {
		if _, err := strconv.ParseInt(text, 0, 64); err == nil {
			return "" // another return: the compiler merged them
		}
	}
	return text
}

// returnedNumber is the value that the path returns at the fault, if it is a single
// one.
func (f *finding) returnedNumber() (string, bool) {
	if returned, ok := fault.Get[fault.Returned](f.report.Fault); ok {
		return strconv.FormatInt(returned.Given.Min, 10), returned.Given.Min == returned.Given.Max
	}
	if !f.isExit(f.report.PC) || len(f.around()) > 0 {
		return "", false // an inlined function returns something else
	}
	p := f.place()
	p.Index = isa.R0
	v := history.Known(f.result, len(f.result.History), p)
	if v == nil || !v.IsNumber() || !v.IsConst() {
		return "", false
	}
	return strconv.FormatInt(int64(v.Bits), 10), true
}

// objectOf drops the & of an argument in messages about the object itself.
func (f *finding) objectOf(argument string) string {
	if f.entry.Category() == catalog.ResourceLifetime || f.entry.Value == catalog.ValueObject {
		return strings.TrimPrefix(argument, "&")
	}
	return argument
}

// path is the failing path, ending with the failing instruction.
func (f *finding) path() []int32 {
	path := f.result.Path
	if n := len(path); n > 0 && int(path[n-1]) != f.report.PC {
		path = append(path[:n:n], int32(f.report.PC))
	}
	return path
}

// isAccessThrough reports whether the instruction accesses memory through the
// register.
func (f *finding) isAccessThrough(reg int) bool {
	in := f.insn()
	switch in.Class() {
	case isa.ClassLDX:
		return reg < 0 || int(in.Src) == reg
	case isa.ClassST, isa.ClassSTX:
		return reg < 0 || int(in.Dst) == reg
	}
	return false
}

// originWords name a value by where it came from.
func (f *finding) originWords(o origin) string {
	switch o.kind {
	case originCall:
		if name := catalog.Call(f.Callee(o.pc)); o.reg > 0 && name != "" {
			return "what " + name + " passes"
		}
		if v := f.assigned(o.pc); v != "" {
			return catalog.Quote(v)
		}
		if name := catalog.Call(f.Callee(o.pc)); name != "" {
			return "the result of " + name
		}
	case originLoad:
		pos, file, ok := f.At(o.pc)
		if !ok || file == nil || pos.Col == 0 {
			return ""
		}
		// Compilers move loads, so a place that reads nothing is not believed.
		if _, reads := file.Pointer(pos.Line, pos.Col); !reads {
			return ""
		}
		if r, ok := file.Expression(pos.Line, pos.Col); ok && r.EndCol-r.Col <= 60 && !f.readsAnother(o.pc, file.Text(r)) {
			return catalog.Quote(file.Text(r))
		}
	case originArgument:
		if name := f.name(0, int(o.reg), ""); name != "" {
			return catalog.Quote(name)
		}
		if o.reg != isa.R1 {
			return "" // a program has one argument; others are of callbacks
		}
		return "the " + catalog.Ordinal(int(o.reg)) + " argument of " + catalog.Call(f.Prog.Name)
	}
	return ""
}

// readsAnother reports whether a member of the context that the source reads lies
// elsewhere than what the load at pc reads: the compiler noted it at another line.
func (w *where) readsAnother(pc int, text string) bool {
	t, ok := w.Index.Through(pc, text)
	return ok && t.Variable == w.Parameter(0, 1) && t.At != int64(w.Prog.Insns[pc].Off)
}

// baseName is the last element of a path of either kind of slash.
func baseName(file string) string {
	return file[strings.LastIndexAny(file, `/\`)+1:]
}

// claimValue notes that the fault's value was named, and that what leaks is owned.
func (f *finding) claimValue(said string) {
	name := f.facts["value"]
	if ref, held := f.reference(); held && f.entry.Leak {
		if at := f.lastEvent(int(ref.Site)); f.result.History != nil && f.result.History[at].Ref == ref.ID {
			f.claims = append(f.claims, diag.Claim{Kind: diag.ClaimOwned, Event: at, Text: name})
		}
		return
	}
	if f.reg >= 0 && f.reg <= 9 && !f.leadsTo && strings.HasPrefix(name, "`") && strings.Contains(said, name) {
		f.claims = append(f.claims, diag.Claim{Kind: diag.ClaimName, Event: -1, Text: strings.Trim(name, "`"), Place: f.place()})
	}
}

// ownedObject is what a leaked reference is to.
func (f *finding) ownedObject() catalog.Object {
	ref, _ := f.reference()
	return f.objectOfRef(ref.ID)
}

// objectOfRef is what a reference is to.
func (f *finding) objectOfRef(ref uint32) catalog.Object {
	for _, e := range f.result.History {
		if e.New != nil && e.New.Ref == ref && e.New.Struct != "" {
			return catalog.Object{Struct: e.New.Struct, Kernel: !e.New.Type.IsAllocObject(), PerCPU: e.New.Type&regtype.PerCPU != 0}
		}
	}
	return catalog.Object{}
}
