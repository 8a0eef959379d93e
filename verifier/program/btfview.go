// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"strings"
)

// btfKind is the kind of a BTF type, by number.
type btfKind uint8

const (
	kindVoid btfKind = iota
	kindInt
	kindPtr
	kindArray
	kindStruct
	kindUnion
	kindEnum
	kindFwd
	kindTypedef
	kindVolatile
	kindConst
	kindRestrict
	kindFunc
	kindFuncProto
	kindVar
	kindDatasec
	kindFloat
	kindDeclTag
	kindTypeTag
	kindEnum64

	// kindInvalid is the kind of an id that names no type.
	kindInvalid btfKind = 0xff
)

var btfKindNames = [...]string{
	"void", "int", "ptr", "array", "struct", "union", "enum", "fwd", "typedef", "volatile", "const",
	"restrict", "func", "func_proto", "var", "datasec", "float", "decl_tag", "type_tag", "enum64",
}

func (k btfKind) String() string {
	if int(k) < len(btfKindNames) {
		return btfKindNames[k]
	}
	return "unknown"
}

// Encodings of an int and linkages of functions and variables.
const (
	intSigned = 1 << 0
	intBool   = 1 << 2

	linkStatic = 0
	linkGlobal = 1
	linkExtern = 2
)

const (
	btfMagic      = 0xeb9f
	btfHeaderSize = 24
	// maxTypeDepth bounds every walk along a chain of types.
	maxTypeDepth = 64
)

// btfView reads a .BTF section in place, by type id. Ids without a type have
// kindInvalid, names out of range are empty: a broken section makes lookups
// fail, not panic. The loader patches the section through it before anything
// else reads it.
type btfView struct {
	types []byte
	strs  []byte
	offs  []uint32 // where a type starts in types, by id; 0 is void

	// Essential names to ids, made by index: the first id of each bucket and
	// the next id of the same bucket.
	seed    maphash.Seed
	buckets []uint32
	next    []uint32
}

func newBTFView(section []byte) (*btfView, error) {
	le := binary.LittleEndian
	if len(section) < btfHeaderSize || le.Uint16(section) != btfMagic {
		return nil, formatError("the .BTF section has no valid header")
	}
	hdr, typeOff, typeLen := uint64(le.Uint32(section[4:])), uint64(le.Uint32(section[8:])),
		uint64(le.Uint32(section[12:]))
	strOff, strLen := uint64(le.Uint32(section[16:])), uint64(le.Uint32(section[20:]))
	size := uint64(len(section))
	if hdr < btfHeaderSize || hdr+typeOff+typeLen > size || hdr+strOff+strLen > size {
		return nil, formatError("the .BTF section is cut short")
	}
	v := &btfView{
		types: section[hdr+typeOff:][:typeLen],
		strs:  section[hdr+strOff:][:strLen],
		offs:  make([]uint32, 1, typeLen/16+1),
	}
	for off := uint64(0); off < typeLen; {
		if off+12 > typeLen {
			return nil, formatError("the .BTF section's last type is cut short")
		}
		n, ok := typeSize(le.Uint32(v.types[off+4:]))
		if !ok || off+n > typeLen {
			return nil, formatError("the .BTF section's type %d is of unknown kind or cut short", len(v.offs))
		}
		v.offs = append(v.offs, uint32(off))
		off += n
	}
	return v, nil
}

// typeSize is the size in bytes of a type with this info word.
func typeSize(info uint32) (uint64, bool) {
	vlen := uint64(info & 0xffff)
	switch btfKind(info >> 24 & 0x1f) {
	case kindPtr, kindFwd, kindTypedef, kindVolatile, kindConst, kindRestrict, kindFunc, kindFloat, kindTypeTag:
		return 12, true
	case kindInt, kindVar, kindDeclTag:
		return 16, true
	case kindArray:
		return 24, true
	case kindStruct, kindUnion, kindDatasec, kindEnum64:
		return 12 + 12*vlen, true
	case kindEnum, kindFuncProto:
		return 12 + 8*vlen, true
	}
	return 0, false
}

// count is one more than the highest id.
func (v *btfView) count() uint32 { return uint32(len(v.offs)) }

// word is the n-th 32-bit word of a type, 0 if there is none.
func (v *btfView) word(id uint32, n int) uint32 {
	if id == 0 || id >= v.count() {
		return 0
	}
	return binary.LittleEndian.Uint32(v.types[int(v.offs[id])+4*n:])
}

func (v *btfView) setWord(id uint32, n int, val uint32) {
	binary.LittleEndian.PutUint32(v.types[int(v.offs[id])+4*n:], val)
}

func (v *btfView) kind(id uint32) btfKind {
	switch {
	case id == 0:
		return kindVoid
	case id >= v.count():
		return kindInvalid
	}
	return btfKind(v.word(id, 1) >> 24 & 0x1f)
}

func (v *btfView) vlen(id uint32) int    { return int(v.word(id, 1) & 0xffff) }
func (v *btfView) kflag(id uint32) bool  { return v.word(id, 1)>>31 != 0 }
func (v *btfView) size(id uint32) uint32 { return v.word(id, 2) }
func (v *btfView) ref(id uint32) uint32  { return v.word(id, 2) }
func (v *btfView) name(id uint32) string { return v.str(v.word(id, 0)) }

// nameOr is a type's name as libbpf shows it.
func (v *btfView) nameOr(id uint32) string { return cmp.Or(v.name(id), "<anon>") }

func (v *btfView) extra(id uint32) uint32 { return v.word(id, 3) } // int encoding, linkage, tag's component

// linkage is that of a function or a variable.
func (v *btfView) linkage(id uint32) uint32 {
	switch v.kind(id) {
	case kindFunc:
		return uint32(v.vlen(id))
	case kindVar:
		return v.extra(id)
	}
	return linkStatic // of something else, in a damaged file
}

func (v *btfView) setLinkage(id, linkage uint32) {
	if v.kind(id) == kindFunc {
		v.setWord(id, 1, v.word(id, 1)&^0xffff|linkage)
	} else {
		v.setWord(id, 3, linkage)
	}
}

// str is the string at an offset of the string section.
func (v *btfView) str(off uint32) string { return string(v.strBytes(off)) }

func (v *btfView) strBytes(off uint32) []byte {
	if uint64(off) >= uint64(len(v.strs)) {
		return nil
	}
	s := v.strs[off:]
	if i := bytes.IndexByte(s, 0); i >= 0 {
		return s[:i]
	}
	return s
}

// btfEntry is an entry of what follows a type: a member, an enumerator, a parameter or a
// variable of a section. Of an enumerator, a and b are the halves of its value.
type btfEntry struct {
	first, a, b uint32
}

// entry is the i-th entry of a type, which must have that many.
func (v *btfView) entry(id uint32, i int) btfEntry {
	switch v.kind(id) {
	case kindEnum, kindFuncProto:
		return btfEntry{v.word(id, 3+2*i), v.word(id, 4+2*i), 0}
	}
	return btfEntry{v.word(id, 3+3*i), v.word(id, 4+3*i), v.word(id, 5+3*i)}
}

func (v *btfView) memberName(id uint32, i int) string { return v.str(v.entry(id, i).first) }
func (v *btfView) memberType(id uint32, i int) uint32 { return v.entry(id, i).a }

// memberBits is a member's offset in bits and, of a bit field, its width.
func (v *btfView) memberBits(id uint32, i int) (off, width uint32) {
	off = v.entry(id, i).b
	if v.kflag(id) {
		return off & 0xffffff, off >> 24
	}
	return off, 0
}

// enumValue is an enumerator's value.
func (v *btfView) enumValue(id uint32, i int) uint64 {
	e := v.entry(id, i)
	if v.kind(id) == kindEnum {
		return uint64(int64(int32(e.a)))
	}
	return uint64(e.b)<<32 | uint64(e.a)
}

// array is an array's element type and length.
func (v *btfView) array(id uint32) (elem, n uint32) { return v.word(id, 3), v.word(id, 5) }

// intOffset is the bit offset of the old kind of bit field.
func (v *btfView) intOffset(id uint32) uint32 { return v.extra(id) >> 16 & 0xff }

// intEncoding is a set of the int flags.
func (v *btfView) intEncoding(id uint32) uint32 { return v.extra(id) >> 24 & 0xf }

func (v *btfView) isModifier(id uint32) bool {
	switch v.kind(id) {
	case kindVolatile, kindConst, kindRestrict, kindTypeTag:
		return true
	}
	return false
}

// skip leaves out modifiers and typedefs.
func (v *btfView) skip(id uint32) uint32 {
	for range maxTypeDepth {
		if !v.isModifier(id) && v.kind(id) != kindTypedef {
			return id
		}
		id = v.ref(id)
	}
	return v.count()
}

func (v *btfView) isComposite(id uint32) bool {
	k := v.kind(id)
	return k == kindStruct || k == kindUnion
}

func (v *btfView) isEnum(id uint32) bool {
	k := v.kind(id)
	return k == kindEnum || k == kindEnum64
}

// sizeof is a type's size in bytes, false if it has none.
func (v *btfView) sizeof(id uint32) (uint32, bool) {
	n := uint64(1)
	for range maxTypeDepth / 2 {
		var size uint64
		switch v.kind(id) {
		case kindInt, kindStruct, kindUnion, kindEnum, kindEnum64, kindDatasec, kindFloat:
			size = uint64(v.size(id))
		case kindPtr:
			size = 8
		case kindTypedef, kindVolatile, kindConst, kindRestrict, kindVar, kindDeclTag, kindTypeTag:
			id = v.ref(id)
			continue
		case kindArray:
			elem, count := v.array(id)
			if n *= uint64(count); n > 1<<32-1 {
				return 0, false
			}
			id = elem
			continue
		default:
			return 0, false
		}
		if size *= n; size > 1<<32-1 {
			return 0, false
		}
		return uint32(size), true
	}
	return 0, false
}

// alignof is a type's alignment in bytes, 0 if it has none.
func (v *btfView) alignof(id uint32) uint32 { return v.alignofDepth(id, maxTypeDepth) }

func (v *btfView) alignofDepth(id uint32, depth int) uint32 {
	if depth == 0 {
		return 0
	}
	switch v.kind(id) {
	case kindInt, kindEnum, kindEnum64, kindFloat:
		return min(8, v.size(id))
	case kindPtr:
		return 8
	case kindTypedef, kindVolatile, kindConst, kindRestrict, kindTypeTag:
		return v.alignofDepth(v.ref(id), depth-1)
	case kindArray:
		elem, _ := v.array(id)
		return v.alignofDepth(elem, depth-1)
	case kindStruct, kindUnion:
		most := uint32(1)
		for i := range v.vlen(id) {
			align := v.alignofDepth(v.memberType(id, i), depth-1)
			if align == 0 {
				return 0
			}
			most = max(most, align)
			// A member off its alignment: the struct is packed.
			if off, width := v.memberBits(id, i); width == 0 && off%(8*align) != 0 {
				return 1
			}
		}
		if v.size(id)%most != 0 {
			return 1
		}
		return most
	}
	return 0
}

// find is the first type of a kind and name, 0 if there is none.
func (v *btfView) find(name string, kind btfKind) uint32 {
	if name == "" {
		return 0
	}
	if v.buckets == nil {
		for id := uint32(1); id < v.count(); id++ {
			if v.kind(id) == kind && string(v.strBytes(v.word(id, 0))) == name {
				return id
			}
		}
		return 0
	}
	for id := range v.essentiallyNamed(name) {
		if v.kind(id) == kind && string(v.strBytes(v.word(id, 0))) == name {
			return id
		}
	}
	return 0
}

// index makes find and essentiallyNamed quick.
func (v *btfView) index() {
	n := 1
	for n < len(v.offs) {
		n *= 2
	}
	v.seed = maphash.MakeSeed()
	v.buckets = make([]uint32, n)
	v.next = make([]uint32, len(v.offs))
	// From the last to the first, so that each chain is in ascending order.
	for id := v.count() - 1; id > 0; id-- {
		name := v.strBytes(v.word(id, 0))
		if len(name) == 0 {
			continue
		}
		b := maphash.Bytes(v.seed, name[:essentialLen(name)]) & uint64(n-1)
		v.next[id], v.buckets[b] = v.buckets[b], id
	}
}

// essentiallyNamed are the types, in ascending order, that may have the
// essential name of name: the caller compares. The view must be indexed.
func (v *btfView) essentiallyNamed(name string) func(yield func(uint32) bool) {
	return func(yield func(uint32) bool) {
		b := maphash.String(v.seed, name[:essentialLen(name)]) & uint64(len(v.buckets)-1)
		for id := v.buckets[b]; id != 0; id = v.next[id] {
			if !yield(id) {
				return
			}
		}
	}
}

// essentialLen is the length of a name without its flavour: task_struct___v2
// means task_struct to CO-RE.
//
// kernel: bpf_core_essential_name_len
func essentialLen[T string | []byte](name T) int {
	for i := len(name) - 5; i >= 0; i-- {
		if name[i] != '_' && name[i+1] == '_' && name[i+2] == '_' && name[i+3] == '_' && name[i+4] != '_' {
			return i + 1
		}
	}
	return len(name)
}

// essential is a name without its flavour.
func essential(name string) string { return name[:essentialLen(name)] }

// describe names a type for a message, such as "struct task_struct".
func (v *btfView) describe(id uint32) string {
	name := v.name(id)
	if name == "" {
		name = "<anon>"
	}
	return strings.TrimSpace(v.kind(id).String() + " " + name)
}
