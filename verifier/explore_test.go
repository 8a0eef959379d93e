// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// countTo is a program that counts to n in a loop of two instructions.
func countTo(n int) string {
	return fmt.Sprintf(`
		r1 = 0
		r1 += 1
		if r1 < %d goto -2
		r0 = 0
		exit`, n)
}

func TestEndlessLoop(t *testing.T) {
	res := Verify(newProgram(t, `
		r0 = 1
		goto -1`), Options{})
	if res.Verdict != Rejected {
		t.Fatalf("verdict %d: %s", res.Verdict, res.Reason)
	}
	got := res.Reports[0]
	if got.Code != catalog.LimitInfiniteLoop || got.PC != 1 || got.Kernel != "infinite loop detected at insn 1" {
		t.Errorf("%+v", got)
	}
}

func TestLoopCounts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		flags      uint32
		insns      int
		states     int
	}{
		{"straight", "r0 = 0\nexit", 0, 2, 0},
		{"straight, every state kept", "r0 = 0\nexit", program.FlagTestStateFreq, 2, 0},
		{"loop", countTo(10), 0, 23, 2},
		{"long loop", countTo(100), 0, 203, 6},
		{"loop, every state kept", countTo(10), program.FlagTestStateFreq, 23, 20},
		{"two ways that meet", `
			call 7
			if r0 == 7 goto +0
			r0 = 0
			exit`, program.FlagTestStateFreq, 5, 2},
	} {
		res := Verify(newProgram(t, c.text), Options{Flags: c.flags})
		if res.Verdict != Accepted {
			t.Errorf("%s: verdict %d: %s %v", c.name, res.Verdict, res.Reason, res.Reports)
		}
		if res.Stats.InsnsProcessed != c.insns || res.Stats.TotalStates != c.states {
			t.Errorf("%s: %+v, want %d instructions and %d states", c.name, res.Stats, c.insns, c.states)
		}
	}
}

func TestTooManyInsns(t *testing.T) {
	res := Verify(newProgram(t, countTo(1000000)), Options{})
	want := fmt.Sprintf("BPF program is too large. Processed %d insn", facts.MaxProcessed+1)
	if res.Verdict != Rejected || res.Reports[0].Kernel != want || res.Reports[0].Code != catalog.LimitInstructions {
		t.Errorf("verdict %d: %v", res.Verdict, res.Reports)
	}
}

func TestTooManyBranches(t *testing.T) {
	var text strings.Builder
	text.WriteString("call 7\n")
	for n := range facts.MaxPending + 1 {
		fmt.Fprintf(&text, "if r0 == %d goto +0\n", 1000+n)
	}
	text.WriteString("r0 = 0\nexit")
	res := Verify(newProgram(t, text.String()), Options{})
	want := fmt.Sprintf("The sequence of %d jumps is too complex.", facts.MaxPending+1)
	if res.Verdict != Rejected || res.Reports[0].Kernel != want || res.Reports[0].Code != catalog.LimitPendingBranches {
		t.Errorf("verdict %d: %v", res.Verdict, res.Reports)
	}
}

func TestCancel(t *testing.T) {
	asked := 0
	res := Verify(newProgram(t, countTo(100000)), Options{Cancel: func() bool {
		asked++
		return asked == 2
	}})
	if res.Verdict != Canceled || res.Stats.InsnsProcessed != 2*cancelEvery {
		t.Errorf("verdict %d after %d instructions", res.Verdict, res.Stats.InsnsProcessed)
	}
}

// At level 1 the log holds just the path to the fault. Where the log was cut
// off, the kernel has lost the end of the line to the other path.
func TestLogOfFailingPath(t *testing.T) {
	res := Verify(newProgram(t, `
		call 7
		if r0 == 7 goto +2
		r0 = 0
		exit
		r0 = r9
		exit`), Options{LogLevel: logFailing})
	want := `0: R1=ctx() R10=fp0
0: (85) call bpf_get_prandom_u32#7    ; R0=scalar()
1: (15) if r0 == 0x7 goto pc+2 4: R0=7 R10=fp0
4: (bf) r0 = r9
R9 !read_ok
processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`
	if got := string(res.Log); got != want {
		t.Errorf("log is\n%swant\n%s", got, want)
	}
}
