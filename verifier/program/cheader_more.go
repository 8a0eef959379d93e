// SPDX-License-Identifier: GPL-2.0-only

package program

// A header of more than one kernel has each type once, as the first kernel with a
// type of that name defines it. CO-RE finds members where the target kernel has
// them, so that a definition of another kernel of the same version serves too.

// headerName is a name of C, with what it names.
type headerName struct {
	kind btfKind
	name string
}

// headerNameOf is that of a type or function; enums of all sizes are of one kind.
func (h *header) headerNameOf(id uint32) headerName {
	kind := h.btf.kind(id)
	if kind == kindEnum64 {
		kind = kindEnum
	}
	return headerName{kind, h.btf.name(id)}
}

// use goes on to the types of a kernel.
func (h *header) use(v *btfView) {
	for name := range h.known {
		h.earlier[name] = true
	}
	h.btf = v
	h.names, h.inlined, h.state = make(map[uint32]string), make(map[uint32]bool), make([]uint8, v.count())
	h.nameTypes()
	for id := uint32(1); id < v.count(); id++ {
		if name := h.headerNameOf(id); name.name != "" && !h.emptyEnum(id) {
			h.known[name] = true
		}
		for i := range v.vlen(id) {
			if v.isEnum(id) {
				h.known[enumerator(v.memberName(id, i))] = true
			}
		}
	}
}

func enumerator(name string) headerName { return headerName{kindInvalid, name} }

// isEarlier reports whether a kernel before has what a type names, and notes that
// it is written already.
func (h *header) isEarlier(id uint32) bool {
	name := h.headerNameOf(id)
	switch {
	case name.name != "" && h.earlier[name]:
		h.names[id] = name.name
	case name.kind != kindEnum || name.name != "" || !h.enumeratorsEarlier(id):
		return false
	}
	h.state[id] = headerDone
	return true
}

// enumeratorsEarlier reports whether all names of a nameless enum are taken by
// kernels before, which then have the enum.
func (h *header) enumeratorsEarlier(id uint32) bool {
	for i := range h.btf.vlen(id) {
		if !h.earlier[enumerator(h.btf.memberName(id, i))] {
			return false
		}
	}
	return h.btf.vlen(id) > 0
}
