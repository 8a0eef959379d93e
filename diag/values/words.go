// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// words say what is known of a variable or member.
func (w *walked) words(a *answer, l *dwarfmap.Local, f *dwarfmap.Field) string {
	text := ""
	switch {
	case a.object != record.NoObject:
		text = objectWords[a.object].With(nil)
	case a.size > 0:
		text = onStack(a)
	case f.Size > 0 && !a.member:
		text = w.kindsWords(a, &numberType{f.Size, f.Signed, f.Pointer}, f)
	default:
		text = w.kindsWords(a, &numberType{l.Size, l.Signed, l.Pointer}, f)
	}
	if a.partly && text != "" {
		text = catalog.KnownPartly.With(catalog.Facts{"value": text})
	}
	return text
}

// kindsWords name each kind of value, and that it may be NULL at the end.
func (w *walked) kindsWords(a *answer, t *numberType, f *dwarfmap.Field) string {
	var all []string
	null := false
	for i := range a.kinds {
		k := a.kinds[i]
		if k.Type.MayBeNull() {
			k.Type &^= regtype.MaybeNull
			null = true
		}
		switch {
		case k.IsNumber() && t.pointer && k.IsConst() && k.Bits == 0:
			null = true
		case a.member && !k.IsNumber():
			all = append(all, w.memberWords(&k, f))
		case !a.member:
			all = append(all, w.kindWords(&k, t))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	switch {
	case null && len(all) == 0 && !a.member:
		all = append(all, catalog.KnownNull.With(nil))
	case null && len(all) == 1:
		all[0] = catalog.KnownMayBeNull.With(catalog.Facts{"value": all[0]})
	case null:
		all = append(all, catalog.KnownNull.With(nil))
	}
	if len(all) == 0 {
		return ""
	}
	if a.others {
		all = append(all, catalog.KnownOther.With(nil))
	}
	if a.unset {
		all = append(all, catalog.KnownUnset.With(nil))
	}
	return catalog.Either(all)
}

var objectWords = map[record.Object]catalog.Wording{
	record.ObjectDynptr: catalog.KnownDynptr, record.ObjectIterator: catalog.KnownIterator, record.ObjectIRQFlag: catalog.KnownIRQFlag,
}

// onStack says how much of an object on the stack is set.
func onStack(a *answer) string {
	facts := catalog.Facts{"size": bytesOf(a.size)}
	switch {
	case a.zero == a.size:
		facts["detail"] = catalog.KnownAllZero.With(nil)
	case a.written == a.size:
		facts["detail"] = catalog.KnownAllSet.With(nil)
	default:
		facts["detail"] = catalog.KnownSomeSet.With(catalog.Facts{"size": strconv.FormatInt(a.written, 10)})
	}
	return catalog.KnownObjectOf.With(facts)
}

func bytesOf(n int64) string { return catalog.Bytes(strconv.FormatInt(n, 10)) }

// numberType is what a declaration says of the numbers of a variable.
type numberType struct {
	size            int64
	signed, pointer bool
}

func (w *walked) kindWords(k *record.Kind, t *numberType) string {
	if k.IsNumber() {
		return numberWords(k, t)
	}
	text := w.pointerWords(k)
	if k.Type.Base() == regtype.PtrToPacket || k.Type.Base() == regtype.PtrToPacketMeta {
		text = catalog.KnownProven.With(catalog.Facts{"value": text, "size": bytesOf(int64(k.Packet))})
	}
	if k.Ref != 0 {
		text = catalog.KnownOwned.With(catalog.Facts{"value": text})
	}
	return text
}

// numberWords say which numbers a variable of a type can be, given those of the 64 bits
// that it is the low part of.
func numberWords(k *record.Kind, t *numberType) string {
	low, high, signed := k.Min, k.Max, t.signed
	umin, umax := k.UMin, k.UMax
	switch t.size {
	case 4:
		low, high, umin, umax = int64(k.Min32), int64(k.Max32), uint64(k.UMin32), uint64(k.UMax32)
	case 1, 2:
		least, most := int64(0), int64(1)<<(8*t.size)-1
		if signed {
			least, most = -(most+1)/2, most/2
		}
		// A wider number is cut: what does not fit can become anything.
		if low < least || high > most {
			low, high = least, most
		}
		umin, umax = uint64(max(low, 0)), uint64(max(high, 0))
	}
	switch {
	case signed && low == high:
		return strconv.FormatInt(low, 10)
	case signed && (t.size == 4 && low == -1<<31 && high == 1<<31-1 || low == -1<<63 && high == 1<<63-1):
		return catalog.KnownAnyNumber.With(nil)
	case signed:
		return rangeWords(strconv.FormatInt(low, 10), strconv.FormatInt(high, 10))
	case umin == umax:
		return strconv.FormatUint(umin, 10)
	case umin == 0 && (umax == 1<<64-1 || t.size == 4 && umax == 1<<32-1):
		return catalog.KnownAnyNumber.With(nil)
	}
	return rangeWords(strconv.FormatUint(umin, 10), strconv.FormatUint(umax, 10))
}

func rangeWords(low, high string) string {
	return catalog.KnownRange.With(catalog.Facts{"min": low, "max": high})
}

// pointerWords say what is pointed to, and where in it.
func (w *walked) pointerWords(k *record.Kind) string {
	facts := catalog.Facts{}
	phrase := catalog.KnownObject
	switch k.Type.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
		facts["map"] = catalog.Quote(w.mapName(k.Map))
		m := w.MapNamed(k.Map)
		switch base := k.Type.Base(); {
		case base == regtype.ConstPtrToMap:
			return catalog.KnownMap.With(facts)
		case base == regtype.PtrToMapKey:
			phrase = catalog.KnownMapKey
			if m != nil {
				facts["size"] = bytesOf(int64(m.KeySize))
			}
		default:
			phrase = catalog.KnownMapValue
			if m != nil {
				facts["size"] = bytesOf(int64(m.ValueSize))
			}
		}
	case regtype.PtrToPacket:
		phrase = catalog.KnownPacket
	case regtype.PtrToPacketMeta:
		phrase = catalog.KnownMeta
	case regtype.PtrToStack:
		if k.Outer > 0 {
			return catalog.KnownOuter.With(nil)
		}
		return catalog.KnownStack.With(nil)
	case regtype.PtrToMem, regtype.PtrToBuf, regtype.PtrToTPBuffer:
		phrase = catalog.KnownMemory
		facts["kind"] = catalog.Kind(k.Type.String())
		if k.Size > 0 {
			facts["size"] = bytesOf(int64(k.Size))
		}
	case regtype.PtrToBTFID:
		facts["kind"] = objectKind(k.Type)
		facts["name"] = catalog.Quote("struct " + k.Struct)
	default:
		facts["kind"] = catalog.Kind(k.Type.String())
	}
	return offsetWords(phrase.With(facts), k)
}

// objectKind says how far a pointer to a kernel object can be relied on.
func objectKind(t regtype.Reg) string {
	switch {
	case t&regtype.NonOwning != 0:
		return catalog.KindBorrowed.With(nil)
	case t&regtype.Alloc != 0:
		return catalog.KindAllocated.With(nil)
	case t&regtype.Untrusted != 0:
		return catalog.KindUntrusted.With(nil)
	case t&regtype.RCU != 0:
		return catalog.KindRCU.With(nil)
	case t&regtype.Trusted != 0:
		return catalog.KindTrusted.With(nil)
	}
	return catalog.KindPlain.With(nil)
}

// offsetWords adds where in the object a pointer leads.
func offsetWords(text string, k *record.Kind) string {
	if k.Type.Base() == regtype.PtrToCtx && k.Low == 0 && k.High == 0 {
		return text
	}
	facts := catalog.Facts{"value": text}
	switch {
	case k.Low == k.High && k.Low == 0:
		return text
	case k.Low == k.High:
		facts["off"] = strconv.FormatInt(k.Low, 10)
	case k.High >= 1<<32 || k.Low <= -1<<32:
		return catalog.KnownAnywhere.With(facts)
	case k.Fixed && k.Off != 0 && k.Low >= int64(k.Off):
		facts["off"] = fmt.Sprintf("%d + %s", k.Off, rangeWords(strconv.FormatInt(k.Low-int64(k.Off), 10), strconv.FormatInt(k.High-int64(k.Off), 10)))
	default:
		facts["off"] = rangeWords(strconv.FormatInt(k.Low, 10), strconv.FormatInt(k.High, 10))
	}
	return catalog.KnownOffset.With(facts)
}

// memberWords say where a member is.
func (w *walked) memberWords(k *record.Kind, f *dwarfmap.Field) string {
	facts := catalog.Facts{"size": bytesOf(f.Size), "off": strconv.FormatInt(f.At, 10)}
	if f.Bits > 0 {
		facts["size"] = catalog.Bits(f.Bits)
	}
	facts["value"] = w.pointerWords(k)
	text := catalog.KnownMember.With(facts)
	if base := k.Type.Base(); base == regtype.PtrToPacket || base == regtype.PtrToPacketMeta {
		proven := catalog.MemberProven
		if int64(k.Packet) < f.At+f.Size {
			proven = catalog.MemberUnproven
		}
		text = proven.With(catalog.Facts{"value": text})
	}
	return text
}

// mapName is a map's name in C.
func (w *walked) mapName(name string) string {
	if m := w.MapNamed(name); m != nil && m.FullName != "" {
		return m.FullName
	}
	return name
}
