// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPath follows a log of level 2 back: the walk went on from a jump that it
// had taken to the other side, through states that other paths had.
func TestPath(t *testing.T) {
	var lines []Line
	for _, text := range []string{
		"0: R1=ctx() R10=fp0",
		"; int x = f(); @ a.c:3",
		"0: (85) call bpf_get_prandom_u32#7    ; R0_w=scalar(var_off=(0x0; 0xff))",
		"1: (15) if r0 == 0x0 goto pc+2        ; R0_w=scalar()",
		"2: (b7) r0 = 1                        ; R0_w=1",
		"3: (95) exit",
		"from 1 to 4: R0=0 R10=fp0",
		"; return *p; @ a.c:5",
		"4: (bf) r2 = r0 5: R0=0 R2=0",
		"5: (61) r0 = *(u32 *)(r2 +0)",
	} {
		lines = append(lines, Line{Text: text})
	}
	w := ReadWalk(lines)
	var pcs []int
	for _, i := range w.Path(len(lines)) {
		pcs = append(pcs, w.Steps[i].PC)
	}
	if d := cmp.Diff([]int{0, 1, 4, 5}, pcs); d != "" {
		t.Error(d)
	}
	last := &w.Steps[len(w.Steps)-1]
	if d := cmp.Diff(map[int]string{0: "0", 2: "0"}, last.Before); d != "" {
		t.Error(d)
	}
	if got := w.Steps[0].After[0]; got != "scalar(var_off=(0x0; 0xff))" {
		t.Errorf("R0 is %q behind the call", got)
	}
	if p, ok := w.Place(last); !ok || p != (Place{"return *p;", "a.c", 5}) {
		t.Errorf("the place is %v", p)
	}
	if condition, taken, ok := w.Steps[1].Branch(&w.Steps[4]); !ok || !taken || condition != "r0 == 0x0" {
		t.Errorf("the branch is %q, taken %v", condition, taken)
	}
}
