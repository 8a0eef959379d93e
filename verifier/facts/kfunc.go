// SPDX-License-Identifier: GPL-2.0-only

package facts

import "slices"

// KfuncFlags are the flags a kfunc is registered with, in the kernel's bits.
type KfuncFlags uint32

// Kfunc flags.
const (
	KfAcquire KfuncFlags = 1 << iota
	KfRelease
	KfRetNull
	_
	KfTrustedArgs
	KfSleepable
	KfDestructive
	KfRCU
	KfIterNew
	KfIterNext
	KfIterDestroy
	KfRCUProtected
	KfFastcall
	KfArenaRet
	KfArenaArg1
	KfArenaArg2
)

// SpecialKfunc is a kfunc the verifier has rules of its own for.
type SpecialKfunc uint8

// Kfunc is a kernel function that programs can call. Its prototype is in the
// kernel's BTF.
type Kfunc struct {
	Name    string
	Flags   KfuncFlags
	Special SpecialKfunc
	// Callback is nil for functions that call none of the program.
	Callback *Callback
	sets     []kfuncSet
}

// kfuncSet is one registered set that holds a kfunc.
type kfuncSet struct {
	hooks  uint16
	filter kfuncFilter
	name   string
}

// kfuncFilter is a further condition of a set.
type kfuncFilter uint8

const (
	filterNone         kfuncFilter = iota
	filterLSM                      // LSM programs
	filterSession                  // kprobe and uprobe sessions
	filterIter                     // iterators
	filterQdisc                    // members of Qdisc_ops, see qdiscKfuncs
	filterVerification             // kernels that verify signatures
)

// commonHook is the hook whose sets all programs see.
const commonHook = 1

// Allowed reports whether a program may call the kfunc. Of the query it uses
// the program and attach type, the struct_ops names and the kernel.
//
// kernel: btf_kfunc_id_set_contains
func (k *Kfunc) Allowed(q *HelperQuery) bool {
	hooks := uint16(commonHook)
	if int(q.Prog) < len(progHooks) && progHooks[q.Prog] != 0 {
		hooks |= 1 << (progHooks[q.Prog] - 1)
	}
	found := false
	for _, s := range k.sets {
		if s.hooks&hooks == 0 {
			continue
		}
		if !s.filter.passes(k.Name, q) {
			return false
		}
		found = true
	}
	return found
}

// DeviceBound reports whether k is one of the kfuncs that read metadata of the device which a program
// was loaded for.
//
// kernel: bpf_dev_bound_kfunc_id
func (k *Kfunc) DeviceBound() bool {
	return slices.ContainsFunc(k.sets, func(s kfuncSet) bool { return s.name == "xdp_metadata_kfunc_ids" })
}

func (f kfuncFilter) passes(name string, q *HelperQuery) bool {
	switch f {
	case filterLSM:
		return q.Prog == ProgLSM
	case filterSession:
		return q.Attach == AttachTraceKprobeSession || q.Attach == AttachTraceUprobeSession
	case filterIter:
		return q.Attach == AttachTraceIter
	case filterVerification:
		return q.Kernel.Without&ConfigSystemDataVerification == 0
	case filterQdisc:
		if q.StructOps != "Qdisc_ops" {
			return false
		}
		for _, x := range qdiscKfuncs {
			if x.name == name && (x.member == "" || x.member == q.Member) {
				return true
			}
		}
		return false
	}
	return true
}

// qdiscKfuncs are the members of Qdisc_ops that may call a kfunc; an empty
// member stands for all.
var qdiscKfuncs = [...]struct{ name, member string }{
	{"bpf_skb_get_hash", ""},
	{"bpf_kfree_skb", ""},
	{"bpf_dynptr_from_skb", ""},
	{"bpf_qdisc_skb_drop", "enqueue"},
	{"bpf_qdisc_watchdog_schedule", "enqueue"},
	{"bpf_qdisc_watchdog_schedule", "dequeue"},
	{"bpf_qdisc_bstats_update", "dequeue"},
}
