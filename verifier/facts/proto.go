// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// AnyBTF in place of a kernel struct name says that the struct is found at
// the call, from the map or another argument.
const AnyBTF = "*"

// Proto is what a helper asks and returns.
type Proto struct {
	Symbol        string // name of the kernel's definition
	Ret           regtype.Ret
	RetBTF        string // kernel struct of a BTF pointer result, AnyBTF, or ""
	Args          [5]Arg
	GPLOnly       bool
	PktAccess     bool // memory arguments may point into packet data
	MightSleep    bool
	AllowFastcall bool
	Allowed       Allowed
}

// Arg is one argument of a Proto. Arguments beyond the last have type
// regtype.ArgDontCare.
type Arg struct {
	Type regtype.Arg
	BTF  string // kernel struct of a BTF pointer, AnyBTF, or ""
	Size uint32 // bytes of memory with regtype.FixedSize
}

// NumArgs is the number of arguments the helper takes.
func (p *Proto) NumArgs() int {
	for i := range p.Args {
		if p.Args[i].Type == regtype.ArgDontCare {
			return i
		}
	}
	return len(p.Args)
}

// Allowed names the extra condition on the program that a Proto may carry.
type Allowed uint8

// The extra conditions.
const (
	AllowedAlways           Allowed = iota
	AllowedDPath                    // iterators; LSM and tracing programs on hooks that hold the path
	AllowedIMAHash                  // sleepable LSM hooks
	AllowedSkStorageTracing         // BTF tracepoints; fentry and fexit outside the storage code
)

// Caps are the capabilities of the process that loads the program.
type Caps uint8

// Capabilities, without CAP_.
const (
	CapBPF Caps = 1 << iota
	CapPerfmon
	CapNetAdmin
	CapSysAdmin

	CapsRoot = CapBPF | CapPerfmon | CapNetAdmin | CapSysAdmin
)

// Config is a set of kernel build options.
type Config uint16

// Kernel is what differs between two kernels of one version. The zero value
// is a kernel with every option and without lockdown.
type Kernel struct {
	Without    Config // options that are off
	LockedDown Lockdown
}

// Built is how a kernel of a configuration, with keys such as CONFIG_NET, is built, and how it is locked down from
// its start. A configuration that does not even have BPF is an excerpt: what it leaves out is not off.
func Built(configuration map[string]string) (k Kernel) {
	switch "y" {
	case configuration["CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"]:
		k.LockedDown = LockdownConfidentiality
	case configuration["CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY"]:
		k.LockedDown = LockdownIntegrity
	}
	if configuration["CONFIG_BPF_SYSCALL"] == "" {
		return k
	}
	for bit, name := range configNames {
		c := Config(1) << bit
		if value := configuration["CONFIG_"+name]; c != ConfigUprobeCtxWrite && (value == "" || value == "n") {
			k.Without |= c
		}
	}
	return k
}

// And is a kernel that lacks what either of two lacks, and is locked down as the stricter one.
func (k Kernel) And(other Kernel) Kernel {
	return Kernel{Without: k.Without | other.Without, LockedDown: max(k.LockedDown, other.LockedDown)}
}

// Lockdown is the kernel's lockdown level; each level includes the one before.
type Lockdown uint8

// The lockdown levels.
const (
	LockdownNone            Lockdown = iota
	LockdownIntegrity                // programs cannot write user memory
	LockdownConfidentiality          // nor read kernel memory
)

// HelperQuery is all that decides which prototype a helper has in a program.
// A program that extends another one is asked for with its target's types.
type HelperQuery struct {
	Release   Release
	Prog      ProgType
	Attach    AttachType
	Sleepable bool
	Caps      Caps
	Hook      string // kernel function in BTF that the program is attached to, such as "bpf_iter_tcp"
	StructOps string // for ProgStructOps: the kernel struct
	Member    string // for ProgStructOps: the member
	Kernel    Kernel
}

// accessRow offers one prototype of a helper under conditions.
type accessRow struct {
	helper    uint16
	proto     int16  // index into protos, -1 refuses the helper
	progs     uint64 // by ProgType
	attaches  uint64 // by AttachType
	caps      Caps
	config    Config
	needs     need
	hooks     []string
	notMember string
	// since and until are the first release that has the row, and the first that
	// has it no more, 0 if all later ones have it.
	since, until Release
}

// accessChain lists the sets of helpers of a program type in asking order.
type accessChain struct {
	prog      ProgType
	structOps string
	sets      []uint8
}

// anyType is the mask of all program or attach types.
const anyType = ^uint64(0)

// need is a condition on the program or the kernel.
type need uint8

const (
	needSleepable need = 1 << iota
	needKernelReadable
	needUserWritable
)

// needs are the conditions that hold.
func (q *HelperQuery) needs() need {
	var n need
	if q.Sleepable {
		n |= needSleepable
	}
	if q.Kernel.LockedDown < LockdownConfidentiality {
		n |= needKernelReadable
	}
	if q.Kernel.LockedDown < LockdownIntegrity {
		n |= needUserWritable
	}
	return n
}

func (r *accessRow) holds(q *HelperQuery) bool {
	return r.progs>>q.Prog&1 != 0 && r.attaches>>q.Attach&1 != 0 && r.caps&^q.Caps == 0 &&
		r.since <= q.Release && (r.until == 0 || q.Release < r.until) &&
		r.config&q.Kernel.Without == 0 && r.needs&^q.needs() == 0 &&
		(r.hooks == nil || slices.Contains(r.hooks, q.Hook)) && (r.notMember == "" || r.notMember != q.Member)
}

// LookupProto returns the prototype of helper id for a program, or false if
// the program cannot call it. Besides, a helper with GPLOnly, Allowed or
// MightSleep set may still be refused.
//
// kernel: get_helper_proto
func LookupProto(id int32, q *HelperQuery) (p *Proto, ok bool) {
	if id <= 0 || id >= NumHelpers {
		return nil, false
	}
	for _, set := range q.sets() {
		for i := range accessSets[set] {
			r := &accessSets[set][i]
			if r.helper != uint16(id) || !r.holds(q) {
				continue
			}
			if r.proto < 0 {
				return nil, false
			}
			return &protos[r.proto], true
		}
	}
	return nil, false
}

// WithheldBy says why a helper that another kernel of the same version offers to the
// program is not offered by q.Kernel, "" if none offers it.
func WithheldBy(id int32, q *HelperQuery) string {
	open := *q
	open.Kernel.LockedDown = LockdownNone
	if _, ok := LookupProto(id, &open); ok {
		return "locked down"
	}
	open = *q
	open.Kernel.Without = 0
	if _, ok := LookupProto(id, &open); ok {
		return "built without an option that it needs"
	}
	return ""
}

// sets finds the chain of a program type; a struct without its own row uses
// the nameless one.
func (q *HelperQuery) sets() []uint8 {
	for i := range accessChains {
		if c := &accessChains[i]; c.prog == q.Prog && (c.structOps == "" || c.structOps == q.StructOps) {
			return c.sets
		}
	}
	return nil
}
