// SPDX-License-Identifier: GPL-2.0-only

package state

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// A kind is one row: its flag is its own, and regtype knows it as one of
// dynptrs.
func TestDynptrKindsAreRows(t *testing.T) {
	all := uint32(0)
	for k := DynptrInvalid + 1; int(k) < len(dynptrKinds); k++ {
		row := dynptrKinds[k]
		if row.name == "" || row.flag == 0 || row.flag&all != 0 || row.flag&regtype.DynptrFlags != row.flag {
			t.Errorf("kind %d: %+v", k, row)
		}
		if got := DynptrOf(row.flag | regtype.ReadOnly); got != k {
			t.Errorf("the flag of %s is that of %s", k, got)
		}
		all |= row.flag
	}
	if all != regtype.DynptrFlags {
		t.Errorf("no kind has the flags %#x", regtype.DynptrFlags&^all)
	}
	for _, flags := range []uint32{0, regtype.ReadOnly, regtype.DynptrSkb | regtype.DynptrXDP} {
		if got := DynptrOf(flags); got != DynptrInvalid {
			t.Errorf("the flags %#x are those of %s", flags, got)
		}
	}
}
