// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// stepLdImm checks and applies a 64-bit immediate load. pc ends on its second
// slot.
//
// kernel: check_ld_imm
func (v *verifier) stepLdImm(in *isa.Insn) *Rejection {
	if in.Off != 0 {
		return v.reject(einval, fault.ReservedFields.Of(fault.Encoding{Name: "BPF_LD_IMM64"}))
	}
	if r := v.stepOverwrite(in.Dst); r != nil {
		return r
	}
	pc := v.pc
	v.pc++
	dst := v.reg(in.Dst)
	if in.Src == 0 {
		dst.Type = regtype.Scalar
		dst.SetKnown(uint64(uint32(v.insns[pc+1].Imm))<<32 | uint64(uint32(in.Imm)))
		return nil
	}
	dst.SetKnown(0)
	aux := &v.aux[pc]
	switch in.Src {
	case isa.PseudoBTFID:
		dst.Type = aux.ldType
		if dst.Type.Base() == regtype.PtrToMem {
			dst.SetMemSize(aux.ldMemSize)
		} else {
			dst.SetBTFType(aux.ldBTF, aux.ldBTFID)
		}
		return nil
	case isa.PseudoFunc:
		return v.loadFunction(pc)
	}
	m := v.mapOf(aux.ldMap)
	dst.SetMap(aux.ldMap, 0)
	if in.Src == isa.PseudoMapIdx {
		dst.Type = regtype.ConstPtrToMap
		return nil
	}
	if m.Type == facts.MapArena {
		v.setUnknown(dst)
		return nil
	}
	dst.Type = regtype.PtrToMapValue
	dst.Off = int32(aux.ldOff)
	return nil
}

// loadFunction loads the address of a function, which only calls that take
// callbacks can use.
func (v *verifier) loadFunction(pc int) *Rejection {
	in := &v.insns[pc]
	subprog := v.flow.SubprogFrom(pc + int(in.Imm) + 1)
	if !v.hasFuncInfo() {
		return v.reject(einval, fault.FunctionInfoMissing.Of(fault.None{}))
	}
	if v.prog.Funcs[subprog].Linkage != btf.StaticFunc {
		return v.reject(einval, fault.CallbackNotStatic.Of(fault.Named{Name: v.subprogName(subprog)}))
	}
	dst := v.reg(in.Dst)
	dst.Type = regtype.PtrToFunc
	dst.SetSubprog(subprog)
	return nil
}

// stepLdAbs checks and applies a legacy packet load, which is a call in
// disguise: it takes the context in R6 and overwrites R0 to R5.
//
// kernel: check_ld_abs
func (v *verifier) stepLdAbs(in *isa.Insn) *Rejection {
	if !v.progInfo().SkbLoads {
		return v.reject(einval, fault.PacketLoadType.Of(fault.None{}))
	}
	if in.Dst != 0 || in.Off != 0 || in.Mode() == isa.ModeABS && in.Src != 0 {
		return v.reject(einval, fault.ReservedFields.Of(fault.Encoding{Name: "BPF_LD_[ABS|IND]"}))
	}
	if r := v.requireReadable(isa.R6); r != nil {
		return r
	}
	if r := v.requireNoLeak(false, true, "BPF_LD_[ABS|IND]"); r != nil {
		return r
	}
	ctx := v.reg(isa.R6)
	if ctx.Type != regtype.PtrToCtx {
		return v.reject(einval, fault.PacketLoadContext.Of(fault.Value{Reg: isa.R6, Kind: ctx.Type}))
	}
	if in.Mode() == isa.ModeIND {
		if r := v.requireReadable(in.Src); r != nil {
			return r
		}
	}
	if r := v.requirePtrOff(ctx, isa.R6, false); r != nil {
		return r
	}
	v.invalidateCallerSaved(v.frame())
	v.applyUnknown(isa.R0)
	v.reg(isa.R0).SubregDef = int32(v.pc + 1)
	if v.cur.Cur == 0 {
		return nil
	}
	return v.stepHiddenReturn(false)
}

// stepHiddenReturn follows both ways out of an instruction that may leave the
// function: the next instruction later, and the return now. keepR0 reports whether
// R0 is unknown at the return; otherwise it is 0.
func (v *verifier) stepHiddenReturn(keepR0 bool) *Rejection {
	v.trace.scratchReg(isa.R0)
	if _, r := v.pushBranch(v.pc+1, v.pc, false); r != nil {
		return r
	}
	if !keepR0 {
		v.reg(isa.R0).SetKnown(0)
	}
	if r := v.stepReturn(); r != nil {
		return r
	}
	v.pc--
	return nil
}
