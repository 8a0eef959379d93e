// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// verifier is one verification of one program.
//
// kernel: struct bpf_verifier_env
type verifier struct {
	*workspace
	*profile

	prog  *program.Program
	insns []isa.Insn
	opts  Options
	flags uint32

	// What the program's loader may do, and how strict the walk therefore is.
	privileged      bool // kernel: bpf_capable
	allowPtrLeaks   bool
	allowUninit     bool // uninitialised stack may be read
	bypassSpecV1    bool
	bypassSpecV4    bool
	strictAlignment bool
	testStateFreq   bool
	testInvariants  bool

	// flow is what is known before the walk; aux what the walk learns per PC.
	flow *flow.Graph
	aux  []insnAux

	// contracts has, per PC, that of the helper or kfunc called there, nil if there
	// is none of the kernel.
	contracts []*contract
	// structs are the ids of the kernel structs looked up so far.
	structs []wanted

	// maps and btfs are the tables that state.MapRef and state.BTFRef index;
	// entry 0 is unused. innerMaps has the template of each map of maps.
	maps      []*program.Map
	innerMaps []state.MapRef
	btfs      []btfTable

	cur *state.State
	// pc is the instruction being checked, prevPC the one before it on this
	// path. A step function moves pc itself only where it jumps.
	pc, prevPC int
	// idGen is the last id given out.
	idGen uint32

	subprogs []subprogFacts
	// replaced is the program with the function that an extension replaces, before its
	// walk; nil if the kernel does not load that, or the program is no extension.
	replaced *verifier

	// removeDead says that the walk is done and dead functions do not count.
	removeDead bool
	// usesArena says that the program refers to an arena map.
	usesArena       bool
	seenDirectWrite bool
	seenException   bool
	// exploreALULimits keeps unknown scalars apart in pruning, since each may
	// need another mask against speculation.
	exploreALULimits bool

	trace     tracer
	live      stackLiveness
	precision backtracker
	call      kernelCall
	memory    memoryFacts
	record    record.Recorder
	further   *further
	stats     Stats
}

// workspace is what a verification keeps its states in.
type workspace struct {
	pool      state.Pool
	explore   explorer
	recording record.Scratch
}

// insnAux is what the walk learns about one instruction.
//
// kernel: struct bpf_insn_aux_data
type insnAux struct {
	// ptrType is the type of the base register of a load or store, which must
	// be of one family on every path.
	ptrType regtype.Reg
	// mapState is the map that a helper call got on every path so far.
	mapRef      state.MapRef
	mapPoisoned bool
	mapSeen     bool
	// keyState is the constant key of a call's map argument.
	keyState uint64
	// ldMap and ldOff describe a 64-bit immediate that is a map or map value.
	ldMap state.MapRef
	ldOff uint32
	// ldType describes a 64-bit immediate that is a kernel variable.
	ldType    regtype.Reg
	ldBTF     state.BTFRef
	ldBTFID   uint32
	ldMemSize uint32

	seen         bool
	nospec       bool
	nospecResult bool
	needsZext    bool
	aluState     uint8
	aluLimit     uint32

	loopInit, loopInline bool
	loopSubprog          int
	isIterNext           bool
	callPerCPUAlloc      bool
	storageAtomic        bool
}

// btfTable is one BTF container that registers refer to.
type btfTable struct {
	spec   btfSpec
	kernel bool
}

// reg is register n of the active frame.
func (v *verifier) reg(n uint8) *state.Reg { return &v.cur.Frames[v.cur.Cur].Regs[n] }

// frame is the active frame.
func (v *verifier) frame() *state.Frame { return v.cur.Frames[v.cur.Cur] }

// newID gives out an id for a value, a reference or a packet pointer group.
func (v *verifier) newID() uint32 {
	v.idGen++
	return v.idGen
}

// mapOf is the map that m names.
func (v *verifier) mapOf(m state.MapRef) *program.Map { return v.maps[m] }

// applyUnknown makes register n an unknown scalar.
//
// kernel: mark_reg_unknown
func (v *verifier) applyUnknown(n uint8) { v.setUnknown(v.reg(n)) }

// setUnknown makes r an unknown scalar; without privileges every scalar is
// precise from the start.
//
// kernel: __mark_reg_unknown
func (v *verifier) setUnknown(r *state.Reg) {
	r.Reset()
	r.Precise = !v.privileged
}

// setNotInit forgets r.
//
// kernel: __mark_reg_not_init
func (v *verifier) setNotInit(r *state.Reg) {
	v.setUnknown(r)
	r.Type = regtype.NotInit
}

// forgetSlot makes a slot one that was never written.
func (v *verifier) forgetSlot(s *state.Slot) {
	v.setNotInit(&s.Spilled)
	s.Bytes = [state.SlotBytes]state.SlotType{}
}

// setConstZero makes r the scalar 0.
//
// kernel: __mark_reg_const_zero
func (v *verifier) setConstZero(r *state.Reg) {
	r.SetKnown(0)
	r.Type = regtype.Scalar
	r.Precise = !v.privileged
}

// initFrame sets up an entered function: nothing readable but the frame
// pointer.
//
// kernel: init_func_state
func (v *verifier) initFrame(f *state.Frame, callSite int, depth uint32, subprog int) {
	f.CallSite, f.Depth, f.Subprog = callSite, depth, subprog
	f.CallbackRange = state.RetRange{}
	f.Regs[0].SubregDef = 0
	v.setNotInit(&f.Regs[0])
	for i := 1; i < len(f.Regs); i++ {
		f.Regs[i] = f.Regs[0]
	}
	fp := &f.Regs[isa.R10]
	fp.SetKnown(0)
	fp.Type = regtype.PtrToStack
	fp.Frame = uint8(depth)
	v.trace.scratchAll()
}

// stepInvariants reports a value whose ranges contradict each other, when
// the program asks for that test; otherwise such a value becomes unbounded.
//
// kernel: reg_bounds_sanity_check
func (v *verifier) stepInvariants(r *state.Reg, where string) *Rejection {
	problem := r.Scalar.Violation()
	if problem == scalar.Consistent {
		return nil
	}
	l := r.Limits()
	detail := fmt.Sprintf("REG INVARIANTS VIOLATION (%s): %s u64=[%#x, %#x] s64=[%#x, %#x] u32=[%#x, %#x] s32=[%#x, %#x] var_off=(%#x, %#x)",
		where, problem, l.Umin, l.Umax, uint64(l.Smin), uint64(l.Smax),
		l.U32Min, l.U32Max, uint32(l.S32Min), uint32(l.S32Max), r.Var.Value, r.Var.Mask)
	violation := fault.KernelFault.Of(fault.Detail{Detail: detail})
	if v.testInvariants {
		return v.reject(efault, violation)
	}
	v.sayFault(violation)
	r.Scalar.MarkUnbounded()
	return nil
}
