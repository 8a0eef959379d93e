// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnd(t *testing.T) {
	const stats = "verification time 12 usec\nstack depth 8\nprocessed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n"
	for _, test := range []struct {
		name, log string
		want      Ending
	}{
		{"a step that fails", "0: R1=ctx() R10=fp0\n; int x = *p; @ a.c:7\n3: (61) r0 = *(u32 *)(r1 +0)\nR1 invalid mem access 'scalar'\n" + stats,
			Ending{"R1 invalid mem access 'scalar'", 3, "a.c:7", nil}},
		{"progress behind the step", "12: (85) call bpf_loop#181\n(0) frame 0 insn 6 +live -8 \n(0,12) live stack update done in 2 iterations\nSCC exit (1)\nmessage\n" + stats,
			Ending{"message", 12, "", nil}},
		{"a message in brackets", "12: (85) call bpf_loop#181\n(R1) frame 0 is odd\n" + stats, Ending{"(R1) frame 0 is odd", 12, "", nil}},
		{"two lines", "; return 0; @ dir/a.c:9\n5: (95) exit\nUnreleased reference id=2 alloc_insn=1\nBPF_EXIT instruction in main prog would lead to reference leak\n" + stats,
			Ending{"Unreleased reference id=2 alloc_insn=1\nBPF_EXIT instruction in main prog would lead to reference leak", 5, "dir/a.c:9", nil}},
		{"no newline before the statistics", "1: (85) call bpf_x#1\n12 is not pointing to valid bpf_mapverification time 3 usec\nprocessed 1 insns",
			Ending{"12 is not pointing to valid bpf_map", 1, "", nil}},
		{"before the walk", "unreachable insn 7\nprocessed 0 insns", Ending{"unreachable insn 7", 7, "", nil}},
		{"numbered message", "4: odd thing\n", Ending{"4: odd thing", 4, "", nil}},
		{"state after a jump", "; if (x) @ a.c:2\nfrom 3 to 9: R0=0 R10=fp0\ninfinite loop detected at insn 9\n", Ending{"infinite loop detected at insn 9", 9, "a.c:2", nil}},
		{"words that end in insn", "bad alloc_insn 5\n", Ending{"bad alloc_insn 5", -1, "", nil}},
		{"empty", "", Ending{"", -1, "", nil}},
		{"an address in the source line", "; x@y; @ a.c:3\n2: (95) exit\nmessage\n", Ending{"message", 2, "a.c:3", nil}},
	} {
		if d := cmp.Diff(test.want, End(test.log)); d != "" {
			t.Errorf("%s: %s", test.name, d)
		}
	}
}

// leaks is a log as a kernel of 7.3 writes one: reports between the lines of
// the message.
const leaks = `; return 0; @ a.c:9
9: (95) exit
Unreleased reference id=2 alloc_insn=1

Verification failed: Resource Lifetime Safety: Unreleased resource

Reason:
  One resource is owned, and the words about it
  go on in a second line.

At:
  f @ dir/a.c:9:2
  Source context:
      7 | ...
  >>> 9 |         return 0;
        |         ^-- error: still owned
        |             at the end
  Instruction context:
      8 | (b7) r0 = 0
  >>> 9 | (95) exit

Causal path:
  f @ dir/a.c:3:7
  Source context:
  >>> 3 |         p = get();
        |         ^-- acquired: resource (id=2)
  Instruction context:
  >>> 1 | (85) call get#1

  3 events omitted

  insn 4
      | ^-- branch: taken
  Instruction context:
  >>> 4 | (15) if r0 == 0x0 goto pc+2

Suggestion:
  Release it.

Unreleased reference id=4 alloc_insn=5

Verification failed: Resource Lifetime Safety

At:
  insn 9
      | ^-- error: still owned
  Instruction context:
  >>> 9 | (95) exit

Active lock:
  a.c:4:0
  Source context:
  >>> 4 | x
        | ^-- acquired: lock
  Instruction context:
  >>> 2 | (85) call lock#9
BPF_EXIT instruction in main prog would lead to reference leak
processed 9 insns
`

func TestReports(t *testing.T) {
	got := End(leaks)
	want := Ending{
		Message: "Unreleased reference id=2 alloc_insn=1\nUnreleased reference id=4 alloc_insn=5\nBPF_EXIT instruction in main prog would lead to reference leak",
		PC:      9, Source: "a.c:9",
		Reports: []Report{{
			Category: "Resource Lifetime Safety", Problem: "Unreleased resource",
			Reason: "One resource is owned, and the words about it go on in a second line.", Suggestion: "Release it.",
			At: Event{"f", "dir/a.c", 9, 2, 9, "error", "still owned at the end"},
			Path: []Event{
				{"f", "dir/a.c", 3, 7, 1, "acquired", "resource (id=2)"},
				{"", "", 0, 0, 4, "branch", "taken"},
			},
		}, {
			Category: "Resource Lifetime Safety",
			At:       Event{"", "", 0, 0, 9, "error", "still owned"},
			Lock:     []Event{{"", "a.c", 4, 0, 2, "acquired", "lock"}},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// FuzzEnd makes sure that no log breaks the parser.
func FuzzEnd(f *testing.F) {
	f.Add("0: (95) exit\nmessage\nprocessed 1 insns\n")
	f.Add("from 1 to : R")
	f.Add(leaks)
	f.Fuzz(func(_ *testing.T, log string) { End(log) })
}
