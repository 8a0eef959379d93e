// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Maps as arguments. The map comes before its key and value, and says how
// large they are. Not every helper works on every type of map; that is asked
// last, when the call is otherwise fine, in both directions: the map names its
// helpers, the helper names its maps (facts).

// resolveMapValueKind is what a value argument really is for the map of the
// call: socket maps hold sockets, and a Bloom filter's peek reads its value.
//
// kernel: resolve_map_arg_type
func (v *verifier) resolveMapValueKind(kind regtype.Arg) (regtype.Arg, *Rejection) {
	switch t := v.callMap(); {
	case t == facts.MapUnspec:
		return kind, v.bug("invalid map_ptr to access map->type")
	case t.Info().Element == facts.ElementSocket:
		if kind != regtype.ArgMapValue {
			return kind, v.reject(einval, fault.SockmapArgument.Of(v.mapCall()))
		}
		return regtype.ArgBTFIDSockCommon, nil
	case t == facts.MapBloomFilter && v.call.helper == facts.FuncMapPeekElem:
		return regtype.ArgMapValue, nil
	}
	return kind, nil
}

// mapCall is the call as one that works on its map.
func (v *verifier) mapCall() fault.MapCall {
	call := fault.MapCall{NumberedCall: v.call.NumberedCall}
	if v.call.mapRef != 0 {
		m := v.mapOf(v.call.mapRef)
		call.Map, call.MapType = fault.Map{Name: m.Name}, uint32(m.Type)
	}
	return call
}

// requireSameMap notes the map argument. A timer argument before it must lie
// in that map; inner maps count as equal only if one lookup gave both.
func (v *verifier) requireSameMap(n uint8) *Rejection {
	c, reg := &v.call, v.reg(n)
	if c.mapRef != 0 && (c.mapRef != reg.Map() || c.mapUID != reg.MapUID()) {
		return v.reject(einval, fault.TimerMapMismatch.Of(fault.MapPair{Argument: v.argument(n), ID: int32(c.mapUID),
			Other: reg.MapUID()}))
	}
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// stepMapKey requires the key to be readable. Where a constant key shows that
// the lookup must succeed, it is kept.
func (v *verifier) stepMapKey(n uint8) *Rejection {
	c := &v.call
	if c.mapRef == 0 {
		return v.bug("invalid map_ptr to access map->key")
	}
	m := v.mapOf(c.mapRef)
	if r := v.stepHelperMem(n, callMem{size: int(m.KeySize), mode: accessRead}); r != nil {
		return r.ofArgument(fault.MemoryRange)
	}
	if !alwaysHasElements(m) {
		return nil
	}
	key, known, r := v.constantKey(v.reg(n), int(m.KeySize))
	if !known {
		key = -1
	}
	c.key = key
	return r
}

// alwaysHasElements reports whether every index below max_entries of m has a
// value. An array made with BPF_F_INNER_MAP may stand for a smaller one.
//
// kernel: can_elide_value_nullness
func alwaysHasElements(m *program.Map) bool {
	return m.Flags&program.MapFlagInnerMap == 0 && m.Type.Has(facts.MapAlwaysFilled)
}

// constantKey is the key of size bytes on the stack at reg, if it is one known
// number.
//
// kernel: get_constant_map_key
func (v *verifier) constantKey(reg *state.Reg, size int) (key int64, known bool, r *Rejection) {
	if !v.privileged || reg.Type != regtype.PtrToStack || !reg.IsConst() {
		return 0, false, nil
	}
	at := int(reg.Off) + int(int64(reg.Var.Value))
	spi, first := slotOf(at), byteOf(at)
	slot := v.frameOf(reg).Stack.At(spi)
	if countBytes(slot, first, state.SlotZero) >= size {
		return 0, true, nil
	}
	if !slot.IsScalarSpill() || countBytes(slot, first, state.SlotSpill) != size || !slot.Spilled.IsConst() {
		return 0, false, nil
	}
	if r := v.markSlotPrecise(uint32(reg.Frame), spi); r != nil {
		return 0, false, r
	}
	return int64(slot.Spilled.Var.Value), true, nil
}

// countBytes counts the bytes of a kind in a slot, from the byte first upwards
// in memory.
func countBytes(slot *state.Slot, first int, kind state.SlotType) int {
	n := 0
	for i := first; i >= 0 && slot.Bytes[i] == kind; i-- {
		n++
	}
	return n
}

// changesMap reports whether id is one of the helpers that change a map's elements.
func changesMap(id int32) bool {
	switch id {
	case facts.FuncMapDeleteElem, facts.FuncMapUpdateElem, facts.FuncMapPushElem, facts.FuncMapPopElem:
		return true
	}
	return false
}

// usesKnownMap reports whether id is one of the helpers whose calls are rewritten for their map when
// it is the same on every path.
func usesKnownMap(id int32) bool {
	switch id {
	case facts.FuncTailCall, facts.FuncMapLookupElem, facts.FuncMapPeekElem, facts.FuncForEachMapElem,
		facts.FuncRedirectMap, facts.FuncMapLookupPercpuElem:
		return true
	}
	return changesMap(id)
}

// requireMapUnchanged requires a map that is read-only for programs not to be
// changed, and notes the map at the call.
//
// kernel: record_func_map
func (v *verifier) requireMapUnchanged() *Rejection {
	c := &v.call
	if !usesKnownMap(c.helper) {
		return nil
	}
	if c.mapRef == 0 {
		return v.bug("expected map for helper call")
	}
	if v.mapOf(c.mapRef).Flags&program.MapFlagRdOnlyProg != 0 && changesMap(c.helper) {
		return v.reject(eacces, fault.ReadOnlyMapUpdate.Of(v.mapCall()))
	}
	aux := &v.aux[v.pc]
	if aux.mapRef != c.mapRef {
		aux.mapPoisoned = aux.mapRef != 0
		aux.mapRef = c.mapRef
	}
	return nil
}

// Marks of insnAux.keyState beside the key itself.
//
// kernel: BPF_MAP_KEY_POISON, BPF_MAP_KEY_SEEN
const (
	keyPoisoned = 1 << 63
	keySeen     = 1 << 62
)

// requireTailCallIndex requires a tail call to go through a program array, and
// notes an index that is constant.
//
// kernel: record_func_key
func (v *verifier) requireTailCallIndex() *Rejection {
	if v.call.helper != facts.FuncTailCall {
		return nil
	}
	if v.callMap() != facts.MapProgramArray {
		return v.reject(einval, fault.TailCallMap.Of(v.mapCall()))
	}
	aux := &v.aux[v.pc]
	index := v.reg(isa.R3)
	key := index.Var.Value
	if index.Type != regtype.Scalar || !index.IsConst() || key >= uint64(v.mapOf(v.call.mapRef).MaxEntries) {
		aux.keyState |= keySeen | keyPoisoned
		return nil
	}
	if r := v.markPrecise(isa.R3); r != nil {
		return r
	}
	switch {
	case aux.keyState&keySeen == 0:
		aux.keyState |= key | keySeen
	case aux.keyState&keyPoisoned == 0 && aux.keyState&^keySeen != key:
		aux.keyState = keySeen | keyPoisoned
	}
	return nil
}

// requireMapTakesHelper requires the map and the helper to go together.
//
// kernel: check_map_func_compatibility
func (v *verifier) requireMapTakesHelper() *Rejection {
	c := &v.call
	if c.mapRef == 0 {
		return nil
	}
	t := v.callMap()
	updates := c.helper == facts.FuncMapUpdateElem || c.helper == facts.FuncMapDeleteElem
	switch {
	case t.Info().SockmapUpdate && updates:
		if v.mayUpdateSockmap() {
			return nil
		}
		r := v.reject(einval, fault.SockmapUpdate.Of(v.mapCall()))
		return v.addLine(r, fault.MapHelperMismatch.Of(v.mapCall()))
	case !t.TakesHelper(c.helper), !facts.HelperTakesMap(c.helper, t):
		return v.reject(einval, fault.MapHelperMismatch.Of(v.mapCall()))
	}
	return nil
}

// mayUpdateSockmap reports whether the program may change a socket map by the
// helper called: elsewhere a socket of the map could be locked already.
//
// kernel: may_update_sockmap
func (v *verifier) mayUpdateSockmap() bool {
	switch v.progInfo().Sockmap {
	case facts.SockmapUpdate:
		return true
	case facts.SockmapDelete:
		return v.call.helper == facts.FuncMapDeleteElem
	case facts.SockmapIter:
		return v.prog.Attach == facts.AttachTraceIter
	}
	return false
}
