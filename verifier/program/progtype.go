// SPDX-License-Identifier: GPL-2.0-only

package program

import "strconv"

// ProgType is the kind of a program, by the number of the kernel's
// enum bpf_prog_type.
type ProgType uint32

// Program types.
const (
	ProgUnspecified ProgType = iota
	ProgSocketFilter
	ProgKprobe
	ProgSchedCLS
	ProgSchedACT
	ProgTracePoint
	ProgXDP
	ProgPerfEvent
	ProgCGroupSKB
	ProgCGroupSock
	ProgLWTIn
	ProgLWTOut
	ProgLWTXmit
	ProgSockOps
	ProgSkSKB
	ProgCGroupDevice
	ProgSkMsg
	ProgRawTracepoint
	ProgCGroupSockAddr
	ProgLWTSeg6Local
	ProgLircMode2
	ProgSkReuseport
	ProgFlowDissector
	ProgCGroupSysctl
	ProgRawTracepointWritable
	ProgCGroupSockopt
	ProgTracing
	ProgStructOps
	ProgExtension
	ProgLSM
	ProgSkLookup
	ProgSyscall
	ProgNetfilter
)

var progTypeNames = [...]string{
	ProgUnspecified:           "UnspecifiedProgram",
	ProgSocketFilter:          "SocketFilter",
	ProgKprobe:                "Kprobe",
	ProgSchedCLS:              "SchedCLS",
	ProgSchedACT:              "SchedACT",
	ProgTracePoint:            "TracePoint",
	ProgXDP:                   "XDP",
	ProgPerfEvent:             "PerfEvent",
	ProgCGroupSKB:             "CGroupSKB",
	ProgCGroupSock:            "CGroupSock",
	ProgLWTIn:                 "LWTIn",
	ProgLWTOut:                "LWTOut",
	ProgLWTXmit:               "LWTXmit",
	ProgSockOps:               "SockOps",
	ProgSkSKB:                 "SkSKB",
	ProgCGroupDevice:          "CGroupDevice",
	ProgSkMsg:                 "SkMsg",
	ProgRawTracepoint:         "RawTracepoint",
	ProgCGroupSockAddr:        "CGroupSockAddr",
	ProgLWTSeg6Local:          "LWTSeg6Local",
	ProgLircMode2:             "LircMode2",
	ProgSkReuseport:           "SkReuseport",
	ProgFlowDissector:         "FlowDissector",
	ProgCGroupSysctl:          "CGroupSysctl",
	ProgRawTracepointWritable: "RawTracepointWritable",
	ProgCGroupSockopt:         "CGroupSockopt",
	ProgTracing:               "Tracing",
	ProgStructOps:             "StructOps",
	ProgExtension:             "Extension",
	ProgLSM:                   "LSM",
	ProgSkLookup:              "SkLookup",
	ProgSyscall:               "Syscall",
	ProgNetfilter:             "Netfilter",
}

// String spells the type as cilium/ebpf does.
func (t ProgType) String() string {
	if int(t) < len(progTypeNames) {
		return progTypeNames[t]
	}
	return "ProgType(" + strconv.FormatUint(uint64(t), 10) + ")"
}
