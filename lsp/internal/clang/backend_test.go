// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"strings"
	"testing"
)

func TestExplainBackend(t *testing.T) {
	const output = `/p/big.bpf.c:8:14: error: Looks like the BPF stack limit is exceeded. Please move large on stack variables into BPF per-cpu array map.
/p/big.bpf.c:11:8: error: Looks like the BPF stack limit is exceeded. Please move large on stack variables into BPF per-cpu array map.
/p/big.bpf.c:15:2: error: A call to built-in function 'strlen' is not supported.
/p/big.bpf.c:17:2: error: A call to built-in function '__multi3' is not supported.
`
	found := ParseMessages(output, "/p", "/p/big.bpf.c")
	other := ParseMessages("/p/a.bpf.c:3:4: error: use of undeclared identifier 'x'\n", "/p", "/p/a.bpf.c")
	if !FromBackend(found) || FromBackend(other) {
		t.Error("it is not known which messages are the backend's")
	}
	out := ExplainBackend(found)
	if len(out) != 3 {
		t.Fatalf("%d errors are left: %v", len(out), out)
	}
	d := out[0]
	if d.Span.Line != 8 || !strings.Contains(d.Reason, "512 bytes") || len(d.Related) != 1 ||
		d.Related[0].Span.Line != 11 {
		t.Errorf("the stack frame: %+v", d)
	}
	if d := out[1]; !strings.Contains(d.Reason, "strlen()") || !strings.Contains(d.Suggestion, "bpf_strlen()") {
		t.Errorf("the C library: %+v", d)
	}
	if d := out[2]; !strings.Contains(d.Reason, "__multi3") || d.Suggestion != "" {
		t.Errorf("another built-in function: %+v", d)
	}
}
