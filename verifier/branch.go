// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Conditional jumps. What is known of the two operands may decide a jump:
//
//	two numbers                         their bits and ranges (package scalar)
//	pointer that cannot be NULL, and 0  never equal
//	packet pointer and packet end       an earlier comparison of the same kind
//	anything else                       not decided
//
// A decided jump has one way, and the numbers it was decided by are precise
// from then on. Without privileges the other way is still walked speculatively.
// An undecided jump goes both ways; the path through the jump is queued, the
// path after it goes on, and each learns from having gone that way:
//
//	two numbers                    narrower bits and ranges, and so for all
//	                               linked numbers (linked.go)
//	maybe-NULL pointer and 0       NULL, or valid (nullness.go)
//	maybe-NULL and valid pointer   valid where they are equal
//	packet pointer and packet end  valid bytes (packet_range.go)
//	any other pointer              refused, unless addresses may leak

// branch is a conditional jump with its operands.
type branch struct {
	in   *isa.Insn
	op   uint8
	is32 bool
	// byReg says that the second operand is a register; else src is &imm.
	byReg    bool
	dst, src *state.Reg
	imm      state.Reg
}

// stepBranch checks a conditional jump, queues its other side and moves pc
// where it is taken for certain. Without a jump, pc stays at the branch.
//
// kernel: check_cond_jmp_op
func (v *verifier) stepBranch(in *isa.Insn) *Rejection {
	op := in.Code()
	switch {
	case op > isa.OpJCond:
		return v.reject(einval, fault.UnknownJumpOpcode.Of(fault.Encoding{Opcode: fault.Opcode(op)}))
	case op == isa.OpJCond:
		return v.stepMayGoto(in)
	}
	b := branch{in: in, op: op, is32: in.Class() == isa.ClassJMP32, byReg: in.SrcKind() == isa.SrcX}
	b.src = &b.imm
	if r := v.requireComparable(&b); r != nil {
		return r
	}
	if r := v.pushStackOperands(&b); r != nil {
		return r
	}
	taken := b.decide()
	var r *Rejection
	if taken == scalar.MayBeTaken {
		r = v.stepOpenBranch(&b)
	} else {
		r = v.stepDecidedBranch(&b, taken)
	}
	if r != nil {
		return r
	}
	if v.trace.level&logPaths != 0 {
		v.sayInsnState()
	}
	if taken == scalar.Taken {
		v.pc += int(in.Off)
	}
	return nil
}

// stepMayGoto leaves a loop that the kernel bounds by a budget. The way into
// the next round is queued with what the rounds changed forgotten, so that
// they become equal.
func (v *verifier) stepMayGoto(in *isa.Insn) *Rejection {
	if !in.IsMayGoto() || in.Dst != 0 || in.Imm != 0 {
		return v.reject(einval, fault.MayGotoImmediate.Of(fault.Immediate{Value: int64(in.Imm)}))
	}
	before := v.previousEntry(v.cur.Parent, v.pc)
	round, r := v.pushBranch(v.pc+1, v.pc, false)
	if r != nil {
		r.report.Errno = enomem
		return r
	}
	round.MayGotoDepth++
	if before != nil {
		v.widenImprecise(before, round)
	}
	v.pc += int(in.Off)
	return nil
}

// requireComparable finds the operands and requires them to be readable, and a second
// one that is not a pointer, unless both are into the packet or addresses may
// leak.
func (v *verifier) requireComparable(b *branch) *Rejection {
	in := b.in
	if r := v.requireReadable(in.Dst); r != nil {
		return r
	}
	b.dst = v.reg(in.Dst)
	if b.byReg && in.Imm != 0 || !b.byReg && in.Src != isa.R0 {
		return v.reject(einval, fault.ReservedFields.Of(fault.Encoding{Name: "BPF_JMP/JMP32"}))
	}
	if !b.byReg {
		b.imm.Type = regtype.Scalar
		b.imm.SetKnown(uint64(in.Imm))
		return nil
	}
	if r := v.requireReadable(in.Src); r != nil {
		return r
	}
	b.src = v.reg(in.Src)
	if !(isPacketOrEnd(b.dst) && isPacketOrEnd(b.src)) && v.isPointer(in.Src) {
		return v.rejectComparison(in.Src)
	}
	return nil
}

func (v *verifier) rejectComparison(n uint8) *Rejection {
	return v.reject(eacces, fault.PointerComparison.Of(fault.Register{Reg: n}))
}

// pushStackOperands notes operands that are stack pointers, which precision
// must not follow backwards.
func (v *verifier) pushStackOperands(b *branch) *Rejection {
	var flags uint32
	if b.dst.Type == regtype.PtrToStack {
		flags |= state.StepDstStack
	}
	if b.src.Type == regtype.PtrToStack {
		flags |= state.StepSrcStack
	}
	if flags == 0 {
		return nil
	}
	return v.pushStep(flags, 0)
}

// decide reports whether the jump is taken, in the words of package scalar.
//
// kernel: is_branch_taken
func (b *branch) decide() int {
	if !b.is32 && isPacketOrEnd(b.dst) && isPacketOrEnd(b.src) {
		return decidePacket(b.dst, b.src, b.op)
	}
	if b.dst.Type != regtype.Scalar || b.src.Type != regtype.Scalar {
		return b.decideNull()
	}
	return scalar.BranchTaken(&b.dst.Scalar, &b.src.Scalar, b.op, b.is32)
}

// decideNull decides the comparison of a valid pointer with 0.
func (b *branch) decideNull() int {
	ptr, number := b.dst, b.src
	if !isConstAt(number, b.is32) {
		ptr, number = number, ptr
	}
	if !isConstAt(number, b.is32) || !isNotNull(ptr) || number.ValueAt(b.is32) != 0 {
		return scalar.MayBeTaken
	}
	switch b.op {
	case isa.OpJeq:
		return scalar.NotTaken
	case isa.OpJne:
		return scalar.Taken
	}
	return scalar.MayBeTaken
}

// isConstAt reports whether r is a number that is one for certain.
//
// kernel: is_reg_const
func isConstAt(r *state.Reg, is32 bool) bool {
	return r.Type == regtype.Scalar && r.IsConstAt(is32)
}

// stepDecidedBranch makes the numbers that decided the jump precise.
func (v *verifier) stepDecidedBranch(b *branch, taken int) *Rejection {
	in := b.in
	if b.dst.Type == regtype.Scalar {
		if r := v.markPrecise(in.Dst); r != nil {
			return r
		}
	}
	if b.byReg && b.src.Type == regtype.Scalar {
		if r := v.markPrecise(in.Src); r != nil {
			return r
		}
	}
	if v.bypassSpecV1 {
		return nil
	}
	other := v.pc + 1
	if taken == scalar.NotTaken {
		other += int(in.Off)
	}
	return v.pushSpeculative(in, other, v.pc)
}

// stepOpenBranch queues the path through the jump and settles on both paths
// what the outcome says about the operands.
func (v *verifier) stepOpenBranch(b *branch) *Rejection {
	in := b.in
	// The links go into the path's history before it forks: both ways share it.
	var links linkedRegs
	if b.byReg && isLinked(b.src) {
		v.collectLinked(&links, b.src.ID)
	}
	if isLinked(b.dst) {
		v.collectLinked(&links, b.dst.ID)
	}
	if links.n > 1 {
		if r := v.pushStep(0, links.pack()); r != nil {
			return r
		}
	}
	jump, r := v.pushBranch(v.pc+int(in.Off)+1, v.pc, false)
	if r != nil {
		return r
	}
	if r := v.refineNumbers(b, jump); r != nil {
		return r
	}
	if b.byReg && isLinked(b.src) {
		links.refine(v.cur, b.src)
		links.refine(jump, &jump.Frame().Regs[in.Src])
	}
	if isLinked(b.dst) {
		links.refine(v.cur, b.dst)
		links.refine(jump, &jump.Frame().Regs[in.Dst])
	}
	return v.refinePointers(b, jump)
}

// refineNumbers narrows the operands of both ways if both are numbers.
//
// kernel: reg_set_min_max
func (v *verifier) refineNumbers(b *branch, jump *state.State) *Rejection {
	if b.dst.Type != regtype.Scalar || b.src.Type != regtype.Scalar {
		return nil
	}
	jumpDst := &jump.Frame().Regs[b.in.Dst]
	var jumpImm state.Reg
	jumpSrc := &jumpImm
	if b.byReg {
		jumpSrc = &jump.Frame().Regs[b.in.Src]
	} else {
		jumpImm = b.imm
	}
	refineSide(b.dst, b.src, scalar.RevOp(b.op), b.is32)
	refineSide(jumpDst, jumpSrc, b.op, b.is32)
	if r := v.stepInvariants(jumpDst, "true_reg1"); r != nil {
		return r
	}
	if r := v.stepInvariants(jumpSrc, "true_reg2"); r != nil {
		return r
	}
	if r := v.stepInvariants(b.dst, "false_reg1"); r != nil {
		return r
	}
	return v.stepInvariants(b.src, "false_reg2")
}

func refineSide(a, b *state.Reg, op uint8, is32 bool) {
	scalar.Refine(&a.Scalar, &b.Scalar, op, is32)
	a.Sync()
	b.Sync()
}

// refinePointers settles what both ways say about pointers, and refuses
// comparisons that would reveal addresses.
func (v *verifier) refinePointers(b *branch, jump *state.State) *Rejection {
	in := b.in
	if b.byReg && !b.is32 {
		v.refineEqualPointers(b, jump)
	}
	isEquality := b.op == isa.OpJeq || b.op == isa.OpJne
	if !b.is32 && !b.byReg && in.Imm == 0 && isEquality && b.dst.Type.MayBeNull() {
		v.refineNull(v.cur, in.Dst, b.op == isa.OpJne)
		v.refineNull(jump, in.Dst, b.op == isa.OpJeq)
		return nil
	}
	if b.byReg && !b.is32 && b.refinePacket(v.cur, jump) {
		return nil
	}
	if v.isPointer(in.Dst) {
		return v.rejectComparison(in.Dst)
	}
	return nil
}

// refineEqualPointers makes a pointer that may be NULL valid on the way where
// it equals one that is not. Kernel structs are left out: they may be NULL
// whatever their type says.
func (v *verifier) refineEqualPointers(b *branch, jump *state.State) {
	d, s := b.dst.Type, b.src.Type
	if d == regtype.Scalar || s == regtype.Scalar || d.MayBeNull() == s.MayBeNull() ||
		d.Base() == regtype.PtrToBTFID || s.Base() == regtype.PtrToBTFID {
		return
	}
	var equal *state.Frame
	switch b.op {
	case isa.OpJeq:
		equal = jump.Frame()
	case isa.OpJne:
		equal = v.frame()
	default:
		return
	}
	n := b.in.Dst
	if s.MayBeNull() {
		n = b.in.Src
	}
	v.setNotNull(&equal.Regs[n])
}
