// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

func TestCtxAccess(t *testing.T) {
	type access struct {
		prog   ProgType
		attach AttachType
		off    int32
		size   uint8
		write  bool
		sx     bool
		want   string // type, or "" for refused
	}
	for _, c := range []access{
		{ProgSocketFilter, 0, 0, 4, false, false, "scalar"},
		{ProgSocketFilter, 0, 1, 1, false, true, "scalar"},
		{ProgSocketFilter, 0, 0, 8, false, false, ""},
		{ProgSocketFilter, 0, 0, 4, true, false, ""},
		{ProgSocketFilter, 0, 48, 8, true, false, "scalar"},
		{ProgSocketFilter, 0, 64, 8, true, false, ""},
		{ProgSocketFilter, 0, 76, 4, false, false, ""},
		{ProgSocketFilter, 0, 168, 8, false, false, "sock_common_or_null"},
		{ProgSchedCLS, 0, 76, 4, false, false, "pkt"},
		{ProgSchedCLS, 0, 76, 4, false, true, ""},
		{ProgSchedCLS, 0, 76, 2, false, false, ""},
		{ProgSchedCLS, 0, 180, 1, false, false, "scalar"},
		{ProgSchedCLS, 0, 152, 8, true, false, "scalar"},
		{ProgXDP, AttachXDP, 8, 4, false, false, "pkt_meta"},
		{ProgXDP, AttachXDP, 20, 4, false, false, ""},
		{ProgXDP, AttachXDPDevMap, 20, 4, false, false, "scalar"},
		{ProgXDP, AttachXDP, 24, 4, false, false, ""},
		{ProgXDP, AttachXDP, -4, 4, false, false, ""},
		{ProgKprobe, 0, 8, 8, false, false, "scalar"},
		{ProgKprobe, 0, 164, 4, false, false, "scalar"},
		{ProgKprobe, 0, 8, 8, true, false, ""},
		{ProgKprobe, 0, 4, 8, false, false, ""},
		{ProgTracePoint, 0, 0, 8, false, false, ""},
		{ProgTracePoint, 0, 8, 2, false, false, "scalar"},
		{ProgTracePoint, 0, 8188, 4, false, false, "scalar"},
		{ProgTracePoint, 0, 8192, 4, false, false, ""},
		{ProgRawTracepoint, 0, 88, 8, false, false, "scalar"},
		{ProgRawTracepoint, 0, 96, 8, false, false, ""},
		{ProgRawTracepointWritable, 0, 0, 8, false, false, "tp_buffer"},
		{ProgRawTracepointWritable, 0, 0, 4, false, false, ""},
		{ProgSyscall, 0, 32768, 4, true, false, "scalar"},
		{ProgSyscall, 0, 65535, 1, false, false, ""},
		{ProgNetfilter, AttachNetfilter, 8, 8, false, false, "trusted_ptr_sk_buff"},
		{ProgSkLookup, AttachSkLookup, 38, 2, false, false, "scalar"},
		{ProgCGroupSockAddr, AttachCGroupUDP6Sendmsg, 48, 8, true, false, "scalar"},
		{ProgCGroupSockAddr, AttachCGroupInet4Bind, 8, 4, false, false, ""},
		{ProgTracing, AttachTraceFEntry, 8, 8, false, false, "scalar"},
		{ProgTracing, AttachTraceFEntry, 8, 8, true, false, ""},
		{ProgUnspec, 0, 0, 4, false, false, ""},
	} {
		f, ok := CtxOf(c.prog, c.attach, CapsRoot, Of(Linux618).Kernel(Kernel{})).Access(c.off, c.size, c.write, c.sx)
		got := ""
		if ok {
			got = f.Type.String() + f.BTF
		}
		if got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestCtxChoice(t *testing.T) {
	if c := CtxOf(ProgCGroupSKB, AttachCGroupInetEgress, 0, Kernel{}); c.Name != "cgroup_skb_unprivileged" {
		t.Error(c.Name)
	}
	if c := CtxOf(ProgKprobe, 0, CapsRoot, Kernel{}); c.Name != "kprobe_writable" {
		t.Error(c.Name)
	}
	if !CtxOf(ProgLSM, AttachLSMMac, CapsRoot, Of(Linux618).Kernel(Kernel{})).BTF {
		t.Error("LSM hooks have arguments in BTF")
	}
}

func TestSocketOf(t *testing.T) {
	for _, c := range []struct {
		typ  regtype.Reg
		off  int32
		size uint8
		want bool
	}{
		{regtype.PtrToSockCommon, 8, 4, false},
		{regtype.PtrToSocket, 8, 4, true},
		{regtype.PtrToSocket, 48, 4, true},
		{regtype.PtrToSocket, 50, 2, false},
		{regtype.PtrToTCPSock, 80, 8, true},
		{regtype.PtrToTCPSock, 80, 4, false},
		{regtype.PtrToXDPSock, 0, 4, true},
		{regtype.PtrToXDPSock, 4, 4, false},
	} {
		if _, ok := SocketOf(c.typ).Access(c.off, c.size, false, false); ok != c.want {
			t.Errorf("%+v: got %t", c, ok)
		}
	}
	if SocketOf(regtype.PtrToMem) != nil {
		t.Error("memory is no socket")
	}
}
