// SPDX-License-Identifier: GPL-2.0-only

package state

var iterNames = [...]string{IterInvalid: "<invalid>", IterActive: "active", IterDrained: "drained"}

// String spells the state as the kernel's log does.
//
// kernel: iter_state_str
func (s IterState) String() string {
	if int(s) < len(iterNames) {
		return iterNames[s]
	}
	return "<unknown>"
}
