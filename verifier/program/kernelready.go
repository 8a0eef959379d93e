// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"encoding/binary"
	"slices"
)

// dummyKsym is the variable that stands for every kernel function in BTF.
const dummyKsym = "dummy_ksym"

// KernelReadyBTF is the object's BTF as libbpf hands it to the kernel, nil if
// the object has none. Ids are those of BTF: types are only added at the end.
//
// The kernel has no notion of a section of kernel symbols. Its variables become
// ints of their own, its functions one variable in a row.
//
// kernel: bpf_object__collect_externs
func (o *Object) KernelReadyBTF() []byte {
	raw := slices.Clone(o.rawBTF)
	v, err := newBTFView(raw)
	if err != nil {
		return raw
	}
	sec := v.find(secKsyms, kindDatasec)
	if sec == 0 {
		return raw
	}
	integer := v.firstInt()
	if v.holdsFunction(sec) {
		raw = withDummyKsym(v, integer)
		if v, err = newBTFView(raw); err != nil {
			return raw
		}
	}
	dummy := v.count() - 1
	const size = 4 // bytes that each symbol is said to take
	for i := range v.vlen(sec) {
		id := v.entry(sec, i).first
		if v.kind(id) == kindFunc {
			v.nameParams(v.ref(id), v.word(dummy, 0))
			v.setLinkage(id, linkGlobal)
			v.setWord(sec, 3+3*i, dummy)
		} else {
			v.setLinkage(id, linkGlobal)
			v.setWord(id, 2, integer)
		}
		v.setWord(sec, 4+3*i, uint32(size*i))
		v.setWord(sec, 5+3*i, size)
	}
	v.setWord(sec, 2, uint32(size*v.vlen(sec)))
	return raw
}

// firstInt is the first int of 32 bits, 0 if there is none.
func (v *btfView) firstInt() uint32 {
	for id := uint32(1); id < v.count(); id++ {
		if v.kind(id) == kindInt && v.extra(id)&0xff == 32 {
			return id
		}
	}
	return 0
}

func (v *btfView) holdsFunction(datasec uint32) bool {
	for i := range v.vlen(datasec) {
		if v.kind(v.entry(datasec, i).first) == kindFunc {
			return true
		}
	}
	return false
}

// nameParams names the parameters of a prototype that have no name, without
// which the kernel takes no function.
func (v *btfView) nameParams(proto, name uint32) {
	for i := range v.vlen(proto) {
		if p := v.entry(proto, i); p.first == 0 && p.a != 0 {
			v.setWord(proto, 3+2*i, name)
		}
	}
}

// withDummyKsym is a .BTF section with one more type: the dummy variable.
func withDummyKsym(v *btfView, integer uint32) []byte {
	le := binary.LittleEndian
	types, strs := len(v.types), len(v.strs)
	b := make([]byte, btfHeaderSize, btfHeaderSize+types+16+strs+len(dummyKsym)+1)
	le.PutUint16(b, btfMagic)
	b[2] = 1 // version
	le.PutUint32(b[4:], btfHeaderSize)
	le.PutUint32(b[12:], uint32(types+16))
	le.PutUint32(b[16:], uint32(types+16))
	le.PutUint32(b[20:], uint32(strs+len(dummyKsym)+1))
	b = append(b, v.types...)
	for _, word := range [...]uint32{uint32(strs), uint32(kindVar) << 24, integer, linkGlobal} {
		b = le.AppendUint32(b, word)
	}
	b = append(b, v.strs...)
	b = append(b, dummyKsym...)
	return append(b, 0)
}
