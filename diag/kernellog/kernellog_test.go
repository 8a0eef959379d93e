// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import "testing"

func TestEnd(t *testing.T) {
	const stats = "verification time 12 usec\nstack depth 8\nprocessed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n"
	for _, test := range []struct {
		name, log string
		want      Ending
	}{
		{"a step that fails", "0: R1=ctx() R10=fp0\n; int x = *p; @ a.c:7\n3: (61) r0 = *(u32 *)(r1 +0)\nR1 invalid mem access 'scalar'\n" + stats,
			Ending{"R1 invalid mem access 'scalar'", 3, "a.c:7"}},
		{"two lines", "; return 0; @ dir/a.c:9\n5: (95) exit\nUnreleased reference id=2 alloc_insn=1\nBPF_EXIT instruction in main prog would lead to reference leak\n" + stats,
			Ending{"Unreleased reference id=2 alloc_insn=1\nBPF_EXIT instruction in main prog would lead to reference leak", 5, "dir/a.c:9"}},
		{"no newline before the statistics", "1: (85) call bpf_x#1\n12 is not pointing to valid bpf_mapverification time 3 usec\nprocessed 1 insns",
			Ending{"12 is not pointing to valid bpf_map", 1, ""}},
		{"before the walk", "unreachable insn 7\nprocessed 0 insns", Ending{"unreachable insn 7", 7, ""}},
		{"numbered message", "4: odd thing\n", Ending{"4: odd thing", 4, ""}},
		{"state after a jump", "; if (x) @ a.c:2\nfrom 3 to 9: R0=0 R10=fp0\ninfinite loop detected at insn 9\n", Ending{"infinite loop detected at insn 9", 9, "a.c:2"}},
		{"words that end in insn", "bad alloc_insn 5\n", Ending{"bad alloc_insn 5", -1, ""}},
		{"empty", "", Ending{"", -1, ""}},
		{"an address in the source line", "; x@y; @ a.c:3\n2: (95) exit\nmessage\n", Ending{"message", 2, "a.c:3"}},
	} {
		if got := End(test.log); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

// FuzzEnd makes sure that no log breaks the parser.
func FuzzEnd(f *testing.F) {
	f.Add("0: (95) exit\nmessage\nprocessed 1 insns\n")
	f.Add("from 1 to : R")
	f.Fuzz(func(_ *testing.T, log string) { End(log) })
}
