// SPDX-License-Identifier: GPL-2.0-only

package verifier

type backtracker struct{}

// markPrecise makes the value of register n, and all that it was computed
// from on this path, precise.
//
// kernel: mark_chain_precision
func (v *verifier) markPrecise(n uint8) *Rejection { return nil }
