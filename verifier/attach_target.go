// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What programs attach to by BTF:
//
//	attach type            target
//	raw tracepoint         typedef "btf_trace_NAME" of a function pointer
//	iterator               function "bpf_iter_NAME" of a known iterator
//	entry, exit            function whose arguments fit registers, not denied
//	change of the result   the same, if errors may be injected there or it is
//	                       a security hook
//	security hook          function "bpf_lsm_NAME", not disabled
//	struct_ops             member of a struct that the kernel registered
//
// Sleepable programs need a target that may sleep. Where errors may be
// injected is not in BTF; only functions known to be listed are judged.

// maxTargetArgs and maxArgBytes bound what a trampoline passes on.
//
// kernel: MAX_BPF_FUNC_ARGS, and 16 bytes in btf_distill_func_proto
const (
	maxTargetArgs = 12
	maxArgBytes   = 16
)

// requireTarget requires the program's target to exist and to take such programs.
//
// kernel: bpf_check_attach_target and the rest of check_attach_btf_id
func (v *verifier) requireTarget() *Rejection {
	id := v.prog.AttachBTFID
	if id == 0 {
		return v.rejectTarget(fault.NoTarget, fault.Hook{})
	}
	t := v.btfType(state.KernelBTF, id)
	if t == nil {
		return v.rejectTarget(fault.UnknownTarget, fault.Hook{ID: id})
	}
	switch v.prog.Attach {
	case facts.AttachTraceRawTp:
		return v.requireTracepointTarget(t, id)
	case facts.AttachTraceIter:
		return v.requireIterTarget(t, id)
	case facts.AttachModifyReturn, facts.AttachLSMMac, facts.AttachLSMCgroup, facts.AttachTraceFEntry,
		facts.AttachTraceFExit:
		return v.requireFunctionTarget(t, id)
	}
	return v.reject(einval, fault.TargetRefused.Of(fault.Hook{}))
}

// rejectTarget refuses what the program would be attached to.
func (v *verifier) rejectTarget(what fault.Message[fault.Hook], known fault.Hook) *Rejection {
	known.Name = v.prog.AttachTo
	return v.reject(einval, what.Of(known))
}

func (v *verifier) requireTracepointTarget(t btf.Type, id uint32) *Rejection {
	const prefix = "btf_trace_"
	if _, ok := t.(*btf.Typedef); !ok {
		return v.rejectTarget(fault.TargetNotATypedef, fault.Hook{ID: id})
	}
	if !strings.HasPrefix(t.TypeName(), prefix) {
		return v.rejectTarget(fault.TargetWrongName, fault.Hook{ID: id, Target: t.TypeName()})
	}
	return nil
}

func (v *verifier) requireIterTarget(t btf.Type, id uint32) *Rejection {
	fn, rej := v.requireFunction(t, id)
	if rej != nil {
		return rej
	}
	if rej := v.requirePassable(fn); rej != nil {
		return rej
	}
	if !isIterator(fn) {
		return v.reject(einval, fault.TargetRefused.Of(fault.Hook{Name: fn.Name}))
	}
	return nil
}

// isIterator reports whether fn is a function that stands for an iterator: it is handed the
// iteration's data first.
//
// kernel: bpf_iter_prog_supported
func isIterator(fn *btf.Func) bool {
	proto, _ := fn.Type.(*btf.FuncProto)
	if !strings.HasPrefix(fn.Name, "bpf_iter_") || len(proto.Params) == 0 {
		return false
	}
	p, ok := skipModifiers(proto.Params[0].Type).(*btf.Pointer)
	return ok && isStructNamed(p.Target, "bpf_iter_meta")
}

func (v *verifier) requireFunction(t btf.Type, id uint32) (*btf.Func, *Rejection) {
	fn, ok := t.(*btf.Func)
	if !ok {
		return nil, v.rejectTarget(fault.TargetNotAFunction, fault.Hook{ID: id})
	}
	return fn, nil
}

func (v *verifier) requireFunctionTarget(t btf.Type, id uint32) *Rejection {
	fn, rej := v.requireFunction(t, id)
	if rej != nil {
		return rej
	}
	if rej := v.requirePassable(fn); rej != nil {
		return rej
	}
	switch {
	case v.sleepable():
		rej = v.requireSleepableTarget(fn.Name)
	case v.prog.Attach == facts.AttachModifyReturn:
		rej = v.requireModifiable(fn.Name)
	}
	if rej != nil {
		return rej
	}
	leaves := v.prog.Attach == facts.AttachTraceFExit || v.prog.Attach == facts.AttachModifyReturn
	switch {
	case v.prog.Type == facts.ProgLSM:
		return v.requireSecurityHook(fn.Name, id)
	case facts.NamesNoTrace.Has(fn.Name):
		return v.reject(einval, fault.HookDenied.Of(fault.Hook{Name: fn.Name}))
	case leaves && facts.NamesNoReturn.Has(fn.Name):
		return v.reject(einval, fault.HookNeverReturns.Of(fault.Hook{Name: fn.Name}))
	}
	return nil
}

// requirePassable requires a function whose arguments and result a trampoline can
// pass on.
//
// kernel: btf_distill_func_proto
func (v *verifier) requirePassable(fn *btf.Func) *Rejection {
	proto, ok := fn.Type.(*btf.FuncProto)
	if !ok {
		return v.reject(einval, fault.TargetRefused.Of(fault.Hook{Name: fn.Name}))
	}
	if len(proto.Params) > maxTargetArgs {
		return v.rejectTarget(fault.TargetTooManyArgs, fault.Hook{Target: fn.Name, Arg: len(proto.Params)})
	}
	result := skipModifiers(proto.Return)
	if _, _, isStruct := membersOf(result); isStruct {
		return v.rejectTarget(fault.TargetResult, fault.Hook{Target: fn.Name, Type: kindName(result)})
	}
	for i := range proto.Params {
		t := skipModifiers(proto.Params[i].Type)
		_, isVoid := t.(*btf.Void)
		size, ok := typeSize(t)
		switch {
		case isVoid && i == len(proto.Params)-1:
			return v.rejectTarget(fault.TargetVariadic, fault.Hook{Target: fn.Name})
		case isVoid:
			return v.rejectTarget(fault.TargetVoidArgument, fault.Hook{Target: fn.Name})
		case !ok || size > maxArgBytes:
			return v.rejectTarget(fault.TargetArgument, fault.Hook{Target: fn.Name, Arg: i, Type: kindName(t)})
		}
	}
	return nil
}

// injectable reports whether errors may be injected into a function; known is
// false where that depends on how the kernel is configured.
//
// kernel: within_error_injection_list
func injectable(name string) (yes, known bool) {
	for _, prefix := range [...]string{"__x64_sys_", "__ia32_sys_", "__x64_compat_sys_", "__ia32_compat_sys_"} {
		if strings.HasPrefix(name, prefix) {
			return true, true
		}
	}
	return false, !facts.NamesInjectable.Has(name)
}

func (v *verifier) requireSleepableTarget(name string) *Rejection {
	may, known := false, true
	switch {
	case v.prog.Type == facts.ProgLSM:
		hook, ok := facts.LookupLSMHook(name)
		may = ok && hook.Flags&facts.HookSleepable != 0
	case facts.NamesModifiableSleepable.Has(name):
		may = true
	case !facts.NamesNoSleepInject.Has(name):
		may, known = injectable(name)
	}
	switch {
	case !known:
		return v.unsupported("is a sleepable program on %s(), of which it is not known whether it may sleep", name)
	case !may:
		return v.reject(einval, fault.HookCannotSleep.Of(fault.Hook{Name: name}))
	}
	return nil
}

// kernel: check_attach_modify_return
func (v *verifier) requireModifiable(name string) *Rejection {
	if strings.HasPrefix(name, "security_") || facts.NamesModifiable.Has(name) {
		return nil
	}
	switch yes, known := injectable(name); {
	case yes:
		return nil
	case known:
		return v.reject(einval, fault.HookNotModifiable.Of(fault.Hook{Name: name}))
	}
	return v.unsupported("changes the result of %s(), of which it is not known whether that is allowed", name)
}

// kernel: bpf_lsm_verify_prog
func (v *verifier) requireSecurityHook(name string, id uint32) *Rejection {
	hook, ok := facts.LookupLSMHook(name)
	switch {
	case !v.prog.GPL:
		return v.reject(einval, fault.GPLOnlySecurity.Of(fault.Named{Name: name}))
	case ok && hook.Flags&facts.HookDisabled != 0:
		return v.reject(einval, fault.SecurityHookDisabled.Of(fault.Hook{Name: name, ID: id}))
	case !ok:
		return v.rejectTarget(fault.TargetWrongName, fault.Hook{ID: id, Target: name})
	}
	return nil
}

// structOps is what the kernel takes of a struct of functions.
type structOps struct {
	without   []string // members that programs cannot implement
	sleepable []string // members that sleepable programs may implement
	anySleep  bool     // sleepable programs may implement all
}

var structOpsTypes = map[string]structOps{
	"tcp_congestion_ops": {without: []string{"get_info"}, anySleep: true},
	"bpf_dummy_ops":      {sleepable: []string{"test_sleepable"}},
	"sched_ext_ops": {sleepable: []string{
		"init_task", "cgroup_init", "cgroup_exit", "cgroup_prep_move", "cpu_online", "cpu_offline", "init", "exit",
	}},
	"hid_bpf_ops": {sleepable: []string{"hid_rdesc_fixup", "hid_hw_request", "hid_hw_output_report"}},
	"Qdisc_ops": {anySleep: true, without: []string{
		"peek", "change", "attach", "change_tx_queue_len", "change_real_num_tx", "dump", "dump_stats",
		"ingress_block_set", "egress_block_set", "ingress_block_get", "egress_block_get",
	}},
}

// requireStructOps requires the program to implement a function of a struct that
// the kernel takes from programs.
//
// kernel: check_struct_ops_btf_id
func (v *verifier) requireStructOps() *Rejection {
	if !v.prog.GPL {
		return v.reject(einval, fault.GPLOnlyStructOps.Of(fault.None{}))
	}
	if v.prog.AttachBTFID == 0 {
		return v.reject(enotsupp, fault.OpsUnknown.Of(fault.OpsMember{}))
	}
	name, member, _ := strings.Cut(v.prog.AttachTo, ":")
	ops, known := structOpsTypes[name]
	if !known {
		return v.unsupported("implements struct %s", name)
	}
	if v.hook().proto == nil {
		return v.reject(einval, fault.NoOpsMember.Of(fault.OpsMember{Name: name, Member: member,
			Index: uint32(v.prog.Attach)}))
	}
	missing := slices.Contains(ops.without, member)
	if missing || v.sleepable() && !ops.anySleep && !slices.Contains(ops.sleepable, member) {
		errno := einval
		if missing {
			errno = enotsupp
		}
		return v.reject(errno, fault.OpsMemberUnsupported.Of(fault.OpsMember{Name: name, Member: member}))
	}
	// The program called could not be handed the references.
	tailCalls := func(in isa.Insn) bool { return in.IsHelperCall() && in.Imm == facts.FuncTailCall }
	if v.hook().owned != 0 && slices.ContainsFunc(v.insns, tailCalls) {
		return v.reject(einval, fault.OpsMemberTailCall.Of(fault.OpsMember{Name: name + "." + member}))
	}
	return nil
}
