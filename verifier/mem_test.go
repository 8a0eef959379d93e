// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// memMaps are the maps of the test programs: one plain, one read-only and
// frozen with known contents, one that programs may only write.
func memMaps() []*program.Map {
	return []*program.Map{
		{Name: "plain", Type: facts.MapArray, KeySize: 4, ValueSize: 16, MaxEntries: 1},
		{
			Name: "rodata", Type: facts.MapArray, KeySize: 4, ValueSize: 8, MaxEntries: 1,
			Flags: program.MapFlagRdOnlyProg, Frozen: true, Contents: []byte{1, 0xff, 2, 0, 0, 0, 0, 0x80},
		},
		{Name: "sink", Type: facts.MapArray, KeySize: 4, ValueSize: 8, MaxEntries: 1, Flags: program.MapFlagWrOnlyProg},
	}
}

func TestMemoryRules(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		unprivileged bool
		strict       bool
		want         string // "" for accepted
		code         catalog.Code
	}{
		{name: "unreadable base", text: "r0 = *(u64 *)(r2 +0)\nexit", want: "R2 !read_ok",
			code: catalog.UnreadableRegister},
		{name: "number as base", text: "r1 = 5\nr0 = *(u64 *)(r1 +0)\nexit", want: "R1 invalid mem access 'scalar'",
			code: catalog.ScalarDereference},
		{name: "write to R10", text: "r10 = *(u32 *)(r1 +0)\nexit", want: "frame pointer is read only",
			code: catalog.FramePointerWrite},

		{name: "below the stack", text: "*(u64 *)(r10 -520) = 0\nr0 = 0\nexit",
			want: "invalid write to stack R10 off=-520 size=8", code: catalog.StackOutOfBounds},
		{name: "above the stack", text: "r0 = *(u64 *)(r10 +0)\nexit", want: "invalid read from stack R10 off=0 size=8",
			code: catalog.StackOutOfBounds},
		{name: "misaligned stack", text: "*(u64 *)(r10 -12) = 0\nr0 = 0\nexit",
			want: "misaligned stack access off 0+0+-12 size 8", code: catalog.Misaligned},
		{name: "unwritten stack", text: "r0 = *(u64 *)(r10 -8)\nr0 = 0\nexit"},
		{
			name: "unwritten stack, unprivileged", text: "*(u8 *)(r10 -9) = 0\nr0 = *(u64 *)(r10 -16)\nr0 = 0\nexit",
			unprivileged: true,
			want:         "invalid read from stack off -16+0 size 8", code: catalog.UninitializedStackRead,
		},
		{name: "part of a pointer", text: "*(u64 *)(r10 -8) = r1\nr0 = *(u32 *)(r10 -8)\nexit",
			want: "invalid size of register fill", code: catalog.PartialSpill},
		{name: "pointer in 4 bytes", text: "*(u32 *)(r10 -8) = r1\nr0 = 0\nexit",
			want: "invalid size of register spill", code: catalog.PartialSpill},
		{
			name: "overwritten pointer, unprivileged",
			text: "*(u64 *)(r10 -8) = r1\n*(u32 *)(r10 -8) = 0\nr0 = 0\nexit", unprivileged: true,
			want: "attempt to corrupt spilled pointer on stack", code: catalog.SpillCorruption,
		},
		{name: "restored pointer", text: "*(u64 *)(r10 -8) = r1\nr2 = *(u64 *)(r10 -8)\nr0 = *(u32 *)(r2 +12)\nr0 = 0\nexit"},

		{name: "context field", text: "r0 = *(u32 *)(r1 +12)\nr0 = 0\nexit"},
		{name: "half of a field", text: "r0 = *(u16 *)(r1 +12)\nexit", want: "invalid bpf_context access off=12 size=2",
			code: catalog.ContextAccess},
		{name: "store to the context", text: "*(u32 *)(r1 +12) = 0\nr0 = 0\nexit",
			want: "invalid bpf_context access off=12 size=4", code: catalog.ContextAccess},
		{name: "moved context", text: "r1 += 4\nr0 = *(u32 *)(r1 +0)\nexit",
			want: "dereference of modified ctx ptr R1 off=4 disallowed", code: catalog.ModifiedPointerDereference},

		{
			name: "unproven packet", text: "r2 = *(u32 *)(r1 +0)\nr0 = *(u8 *)(r2 +0)\nexit",
			want: "invalid access to packet, off=0 size=1, R2(id=0,off=0,r=0)\nR2 offset is outside of the packet",
			code: catalog.PacketOutOfBounds,
		},
		{name: "packet end", text: "r2 = *(u32 *)(r1 +4)\nr0 = *(u8 *)(r2 +0)\nexit",
			want: "R2 invalid mem access 'pkt_end'", code: catalog.InvalidDereference},

		{name: "map value", text: "r2 = map[0]+8 ll\nr0 = *(u64 *)(r2 +0)\nr0 = 0\nexit"},
		{
			name: "behind the map value", text: "r2 = map[0]+8 ll\nr0 = *(u64 *)(r2 +1)\nexit",
			want: "invalid access to map value, value_size=16 off=9 size=8\nR2 min value is outside of the allowed memory range", code: catalog.OutOfBounds,
		},
		{
			name: "before the map value", text: "r2 = map[0]+8 ll\nr0 = *(u8 *)(r2 -9)\nexit",
			want: "invalid access to map value, value_size=16 off=-1 size=1\nR2 min value is outside of the allowed memory range", code: catalog.OutOfBounds,
		},
		{name: "store to read-only map", text: "r2 = map[1]+0 ll\n*(u8 *)(r2 +0) = 1\nr0 = 0\nexit",
			want: "write into map forbidden, value_size=8 off=0 size=1", code: catalog.ReadOnlyMap},
		{name: "load from write-only map", text: "r2 = map[2]+0 ll\nr0 = *(u8 *)(r2 +0)\nexit",
			want: "read from map forbidden, value_size=8 off=0 size=1", code: catalog.WriteOnlyMap},
		{
			name: "misaligned map value, strict", text: "r2 = map[0]+1 ll\nr0 = *(u32 *)(r2 +0)\nexit", strict: true,
			want: "misaligned value access off 0+1+0 size 4", code: catalog.Misaligned,
		},

		{name: "atomic on the stack", text: "r2 = 1\n*(u64 *)(r10 -8) = 0\nlock *(u64 *)(r10 -8) += r2\nr0 = 0\nexit"},
		{
			name: "atomic on the context", text: "r2 = 1\nlock *(u32 *)(r1 +0) += r2\nr0 = 0\nexit",
			want: "BPF_ATOMIC stores into R1 ctx is not allowed", code: catalog.AtomicForbidden,
		},
		{name: "atomic on one byte", text: "r2 = 1\nlock *(u8 *)(r10 -8) += r2\nr0 = 0\nexit",
			want: "invalid atomic operand size", code: catalog.InvalidInstruction},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProgram(t, c.text, memMaps()...)
			if c.strict {
				p.Flags |= program.FlagStrictAlignment
			}
			if c.unprivileged {
				p.Type = facts.ProgSocketFilter
			}
			r := Verify(p, Options{LogLevel: 2, Unprivileged: c.unprivileged})
			if c.want == "" {
				if r.Verdict != Accepted {
					t.Errorf("not accepted: %v %s\n%s", r.Verdict, r.Reason, r.Log)
				}
				return
			}
			if r.Verdict != Rejected || r.Reports[0].Kernel != c.want || r.Reports[0].Code != c.code {
				t.Errorf("got %v %+v, want %q\n%s", r.Verdict, r.Reports, c.want, r.Log)
			}
		})
	}
}

// TestStackContents checks what loads bring back from the stack, as the log
// shows it after the instruction.
func TestStackContents(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string // part of the log
	}{
		{"whole spill", "r2 = 7\n*(u64 *)(r10 -8) = r2\nr0 = *(u64 *)(r10 -8)\nr0 = 0\nexit", "R0=7 R10=fp0 fp-8=7"},
		{"stored immediate", "*(u64 *)(r10 -8) = -1\nr0 = *(u64 *)(r10 -8)\nr0 = 0\nexit", "R0=-1 R10=fp0 fp-8=-1"},
		{"low half", "r2 = 0x100000002 ll\n*(u64 *)(r10 -8) = r2\nr0 = *(u32 *)(r10 -8)\nr0 = 0\nexit",
			"R0=2 R10=fp0 fp-8=0x100000002"},
		{"high half", "r2 = 0x100000002 ll\n*(u64 *)(r10 -8) = r2\nr0 = *(u32 *)(r10 -4)\nr0 = 0\nexit",
			"R0=scalar(smin=0,smax=umax=0xffffffff"},
		{"high half of zero", "*(u64 *)(r10 -8) = 0\nr0 = *(u32 *)(r10 -4)\nr0 = 0\nexit", "R0=0 R10=fp0 fp-8=0"},
		{"half a spill", "r2 = 7\n*(u32 *)(r10 -8) = r2\nr0 = 0\nexit", "fp-8=????7"},
		{"zero bytes", "*(u16 *)(r10 -6) = 0\nr0 = *(u16 *)(r10 -6)\nr0 = 0\nexit", "R0=0 R10=fp0 fp-8=????00??"},
		{"zeros and others", "*(u64 *)(r10 -8) = 0\n*(u8 *)(r10 -3) = 5\nr0 = 0\nexit", "fp-8=mmmmmmmm"},
		{"pointer in 8 bytes", "*(u64 *)(r10 -16) = r10\nr0 = 0\nexit", "fp-16=fp0"},
		{"constant of a map", "r2 = map[1]+0 ll\nr0 = *(u16 *)(r2 +0)\nr0 = 0\nexit", "R0=0xff01"},
		{"signed constant of a map", "r2 = map[1]+0 ll\nr0 = *(s8 *)(r2 +1)\nr0 = 0\nexit", "R0=-1"},
		{"unsigned byte", "r0 = *(u8 *)(r10 -1)\nr0 = 0\nexit",
			"R0=scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))"},
		{"signed byte", "r2 = map[0]+0 ll\nr0 = *(s8 *)(r2 +0)\nr0 = 0\nexit",
			"R0=scalar(smin=smin32=-128,smax=smax32=127)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Verify(newProgram(t, c.text, memMaps()...), Options{LogLevel: 2})
			if r.Verdict != Accepted || !strings.Contains(string(r.Log), c.want) {
				t.Errorf("%v %s: no %q in\n%s", r.Verdict, r.Reason, c.want, r.Log)
			}
		})
	}
}
