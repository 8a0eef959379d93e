// SPDX-License-Identifier: GPL-2.0-only

package program

import "strconv"

// AttachType is the attach type a program expects, by the number of the
// kernel's enum bpf_attach_type. In a struct_ops program it is the index of the
// member that the program implements.
type AttachType uint32

// Attach types. Most programs that attach to nothing in particular have the
// first one, which is why its name is empty.
const (
	AttachCGroupInetIngress AttachType = iota
	AttachCGroupInetEgress
	AttachCGroupInetSockCreate
	AttachCGroupSockOps
	AttachSkSKBStreamParser
	AttachSkSKBStreamVerdict
	AttachCGroupDevice
	AttachSkMsgVerdict
	AttachCGroupInet4Bind
	AttachCGroupInet6Bind
	AttachCGroupInet4Connect
	AttachCGroupInet6Connect
	AttachCGroupInet4PostBind
	AttachCGroupInet6PostBind
	AttachCGroupUDP4Sendmsg
	AttachCGroupUDP6Sendmsg
	AttachLircMode2
	AttachFlowDissector
	AttachCGroupSysctl
	AttachCGroupUDP4Recvmsg
	AttachCGroupUDP6Recvmsg
	AttachCGroupGetsockopt
	AttachCGroupSetsockopt
	AttachTraceRawTp
	AttachTraceFEntry
	AttachTraceFExit
	AttachModifyReturn
	AttachLSMMac
	AttachTraceIter
	AttachCgroupInet4GetPeername
	AttachCgroupInet6GetPeername
	AttachCgroupInet4GetSockname
	AttachCgroupInet6GetSockname
	AttachXDPDevMap
	AttachCgroupInetSockRelease
	AttachXDPCPUMap
	AttachSkLookup
	AttachXDP
	AttachSkSKBVerdict
	AttachSkReuseportSelect
	AttachSkReuseportSelectOrMigrate
	AttachPerfEvent
	AttachTraceKprobeMulti
	AttachLSMCgroup
	AttachStructOps
	AttachNetfilter
	AttachTCXIngress
	AttachTCXEgress
	AttachTraceUprobeMulti
	AttachCgroupUnixConnect
	AttachCgroupUnixSendmsg
	AttachCgroupUnixRecvmsg
	AttachCgroupUnixGetpeername
	AttachCgroupUnixGetsockname
	AttachNetkitPrimary
	AttachNetkitPeer
	AttachTraceKprobeSession
	AttachTraceUprobeSession
)

var attachTypeNames = [...]string{
	AttachCGroupInetIngress:          "",
	AttachCGroupInetEgress:           "CGroupInetEgress",
	AttachCGroupInetSockCreate:       "CGroupInetSockCreate",
	AttachCGroupSockOps:              "CGroupSockOps",
	AttachSkSKBStreamParser:          "SkSKBStreamParser",
	AttachSkSKBStreamVerdict:         "SkSKBStreamVerdict",
	AttachCGroupDevice:               "CGroupDevice",
	AttachSkMsgVerdict:               "SkMsgVerdict",
	AttachCGroupInet4Bind:            "CGroupInet4Bind",
	AttachCGroupInet6Bind:            "CGroupInet6Bind",
	AttachCGroupInet4Connect:         "CGroupInet4Connect",
	AttachCGroupInet6Connect:         "CGroupInet6Connect",
	AttachCGroupInet4PostBind:        "CGroupInet4PostBind",
	AttachCGroupInet6PostBind:        "CGroupInet6PostBind",
	AttachCGroupUDP4Sendmsg:          "CGroupUDP4Sendmsg",
	AttachCGroupUDP6Sendmsg:          "CGroupUDP6Sendmsg",
	AttachLircMode2:                  "LircMode2",
	AttachFlowDissector:              "FlowDissector",
	AttachCGroupSysctl:               "CGroupSysctl",
	AttachCGroupUDP4Recvmsg:          "CGroupUDP4Recvmsg",
	AttachCGroupUDP6Recvmsg:          "CGroupUDP6Recvmsg",
	AttachCGroupGetsockopt:           "CGroupGetsockopt",
	AttachCGroupSetsockopt:           "CGroupSetsockopt",
	AttachTraceRawTp:                 "TraceRawTp",
	AttachTraceFEntry:                "TraceFEntry",
	AttachTraceFExit:                 "TraceFExit",
	AttachModifyReturn:               "ModifyReturn",
	AttachLSMMac:                     "LSMMac",
	AttachTraceIter:                  "TraceIter",
	AttachCgroupInet4GetPeername:     "CgroupInet4GetPeername",
	AttachCgroupInet6GetPeername:     "CgroupInet6GetPeername",
	AttachCgroupInet4GetSockname:     "CgroupInet4GetSockname",
	AttachCgroupInet6GetSockname:     "CgroupInet6GetSockname",
	AttachXDPDevMap:                  "XDPDevMap",
	AttachCgroupInetSockRelease:      "CgroupInetSockRelease",
	AttachXDPCPUMap:                  "XDPCPUMap",
	AttachSkLookup:                   "SkLookup",
	AttachXDP:                        "XDP",
	AttachSkSKBVerdict:               "SkSKBVerdict",
	AttachSkReuseportSelect:          "SkReuseportSelect",
	AttachSkReuseportSelectOrMigrate: "SkReuseportSelectOrMigrate",
	AttachPerfEvent:                  "PerfEvent",
	AttachTraceKprobeMulti:           "TraceKprobeMulti",
	AttachLSMCgroup:                  "LSMCgroup",
	AttachStructOps:                  "StructOps",
	AttachNetfilter:                  "Netfilter",
	AttachTCXIngress:                 "TCXIngress",
	AttachTCXEgress:                  "TCXEgress",
	AttachTraceUprobeMulti:           "TraceUprobeMulti",
	AttachCgroupUnixConnect:          "CgroupUnixConnect",
	AttachCgroupUnixSendmsg:          "CgroupUnixSendmsg",
	AttachCgroupUnixRecvmsg:          "CgroupUnixRecvmsg",
	AttachCgroupUnixGetpeername:      "CgroupUnixGetpeername",
	AttachCgroupUnixGetsockname:      "CgroupUnixGetsockname",
	AttachNetkitPrimary:              "NetkitPrimary",
	AttachNetkitPeer:                 "NetkitPeer",
	AttachTraceKprobeSession:         "TraceKprobeSession",
	AttachTraceUprobeSession:         "TraceUprobeSession",
}

// String spells the type as cilium/ebpf does; that of number 0 is empty.
func (t AttachType) String() string {
	if int(t) < len(attachTypeNames) {
		return attachTypeNames[t]
	}
	return "AttachType(" + strconv.FormatUint(uint64(t), 10) + ")"
}
