// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// How the walk goes on behind a fault:
//
//	fault of                        goes on
//	a pointer that may be NULL      as if it was checked
//	a register without a value      with an unknown number: a guess
//	a load                          behind it, with an unknown number: of a kernel
//	                                object, the context or no memory a guess
//	a store                         behind it, unless it is to the stack
//	arithmetic                      behind it, with an unknown number: a guess
//	an argument of a helper         as if it was right, where the rest of the call
//	                                does not depend on it
//	the call itself                 behind it, if the call would only give a number; of a
//	                                global function that gives none, a guess
//	leaving with something held     as if it was given back
//	anything else                   on the other paths

// mending is what undoes an instruction whose fault is mended.
type mending struct {
	// before is the state before a call, which may change it before it fails.
	before *state.State
	step   int
	// excused are the arguments of a helper that are taken as right, as bits.
	excused uint8
}

// excuses reports whether argument i of the call is taken as right whatever it is.
func (f *further) excuses(i int) bool { return f != nil && f.excused&(1<<i) != 0 }

// keepForMending keeps the state before a call.
func (v *verifier) keepForMending() {
	f := v.further
	f.excused = 0
	if in := &v.insns[v.pc]; in.Op != isa.ClassJMP|isa.OpCall {
		return
	}
	if f.before == nil {
		f.before = v.pool.NewState()
	}
	v.pool.Copy(f.before, v.cur)
	f.step = v.explore.step
}

// way is how the walk goes on behind a fault.
type way uint8

const (
	onOtherPaths way = iota
	again            // the instruction, from a state in which it may do
	behind           // the instruction
)

// goOn mends the fault of the instruction at pc as often as it has one. done says
// that the path ends here, and a rejection that the walk does.
func (v *verifier) goOn(pc int, r *Rejection, showState *bool) (done bool, end *Rejection) {
	for r != nil {
		v.pc = pc
		if !v.passOver(r) {
			return false, r
		}
		v.undoQueued()
		switch v.mend(pc, r) {
		case onOtherPaths:
			return true, nil
		case behind:
			v.pc = pc + 1
			return false, nil
		}
		v.undoQueued()
		done, r = v.step(showState)
	}
	if v.further.excused != 0 && v.reg(isa.R0).Type == regtype.Scalar {
		v.applyUnknown(isa.R0)
		v.record.Guess(v.cur, isa.R0, nil)
	}
	return done, nil
}

// undoQueued forgets the paths that the failed step queued.
func (v *verifier) undoQueued() {
	e := &v.explore
	for range v.record.Again(v.cur) {
		n := len(e.pending) - 1
		if st := e.pending[n].st; st.Parent != nil {
			st.Parent.Branches--
		}
		v.pool.Free(e.pending[n].st)
		e.pending = e.pending[:n]
	}
}

// mend changes the state so that the walk can go on behind a fault.
func (v *verifier) mend(pc int, r *Rejection) way {
	f, in := v.further, &v.insns[pc]
	isCall := in.Op == isa.ClassJMP|isa.OpCall
	if isCall {
		v.pool.Copy(v.cur, f.before)
		v.explore.step = f.step
	}
	how := onOtherPaths
	numbers := f.causes[len(f.causes)-1].numbers
	switch {
	case v.mendSubject(&r.report):
		how = again
	case in.Dst >= isa.NumRegs || in.Src >= isa.NumRegs && !isCall || v.takesReference(pc):
	case isCall:
		how = v.mendCall(in, r)
	default:
		how = v.mendInsn(in, r)
	}
	if how == again && isCall {
		v.pool.Copy(f.before, v.cur)
	}
	if how == behind || f.excused != 0 {
		v.record.Guess(v.cur, noRegister, numbers)
	}
	return how
}

// takesReference reports whether the instruction is given a pointer that stands for
// something owned. Nobody knows who owns it behind the instruction.
func (v *verifier) takesReference(pc int) bool {
	in := &v.insns[pc]
	switch {
	case in.Class() == isa.ClassLDX, in.Op == isa.ClassJMP|isa.OpExit:
		return false
	case in.IsHelperCall() && v.contracts[pc].proto != nil:
		return false // its prototype says what it does with them
	}
	for i, n := range v.readAt(pc) {
		isAddress := i == 0 && (in.Class() == isa.ClassST || in.Class() == isa.ClassSTX)
		if !isAddress && v.reg(n).RefObjID != 0 {
			return true
		}
	}
	return false
}

// noRegister stands for no register.
const noRegister = -1

// mendSubject makes the register that a fault is about one that was checked, or
// that has a value.
func (v *verifier) mendSubject(rep *Report) bool {
	n, ok := v.subject(rep)
	if !ok || rep.Frame != v.cur.Cur {
		return false
	}
	reg := v.reg(n)
	switch {
	case reg.Type == regtype.NotInit:
		v.setUnknown(reg)
		v.record.Guess(v.cur, int(n), nil)
		return true
	case reg.Type.MayBeNull():
		v.refineNull(v.cur, n, false)
		return !reg.Type.MayBeNull()
	}
	return false
}

// mendInsn is mend for what is not a call.
func (v *verifier) mendInsn(in *isa.Insn, r *Rejection) way {
	switch in.Class() {
	case isa.ClassLDX:
		return v.mendLoad(in)
	case isa.ClassST, isa.ClassSTX:
		return v.mendStore(in, r)
	case isa.ClassALU, isa.ClassALU64:
		if in.Dst >= isa.R10 {
			return onOtherPaths
		}
		v.applyUnknown(in.Dst)
		v.record.Guess(v.cur, int(in.Dst), nil)
		return behind
	}
	if in.Op == isa.ClassJMP|isa.OpExit {
		return v.mendExit()
	}
	return onOtherPaths
}

// mendLoad loads an unknown number. From memory that holds numbers alone any load
// would.
func (v *verifier) mendLoad(in *isa.Insn) way {
	if in.Dst >= isa.R10 || in.Src > isa.R10 {
		return onOtherPaths
	}
	guess := true
	switch t := v.reg(in.Src).Type; t.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToMem:
		guess = t&regtype.Untrusted != 0
	}
	v.applyUnknown(in.Dst)
	if in.Mode() == isa.ModeMEM {
		v.reg(in.Dst).CoerceToSize(in.Bytes())
	}
	if guess {
		v.record.Guess(v.cur, int(in.Dst), nil)
	}
	return behind
}

// mendStore leaves a store out, which no later rule asks about unless it is to the
// stack. What an atomic one loads is unknown.
func (v *verifier) mendStore(in *isa.Insn, r *Rejection) way {
	if v.reg(in.Dst).Type == regtype.PtrToStack && r.report.Code != fault.StackOutOfBounds.Code() {
		return onOtherPaths
	}
	if in.Class() != isa.ClassSTX || in.Mode() != isa.ModeATOMIC {
		return behind
	}
	switch {
	case in.Imm == isa.LoadAcq:
		v.applyUnknown(in.Dst)
		v.record.Guess(v.cur, int(in.Dst), nil)
	case in.Imm == isa.AtomicCmpXchg:
		v.applyUnknown(isa.R0)
	case in.Imm&isa.AtomicFetch != 0:
		v.applyUnknown(in.Src)
	}
	return behind
}

// mendExit gives back what is held.
func (v *verifier) mendExit() way {
	st := v.cur
	held := st.ActiveLocks + st.ActiveIRQ + st.ActiveRCU + st.ActivePreempt
	if st.Cur != 0 || len(st.Refs) == 0 && held == 0 {
		return onOtherPaths
	}
	st.Refs = st.Refs[:0]
	st.ActiveLocks, st.ActiveIRQ, st.ActiveRCU, st.ActivePreempt = 0, 0, 0, 0
	return again
}

// mendCall takes an argument as right, or leaves the call out.
func (v *verifier) mendCall(in *isa.Insn, r *Rejection) way {
	switch {
	case in.IsSubprogCall():
		return v.mendGlobalCall(in)
	case in.Src != isa.R0 || in.Imm < 0 || in.Imm >= facts.NumHelpers:
		// A kernel function; or it may be anything that the loader could not resolve.
		return onOtherPaths
	}
	proto, class := v.contracts[v.pc].proto, v.contracts[v.pc].class
	if i := r.report.Arg - 1; proto != nil && i >= 0 && !class.Has(facts.HelperPtrCast|facts.HelperDynptrRef) &&
		v.mayExcuse(proto, i) {
		v.further.excused |= 1 << i
		return again
	}
	if class&^facts.HelperInlined != 0 || !givesNumber(in.Imm, proto) || !v.writeAnything(proto) {
		return onOtherPaths
	}
	v.invalidateCallerSaved(v.frame())
	v.applyUnknown(isa.R0)
	v.record.Guess(v.cur, isa.R0, nil)
	return behind
}

// mayExcuse reports whether a helper's effects and result hang only on other
// arguments than i. What it writes through that one is then unknown.
func (v *verifier) mayExcuse(proto *facts.Proto, i int) bool {
	switch proto.Ret.Base() {
	case regtype.RetMem, regtype.RetMemOrBTFID, regtype.RetBTFID:
		return false
	}
	for j := range proto.Args {
		kind := proto.Args[j].Type
		if kind&regtype.ObjRelease != 0 || !isPlain(kind) && (kind.Base() != regtype.ArgConstMapPtr || j == i) {
			return false
		}
	}
	switch proto.Args[i].Type.Base() {
	case regtype.ArgConstStr:
		return false // its contents are asked for
	case regtype.ArgConstSize, regtype.ArgConstSizeOrZero:
		i--
	}
	return !v.further.excuses(i) && v.writeArgument(proto, i)
}

// writeAnything makes unknown all that a helper may write to the stack.
func (v *verifier) writeAnything(proto *facts.Proto) bool {
	if proto == nil {
		return true
	}
	for i := range proto.Args {
		if !v.writeArgument(proto, i) {
			return false
		}
	}
	return true
}

// writeArgument makes unknown what a helper writes to the stack through argument i:
// as much as its size says, up to the end of the frame. It reports whether that is
// known to be all.
func (v *verifier) writeArgument(proto *facts.Proto, i int) bool {
	reg, kind := v.reg(uint8(i+1)), proto.Args[i].Type
	if reg.Type != regtype.PtrToStack || kind&(regtype.Write|regtype.Uninit) == 0 {
		return true
	}
	if !reg.Var.IsConst() {
		return false
	}
	from := int(reg.Off) + int(int64(reg.Var.Value))
	if from >= 0 || from < -state.MaxStack {
		return false
	}
	to := 0
	if i+1 < len(proto.Args) && proto.Args[i+1].Type.Base() == regtype.ArgConstSize {
		if size := v.reg(uint8(i + 2)); size.Type == regtype.Scalar && size.Umax() < uint64(-from) {
			to = from + int(size.Umax())
		}
	}
	return v.writeStack(v.frameOf(reg), from, to)
}

// writeStack makes stack bytes unknown, unless a special object is among them.
func (v *verifier) writeStack(f *state.Frame, from, to int) bool {
	v.growStack(f, -from)
	for off := from; off < to; off++ {
		if f.Stack.At(slotOf(off)).IsSpecial() {
			return false
		}
	}
	for off := from; off < to; off++ {
		slot := f.Stack.Own(slotOf(off))
		if slot.IsSpill() {
			v.forgetSlot(slot)
		}
		slot.Bytes[byteOf(off)] = state.SlotMisc
	}
	v.record.GuessStack(v.cur, int(f.Depth), from, to)
	return true
}

// isPlain reports whether the result of a call does not depend on an argument of the kind.
func isPlain(kind regtype.Arg) bool {
	switch kind.Base() {
	case regtype.ArgDontCare, regtype.ArgAnything, regtype.ArgMapKey, regtype.ArgMapValue, regtype.ArgMem,
		regtype.ArgConstSize,
		regtype.ArgConstSizeOrZero, regtype.ArgCtx, regtype.ArgConstStr, regtype.ArgSocket, regtype.ArgSockCommon,
		regtype.ArgBTFIDSockCommon, regtype.ArgBTFID:
		return true
	}
	return false
}

// givesNumber reports whether all that the call of a helper leaves is a number.
func givesNumber(id int32, proto *facts.Proto) bool {
	switch id {
	case facts.FuncTailCall, facts.FuncSpinLock, facts.FuncSpinUnlock:
		return false
	}
	if proto == nil {
		return true
	}
	for i := range proto.Args {
		if kind := proto.Args[i].Type; !isPlain(kind) && kind.Base() != regtype.ArgConstMapPtr ||
			kind&regtype.ObjRelease != 0 {
			return false
		}
	}
	return proto.Ret.Base() == regtype.RetInteger || proto.Ret.Base() == regtype.RetVoid
}

// mendGlobalCall leaves out the call of a global function. The function is not walked
// any more: with other parameters it would be another one.
func (v *verifier) mendGlobalCall(in *isa.Insn) way {
	n := v.flow.SubprogAt(v.pc + int(in.Imm) + 1)
	if !v.subprogIsGlobal(n) {
		return onOtherPaths
	}
	v.subprogs[n].verified = true
	v.invalidateCallerSaved(v.frame())
	v.applyUnknown(isa.R0)
	if _, proto := v.funcType(n); proto == nil || !isScalarType(proto.Return) {
		// What it gives is a pointer as soon as the function may give one.
		v.record.Guess(v.cur, isa.R0, nil)
	}
	return behind
}
