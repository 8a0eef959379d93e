// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tracedLines verifies a program and returns the lines of its log that begin
// with prefix, without it.
func tracedLines(t *testing.T, prefix, text string) []string {
	t.Helper()
	res := Verify(newProgram(t, text), Options{LogLevel: logAllPaths})
	if res.Verdict == InternalBug {
		t.Fatalf("internal bug: %s\n%s", res.Reason, res.Log)
	}
	var lines []string
	for line := range strings.Lines(string(res.Log)) {
		if rest, ok := strings.CutPrefix(strings.TrimRight(line, " \n"), prefix); ok {
			lines = append(lines, rest)
		}
	}
	return lines
}

func TestMarkPrecise(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"through a move", `
			r1 = 8
			r2 = r1
			r3 = r10
			r3 -= r2          ; the address depends on r2
			r0 = 0
			exit`,
			[]string{
				"frame0: last_idx 3 first_idx 0 subseq_idx -1",
				"frame0: regs=r2 stack= before 2: (bf) r3 = r10",
				"frame0: regs=r2 stack= before 1: (bf) r2 = r1",
				"frame0: regs=r1 stack= before 0: (b7) r1 = 8",
			}},
		{"through the stack", `
			r1 = 8
			*(u64 *)(r10 -16) = r1
			r2 = *(u64 *)(r10 -16)
			r3 = r10
			r3 -= r2
			r0 = 0
			exit`,
			[]string{
				"frame0: last_idx 4 first_idx 0 subseq_idx -1",
				"frame0: regs=r2 stack= before 3: (bf) r3 = r10",
				"frame0: regs=r2 stack= before 2: (79) r2 = *(u64 *)(r10 -16)",
				"frame0: regs= stack=-16 before 1: (7b) *(u64 *)(r10 -16) = r1",
				"frame0: regs=r1 stack= before 0: (b7) r1 = 8",
			}},
		{"to both operands", `
			r1 = 4
			r2 = 4
			r1 += r2
			r3 = r10
			r3 -= r1
			r0 = 0
			exit`,
			[]string{
				"frame0: last_idx 4 first_idx 0 subseq_idx -1",
				"frame0: regs=r1 stack= before 3: (bf) r3 = r10",
				"frame0: regs=r1 stack= before 2: (0f) r1 += r2",
				"frame0: regs=r1,r2 stack= before 1: (b7) r2 = 4",
				"frame0: regs=r1 stack= before 0: (b7) r1 = 4",
			}},
	} {
		if diff := cmp.Diff(c.want, tracedLines(t, "mark_precise: ", c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A slot is needed between its last read and the write before it, and no
// longer once that write is known.
func TestStackLiveness(t *testing.T) {
	got := tracedLines(t, "(0) ", `
		*(u64 *)(r10 -8) = 1
		*(u64 *)(r10 -16) = 2
		r0 = *(u64 *)(r10 -8)
		r0 = 0
		exit`)
	want := []string{
		"frame 0 insn 2 +live -8",
		"frame 0 insn 1 +live -8",
		"frame 0 insn 1 +written -16",
		"frame 0 insn 0 +written -8,-16",
		"live stack update done in 2 iterations",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", cmp.Diff(want, got))
	}
}

// A slot that an instruction overwrites on one path only is not surely
// written; 6.18 holds it to be so beyond 256 bytes of stack.
func TestStackLivenessOfSomeWrites(t *testing.T) {
	for top, want := range map[int]bool{-8: false, -256: false, -384: true} {
		got := tracedLines(t, "(0) ", fmt.Sprintf(`
			*(u64 *)(r10 %[1]d) = 1
			*(u64 *)(r10 %[2]d) = 2
			call 7
			r2 = r10
			r2 += %[2]d
			if r0 == 0 goto +1
			r2 += 8
			*(u64 *)(r2 +0) = 3
			r0 = *(u64 *)(r10 %[1]d)
			r0 = 0
			exit`, top, top-8))
		if surely := !slices.Contains(got, fmt.Sprintf("frame 0 insn 7 +live %d", top)); surely != want {
			t.Errorf("%d: surely written %v, want %v:\n%s", top, surely, want, strings.Join(got, "\n"))
		}
	}
}
