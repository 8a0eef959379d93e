// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// asked is how the kernel was built and locked down whose helpers these tests know.
var asked = Kernel{Without: ConfigBpfKprobeOverride, LockedDown: LockdownIntegrity}

// TestAvailable compares how many helpers each kind of program can call with
// what the reference kernel accepted when every helper was tried.
func TestAvailable(t *testing.T) {
	for _, c := range []struct {
		q    HelperQuery
		want int
	}{
		{HelperQuery{Prog: ProgSocketFilter}, 88},
		{HelperQuery{Prog: ProgSchedCLS}, 139},
		{HelperQuery{Prog: ProgSchedACT}, 139},
		{HelperQuery{Prog: ProgTracePoint}, 81},
		{HelperQuery{Prog: ProgXDP}, 104},
		{HelperQuery{Prog: ProgPerfEvent}, 83},
		{HelperQuery{Prog: ProgLWTIn}, 90},
		{HelperQuery{Prog: ProgLWTOut}, 89},
		{HelperQuery{Prog: ProgLWTXmit}, 104},
		{HelperQuery{Prog: ProgRawTracepoint}, 81},
		{HelperQuery{Prog: ProgLWTSeg6Local}, 92},
		{HelperQuery{Prog: ProgRawTracepointWritable}, 81},
		{HelperQuery{Prog: ProgKprobe}, 81},
		{HelperQuery{Prog: ProgKprobe, Attach: AttachTraceKprobeMulti}, 81},
		{HelperQuery{Prog: ProgKprobe, Attach: AttachTraceUprobeMulti}, 81},
		{HelperQuery{Prog: ProgKprobe, Attach: AttachTraceKprobeSession}, 81},
		{HelperQuery{Prog: ProgKprobe, Attach: AttachTraceUprobeSession}, 81},
		{HelperQuery{Prog: ProgKprobe, Sleepable: true}, 81},
		{HelperQuery{Prog: ProgKprobe, Attach: AttachTraceUprobeMulti, Sleepable: true}, 81},
		{HelperQuery{Prog: ProgCGroupSKB, Attach: AttachCGroupInetIngress}, 103},
		{HelperQuery{Prog: ProgCGroupSKB, Attach: AttachCGroupInetEgress}, 103},
		{HelperQuery{Prog: ProgCGroupSock, Attach: AttachCGroupInetSockCreate}, 82},
		{HelperQuery{Prog: ProgCGroupSock, Attach: AttachCgroupInetSockRelease}, 82},
		{HelperQuery{Prog: ProgCGroupSock, Attach: AttachCGroupInet4PostBind}, 82},
		{HelperQuery{Prog: ProgCGroupSock, Attach: AttachCGroupInet6PostBind}, 82},
		{HelperQuery{Prog: ProgSockOps, Attach: AttachCGroupSockOps}, 97},
		{HelperQuery{Prog: ProgSkSKB, Attach: AttachSkSKBStreamParser}, 97},
		{HelperQuery{Prog: ProgSkSKB, Attach: AttachSkSKBStreamVerdict}, 97},
		{HelperQuery{Prog: ProgSkSKB, Attach: AttachSkSKBVerdict}, 97},
		{HelperQuery{Prog: ProgCGroupDevice, Attach: AttachCGroupDevice}, 78},
		{HelperQuery{Prog: ProgSkMsg, Attach: AttachSkMsgVerdict}, 93},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupInet4Bind}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupInet6Bind}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupInet4Connect}, 97},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupInet6Connect}, 97},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupUDP4Sendmsg}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupUDP6Sendmsg}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupUDP4Recvmsg}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCGroupUDP6Recvmsg}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupInet4GetPeername}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupInet6GetPeername}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupInet4GetSockname}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupInet6GetSockname}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupUnixConnect}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupUnixSendmsg}, 96},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupUnixRecvmsg}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupUnixGetpeername}, 94},
		{HelperQuery{Prog: ProgCGroupSockAddr, Attach: AttachCgroupUnixGetsockname}, 94},
		{HelperQuery{Prog: ProgSkReuseport, Attach: AttachSkReuseportSelect}, 79},
		{HelperQuery{Prog: ProgSkReuseport, Attach: AttachSkReuseportSelectOrMigrate}, 79},
		{HelperQuery{Prog: ProgFlowDissector, Attach: AttachFlowDissector}, 83},
		{HelperQuery{Prog: ProgCGroupSysctl, Attach: AttachCGroupSysctl}, 83},
		{HelperQuery{Prog: ProgCGroupSockopt, Attach: AttachCGroupGetsockopt}, 82},
		{HelperQuery{Prog: ProgCGroupSockopt, Attach: AttachCGroupSetsockopt}, 84},
		{HelperQuery{Prog: ProgTracing, Attach: AttachTraceRawTp}, 96},
		{HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter, Hook: "bpf_iter_task"}, 98},
		{HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter, Hook: "bpf_iter_tcp"}, 100},
		{HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter, Hook: "bpf_iter_task", Sleepable: true}, 98},
		{HelperQuery{Prog: ProgStructOps, StructOps: "tcp_congestion_ops", Member: "ssthresh"}, 80},
		{HelperQuery{Prog: ProgStructOps, StructOps: "tcp_congestion_ops", Member: "cong_avoid"}, 80},
		{HelperQuery{Prog: ProgStructOps, StructOps: "tcp_congestion_ops", Member: "init"}, 80},
		{HelperQuery{Prog: ProgStructOps, StructOps: "tcp_congestion_ops", Member: "release"}, 78},
		{HelperQuery{Prog: ProgSkLookup, Attach: AttachSkLookup}, 85},
		{HelperQuery{Prog: ProgSyscall, Sleepable: true}, 99},
		{HelperQuery{Prog: ProgNetfilter, Attach: AttachNetfilter}, 74},
		{HelperQuery{Prog: ProgXDP, Attach: AttachXDPDevMap}, 104},
		{HelperQuery{Prog: ProgXDP, Attach: AttachXDPCPUMap}, 104},
		{HelperQuery{Prog: ProgSchedCLS, Attach: AttachTCXIngress}, 139},
		{HelperQuery{Prog: ProgSchedCLS, Attach: AttachNetkitPrimary}, 139},
	} {
		c.q.Caps, c.q.Kernel = CapsRoot, Of(Linux618).Kernel(asked)
		got := 0
		for id := int32(0); id < NumHelpers; id++ {
			if _, ok := LookupProto(id, &c.q); ok {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%v/%v %s%s: %d helpers, the kernel has %d", c.q.Prog, c.q.Attach, c.q.Hook, c.q.Member, got,
				c.want)
		}
	}
}

func TestWithheldBy(t *testing.T) {
	for _, tt := range []struct {
		id   int32
		prog ProgType
		want string
	}{
		{FuncProbeWriteUser, ProgKprobe, "locked down"},
		{FuncOverrideReturn, ProgKprobe, "built without an option that it needs"},
		{FuncProbeWriteUser, ProgXDP, ""},
	} {
		q := HelperQuery{Prog: tt.prog, Caps: CapsRoot, Kernel: Of(Linux618).Kernel(asked)}
		if got := WithheldBy(tt.id, &q); got != tt.want {
			t.Errorf("helper %d in %v: got %q, want %q", tt.id, tt.prog, got, tt.want)
		}
	}
}

func TestLookupProto(t *testing.T) {
	for _, c := range []struct {
		id   int32
		q    HelperQuery
		want string // symbol, "" for refused
	}{
		{FuncMapLookupElem, HelperQuery{Prog: ProgSocketFilter}, "bpf_map_lookup_elem_proto"},
		{FuncGetSmpProcessorId, HelperQuery{Prog: ProgNetfilter}, "bpf_get_raw_smp_processor_id_proto"},
		{FuncGetSmpProcessorId, HelperQuery{Prog: ProgXDP}, "bpf_get_smp_processor_id_proto"},
		{FuncGetStack, HelperQuery{Prog: ProgKprobe, Sleepable: true}, "bpf_get_stack_sleepable_proto"},
		{FuncGetFuncIp, HelperQuery{Prog: ProgKprobe, Attach: AttachTraceKprobeSession},
			"bpf_get_func_ip_proto_kprobe_multi"},
		{FuncTracePrintk, HelperQuery{Prog: ProgXDP, Caps: CapBPF}, ""},
		{FuncTracePrintk, HelperQuery{Prog: ProgXDP, Caps: CapsRoot}, "bpf_trace_printk_proto"},
		{FuncProbeWriteUser, HelperQuery{Prog: ProgTracePoint, Caps: CapsRoot, Kernel: Of(Linux618).Kernel(Kernel{})},
			"bpf_probe_write_user_proto"},
		{FuncProbeWriteUser, HelperQuery{Prog: ProgTracePoint, Caps: CapsRoot}, "bpf_probe_write_user_proto"},
		{FuncProbeWriteUser, HelperQuery{Prog: ProgTracePoint, Caps: CapsRoot, Kernel: Of(Linux618).Kernel(asked)}, ""},
		{FuncProbeRead, HelperQuery{Prog: ProgTracePoint, Kernel: Kernel{LockedDown: LockdownConfidentiality}}, ""},
		{FuncGetRetval, HelperQuery{Prog: ProgLSM, Attach: AttachLSMMac, Caps: CapsRoot}, ""},
		{FuncGetRetval, HelperQuery{Prog: ProgLSM, Attach: AttachLSMCgroup, Caps: CapsRoot}, "bpf_get_retval_proto"},
		{FuncSetsockopt, HelperQuery{Prog: ProgLSM, Attach: AttachLSMCgroup, Hook: "bpf_lsm_sock_graft"},
			"bpf_sk_setsockopt_proto"},
		{FuncSetsockopt, HelperQuery{Prog: ProgLSM, Attach: AttachLSMMac, Hook: "bpf_lsm_sock_graft"}, ""},
		{FuncGetAttachCookie, HelperQuery{Prog: ProgLSM, Attach: AttachLSMMac}, "bpf_get_attach_cookie_proto"},
		{FuncGetAttachCookie, HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter}, ""},
		{FuncGetFuncRet, HelperQuery{Prog: ProgTracing, Attach: AttachTraceFExit}, "bpf_get_func_ret_proto"},
		{FuncTaskStorageGet, HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter, Caps: CapBPF},
			"bpf_task_storage_get_proto"},
		{FuncTaskStorageGet, HelperQuery{Prog: ProgTracing, Attach: AttachTraceFEntry, Caps: CapBPF},
			"bpf_task_storage_get_recur_proto"},
		{FuncMapLookupElem, HelperQuery{Prog: ProgStructOps, StructOps: "bpf_dummy_ops"}, ""},
		{FuncMapLookupElem, HelperQuery{Prog: ProgStructOps, StructOps: "sched_ext_ops"}, "bpf_map_lookup_elem_proto"},
		{FuncMapLookupElem, HelperQuery{Prog: ProgUnspec}, ""},
		{0, HelperQuery{Prog: ProgXDP}, ""},
		{NumHelpers, HelperQuery{Prog: ProgXDP}, ""},
		{-1, HelperQuery{Prog: ProgXDP}, ""},
	} {
		got := ""
		if p, ok := LookupProto(c.id, &c.q); ok {
			got = p.Symbol
		}
		if got != c.want {
			t.Errorf("%s in %+v: got %q, want %q", HelperName(c.id), c.q, got, c.want)
		}
	}
}

func TestProtoContent(t *testing.T) {
	p, _ := LookupProto(FuncRingbufReserve, &HelperQuery{Prog: ProgXDP})
	if p == nil || p.Ret != regtype.RetMem|regtype.MaybeNull|regtype.Ringbuf || p.NumArgs() != 3 {
		t.Errorf("ringbuf_reserve: %+v", p)
	}
	p, _ = LookupProto(FuncStrtol, &HelperQuery{Prog: ProgXDP})
	if p == nil || p.Args[3].Size != 8 ||
		p.Args[3].Type != regtype.ArgMem|regtype.FixedSize|regtype.Uninit|regtype.Write|regtype.Aligned {
		t.Errorf("strtol: %+v", p)
	}
	p, _ = LookupProto(FuncGetCurrentTaskBtf, &HelperQuery{Prog: ProgXDP, Caps: CapsRoot})
	if p == nil || p.RetBTF != "task_struct" || p.Ret != regtype.RetBTFID|regtype.Trusted {
		t.Errorf("get_current_task_btf: %+v", p)
	}
	p, _ = LookupProto(FuncKptrXchg, &HelperQuery{Prog: ProgXDP, Caps: CapsRoot})
	if p == nil || p.RetBTF != AnyBTF || p.Args[1].BTF != AnyBTF {
		t.Errorf("kptr_xchg: %+v", p)
	}
}

func TestHelperNames(t *testing.T) {
	if got := HelperCallName(FuncMapLookupElem); got != "bpf_map_lookup_elem#1" {
		t.Error(got)
	}
	if got := HelperLogName(NumHelpers); got != "unknown" {
		t.Error(got)
	}
	if !ClassOf(FuncTailCall).Has(HelperChangesPacket) || ClassOf(FuncMapLookupElem).Has(HelperAcquire) ||
		ClassOf(-5) != 0 {
		t.Error("classes")
	}
}

func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		a    Allowed
		q    HelperQuery
		want bool
	}{
		{AllowedAlways, HelperQuery{Prog: ProgXDP}, true},
		{AllowedDPath, HelperQuery{Prog: ProgTracing, Attach: AttachTraceIter, Hook: "bpf_iter_task"}, true},
		{AllowedDPath, HelperQuery{Prog: ProgTracing, Attach: AttachTraceFEntry, Hook: "filp_close"}, true},
		{AllowedDPath, HelperQuery{Prog: ProgTracing, Attach: AttachTraceFEntry, Hook: "do_exit"}, false},
		{AllowedDPath, HelperQuery{Prog: ProgLSM, Attach: AttachLSMMac, Hook: "bpf_lsm_file_open"}, true},
		{AllowedIMAHash, HelperQuery{Prog: ProgLSM, Attach: AttachLSMMac, Hook: "bpf_lsm_no_such"}, false},
		{AllowedSkStorageTracing, HelperQuery{Prog: ProgTracing, Attach: AttachTraceRawTp}, true},
		{AllowedSkStorageTracing, HelperQuery{Prog: ProgTracing, Attach: AttachTraceFExit, Hook: "bpf_sk_storage_free"},
			false},
	} {
		if got := c.a.Holds(&c.q); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

// TestHelpersOfReleases asks for a helper that later releases offer to more programs.
func TestHelpersOfReleases(t *testing.T) {
	for _, c := range []struct {
		release Release
		attach  AttachType
		want    bool
	}{
		{Linux618, AttachCGroupInetSockCreate, false},
		{Linux73, AttachCGroupInetSockCreate, true},
		{Linux73, AttachCgroupInetSockRelease, false},
	} {
		q := HelperQuery{Release: c.release, Prog: ProgCGroupSock, Attach: c.attach, Caps: CapsRoot}
		if _, ok := LookupProto(FuncSetsockopt, &q); ok != c.want {
			t.Errorf("bpf_setsockopt at %s in %s: %t", c.attach, c.release, ok)
		}
	}
}
