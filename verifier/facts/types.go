// SPDX-License-Identifier: GPL-2.0-only

package facts

import "strconv"

// ProgType is a program type in kernel numbering.
type ProgType uint32

// AttachType is an expected attach type in kernel numbering.
type AttachType uint32

// MapType is a map type in kernel numbering.
type MapType uint32

// String is the name used in reports, such as "SchedCLS".
func (t ProgType) String() string {
	if int(t) < len(progTypeNames) {
		return progTypeNames[t]
	}
	return "ProgType(" + strconv.FormatUint(uint64(t), 10) + ")"
}

// String is the name used in reports, such as "TraceFEntry". It is empty for
// zero, which stands for "not given" as well as for cgroup ingress.
func (t AttachType) String() string {
	if int(t) < len(attachTypeNames) {
		return attachTypeNames[t]
	}
	return "AttachType(" + strconv.FormatUint(uint64(t), 10) + ")"
}

// String is the name used in reports, such as "PerCPUArray".
func (t MapType) String() string {
	if int(t) < len(mapTypeNames) {
		return mapTypeNames[t]
	}
	return "MapType(" + strconv.FormatUint(uint64(t), 10) + ")"
}

// Packet is how far a program type may reach packet data by pointer.
type Packet uint8

// The levels of packet access.
const (
	PacketNone      Packet = iota // no packet pointers
	PacketRead                    // loads only
	PacketReadWrite               // loads and stores
	PacketOption                  // loads and stores of the socket option buffer; helpers may take it too
)

// Sleep is whether a program of a type may carry the sleepable flag.
type Sleep uint8

// The answers to "may it sleep".
const (
	SleepNever    Sleep = iota
	SleepMay            // with any attach type
	SleepMust           // the load fails without the flag
	SleepByAttach       // depends on the attach type
)

// Sockmap is whether a program may change a sockmap or sockhash through the
// plain map helpers; elsewhere the sockets could be locked already.
type Sockmap uint8

// The answers to "may it change sockmaps".
const (
	SockmapNever  Sockmap = iota
	SockmapUpdate         // update and delete
	SockmapDelete         // delete only; updates have their own helpers
	SockmapIter           // update and delete with the iterator attach type
)

// ProgInfo is what holds for all programs of a type.
type ProgInfo struct {
	Ctx       string // C type of the context as programs see it, "" for none
	KernelCtx string // C type of the context inside the kernel
	Packet    Packet
	SkbLoads  bool // the legacy packet load instructions are allowed
	Tracing   bool // maps with locks, timers or graph roots are refused
	Sleep     Sleep
	Sockmap   Sockmap
}

// Info returns the facts of a program type; an unknown type has none.
func (t ProgType) Info() *ProgInfo {
	if int(t) < len(progInfos) {
		return &progInfos[t]
	}
	return &progInfos[ProgUnspec]
}

// MaySleep reports whether a program of this type and attach type may be
// loaded as sleepable. Only uprobes of the kprobe type really may; the
// kernel finds out when such a program is attached.
//
// kernel: can_be_sleepable
func (t ProgType) MaySleep(a AttachType) bool {
	switch t.Info().Sleep {
	case SleepMay, SleepMust:
		return true
	case SleepByAttach:
		return int(a) < len(attachSleepable) && attachSleepable[a]
	}
	return false
}
