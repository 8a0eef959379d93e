// SPDX-License-Identifier: GPL-2.0-only

package explainlog_test

import (
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/diag/explainlog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
)

// A log that somebody pasted is explained without the program.
func ExampleRead() {
	const text = `
libbpf: prog 'count': BPF program load failed: Permission denied
libbpf: prog 'count': -- BEGIN PROG LOAD LOG --
; __u32 *v = bpf_map_lookup_elem(&counts, &key); @ count.bpf.c:12
6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=counts,ks=4,vs=4)
; *v += 1; @ count.bpf.c:13
7: (61) r1 = *(u32 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 8 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
`
	logs := kernellog.Logs(text)
	for i := range logs {
		l := explainlog.Read(&logs[i], "pasted.txt", nil)
		for _, d := range l.Diagnostics() {
			fmt.Printf("%s: %s: %s\n", l.Program, d.Span, d.Message())
		}
	}
	// Output:
	// count: count.bpf.c:13: Dereference without a NULL check: `v`, a map value, may be NULL here.
}
