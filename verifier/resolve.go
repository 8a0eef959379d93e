// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of 64-bit immediates, which name maps, map values, kernel variables
// and functions; and of the maps that a program may use.

// requireResolved finds what every 64-bit immediate names, and refuses
// encodings that no instruction has.
//
// kernel: resolve_pseudo_ldimm64
func (v *verifier) requireResolved() *Rejection {
	used := make([]bool, len(v.maps))
	numUsed := 0
	for pc := 0; pc < len(v.insns); pc++ {
		in := &v.insns[pc]
		v.pc = pc
		if in.Class() == isa.ClassLDX && (in.Mode() != isa.ModeMEM && in.Mode() != isa.ModeMEMSX || in.Imm != 0) {
			return v.reject(einval, fault.ReservedFields.Of(fault.Encoding{Name: "BPF_LDX"}))
		}
		if !in.IsLdImm64() {
			if !in.IsKnown() {
				return v.reject(einval, fault.UnknownOpcode.Of(fault.Encoding{Opcode: fault.Opcode(in.Op)}))
			}
			continue
		}
		if pc == len(v.insns)-1 || !isSecondSlot(&v.insns[pc+1]) {
			return v.reject(einval, fault.LdimmHalf.Of(fault.None{}))
		}
		var r *Rejection
		switch in.Src {
		case 0:
		case isa.PseudoBTFID:
			r = v.resolveKernelVar(pc)
		case isa.PseudoFunc:
			v.aux[pc].ptrType = regtype.PtrToFunc
		case isa.PseudoMapFD, isa.PseudoMapValue:
			r = v.rejectMapFD(pc)
		case isa.PseudoMapIdx, isa.PseudoMapIdxValue:
			r = v.resolveMap(pc, used, &numUsed)
		default:
			r = v.reject(einval, fault.LdimmUnrecognized.Of(fault.None{}))
		}
		if r != nil {
			return r
		}
		pc++
	}
	v.pc = 0
	return nil
}

// isSecondSlot reports whether in is a slot that may only carry the upper half of an
// immediate.
func isSecondSlot(in *isa.Insn) bool { return in.Op == 0 && in.Dst == 0 && in.Src == 0 && in.Off == 0 }

// rejectMapFD refuses a map named by a file descriptor that the source code
// made up: only a loader knows descriptors, and it names maps by index here.
func (v *verifier) rejectMapFD(pc int) *Rejection {
	in := &v.insns[pc]
	if in.Src == isa.PseudoMapFD && v.insns[pc+1].Imm != 0 {
		return v.reject(einval, fault.LdimmUnrecognized.Of(fault.None{}))
	}
	return v.reject(ebadf, fault.MapNumberInvalid.Of(fault.Number{ID: int64(in.Imm)}))
}

// resolveMap finds the map that the immediate at pc names.
func (v *verifier) resolveMap(pc int, used []bool, numUsed *int) *Rejection {
	in := &v.insns[pc]
	isValue := in.Src == isa.PseudoMapIdxValue
	off := uint32(v.insns[pc+1].Imm)
	if !isValue && off != 0 {
		return v.reject(einval, fault.LdimmUnrecognized.Of(fault.None{}))
	}
	if in.Imm < 0 || int(in.Imm) >= len(v.prog.Maps) {
		return v.reject(einval, fault.MapNumberInvalid.Of(fault.Number{ID: int64(in.Imm)}))
	}
	ref := state.MapRef(in.Imm + 1)
	m := v.mapOf(ref)
	if !used[ref] {
		if *numUsed >= maxUsedMaps {
			return v.reject(e2big, fault.TooManyMaps.Of(fault.Depth{Count: maxUsedMaps}))
		}
		if r := v.requireMapAllowed(ref, used); r != nil {
			return r
		}
		used[ref] = true
		*numUsed++
		v.usesArena = v.usesArena || m.Type == facts.MapArena
	}
	v.aux[pc].ldMap = ref
	if !isValue {
		return nil
	}
	at := fault.MapOffset{Map: fault.Map{Name: m.Name}, Object: int64(m.ValueSize), Off: int64(off)}
	if off >= maxVarOff {
		return v.reject(einval, fault.MapValueOffset.Of(at))
	}
	switch {
	case m.Type.Has(facts.MapDirectValue):
		if m.MaxEntries != 1 {
			return v.reject(enotsupp, fault.MapValueOutOfBounds.Of(at))
		}
		if off >= m.ValueSize {
			return v.reject(einval, fault.MapValueOutOfBounds.Of(at))
		}
	case m.Type == facts.MapArena:
		if uint64(off) > uint64(m.MaxEntries)*pageBytes {
			return v.reject(einval, fault.MapValueOutOfBounds.Of(at))
		}
	default:
		return v.reject(einval, fault.MapValueUnsupported.Of(at))
	}
	v.aux[pc].ldOff = off
	return nil
}

// Limits of a program's tables, and the page size of the target.
const (
	maxUsedMaps = 64
	pageBytes   = 4096
)

// requireMapAllowed requires the program type to be one that may use the map.
//
// kernel: check_map_prog_compatibility
func (v *verifier) requireMapAllowed(ref state.MapRef, used []bool) *Rejection {
	m := v.mapOf(ref)
	refuse := func(errno int, what fault.Message[fault.Map]) *Rejection {
		return v.reject(errno, what.Of(fault.Map{Name: m.Name}))
	}
	if r := v.requireFieldsAllowed(ref); r != nil {
		return r
	}
	if m.Type == facts.MapStructOpsMap {
		return refuse(einval, fault.StructOpsMapUsed)
	}
	if v.sleepable() && !m.Type.Info().Sleepable {
		return v.reject(einval, fault.SleepableMap.Of(fault.Map{Name: m.Name}))
	}
	const ebusy = 16
	isArena := m.Type == facts.MapArena
	switch {
	case m.Type.Has(facts.MapOnePerProgram) && v.usesAnother(ref, used):
		if isArena {
			return refuse(ebusy, fault.SecondArena)
		}
		return refuse(ebusy, fault.SecondCgroupStorage)
	case isArena && (!v.allowPtrLeaks || !v.privileged):
		return refuse(eperm, fault.ArenaCapability)
	}
	return nil
}

// requireFieldsAllowed requires the program type to be one that may use the
// special fields of the map's values.
func (v *verifier) requireFieldsAllowed(ref state.MapRef) *Rejection {
	if v.extends() {
		return nil // the kernel does not know yet what the extension replaces
	}
	tracing := v.progInfo().Tracing
	for _, rule := range [...]struct {
		fields fieldKind
		holds  bool
		what   fault.Message[fault.FieldMap]
	}{
		{fieldListHead | fieldRbRoot, tracing, fault.TracingGraph},
		{fieldSpinLock | fieldResSpinLock, v.progType() == facts.ProgSocketFilter, fault.SocketFilterLock},
		{fieldSpinLock | fieldResSpinLock, tracing, fault.TracingLock},
		{fieldTimer, tracing, fault.TracingTimer},
		{fieldWorkqueue, tracing, fault.TracingWorkqueue},
	} {
		if !rule.holds {
			continue
		}
		for kind := fieldKind(1); kind <= rule.fields; kind <<= 1 {
			if kind&rule.fields != 0 && v.mapFields(ref).has(kind) {
				return v.reject(einval, rule.what.Of(fault.FieldMap{Map: fault.Map{Name: v.mapOf(ref).Name},
					Field: kind.String()}))
			}
		}
	}
	return nil
}

// usesAnother reports whether the program uses another map of the same type.
func (v *verifier) usesAnother(ref state.MapRef, used []bool) bool {
	for other := range used {
		if used[other] && state.MapRef(other) != ref && v.maps[other].Type == v.mapOf(ref).Type {
			return true
		}
	}
	return false
}

// resolveKernelVar finds the kernel symbol that the immediate at pc names.
//
// kernel: check_pseudo_btf_id
func (v *verifier) resolveKernelVar(pc int) *Rejection {
	id := v.insns[pc].Imm
	if v.insns[pc+1].Imm != 0 {
		return v.unsupported("uses a variable of a kernel module")
	}
	if v.prog.KernelBTF == nil {
		return v.reject(einval, fault.MissingKernelBTF.Of(fault.None{}))
	}
	t, err := v.prog.KernelBTF.TypeByID(btf.TypeID(id))
	if err != nil {
		return v.reject(enoent, fault.KernelTypeUnknown.Of(fault.Number{ID: int64(id)}))
	}
	aux := &v.aux[pc]
	if _, ok := t.(*btf.Func); ok {
		aux.ldType = regtype.PtrToMem | regtype.ReadOnly
		return nil
	}
	kvar, ok := t.(*btf.Var)
	if !ok {
		return v.reject(einval, fault.NotAKernelVariable.Of(fault.Number{ID: int64(id)}))
	}
	if v.isPerCPU(kvar) {
		return v.resolveKernelObject(aux, kvar.Type, regtype.PtrToBTFID|regtype.PerCPU)
	}
	under := skipModifiers(kvar.Type)
	if _, isStruct := structName(under); isStruct {
		return v.resolveKernelObject(aux, kvar.Type, regtype.PtrToBTFID)
	}
	size, ok := typeSize(under)
	if !ok {
		return v.reject(einval, fault.UnsizedVariable.Of(fault.Symbol{Name: kvar.Name, Type: under.TypeName(),
			Error: -einval}))
	}
	aux.ldType, aux.ldMemSize = regtype.PtrToMem|regtype.ReadOnly, size
	return nil
}

// resolveKernelObject makes an immediate a pointer to a kernel object.
func (v *verifier) resolveKernelObject(aux *insnAux, t btf.Type, kind regtype.Reg) *Rejection {
	id, err := v.prog.KernelBTF.TypeID(t)
	if err != nil {
		return v.bug("type of a kernel variable has no id")
	}
	aux.ldType, aux.ldBTF, aux.ldBTFID = kind, state.KernelBTF, uint32(id)
	return nil
}

// isPerCPU reports whether kvar is a kernel variable of which every CPU has its own.
func (v *verifier) isPerCPU(kvar *btf.Var) bool {
	var sec *btf.Datasec
	if err := v.prog.KernelBTF.TypeByName(".data..percpu", &sec); err != nil {
		return false
	}
	for i := range sec.Vars {
		if sec.Vars[i].Type == btf.Type(kvar) {
			return true
		}
	}
	return false
}
