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
	if !FromBackend(found) || FromBackend(ParseMessages("/p/a.bpf.c:3:4: error: use of undeclared identifier 'x'\n", "/p", "/p/a.bpf.c")) {
		t.Error("it is not known which messages are the backend's")
	}
	out := ExplainBackend(found)
	if len(out) != 3 {
		t.Fatalf("%d errors are left: %v", len(out), out)
	}
	if d := out[0]; d.Span.Line != 8 || !strings.Contains(d.Reason, "512 bytes") || len(d.Related) != 1 || d.Related[0].Span.Line != 11 {
		t.Errorf("the stack frame: %+v", d)
	}
	if d := out[1]; !strings.Contains(d.Reason, "strlen()") || !strings.Contains(d.Suggestion, "bpf_strlen()") {
		t.Errorf("the C library: %+v", d)
	}
	if d := out[2]; !strings.Contains(d.Reason, "__multi3") || d.Suggestion != "" {
		t.Errorf("another built-in function: %+v", d)
	}
}
