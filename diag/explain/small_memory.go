// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Memory that is smaller than the type that the source takes it for:
//
//	the value of a map            read through a pointer to a larger structure
//	an argument                   of a global function whose parameter points to more

// addSmallValue says of a member behind the end of a map's value that the values are
// smaller than the type of the pointer.
func (f *finding) addSmallValue() {
	v := history.Known(f.result, len(f.result.History), f.place())
	if v == nil || !v.IsConst() || v.Off != 0 || v.Bits != 0 || !inMapValue(v) || f.isCall() {
		return
	}
	m := f.MapNamed(v.Map)
	text := f.accessText()
	name, _, member := strings.Cut(text, "->")
	if m == nil || m.Data || !member || !isVariable(name) {
		return
	}
	size, ok := f.Index.Step(f.report.PC, name)
	t, ok2 := f.Index.Through(f.report.PC, text)
	typ, isStruct, _ := f.Index.Pointee(f.report.PC, name)
	if !ok || !ok2 || !isStruct || t.Variable != name || size <= int64(m.ValueSize) || t.At+t.Size <= int64(m.ValueSize) || typ == "" {
		return
	}
	object := catalog.Quote(catalog.Struct(typ))
	shown := mapName(m)
	place := f.about(diag.ClaimMember, t.At, t.At+t.Size-1)
	place.Text = text
	f.facts["small"] = f.state(place, "%s is bytes %d to %d of the %s", catalog.Quote(text), t.At, t.At+t.Size-1, object)
	values := f.about(diag.ClaimObject, int64(m.ValueSize), int64(m.ValueSize))
	f.facts["smallof"] = f.state(values, "the values of map %s have %s", shown, catalog.Bytes(fmt.Sprint(m.ValueSize)))
	f.advise(catalog.AdviseValueType, catalog.Facts{"map": shown, "check": catalog.Quote("__type(value, " + catalog.Struct(typ) + ")"), "value": catalog.Quote(name)})
}

// addSmallArgument says of memory that is passed to a global function how many bytes it
// has, and how many its parameter stands for.
func (f *finding) addSmallArgument(x *record.Value, start int) {
	size, ok := f.report.Fault.Int("size")
	if !ok || x == nil || x.IsNumber() || size <= 0 {
		return
	}
	has := f.memoryWords(x, size)
	if has == "" {
		return
	}
	f.facts["small"] = has
	f.facts["needs"] = f.stateFault("size", "all %s", catalog.Bytes(fmt.Sprint(size)))
	if _, proto := f.funcType(start); proto != nil && f.reg <= len(proto.Params) {
		if p, ok := btf.UnderlyingType(proto.Params[f.reg-1].Type).(*btf.Pointer); ok {
			f.facts["object"] = catalog.Quote(spelled(p.Target))
		}
	}
}

// spelled is a type as a declaration has it, "" for one without a name.
func spelled(t btf.Type) string {
	for {
		switch q := t.(type) {
		case *btf.Const:
			t = q.Type
			continue
		case *btf.Volatile:
			t = q.Type
			continue
		}
		break
	}
	if _, ok := t.(*btf.Struct); ok {
		return catalog.Struct(t.TypeName())
	}
	return t.TypeName()
}

// memoryWords say how many bytes are behind a pointer into an object that has fewer than
// are needed, "" if that is not known.
func (f *finding) memoryWords(x *record.Value, need int64) string {
	if x.IsStack() && x.IsConst() {
		off, pc, ok := f.frameOffset(f.path(), f.reg)
		if !ok {
			return ""
		}
		object, ok := f.Index.SlotObject(pc, off)
		if !ok || fromMacro(object.Name) || object.At+need <= object.Size {
			return ""
		}
		words := f.objectWords(&object)
		f.relate(object.Decl, object.Name, catalog.Quote(object.Name)+" is declared here")
		return words
	}
	bounds, ok := fault.Get[fault.Bounds](f.report.Fault)
	if !ok || !x.IsConst() || int64(x.Off)+int64(x.Bits)+need <= bounds.Object {
		return ""
	}
	object := f.about(diag.ClaimObject, bounds.Object, bounds.Object)
	words := ""
	switch m := f.MapNamed(x.Map); {
	case m != nil && m.Data:
		return ""
	case m != nil && inMapValue(x):
		words = f.state(object, "the values of map %s have %s", mapName(m), catalog.Bytes(fmt.Sprint(bounds.Object)))
	case x.Type.Base() == regtype.PtrToMem:
		words = f.state(object, "the memory that is passed has %s", catalog.Bytes(fmt.Sprint(bounds.Object)))
	default:
		return ""
	}
	if at := int64(x.Off) + int64(x.Bits); at > 0 {
		words += f.state(f.about(diag.ClaimOffset, at, at), ", of which the argument leaves out the first %d", at)
	}
	return words
}

// addPerCPUObject says of an object of which each CPU has one what gives it back, and of
// others what does not.
func (f *finding) addPerCPUObject() {
	x := history.Known(f.result, len(f.result.History), f.place())
	if x == nil || !x.Type.IsAllocObject() || !f.isCall() {
		return
	}
	suffix := ""
	if strings.HasSuffix(strings.Trim(f.facts["call"], "()"), "_impl") {
		suffix = "_impl"
	}
	drop := "bpf_obj_drop"
	f.facts["percpu"] = "an object that is not one of each CPU"
	if x.Type&regtype.PerCPU != 0 {
		drop, f.facts["percpu"] = "bpf_percpu_obj_drop", "an object of which each CPU has one"
	}
	f.facts["drop"] = catalog.Call(drop + suffix)
	if catalog.Call(f.Callee(f.report.PC)) == f.facts["drop"] {
		delete(f.facts, "percpu")
	}
}
