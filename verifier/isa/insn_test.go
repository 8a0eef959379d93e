// SPDX-License-Identifier: GPL-2.0-only

package isa

import "testing"

func TestBase(t *testing.T) {
	const none = NumRegs
	for _, c := range []struct {
		name string
		in   Insn
		want uint8
	}{
		{"load", Insn{Op: ClassLDX | ModeMEM | SizeW, Dst: R1, Src: R2}, R2},
		{"store", Insn{Op: ClassSTX | ModeMEM | SizeW, Dst: R1, Src: R2}, R1},
		{"store of a constant", Insn{Op: ClassST | ModeMEM | SizeW, Dst: R1}, R1},
		{"atomic addition", Insn{Op: ClassSTX | ModeATOMIC | SizeDW, Dst: R1, Src: R2}, R1},
		{"load-acquire", Insn{Op: ClassSTX | ModeATOMIC | SizeDW, Dst: R1, Src: R2, Imm: LoadAcq}, R2},
		{"store-release", Insn{Op: ClassSTX | ModeATOMIC | SizeDW, Dst: R1, Src: R2, Imm: StoreRel}, R1},
		{"addition", Insn{Op: ClassALU64 | OpAdd | SrcX, Dst: R1, Src: R2}, none},
		{"packet load", Insn{Op: ClassLD | ModeIND | SizeW, Src: R2}, none},
	} {
		got, ok := c.in.Base()
		if !ok {
			got = none
		}
		if got != c.want {
			t.Errorf("%s: register %d, want %d", c.name, got, c.want)
		}
	}
}
