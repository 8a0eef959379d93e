// SPDX-License-Identifier: GPL-2.0-only

package state

var dynptrNames = [...]string{
	DynptrInvalid: "<invalid>",
	DynptrLocal:   "local",
	DynptrRingbuf: "ringbuf",
	DynptrSkb:     "skb",
	DynptrXDP:     "xdp",
	DynptrSkbMeta: "skb_meta",
	DynptrFile:    "file",
}

// String spells the kind as the kernel's log does.
//
// kernel: dynptr_type_str
func (k DynptrKind) String() string {
	if int(k) < len(dynptrNames) {
		return dynptrNames[k]
	}
	return "<unknown>"
}

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
