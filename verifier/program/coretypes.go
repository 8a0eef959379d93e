// SPDX-License-Identifier: GPL-2.0-only

package program

// match is the answer to whether two types correspond.
type match int8

const (
	matchError match = iota - 1 // broken BTF, or nested too deep
	matchNo
	matchYes
)

func matchIf(b bool) match {
	if b {
		return matchYes
	}
	return matchNo
}

// maxCoreDepth bounds comparisons of types, as libbpf does.
const maxCoreDepth = 32

// kindsCompatible reports whether CO-RE takes two kinds for the same: all enums are.
//
// kernel: btf_kind_core_compat
func kindsCompatible(a *btfView, x uint32, b *btfView, y uint32) bool {
	return a.kind(x) == b.kind(y) || a.isEnum(x) && b.isEnum(y)
}

// typesCompatible compares types loosely: the shape of pointers, arrays and
// prototypes counts, names and members do not.
//
// kernel: bpf_core_types_are_compat
func typesCompatible(a *btfView, x uint32, b *btfView, y uint32) match {
	return typesCompatibleDepth(a, x, b, y, maxCoreDepth)
}

func typesCompatibleDepth(a *btfView, x uint32, b *btfView, y uint32, level int) match {
	if !kindsCompatible(a, x, b, y) {
		return matchNo
	}
	for range maxCoreDepth {
		x, y = a.skip(x), b.skip(y)
		if a.kind(x) == kindInvalid || b.kind(y) == kindInvalid {
			return matchError
		}
		if !kindsCompatible(a, x, b, y) {
			return matchNo
		}
		switch a.kind(x) {
		case kindVoid, kindStruct, kindUnion, kindEnum, kindFwd, kindEnum64:
			return matchYes
		case kindInt:
			return matchIf(a.intOffset(x) == 0 && b.intOffset(y) == 0)
		case kindPtr:
			x, y = a.ref(x), b.ref(y)
		case kindArray:
			x, _ = a.array(x)
			y, _ = b.array(y)
		case kindFuncProto:
			if a.vlen(x) != b.vlen(y) {
				return matchNo
			}
			for i := range a.vlen(x) {
				if level <= 0 {
					return matchError
				}
				if m := typesCompatibleDepth(a, a.skip(a.entry(x, i).a), b, b.skip(b.entry(y, i).a),
					level-1); m != matchYes {
					return m
				}
			}
			x, y = a.ref(x), b.ref(y)
		default:
			return matchNo
		}
	}
	return matchError
}

// fieldsCompatible reports whether a field of one type can stand for a field of
// the other.
//
// kernel: bpf_core_fields_are_compat
func fieldsCompatible(a *btfView, x uint32, b *btfView, y uint32) match {
	for range maxTypeDepth {
		x, y = a.skip(x), b.skip(y)
		if a.kind(x) == kindInvalid || b.kind(y) == kindInvalid {
			return matchError
		}
		if a.isComposite(x) && b.isComposite(y) {
			return matchYes
		}
		if !kindsCompatible(a, x, b, y) {
			return matchNo
		}
		switch a.kind(x) {
		case kindPtr, kindFloat:
			return matchYes
		case kindFwd, kindEnum64, kindEnum:
			xn, yn := essential(a.name(x)), essential(b.name(y))
			return matchIf(xn == "" || yn == "" || xn == yn)
		case kindInt:
			return matchIf(a.intOffset(x) == 0 && b.intOffset(y) == 0)
		case kindArray:
			x, _ = a.array(x)
			y, _ = b.array(y)
		default:
			return matchNo
		}
	}
	return matchError
}

// kernel: bpf_core_names_match
func namesMatch(a *btfView, x uint32, b *btfView, y uint32) bool {
	xn, yn := a.str(x), b.str(y)
	if yn == "" {
		return xn == ""
	}
	return essential(xn) == essential(yn)
}

// typesMatch compares types strictly: everything the first one declares must be
// in the second one.
//
// kernel: bpf_core_types_match
func typesMatch(a *btfView, x uint32, b *btfView, y uint32, behindPtr bool, level int) match {
	if level <= 0 {
		return matchError
	}
	for range maxCoreDepth {
		x, y = a.skip(x), b.skip(y)
		xk, yk := a.kind(x), b.kind(y)
		if xk == kindInvalid || yk == kindInvalid {
			return matchError
		}
		if !namesMatch(a, a.word(x, 0), b, b.word(y, 0)) {
			return matchNo
		}
		switch xk {
		case kindVoid:
			return matchIf(yk == kindVoid)
		case kindFwd:
			return matchFwd(a, x, b, y, behindPtr)
		case kindEnum, kindEnum64:
			if !b.isEnum(y) {
				return matchNo
			}
			return matchIf(enumsMatch(a, x, b, y))
		case kindStruct, kindUnion:
			if behindPtr {
				isFwd := yk == kindFwd && b.kflag(y) == (xk == kindUnion)
				return matchIf(xk == yk || isFwd)
			}
			if xk != yk {
				return matchNo
			}
			return membersMatch(a, x, b, y, level)
		case kindInt:
			sameSign := a.intEncoding(x)&intSigned == b.intEncoding(y)&intSigned
			return matchIf(xk == yk && a.size(x) == b.size(y) && sameSign)
		case kindPtr:
			if xk != yk {
				return matchNo
			}
			behindPtr = true
			x, y = a.ref(x), b.ref(y)
		case kindArray:
			if xk != yk {
				return matchNo
			}
			xe, xn := a.array(x)
			ye, yn := b.array(y)
			if xn != yn {
				return matchNo
			}
			x, y = xe, ye
		case kindFuncProto:
			if xk != yk || a.vlen(x) != b.vlen(y) {
				return matchNo
			}
			for i := range a.vlen(x) {
				if m := typesMatch(a, a.entry(x, i).a, b, b.entry(y, i).a, behindPtr, level-1); m != matchYes {
					return m
				}
			}
			x, y = a.ref(x), b.ref(y)
		default:
			return matchNo
		}
	}
	return matchError
}

// matchFwd compares a forward declaration, which behind a pointer also stands
// for the whole type.
func matchFwd(a *btfView, x uint32, b *btfView, y uint32, behindPtr bool) match {
	isUnion := a.kflag(x)
	if b.kind(y) == kindFwd {
		return matchIf(isUnion == b.kflag(y))
	}
	return matchIf(behindPtr && (b.kind(y) == kindStruct && !isUnion || b.kind(y) == kindUnion && isUnion))
}

// kernel: bpf_core_enums_match
func enumsMatch(a *btfView, x uint32, b *btfView, y uint32) bool {
	if a.size(x) != b.size(y) || a.vlen(x) > b.vlen(y) {
		return false
	}
	for i := range a.vlen(x) {
		found := false
		for j := range b.vlen(y) {
			if namesMatch(a, a.entry(x, i).first, b, b.entry(y, j).first) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// kernel: bpf_core_composites_match
func membersMatch(a *btfView, x uint32, b *btfView, y uint32, level int) match {
	if a.vlen(x) > b.vlen(y) {
		return matchNo
	}
	for i := range a.vlen(x) {
		found := false
		for j := range b.vlen(y) {
			if !namesMatch(a, a.entry(x, i).first, b, b.entry(y, j).first) {
				continue
			}
			m := typesMatch(a, a.memberType(x, i), b, b.memberType(y, j), false, level-1)
			if m == matchError {
				return m
			}
			if m == matchYes {
				found = true
				break
			}
		}
		if !found {
			return matchNo
		}
	}
	return matchYes
}
