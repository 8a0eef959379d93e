// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"fmt"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Verdict is what the values mean that programs of a type return.
type Verdict struct {
	prog facts.ProgType
	// attaches are the attach types that the row is for, nil for those that no
	// earlier row names.
	attaches []facts.AttachType
	// GoOn is the value that changes nothing, and Refuse the one that stops what
	// is going on; its Does is empty if there is none.
	GoOn, Refuse Returned
}

// Returned is a value with what it does.
type Returned struct {
	Number int64
	// Name is what C calls the number, "" for none. Enumerators come with the
	// context's type; macros need a header of their own.
	Name    string
	IsMacro bool
	// Does is a clause without a subject.
	Does string
}

func number(n int64, does string) Returned { return Returned{Number: n, Does: does} }

func enumerator(name string, n int64, does string) Returned {
	return Returned{Number: n, Name: name, Does: does}
}

func macro(name string, n int64, does string) Returned {
	return Returned{Number: n, Name: name, IsMacro: true, Does: does}
}

// C is the value as a program writes it that has only the header of its context.
func (r Returned) C() string {
	if r.Name == "" || r.IsMacro {
		return fmt.Sprint(r.Number)
	}
	return r.Name
}

// Words quote the value and say what it does.
func (r Returned) Words() string {
	if r.Does == "" {
		return ""
	}
	value := Quote(fmt.Sprint(r.Number))
	if r.Name != "" {
		value = fmt.Sprintf("%s (%d)", Quote(r.Name), r.Number)
	}
	return value + ", which " + r.Does
}

// Values that several types of programs share.
var (
	skPass      = enumerator("SK_PASS", 1, "lets the data pass")
	skDrop      = enumerator("SK_DROP", 0, "drops it")
	allows      = number(1, "allows the operation")
	refuses     = number(0, "refuses it with EPERM")
	packetPass  = number(1, "lets the packet pass")
	packetDrop  = number(0, "drops it")
	tcPass      = macro("TC_ACT_OK", 0, "lets the packet pass")
	tcDrop      = macro("TC_ACT_SHOT", 2, "drops it")
	tunnelPass  = enumerator("BPF_OK", 0, "lets the packet pass")
	tunnelDrop  = enumerator("BPF_DROP", 2, "drops it")
	onlyWatches = number(0, "is what programs return that only watch")
)

// verdicts are in the order in which they are tried.
var verdicts = []Verdict{
	{prog: facts.ProgXDP, GoOn: enumerator("XDP_PASS", 2, "hands the packet on"), Refuse: enumerator("XDP_DROP", 1, "drops it")},
	{prog: facts.ProgSchedCLS, GoOn: tcPass, Refuse: tcDrop},
	{prog: facts.ProgSchedACT, GoOn: tcPass, Refuse: tcDrop},
	{prog: facts.ProgCGroupSKB, GoOn: packetPass, Refuse: packetDrop},
	{prog: facts.ProgNetfilter, GoOn: macro("NF_ACCEPT", 1, "lets the packet pass"), Refuse: macro("NF_DROP", 0, "drops it")},
	{prog: facts.ProgSocketFilter, GoOn: number(-1, "keeps the whole packet"), Refuse: number(0, "drops it")},
	{prog: facts.ProgLWTIn, GoOn: tunnelPass, Refuse: tunnelDrop},
	{prog: facts.ProgLWTOut, GoOn: tunnelPass, Refuse: tunnelDrop},
	{prog: facts.ProgLWTXmit, GoOn: tunnelPass, Refuse: tunnelDrop},
	{prog: facts.ProgFlowDissector, GoOn: enumerator("BPF_OK", 0, "ends the dissection"), Refuse: enumerator("BPF_DROP", 2, "gives it up")},

	{prog: facts.ProgSkLookup, GoOn: enumerator("SK_PASS", 1, "lets the lookup go on"), Refuse: enumerator("SK_DROP", 0, "ends it without a socket")},
	{
		prog: facts.ProgSkSKB, attaches: []facts.AttachType{facts.AttachSkSKBStreamVerdict, facts.AttachSkSKBVerdict},
		GoOn: skPass, Refuse: skDrop,
	},
	{prog: facts.ProgSkMsg, GoOn: skPass, Refuse: skDrop},
	{prog: facts.ProgSkReuseport, GoOn: enumerator("SK_PASS", 1, "lets the packet go to a socket of the group"), Refuse: skDrop},
	{prog: facts.ProgSockOps, GoOn: number(1, "makes `reply` count"), Refuse: number(0, "has the kernel ignore it")},

	{
		prog: facts.ProgCGroupSockAddr,
		attaches: []facts.AttachType{
			facts.AttachCGroupUDP4Recvmsg, facts.AttachCGroupUDP6Recvmsg, facts.AttachCgroupUnixRecvmsg,
			facts.AttachCgroupInet4GetPeername, facts.AttachCgroupInet6GetPeername, facts.AttachCgroupUnixGetpeername,
			facts.AttachCgroupInet4GetSockname, facts.AttachCgroupInet6GetSockname, facts.AttachCgroupUnixGetsockname,
		},
		GoOn: number(1, "is all that this hook takes"),
	},
	{prog: facts.ProgCGroupSockAddr, GoOn: allows, Refuse: refuses},
	{
		prog: facts.ProgCGroupSock, attaches: []facts.AttachType{facts.AttachCgroupInetSockRelease},
		GoOn: number(1, "lets the socket be closed"),
	},
	{prog: facts.ProgCGroupSock, GoOn: allows, Refuse: refuses},
	{prog: facts.ProgCGroupSockopt, GoOn: allows, Refuse: refuses},
	{prog: facts.ProgCGroupDevice, GoOn: allows, Refuse: refuses},
	{prog: facts.ProgCGroupSysctl, GoOn: allows, Refuse: refuses},
	{prog: facts.ProgLSM, attaches: []facts.AttachType{facts.AttachLSMCgroup}, GoOn: allows, Refuse: refuses},
	{prog: facts.ProgLSM, GoOn: number(0, "lets the operation go on"), Refuse: macro("-EPERM", -1, "refuses it")},

	{
		prog: facts.ProgTracing, attaches: []facts.AttachType{facts.AttachModifyReturn},
		GoOn: number(0, "lets the function run"),
	},
	{
		prog: facts.ProgTracing, attaches: []facts.AttachType{facts.AttachTraceIter},
		GoOn: number(0, "goes on with the next object"), Refuse: number(1, "has the same one shown again"),
	},
	{prog: facts.ProgTracing, GoOn: onlyWatches},
	{
		prog: facts.ProgKprobe, attaches: []facts.AttachType{facts.AttachTraceKprobeSession, facts.AttachTraceUprobeSession},
		GoOn: number(0, "has the program run at the function's return too"), Refuse: number(1, "leaves that out"),
	},
	{prog: facts.ProgKprobe, GoOn: onlyWatches},
	{prog: facts.ProgTracePoint, GoOn: onlyWatches},
	{prog: facts.ProgRawTracepoint, GoOn: onlyWatches},
	{prog: facts.ProgRawTracepointWritable, GoOn: onlyWatches},
	{prog: facts.ProgPerfEvent, GoOn: onlyWatches},
}

// VerdictOf is what the values mean that a program returns; ok is false where the
// table does not say it.
func VerdictOf(prog facts.ProgType, attach facts.AttachType) (v Verdict, ok bool) {
	for _, v := range verdicts {
		if v.prog == prog && (v.attaches == nil || slices.Contains(v.attaches, attach)) {
			return v, true
		}
	}
	return Verdict{}, false
}
