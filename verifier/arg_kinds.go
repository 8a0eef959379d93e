// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// argRow is all that rules ask of an argument kind of helpers. A new kind is a
// row, and its step if the types of registers do not say everything.
type argRow struct {
	// accepts are the types of the register passed. A kind with MaybeNull also
	// takes NULL and pointers that may be NULL, one with ReadOnly takes read-only
	// memory too.
	accepts []regtype.Reg
	// refused is said of other types, nil for WrongArgumentKind.
	refused *fault.Message[fault.Unexpected]
	// memory says that it is memory of any sort, named that the prototype says
	// which struct of the kernel it is.
	memory, named bool
	// step checks what is particular to the kind, and keeps what it says about
	// the call.
	step argStep
}

// argStep is a rule about register n as an argument of a kind.
type argStep func(v *verifier, n uint8, kind regtype.Arg) *Rejection

// kernel: compatible_reg_types
var argRows = [regtype.NumArgs]argRow{
	regtype.ArgConstMapPtr: {accepts: one(regtype.ConstPtrToMap), refused: &fault.MapKind,
		step: ofRegister((*verifier).requireSameMap)},
	regtype.ArgMapKey:     {accepts: memoryTypes, memory: true, step: ofRegister((*verifier).stepMapKey)},
	regtype.ArgMapValue:   {accepts: memoryTypes, memory: true, step: (*verifier).stepMapValueArg},
	regtype.ArgMem:        {accepts: memoryTypes, memory: true, step: (*verifier).stepMemArg},
	regtype.ArgRingbufMem: {accepts: one(regtype.PtrToMem | regtype.Ringbuf)},
	regtype.ArgStack:      {accepts: one(regtype.PtrToStack)},

	regtype.ArgConstSize:            {accepts: one(regtype.Scalar), step: (*verifier).stepSizeArg},
	regtype.ArgConstSizeOrZero:      {accepts: one(regtype.Scalar), step: (*verifier).stepSizeArg},
	regtype.ArgConstAllocSizeOrZero: {accepts: one(regtype.Scalar), step: ofRegister((*verifier).stepConstantArg)},

	regtype.ArgCtx:        {accepts: one(regtype.PtrToCtx), refused: &fault.ContextKind},
	regtype.ArgSocket:     {accepts: one(regtype.PtrToSocket)},
	regtype.ArgSockCommon: {accepts: socketTypes},
	regtype.ArgBTFIDSockCommon: {
		accepts: append(slices.Clone(socketTypes), regtype.PtrToBTFID, regtype.PtrToBTFID|regtype.Trusted),
	},
	regtype.ArgBTFID: {
		accepts: []regtype.Reg{regtype.PtrToBTFID, regtype.PtrToBTFID | regtype.Trusted,
			regtype.PtrToBTFID | regtype.RCU},
		named: true,
	},
	regtype.ArgPerCPUBTFID: {
		accepts: []regtype.Reg{
			regtype.PtrToBTFID | regtype.PerCPU,
			regtype.PtrToBTFID | regtype.PerCPU | regtype.RCU,
			regtype.PtrToBTFID | regtype.PerCPU | regtype.Trusted,
		},
		step: ofRegister((*verifier).noteVariable),
	},

	regtype.ArgSpinLock:     {accepts: ownedFields, step: ofRegister((*verifier).stepLockArg)},
	regtype.ArgKptrXchgDest: {accepts: ownedFields, step: ofRegister((*verifier).requireKptrField)},
	regtype.ArgTimer:        {accepts: one(regtype.PtrToMapValue), step: ofRegister((*verifier).requireTimer)},
	regtype.ArgConstStr:     {accepts: one(regtype.PtrToMapValue), step: ofRegister((*verifier).requireConstString)},
	regtype.ArgDynptr: {accepts: []regtype.Reg{regtype.PtrToStack, regtype.ConstPtrToDynptr},
		step: (*verifier).stepHelperDynptr},
	regtype.ArgFunc: {accepts: one(regtype.PtrToFunc), step: ofRegister((*verifier).noteCallback)},
}

var (
	memoryTypes = []regtype.Reg{
		regtype.PtrToStack, regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToMapKey, regtype.PtrToMapValue,
		regtype.PtrToMem, regtype.PtrToMem | regtype.Ringbuf, regtype.PtrToBuf, regtype.PtrToBTFID | regtype.Trusted,
	}
	socketTypes = []regtype.Reg{regtype.PtrToSockCommon, regtype.PtrToSocket, regtype.PtrToTCPSock,
		regtype.PtrToXDPSock}
	// ownedFields are what special fields are in.
	ownedFields = []regtype.Reg{regtype.PtrToMapValue, regtype.PtrToBTFID | regtype.Alloc}
)

func one(t regtype.Reg) []regtype.Reg { return []regtype.Reg{t} }

// ofRegister is a rule for which the register says everything.
func ofRegister(rule func(*verifier, uint8) *Rejection) argStep {
	return func(v *verifier, n uint8, _ regtype.Arg) *Rejection { return rule(v, n) }
}

// refusal is what is wrong with a register of type t.
func (row *argRow) refusal(t regtype.Reg) fault.Message[fault.Unexpected] {
	switch {
	case t.MayBeNull() && slices.Contains(row.accepts, t&^regtype.MaybeNull):
		return fault.NullableKind
	case t&regtype.Untrusted != 0 && slices.Contains(row.accepts, t&^(regtype.Untrusted|regtype.MaybeNull)):
		return fault.UntrustedKind
	case row.refused != nil:
		return *row.refused
	}
	return fault.WrongArgumentKind
}

// wantedBy is the kernel struct that a prototype names for an argument.
func wantedBy(spec *facts.Arg) wanted {
	if argRows[spec.Type.Base()].named {
		return wanted{name: spec.BTF}
	}
	return wanted{}
}

// stepMapValueArg requires memory of the size of the map's values.
func (v *verifier) stepMapValueArg(n uint8, kind regtype.Arg) *Rejection {
	c := &v.call
	if kind.MayBeNull() && v.reg(n).IsNull() {
		return nil
	}
	if c.mapRef == 0 {
		return v.bug("invalid map_ptr to access map->value")
	}
	size := int(v.mapOf(c.mapRef).ValueSize)
	if v.mapOf(c.mapRef).Assumed {
		size = 1 // how much there must be is not known
	}
	return v.stepHelperMem(n, passed(kind, size)).ofArgument(fault.MemoryRange)
}

// stepMemArg checks memory whose size the helper fixes. Other memory is
// checked with the length that follows.
func (v *verifier) stepMemArg(n uint8, kind regtype.Arg) *Rejection {
	if kind&regtype.FixedSize == 0 {
		return nil
	}
	size := int(v.call.proto.Args[n-1].Size)
	if r := v.stepHelperMem(n, passed(kind, size)); r != nil {
		return r.ofArgument(fault.MemoryRange)
	}
	if kind&regtype.Aligned == 0 {
		return nil
	}
	return v.requireAligned(&access{pc: v.pc, base: n, size: size, strict: true}, v.reg(n))
}

// stepSizeArg checks a length, and with it the memory before it.
func (v *verifier) stepSizeArg(n uint8, kind regtype.Arg) *Rejection {
	m := passed(v.call.proto.Args[n-2].Type, 0)
	m.zeroOK = kind.Base() == regtype.ArgConstSizeOrZero
	return v.stepMemSize(n, m)
}

// passed is memory of size bytes as an argument of a kind.
func passed(kind regtype.Arg, size int) callMem {
	m := callMem{size: size, mode: accessRead, raw: kind&regtype.Uninit != 0}
	if kind&regtype.Write != 0 {
		m.mode = accessWrite
	}
	return m
}

// stepConstantArg requires a known number, and keeps it.
func (v *verifier) stepConstantArg(n uint8) *Rejection {
	reg := v.reg(n)
	if !reg.IsConst() {
		return v.reject(eacces, fault.NonConstantArgument.Of(v.argument(n)))
	}
	v.call.constant, v.call.hasConst = reg.Value(), true
	return v.markPrecise(n)
}

// noteVariable keeps the type of the per-CPU variable passed.
func (v *verifier) noteVariable(n uint8) *Rejection {
	v.call.objectBTF, v.call.objectID = v.reg(n).BTFType()
	return nil
}

// noteCallback keeps the function that the call is passed.
func (v *verifier) noteCallback(n uint8) *Rejection {
	v.call.subprog = v.reg(n).Subprog()
	return nil
}

// stepHelperDynptr checks a dynptr, and makes one there if the helper does.
func (v *verifier) stepHelperDynptr(n uint8, kind regtype.Arg) *Rejection {
	return v.stepDynptrArg(n, kind, dynptrOrigin{ref: v.call.refObjID})
}
