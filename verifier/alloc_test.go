// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"testing"
)

// loopOf is a program that counts to n in R6 and runs body in each round.
func loopOf(n int, body, functions string) string {
	return fmt.Sprintf("r6 = 0\n%s\nr6 += 1\nif r6 < %d goto -%d\nr0 = 0\nexit\n%s", body, n, lines(body)+2, functions)
}

// lines counts instruction slots: a 64-bit immediate takes two.
func lines(text string) int {
	n := 0
	for i, c := range text + "\n" {
		switch {
		case c != '\n':
		case i >= 2 && text[i-2:i] == "ll":
			n += 2
		default:
			n++
		}
	}
	return n
}

// A walk allocates nothing for an instruction, a branch or a state once the
// memory of earlier walks suffices: of two walks through the same program one
// ten times as long allocates as much. A few states may have to make room for
// a longer history than they had the last time.
func TestWalkAllocatesNothing(t *testing.T) {
	for _, c := range []struct{ name, body, functions string }{
		{"arithmetic", "r1 = r6\nr1 *= 3\nr1 <<= 2\nw1 += w6\nr1 &= 255\nr1 = -r1", ""},
		{"stack", "*(u64 *)(r10 -8) = r6\nr1 = *(u64 *)(r10 -8)\n*(u32 *)(r10 -64) = 5\nr2 = *(u8 *)(r10 -64)\nlock *(u64 *)(r10 -8) += r2", ""},
		{"helper", "call 7\nr7 = r0", ""},
		{"branches", "call 7\nif r0 > 5 goto +2\nr7 = 1\ngoto +1\nr7 = 2\nif r7 == 1 goto +0", ""},
		{"linked numbers", "call 7\nr8 = r0\nr8 += 1\nif r0 > 5 goto +0\nif r8 < 3 goto +0", ""},
		{"map lookup", "*(u32 *)(r10 -4) = r6\nr1 = map[0] ll\nr2 = r10\nr2 += -4\ncall 1\nif r0 == 0 goto +1\n*(u64 *)(r0 +0) = r6", ""},
		{"reference", "r1 = map[1] ll\nr2 = 8\nr3 = 0\ncall 131\nif r0 == 0 goto +3\nr1 = r0\nr2 = 0\ncall 132", ""},
		{"function", "r1 = r6\ncall pc+4", "r0 = r1\n*(u64 *)(r10 -8) = r0\nr0 = *(u64 *)(r10 -8)\nexit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const few = 5
			var v Verifier
			allocations := func(n int) float64 {
				p := newProgram(t, loopOf(n, c.body, c.functions), callMaps()...)
				return testing.AllocsPerRun(5, func() {
					if r := v.Verify(p, Options{}); r.Verdict != Accepted {
						t.Fatalf("%d %s %v", r.Verdict, r.Reason, r.Reports)
					}
				})
			}
			for range 4 {
				allocations(1000)
			}
			if short, long := allocations(100), allocations(1000); long > short+few {
				t.Errorf("%v allocations for 100 rounds, %v for 1000", short, long)
			}
		})
	}
}
