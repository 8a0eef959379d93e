// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// TestRedefined has clang's messages for a program that defines types which the kernel's types have, and uses its own
// members of them.
func TestRedefined(t *testing.T) {
	const output = `flows.bpf.c:6:8: error: redefinition of 'flow_stats'
vmlinux.h:120998:8: note: previous definition is here
flows.bpf.c:8:8: error: redefinition of enumerator 'TCP_CLOSE'
vmlinux.h:42394:2: note: previous definition is here
flows.bpf.c:9:8: error: redefinition of 'mine'
flows.bpf.c:5:8: note: previous definition is here
flows.bpf.c:20:14: error: conflicting types for 'bpf_task_from_pid'
vmlinux.h:142000:1: note: previous declaration is here
flows.bpf.c:25:4: error: no member named 'active' in 'struct flow_stats'
flows.bpf.c:26:4: error: no member named 'other' in 'struct mine'
`
	ds := ExplainRedefined(clang.ParseMessages(output, "/src", "flows.bpf.c"))
	var got []string
	for _, d := range ds {
		got = append(got, d.Reason)
	}
	want := "redefinition of 'flow_stats'|redefinition of enumerator 'TCP_CLOSE'|redefinition of 'mine'|conflicting " +
		"types for 'bpf_task_from_pid'|no member named 'other' in 'struct mine'"
	if strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
	for i, advised := range []bool{true, true, false, true, false} {
		if i < len(ds) && strings.Contains(ds[i].Suggestion, "in vmlinux.h already") != advised {
			t.Errorf("%s: %q", ds[i].Reason, ds[i].Suggestion)
		}
	}
}
