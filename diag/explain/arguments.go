// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Arguments of another kind than the parameter takes, where it is known what
// the parameter is: by the helper's prototype, the kernel function's BTF, or
// the BTF of a function of the program.

// helperArg is what the helper called asks of the argument of the fault.
func (f *finding) helperArg() (facts.Arg, bool) {
	in := f.insn()
	if in == nil || !in.IsHelperCall() || f.arg < 1 || f.arg > 5 {
		return facts.Arg{}, false
	}
	q := f.Query()
	p, ok := facts.LookupProto(in.Imm, &q)
	if !ok {
		return facts.Arg{}, false
	}
	return p.Args[f.arg-1], true
}

// kernelParam is a parameter of the kernel function called, the first one being 1.
func (f *finding) kernelParam(n int) (btf.FuncParam, bool) {
	in := f.insn()
	if in == nil || !in.IsKfuncCall() || f.Prog.KernelBTF == nil || n < 1 {
		return btf.FuncParam{}, false
	}
	typ, err := f.Prog.KernelBTF.TypeByID(btf.TypeID(in.Imm))
	fn, ok := typ.(*btf.Func)
	if err != nil || !ok {
		return btf.FuncParam{}, false
	}
	proto, ok := fn.Type.(*btf.FuncProto)
	if !ok || n > len(proto.Params) {
		return btf.FuncParam{}, false
	}
	return proto.Params[n-1], true
}

// pointee is the struct that a type points to, "" for others.
func pointee(t btf.Type) string {
	p, ok := btf.UnderlyingType(t).(*btf.Pointer)
	if !ok {
		return ""
	}
	s, ok := btf.UnderlyingType(p.Target).(*btf.Struct)
	if !ok {
		return ""
	}
	return s.Name
}

// fieldWanted is the special field that the argument has to be.
func (f *finding) fieldWanted() (*facts.SpecialField, bool) {
	if a, ok := f.helperArg(); ok {
		switch a.Type.Base() {
		case regtype.ArgTimer:
			return facts.FieldTimer.Info(), true
		case regtype.ArgSpinLock:
			return facts.FieldSpinLock.Info(), true
		}
		return nil, false
	}
	if p, ok := f.kernelParam(f.arg); ok {
		return facts.SpecialStruct(pointee(p.Type))
	}
	return nil, false
}

// addMisplacedField says where a special field has to be, and where the one
// that is passed is instead.
func (f *finding) addMisplacedField() {
	known, ok := fault.Get[fault.Argument](f.report.Fault)
	if !ok || known.Kind.Base() != regtype.PtrToStack {
		return
	}
	field, ok := f.fieldWanted()
	if !ok {
		return
	}
	f.facts["name"] = catalog.Quote("struct " + field.Name)
	name, _, ok := f.local(f.path(), f.arg)
	if !ok {
		name = strings.TrimPrefix(strings.Trim(f.facts["value"], "`"), "&")
	}
	if name == "" {
		return
	}
	f.facts["onstack"] = catalog.Quote(name) + " is on the stack" + f.stackVariable()
	f.addFieldMap(field, name)
}

// stackVariable says on which line the variable is declared that the argument
// points to, and relates it.
func (f *finding) stackVariable() string {
	off, pc, ok := f.frameOffset(f.path(), f.arg)
	if !ok {
		return ""
	}
	object, ok := f.Index.SlotObject(pc, off)
	if !ok || f.declaredIn(object.Decl.File, object.Decl.Line, object.Name) == "" {
		return ""
	}
	f.relate(object.Decl, object.Name, catalog.Quote(object.Name)+" is a variable on the stack")
	return fmt.Sprintf(" (line %d)", object.Decl.Line)
}

// addConstantString says of an argument that has to be a constant string what
// it is instead.
func (f *finding) addConstantString() {
	known, ok := fault.Get[fault.Argument](f.report.Fault)
	a, isHelper := f.helperArg()
	p, isKfunc := f.kernelParam(f.arg)
	constant := isHelper && a.Type.Base() == regtype.ArgConstStr || isKfunc && strings.HasSuffix(p.Name, "__str")
	if !ok || !constant || known.Kind.Base() != regtype.PtrToStack {
		return
	}
	name := strings.Trim(f.facts["value"], "`")
	if name == "" || strings.ContainsAny(name, " (\"&") {
		return
	}
	f.facts["onstack"] = ""
	f.facts["string"] = catalog.Quote(name) + " is an array on the stack" + f.stackVariable()
	f.facts["name"] = catalog.Quote("static const char " + name + "[]")
}

// addTrusted says how to get a pointer that the kernel trusts, in place of a
// number or of a pointer that it does not.
func (f *finding) addTrusted() {
	if f.reg < 1 || f.facts["null"] != "" || f.facts["lost"] != "" {
		return
	}
	if catalog.TakesMemory(f.report.Fault.Text("want")) {
		return // any memory does: what the pointer is trusted for does not matter
	}
	o := f.origin()
	if o.kind != originCall {
		return
	}
	if typed := f.typedNameOf(o.pc); typed != "" {
		f.facts["untyped"], f.facts["typed"] = catalog.Call(f.Callee(o.pc)), catalog.Call(typed)
		f.proposeTyped(o.pc)
	}
}

// mostGetters is how many functions are listed that give a reference.
const mostGetters = 3

// addGetters lists the kernel functions that give the program a reference to
// an object of the type that the parameter takes, without needing one.
func (f *finding) addGetters() {
	p, ok := f.kernelParam(f.arg)
	object := ""
	if ok {
		object = pointee(p.Type)
	}
	if object == "" || f.facts["typed"] != "" || !f.isUnprotected() {
		return
	}
	if f.addOwnedByMap() {
		return
	}
	f.addMemberGetter()
	if f.facts["owner"] != "" {
		return
	}
	f.facts["object"] = catalog.Quote("struct " + object)
	q := f.Query()
	var names []string
	for _, k := range facts.KfuncsWith(facts.KfAcquire, &q) {
		proto := source.Proto(f.Prog.KernelBTF, k.Name)
		if strings.Contains(k.Name, "test") || proto == nil || pointee(proto.Return) != object || len(proto.Params) > 0 && pointee(proto.Params[0].Type) == object {
			continue
		}
		if len(names) < mostGetters {
			names = append(names, k.Name)
		}
	}
	f.set("getters", catalog.Calls(names))
}

// isUnprotected reports whether the argument is a pointer to an object of the
// kernel that never had a protection which ended.
func (f *finding) isUnprotected() bool {
	x := history.Known(f.result, len(f.result.History), f.place())
	if x == nil || x.Type.Base() != regtype.PtrToBTFID {
		return false
	}
	for _, e := range f.lineage() {
		if e.Kind == record.EventInvalidate || e.Reason > record.ReasonCallWrite {
			return false
		}
	}
	if f.fromContext() {
		f.facts["fromhook"] = catalog.Call(f.Prog.AttachTo)
		if f.Prog.Type == facts.ProgTracing {
			f.facts["section"] = catalog.Quote(`SEC("tp_btf/…")`)
		}
	}
	return true
}

// fromContext reports whether the value was loaded from the context.
func (f *finding) fromContext() bool {
	o := f.origin()
	if o.kind != originLoad {
		return false
	}
	pc := o.pc
	in := &f.Prog.Insns[pc]
	base := record.Place{Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: in.Src}
	x := history.Known(f.result, f.lastEvent(pc), base)
	return x == nil && in.Src == isa.R1 || x != nil && x.Type.Base() == regtype.PtrToCtx
}

// addGlobalArgument says what the parameter of a global function is, or that
// the compiler does not pass it.
func (f *finding) addGlobalArgument() {
	in := f.insn()
	if in == nil || !in.IsSubprogCall() || f.reg < 1 || f.reg > 5 {
		return
	}
	start := f.report.PC + 1 + int(in.Imm)
	name := f.Parameter(start, f.reg)
	if name == "" {
		return
	}
	f.facts["param"] = catalog.Quote(name)
	if x := history.Known(f.result, len(f.result.History), f.place()); x == nil || mayFollow(x.Type) {
		f.facts["static"] = catalog.Quote("static")
	}
	x := history.Known(f.result, len(f.result.History), f.place())
	if x != nil && x.Struct != "" && x.Type.Base() == regtype.PtrToBTFID && x.Type&regtype.Trusted != 0 && f.takesPlain(start, f.reg, x.Struct) {
		f.facts["object"] = catalog.Quote("struct " + x.Struct)
		f.facts["tagged"] = catalog.Quote("struct " + x.Struct + " *" + name + " __arg_trusted")
	}
	if f.neverReads(start, uint8(f.reg)) && !f.isPassed() {
		f.facts["dropped"] = catalog.Quote(name)
		f.relateParameter(start, name)
		return
	}
	f.addUnprovenData(x, name)
	if f.facts["unproven"] == "" {
		f.addSmallArgument(x, start)
	}
}

// addUnprovenData says of packet data that is passed for a parameter of a global
// function how much of it must be proven to be there.
func (f *finding) addUnprovenData(x *record.Value, param string) {
	bounds, ok := fault.Get[fault.Bounds](f.report.Fault)
	off, ok2 := f.report.Fault.Int("off")
	size, ok3 := f.report.Fault.Int("size")
	reach, ok4 := f.report.Fault.Int("object")
	if !ok || !ok2 || !ok3 || !ok4 || x == nil || !x.Type.IsPacket() || !bounds.Kind.IsPacket() {
		return
	}
	f.facts["unproven"] = catalog.Quote(param)
	if !x.IsConst() {
		return
	}
	f.facts["packet"] = f.packetNoun(x)
	f.facts["needs"] = f.state(f.about(diag.ClaimNeeds, diag.UnlimitedLow, off+size), "%s of the %s", firstBytes(off+size), f.facts["packet"])
	f.addProof(reach, f.about(diag.ClaimReach, reach, reach), firstBytes(reach), "")
	if !f.addPacketCheck(reach, off+size) {
		f.addEndCheck(off+size, x)
	}
}

// mayFollow reports whether a function that is verified for a call may access what its
// argument leads to.
func mayFollow(t regtype.Reg) bool {
	switch t.Base() {
	case regtype.Scalar, regtype.PtrToPacketEnd, regtype.ConstPtrToMap, regtype.PtrToFunc:
		return false
	}
	return !t.MayBeNull()
}

// takesPlain reports whether a parameter of the function that begins at pc is
// a pointer to a struct and has no tag.
func (w *where) takesPlain(pc, n int, object string) bool {
	fn, proto := w.funcType(pc)
	if proto == nil || n > len(proto.Params) || pointee(proto.Params[n-1].Type) != object {
		return false
	}
	return n > len(fn.ParamTags) || len(fn.ParamTags[n-1]) == 0
}

// isPassed reports whether the register of the argument may have been set for
// this call: by an instruction of its line, or to what the source passes.
func (f *finding) isPassed() bool {
	text, _, ok := f.Argument(f.report.PC, f.reg)
	if !ok {
		return true
	}
	for _, v := range f.held(f.report.PC, uint8(f.reg)) {
		if mentions(text, v.Name) {
			return true
		}
	}
	lineage := f.lineage()
	if len(lineage) == 0 {
		// As it was when the program began: the first register has the context.
		ctx := f.Parameter(0, 1)
		return f.reg == isa.R1 && (ctx == "" || mentions(text, ctx))
	}
	last := lineage[len(lineage)-1]
	return last.Kind != record.EventInvalidate && f.sameLine(last.PC, f.report.PC)
}

// neverReads reports whether no path from the beginning of a function reads
// what an argument's register held there. A call may read any of them.
func (f *finding) neverReads(start int, reg uint8) bool {
	fn, ok := f.Index.Function(start)
	if !ok || fn.Start != start {
		return false
	}
	seen := map[int]bool{}
	work := []int{start}
	for len(work) > 0 {
		pc := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[pc] || pc < fn.Start || pc >= fn.End {
			continue
		}
		seen[pc] = true
		in := &f.Prog.Insns[pc]
		if readsArgument(in, reg) && !f.ignores(pc, reg) {
			return false
		}
		isJump := in.Class() == isa.ClassJMP || in.Class() == isa.ClassJMP32
		switch {
		case in.Op == isa.ClassJMP|isa.OpCall, !isJump && writes(in, reg), f.isExit(pc):
			continue // it holds something else from here on
		case isJump && in.Code() == isa.OpJa:
			work = append(work, pc+1+in.JumpOffset())
			continue
		case isJump:
			work = append(work, pc+1+in.JumpOffset())
		}
		next := pc + 1
		if in.IsLdImm64() {
			next++
		}
		work = append(work, next)
	}
	return true
}

// ignores reports whether the call at pc takes fewer arguments than to read a
// register.
func (f *finding) ignores(pc int, reg uint8) bool {
	in := &f.Prog.Insns[pc]
	if !in.IsHelperCall() {
		return false
	}
	q := f.Query()
	p, ok := facts.LookupProto(in.Imm, &q)
	return ok && int(reg) > p.NumArgs()
}

// readsArgument reports whether an instruction may read a register.
func readsArgument(in *isa.Insn, reg uint8) bool {
	switch in.Class() {
	case isa.ClassLD:
		return !in.IsLdImm64()
	case isa.ClassLDX:
		return in.Src == reg
	case isa.ClassST:
		return in.Dst == reg
	case isa.ClassSTX:
		return in.Dst == reg || in.Src == reg
	case isa.ClassJMP, isa.ClassJMP32:
		switch in.Code() {
		case isa.OpCall:
			return true
		case isa.OpJa, isa.OpExit:
			return false
		}
		return in.Dst == reg || in.SrcKind() == isa.SrcX && in.Src == reg
	}
	if in.Code() == isa.OpMov {
		return in.SrcKind() == isa.SrcX && in.Src == reg
	}
	return in.Dst == reg || in.SrcKind() == isa.SrcX && in.Src == reg
}

// addParameter names the parameter of a global function whose type does not do, or
// the type of its result.
func (f *finding) addParameter() {
	known, ok := fault.Get[fault.Param](f.report.Fault)
	f.set("gives", catalog.Quote(known.Gives))
	if !ok || known.Param == 0 {
		return
	}
	fn, _ := f.funcType(f.report.PC)
	name := f.Parameter(f.report.PC, int(known.Param))
	if name == "" || fn == nil || fn.Linkage != btf.GlobalFunc {
		return
	}
	f.facts["param"] = catalog.Quote(name)
	if t := f.contextType(); strings.HasPrefix(t, "struct ") { // others need a tag
		f.set("ctxtype", catalog.Quote(t))
	}
	if known.Error != 0 && f.isVoidPointer(f.report.PC, int(known.Param)) {
		f.facts["voidparam"] = catalog.Quote(name)
	}
	file, pos, ok := f.sourceAt()
	if !ok {
		return
	}
	line := pos.Line
	if at, ok := file.Definition(known.Name); ok {
		line = at
	}
	if text, r, ok := file.Argument(known.Name, int(known.Param)-1, line, 1); ok && mentions(text, name) {
		s := source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r)
		f.instead = &s
	}
}

// relateParameter shows the declaration of a parameter of the function that starts at an
// instruction.
func (f *finding) relateParameter(start int, name string) {
	at := f.Declaration(start)
	file := f.File(at.File)
	if file == nil {
		return
	}
	for line := at.Line; line < at.Line+parameterLines; line++ {
		if r, ok := file.Name(name, line, line); ok {
			s := source.WithRange(diag.Span{File: at.File}, r)
			f.details = append(f.details, step{pc: -1, span: s, message: catalog.Quote(name) + " is declared here"})
			return
		}
	}
}
