// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

func TestKfuncAllowed(t *testing.T) {
	for _, c := range []struct {
		name string
		q    HelperQuery
		want bool
	}{
		{"bpf_rcu_read_lock", HelperQuery{Prog: ProgSkLookup}, true},
		{"bpf_task_from_pid", HelperQuery{Prog: ProgTracing}, true},
		{"bpf_task_from_pid", HelperQuery{Prog: ProgLSM}, true},
		{"bpf_task_from_pid", HelperQuery{Prog: ProgSkLookup}, false},
		{"bpf_task_from_pid", HelperQuery{Prog: ProgRawTracepoint}, false},
		{"bpf_path_d_path", HelperQuery{Prog: ProgTracing, Attach: AttachTraceFEntry}, false},
		{"bpf_path_d_path", HelperQuery{Prog: ProgLSM}, true},
		{"bpf_session_cookie", HelperQuery{Prog: ProgKprobe}, false},
		{"bpf_session_cookie", HelperQuery{Prog: ProgKprobe, Attach: AttachTraceKprobeSession}, true},
		{"bpf_sock_destroy", HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter}, true},
		{"bpf_sock_destroy", HelperQuery{Prog: ProgTracing, Attach: AttachTraceRawTp}, false},
		{"bpf_dynptr_from_skb", HelperQuery{Prog: ProgStructOps, StructOps: "tcp_congestion_ops"}, false},
		{"bpf_dynptr_from_skb", HelperQuery{Prog: ProgStructOps, StructOps: "Qdisc_ops", Member: "init"}, true},
		{"bpf_qdisc_skb_drop", HelperQuery{Prog: ProgStructOps, StructOps: "Qdisc_ops", Member: "dequeue"}, false},
		{"bpf_qdisc_watchdog_schedule",
			HelperQuery{Prog: ProgStructOps, StructOps: "Qdisc_ops", Member: "enqueue"}, true},
		{"bpf_qdisc_watchdog_schedule",
			HelperQuery{Prog: ProgStructOps, StructOps: "Qdisc_ops", Member: "dequeue"}, true},
		{"bpf_qdisc_watchdog_schedule",
			HelperQuery{Prog: ProgStructOps, StructOps: "Qdisc_ops", Member: "reset"}, false},
		{"bpf_dynptr_from_skb", HelperQuery{Prog: ProgNetfilter}, true},
	} {
		k, ok := Of(Linux618).Kfunc(c.name)
		if !ok {
			t.Errorf("%s is unknown", c.name)
		} else if got := k.Allowed(&c.q); got != c.want {
			t.Errorf("%s in %v: %t", c.name, c.q.Prog, got)
		}
	}
	if _, ok := Of(Linux618).Kfunc("bpf_no_such"); ok {
		t.Error("found what is not there")
	}
	for i := range sets {
		for _, n := range sets[i].kfuncs {
			if k, ok := sets[i].Kfunc(kfuncs[n].Name); !ok || k != &kfuncs[n] {
				t.Errorf("%s is out of order in %s", kfuncs[n].Name, sets[i].name)
			}
		}
	}
}

func TestKfuncFlags(t *testing.T) {
	k, _ := Of(Linux618).Kfunc("bpf_obj_new_impl")
	if k == nil || k.Flags != KfAcquire|KfRetNull || k.Special != KfuncObjNew {
		t.Errorf("%+v", k)
	}
	k, _ = Of(Linux618).Kfunc("bpf_iter_num_next")
	if k == nil || k.Flags&KfIterNext == 0 || k.Special != KfuncIterNumNext {
		t.Errorf("%+v", k)
	}
	k, _ = Of(Linux618).Kfunc("bpf_cpumask_first")
	if k == nil || k.Flags != KfRCU || k.Special != KfuncPlain {
		t.Errorf("%+v", k)
	}
}

func TestHooks(t *testing.T) {
	h, ok := LookupLSMHook("bpf_lsm_file_open")
	if lo, hi, ranged := h.Range(); !ok || lo != -4095 || hi != 0 || !ranged || h.Flags&HookSleepable == 0 {
		t.Errorf("file_open: %+v", h)
	}
	h, _ = LookupLSMHook("bpf_lsm_inode_xattr_skipcap")
	if lo, hi, _ := h.Range(); lo != 0 || hi != 1 {
		t.Errorf("inode_xattr_skipcap: %d %d", lo, hi)
	}
	h, _ = LookupLSMHook("bpf_lsm_file_free_security")
	if _, _, ranged := h.Range(); ranged || !h.Void || h.Flags&HookUntrusted == 0 {
		t.Errorf("file_free_security: %+v", h)
	}
	if tp, ok := LookupTracepoint("sched_pi_setprio"); !ok || tp.Null != 1<<1 || tp.Error != 0 {
		t.Errorf("sched_pi_setprio: %+v", tp)
	}
	if typ, ok := IterArg("bpf_iter_task", 8); !ok || typ != regtype.PtrToBTFID|regtype.MaybeNull|regtype.Trusted {
		t.Errorf("bpf_iter_task: %v", typ)
	}
	if FieldTrust("task_struct", "cgroups") != TrustRCU || FieldTrust("task_struct", "comm") != TrustNone {
		t.Error("task_struct")
	}
	if !NamesNoReturn.Has("do_exit") || NamesNoTrace.Has("do_exit") {
		t.Error("do_exit")
	}
}

func TestBuiltLocksDown(t *testing.T) {
	for option, want := range map[string]Lockdown{
		"CONFIG_LOCK_DOWN_KERNEL_FORCE_NONE":            LockdownNone,
		"CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY":       LockdownIntegrity,
		"CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY": LockdownConfidentiality,
	} {
		if got := Built(map[string]string{option: "y"}).LockedDown; got != want {
			t.Errorf("%s: %v", option, got)
		}
	}
}

// A function can be in a kernel's types without being open to programs.
func TestKfuncOfBuildOption(t *testing.T) {
	k, ok := Of(Linux618).Kfunc("bpf_verify_pkcs7_signature")
	if !ok {
		t.Fatal("not known")
	}
	for _, c := range []struct {
		name          string
		configuration map[string]string
		allowed       bool
	}{
		{"unknown", nil, true},
		{"excerpt", map[string]string{"CONFIG_NET": "y"}, true},
		{"on", map[string]string{"CONFIG_BPF_SYSCALL": "y", "CONFIG_SYSTEM_DATA_VERIFICATION": "y"}, true},
		{"off", map[string]string{"CONFIG_BPF_SYSCALL": "y", "CONFIG_NET": "y"}, false},
		{"no", map[string]string{"CONFIG_BPF_SYSCALL": "y", "CONFIG_SYSTEM_DATA_VERIFICATION": "n"}, false},
	} {
		q := &HelperQuery{Prog: ProgSyscall, Kernel: Built(c.configuration)}
		if got := k.Allowed(q); got != c.allowed {
			t.Errorf("%s: allowed is %v", c.name, got)
		}
	}
}
