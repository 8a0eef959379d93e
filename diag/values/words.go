// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"cmp"
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
	default:
		text = w.kindsWords(a, typeOf(a, l, f), f)
	}
	if a.partly && text != "" {
		text = catalog.KnownPartly.With(catalog.Facts{"value": text})
	}
	return text
}

// typeOf is the type of the numbers of a variable or member.
func typeOf(a *answer, l *dwarfmap.Local, f *dwarfmap.Field) *numberType {
	if f.Size > 0 && !a.member {
		return &numberType{f.Size, f.Signed, f.Pointer}
	}
	return &numberType{l.Size, l.Signed, l.Pointer}
}

// kindsWords name each kind of value, and that it may be NULL at the end.
func (w *walked) kindsWords(a *answer, t *numberType, f *dwarfmap.Field) string {
	var all []string
	var numbers []numbers
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
		case !a.member && k.IsNumber():
			numbers = append(numbers, numbersOf(&k, t))
		case !a.member:
			all = append(all, w.kindWords(&k, t))
		}
	}
	slices.Sort(all)
	all = append(rangesWords(numbers), slices.Compact(all)...)
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
		n := numbersOf(k, t)
		return n.words()
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

// numbers are those from one to another of a type: from min to max of a signed one, from
// umin to umax of others. A type without a size has 64 bits.
type numbers struct {
	*numberType
	min, max   int64
	umin, umax uint64
}

// numbersOf are the numbers that a variable of a type can be, given those of the 64 bits
// that it is the low part of.
func numbersOf(k *record.Kind, t *numberType) numbers {
	n := numbers{t, k.Min, k.Max, k.UMin, k.UMax}
	switch t.size {
	case 4:
		n.min, n.max, n.umin, n.umax = int64(k.Min32), int64(k.Max32), uint64(k.UMin32), uint64(k.UMax32)
	case 1, 2:
		least, most := int64(0), int64(1)<<(8*t.size)-1
		if t.signed {
			least, most = -(most+1)/2, most/2
		}
		// A wider number is cut: what does not fit can become anything.
		if n.min < least || n.max > most {
			n.min, n.max = least, most
		}
		n.umin, n.umax = uint64(max(n.min, 0)), uint64(max(n.max, 0))
	}
	return n
}

func (n *numbers) words() string {
	switch {
	case n.signed && n.min == n.max:
		return strconv.FormatInt(n.min, 10)
	case n.signed && (n.size == 4 && n.min == -1<<31 && n.max == 1<<31-1 || n.min == -1<<63 && n.max == 1<<63-1):
		return catalog.KnownAnyNumber.With(nil)
	case n.signed:
		return rangeWords(strconv.FormatInt(n.min, 10), strconv.FormatInt(n.max, 10))
	case n.umin == n.umax:
		return strconv.FormatUint(n.umin, 10)
	case n.umin == 0 && (n.umax == 1<<64-1 || n.size == 4 && n.umax == 1<<32-1):
		return catalog.KnownAnyNumber.With(nil)
	}
	return rangeWords(strconv.FormatUint(n.umin, 10), strconv.FormatUint(n.umax, 10))
}

// apart reports whether all of n is less than o, with numbers between them.
func (n *numbers) apart(o *numbers) bool {
	if n.signed {
		return n.max < o.min && n.max+1 < o.min
	}
	return n.umax < o.umin && n.umax+1 < o.umin
}

// mostRanges is how many ranges of numbers are told apart.
const mostRanges = 3

// rangesWords name the ranges of numbers of one type, ascending, of which some overlap or
// lie side by side.
func rangesWords(all []numbers) (words []string) {
	slices.SortFunc(all, func(a, b numbers) int {
		if a.signed {
			return cmp.Compare(a.min, b.min)
		}
		return cmp.Compare(a.umin, b.umin)
	})
	var joined []numbers
	for i := range all {
		n := &all[i]
		if last := len(joined) - 1; last >= 0 && !joined[last].apart(n) {
			joined[last].join(n)
			continue
		}
		joined = append(joined, *n)
	}
	if len(joined) > mostRanges {
		for i := range joined[1:] {
			joined[0].join(&joined[i+1])
		}
		joined = joined[:1]
	}
	for i := range joined {
		words = append(words, joined[i].words())
	}
	return words
}

func (n *numbers) join(o *numbers) {
	n.min, n.max, n.umin, n.umax = min(n.min, o.min), max(n.max, o.max), min(n.umin, o.umin), max(n.umax, o.umax)
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
