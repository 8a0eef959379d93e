// SPDX-License-Identifier: GPL-2.0-only

package facts

import "testing"

func TestTypeNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{ProgSchedCLS.String(), "SchedCLS"},
		{ProgType(3).String(), "SchedCLS"},
		{ProgType(32).String(), "Netfilter"},
		{ProgType(99).String(), "ProgType(99)"},
		{AttachTraceFEntry.String(), "TraceFEntry"},
		{AttachType(0).String(), ""},
		{AttachType(57).String(), "TraceUprobeSession"},
		{MapArena.String(), "Arena"},
		{MapType(2).String(), "Array"},
		{ProgXDP.Info().Ctx, "struct xdp_md"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMaySleep(t *testing.T) {
	for _, c := range []struct {
		prog   ProgType
		attach AttachType
		want   bool
	}{
		{ProgTracing, AttachTraceFEntry, true},
		{ProgTracing, AttachTraceRawTp, false},
		{ProgLSM, AttachLSMMac, true},
		{ProgSyscall, 0, true},
		{ProgXDP, AttachXDP, false},
		{ProgType(77), 0, false},
	} {
		if got := c.prog.MaySleep(c.attach); got != c.want {
			t.Errorf("%v/%v: got %t", c.prog, c.attach, got)
		}
	}
}

func TestFindSection(t *testing.T) {
	for _, c := range []struct {
		name   string
		prog   ProgType
		attach AttachType
		flags  SectionFlag
	}{
		{"xdp", ProgXDP, AttachXDP, SectionAttachable | SectionAttachOptional},
		{"xdp.frags/devmap", ProgXDP, AttachXDPDevMap, SectionXDPFrags},
		{"kprobe/do_exit", ProgKprobe, 0, 0},
		{"kprobe", ProgKprobe, 0, 0},
		{"fentry.s/do_exit", ProgTracing, AttachTraceFEntry, SectionAttachBTF | SectionSleepable},
		{"cgroup/skb", ProgCGroupSKB, 0, 0},
		{"tc", ProgSchedCLS, 0, 0},
		{"tcx/egress", ProgSchedCLS, AttachTCXEgress, 0},
		{"struct_ops.s/init", ProgStructOps, 0, SectionSleepable},
		{"syscall", ProgSyscall, 0, SectionSleepable},
		{"netfilter", ProgNetfilter, AttachNetfilter, 0},
	} {
		s, ok := FindSection(c.name)
		if !ok || s.Type != c.prog || s.Attach != c.attach || s.Flags != c.flags {
			t.Errorf("%s: got %+v, %t", c.name, s, ok)
		}
	}
	for _, name := range []string{"xdp2", "tc/other", "kprobes/x", ".text", "socket/x"} {
		if s, ok := FindSection(name); ok {
			t.Errorf("%s: matched %q", name, s.Name)
		}
	}
}
