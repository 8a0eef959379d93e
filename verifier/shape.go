// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Rules of a program's shape, checked before the walk: functions and line
// info agree with BTF, jumps stay inside their function, every instruction is
// reachable.

// rejectShape makes a fault of the program's shape a rejection.
func (v *verifier) rejectShape(f *flow.Fault) *Rejection {
	if f == nil {
		return nil
	}
	v.pc = max(f.PC, 0)
	if f.SourceOfEdge {
		v.sayLineOf(f.From)
		if f.To >= 0 {
			v.sayLineOf(f.To)
		}
	}
	if f.NoCapability {
		return v.reject(f.Errno, v.missingCapability(&v.insns[v.pc]))
	}
	return v.reject(f.Errno, f.Fault)
}

// missingCapability says what an instruction does that requires CAP_BPF: the
// kernel has one message for three things.
func (v *verifier) missingCapability(in *isa.Insn) *fault.Fault {
	switch {
	case in.IsKfuncCall():
		return fault.KfuncCapability.Of(fault.Call{Name: v.kfuncName(in)})
	case in.IsSubprogCall():
		return fault.SubprogramCallCapability.Of(fault.None{})
	}
	return fault.FunctionReferenceCapability.Of(fault.None{})
}

// requireFuncInfo requires the BTF function records to ascend and to name
// functions.
//
// kernel: check_btf_func_early
func (v *verifier) requireFuncInfo() *Rejection {
	for i := range v.prog.Funcs {
		fn := &v.prog.Funcs[i]
		switch {
		case i == 0 && fn.InsnOff != 0:
			return v.reject(einval, fault.FirstFunctionOffset.Of(fault.Record{Off: int(fn.InsnOff)}))
		case i > 0 && fn.InsnOff <= v.prog.Funcs[i-1].InsnOff:
			return v.reject(einval, fault.FunctionOrder.Of(fault.Record{Off: int(fn.InsnOff),
				At: int(v.prog.Funcs[i-1].InsnOff)}))
		}
		if v.prog.BTF != nil {
			if t, err := v.prog.BTF.TypeByID(fn.TypeID); err == nil {
				if _, ok := t.(*btf.Func); ok {
					continue
				}
			}
		}
		return v.reject(einval, fault.FunctionTypeID.Of(fault.Record{ID: int(fn.TypeID)}))
	}
	return nil
}

// describedFunc is the function that a record names; requireFuncInfo asked for
// it.
func (v *verifier) describedFunc(record int) *btf.Func {
	t, _ := v.prog.BTF.TypeByID(v.prog.Funcs[record].TypeID)
	return t.(*btf.Func)
}

// requireSubprogs finds the functions and requires jumps to stay inside them.
//
// kernel: check_subprogs
func (v *verifier) requireSubprogs() *Rejection {
	r := v.requireFunctions()
	// Also a fault found here is reported with the stack depths of the
	// functions known by then.
	v.subprogs = make([]subprogFacts, len(v.flow.Subprogs))
	if r != nil {
		return r
	}
	if n := v.flow.ExceptionCallback; n != 0 {
		v.subprogs[n].isCallback, v.subprogs[n].isAsyncCallback = true, true
	}
	if v.trace.level&logAllPaths != 0 {
		for i := range v.flow.Subprogs {
			v.say("func#%d @%d\n", i, v.flow.Subprogs[i].Start)
		}
	}
	return v.rejectShape(v.flow.CheckSubprogs())
}

// requireFunctions requires calls, of kernel functions too, and the tag of the
// exception callback to lead to functions.
//
// kernel: add_subprog_and_kfunc
func (v *verifier) requireFunctions() *Rejection {
	var refused *Rejection
	found := map[int32]bool{}
	f := v.flow.FindSubprogs(func(pc int) bool {
		v.pc = pc
		refused = v.requireKfunc(found)
		return refused == nil
	})
	v.pc = 0
	if refused != nil {
		return refused
	}
	if r := v.rejectShape(f); r != nil {
		return r
	}
	entry, r := v.exceptionEntry()
	if r != nil {
		return r
	}
	return v.rejectShape(v.flow.AddExceptionCallback(entry))
}

// exceptionEntry is the PC of the function that a declaration tag of the main
// program names as the one that catches exceptions, 0, its own, for none.
//
// kernel: bpf_find_exception_callback_insn_off
func (v *verifier) exceptionEntry() (int, *Rejection) {
	if !v.hasFuncInfo() {
		return 0, nil
	}
	name, tags := "", 0
	for _, tag := range v.describedFunc(0).Tags {
		if n, ok := strings.CutPrefix(tag, "exception_callback:"); ok {
			name = n
			tags++
		}
	}
	callback := fault.Named{Name: name}
	switch {
	case tags == 0:
		return 0, nil
	case tags > 1:
		return 0, v.reject(einval, fault.SecondExceptionCallback.Of(callback))
	}
	var fn *btf.Func
	if err := v.prog.BTF.TypeByName(name, &fn); err != nil {
		return 0, v.reject(enoent, fault.NoExceptionCallback.Of(callback))
	}
	if fn.Linkage != btf.GlobalFunc {
		return 0, v.reject(einval, fault.StaticExceptionCallback.Of(callback))
	}
	for i := range v.prog.Funcs {
		if v.prog.Funcs[i].Name == name {
			if v.prog.Funcs[i].InsnOff == 0 {
				return 0, v.reject(einval, fault.MainAsExceptionCallback.Of(callback))
			}
			return int(v.prog.Funcs[i].InsnOff), nil
		}
	}
	return 0, v.reject(einval, fault.UnusedExceptionCallback.Of(callback))
}

// requireBTFInfo requires BTF to describe the functions found, and line info to
// cover them.
//
// kernel: check_btf_info
func (v *verifier) requireBTFInfo() *Rejection {
	if r := v.requireFuncLayout(); r != nil {
		return r
	}
	return v.requireLineInfo()
}

// requireFuncLayout requires one BTF record for each function, where it starts.
//
// kernel: check_btf_func
func (v *verifier) requireFuncLayout() *Rejection {
	if !v.hasFuncInfo() {
		return v.requireNormalReturn()
	}
	if len(v.prog.Funcs) != len(v.flow.Subprogs) {
		return v.reject(einval, fault.FunctionCount.Of(fault.None{}))
	}
	for i := range v.flow.Subprogs {
		sub := &v.flow.Subprogs[i]
		if sub.Start != int(v.prog.Funcs[i].InsnOff) {
			return v.reject(einval, fault.FunctionLayout.Of(fault.None{}))
		}
		if i == 0 || v.returnsSmallInt(i) {
			continue
		}
		v.pc = sub.Start
		if sub.HasLdAbs {
			return v.reject(einval, fault.PacketLoadResult.Of(fault.None{}))
		}
		if sub.HasTailCall {
			return v.reject(einval, fault.TailCallResult.Of(fault.None{}))
		}
	}
	return nil
}

// returnsSmallInt reports whether subprog is a function whose result fits a register.
func (v *verifier) returnsSmallInt(subprog int) bool {
	proto, _ := v.describedFunc(subprog).Type.(*btf.FuncProto)
	if proto == nil {
		return false
	}
	switch ret := skipModifiers(proto.Return).(type) {
	case *btf.Int:
		return ret.Size <= 8
	case *btf.Enum:
		return true
	}
	return false
}

// requireNormalReturn requires functions without BTF to return to their caller
// in all cases: what ends the program early needs the caller to know.
//
// kernel: check_abnormal_return
func (v *verifier) requireNormalReturn() *Rejection {
	for i := 1; i < len(v.flow.Subprogs); i++ {
		v.pc = v.flow.Subprogs[i].Start
		if v.flow.Subprogs[i].HasLdAbs {
			return v.reject(einval, fault.PacketLoadWithoutBTF.Of(fault.None{}))
		}
		if v.flow.Subprogs[i].HasTailCall {
			return v.reject(einval, fault.TailCallWithoutBTF.Of(fault.None{}))
		}
	}
	return nil
}

// requireLineInfo requires line records to ascend and each function to have one.
//
// kernel: check_btf_line
func (v *verifier) requireLineInfo() *Rejection {
	lines := v.prog.Lines
	if len(lines) == 0 {
		return nil
	}
	sub, prev := 0, uint32(0)
	for i := range lines {
		off := lines[i].InsnOff
		if i > 0 && off <= prev || int(off) >= len(v.insns) {
			return v.reject(einval, fault.LineOrder.Of(fault.Record{ID: i, Off: int(off), At: int(prev),
				Most: len(v.insns)}))
		}
		if v.insns[off].Op == 0 {
			return v.reject(einval, fault.LineInsideLdimm64.Of(fault.Record{ID: i}))
		}
		if sub < len(v.flow.Subprogs) {
			switch start := v.flow.Subprogs[sub].Start; {
			case int(off) == start:
				sub++
			case start < int(off):
				return v.reject(einval, fault.FunctionWithoutLine.Of(fault.Record{ID: sub}))
			}
		}
		prev = off
	}
	if left := len(v.flow.Subprogs) - sub; left != 0 {
		return v.reject(einval, fault.FunctionsWithoutLine.Of(fault.Record{ID: sub, Most: left}))
	}
	return nil
}

// requireCFG requires every instruction to be reachable, and orders them.
//
// kernel: check_cfg, compute_postorder
func (v *verifier) requireCFG() *Rejection {
	if r := v.rejectShape(v.flow.CheckFlow()); r != nil {
		return r
	}
	v.flow.Order()
	return nil
}

// findLoops computes what the walk uses of the graph: loops, live registers,
// fastcall patterns.
//
// kernel: compute_scc, compute_live_registers, mark_fastcall_patterns
func (v *verifier) findLoops() {
	v.flow.FindLoops()
	v.flow.FindLive()
	if v.trace.level&logAllPaths != 0 {
		v.sayLiveRegs()
	}
	v.flow.FindFastcalls()
}

// sayLiveRegs writes the table of registers alive before each instruction.
func (v *verifier) sayLiveRegs() {
	v.say("Live regs before insn:\n")
	var live [10]byte
	for pc := 0; pc < len(v.insns); pc++ {
		p := &v.flow.Points[pc]
		if p.SCC != 0 {
			v.say("%3d ", p.SCC)
		} else {
			v.say("    ")
		}
		for n := range live {
			live[n] = '.'
			if p.Live>>n&1 != 0 {
				live[n] = '0' + byte(n)
			}
		}
		v.say("%3d: %s ", pc, live[:])
		v.sayInsn(pc)
		if v.insns[pc].IsLdImm64() {
			pc++
		}
	}
}
