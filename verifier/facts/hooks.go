// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// HookFlags say what may be attached to a security hook and what it gives.
type HookFlags uint8

// Flags of security hooks.
const (
	HookDisabled    HookFlags = 1 << iota // no program may attach
	HookSleepable                         // sleepable programs may attach
	HookUntrusted                         // pointer arguments are not trusted
	HookBool                              // returns 0 or 1
	HookCurrentOnly                       // cgroup programs see the cgroup of the current task
)

// LSMHook is a hook of the security modules, named as in BTF.
type LSMHook struct {
	Name  string
	Void  bool
	Flags HookFlags
}

// maxErrno is the greatest error number a hook may return, negated.
const maxErrno = 4095

// Range is the range of values a program on the hook may return; void hooks
// have none.
//
// kernel: bpf_lsm_get_retval_range
func (h *LSMHook) Range() (min, max int32, ok bool) {
	switch {
	case h.Void:
		return 0, 0, false
	case h.Flags&HookBool != 0:
		return 0, 1, true
	}
	return -maxErrno, 0, true
}

// LookupLSMHook finds a hook by its BTF name, such as "bpf_lsm_file_open".
func LookupLSMHook(name string) (*LSMHook, bool) {
	i, ok := slices.BinarySearchFunc(lsmHooks[:], name,
		func(h LSMHook, n string) int { return strings.Compare(h.Name, n) })
	if !ok {
		return nil, false
	}
	return &lsmHooks[i], true
}

// TracepointArgs says which arguments of a tracepoint need care; bit n
// stands for argument n, counted from 0 without the leading data pointer.
type TracepointArgs struct {
	Name  string // without "btf_trace_"
	Null  uint16 // may be NULL
	Error uint16 // may be an error number and is a scalar for programs
}

// LookupTracepoint finds the arguments of a tracepoint that need care; others
// have none.
func LookupTracepoint(name string) (TracepointArgs, bool) {
	i, ok := slices.BinarySearchFunc(tracepointArgs[:], name,
		func(t TracepointArgs, n string) int { return strings.Compare(t.Name, n) })
	if !ok {
		return TracepointArgs{}, false
	}
	return tracepointArgs[i], true
}

type iterArg struct {
	hook   string
	offset int32
	typ    regtype.Reg
}

// IterArg is the type of a context argument of an iterator, such as
// "bpf_iter_task" at offset 8; it fails where BTF decides.
func IterArg(hook string, off int32) (regtype.Reg, bool) {
	for _, a := range iterArgs {
		if a.hook == hook && a.offset == off {
			return a.typ, true
		}
	}
	return 0, false
}

// Trust is what the kernel promises of a pointer loaded from a field of a
// struct it trusts.
type Trust uint8

// Kinds of trust.
const (
	TrustNone Trust = iota
	TrustRCU
	TrustRCUOrNull
	TrustFull
	TrustFullOrNull
)

type trustedField struct {
	structName, field string
	trust             Trust
}

// FieldTrust is the trust in a pointer field of a kernel struct beyond what
// BTF tags say.
//
// kernel: type_is_rcu, type_is_rcu_or_null, type_is_trusted, type_is_trusted_or_null
func FieldTrust(structName, field string) Trust {
	for i := range trustedFields {
		if f := &trustedFields[i]; f.structName == structName && f.field == field {
			return f.trust
		}
	}
	return TrustNone
}

// NameSet is a set of kernel names that the verifier carries.
type NameSet uint8

// The sets.
const (
	NamesRCUProtected        NameSet = iota // structs whose kptrs need no reference in an RCU section
	NamesNoTrace                            // functions no tracing program attaches to
	NamesNoReturn                           // functions that never return: no fexit, fmod_ret
	NamesNoSleepInject                      // error injection points where programs must not sleep
	NamesDPath                              // functions whose programs may call d_path
	NamesInjectable                         // functions where errors can be injected if the kernel is configured so
	NamesModifiable                         // functions whose result programs may change in any case
	NamesModifiableSleepable                // those where sleepable programs may attach
)

type nameInSet struct {
	set  NameSet
	name string
}

// Has reports whether a name is in the set.
func (s NameSet) Has(name string) bool {
	return slices.Contains(nameSets[:], nameInSet{s, name})
}

// SleepableHooks are the hooks of the security modules where a program may sleep and whose
// arguments it can trust.
func SleepableHooks() []LSMHook {
	return slices.DeleteFunc(slices.Clone(lsmHooks[:]), func(h LSMHook) bool {
		return h.Flags&HookSleepable == 0 || h.Flags&(HookDisabled|HookUntrusted) != 0
	})
}
