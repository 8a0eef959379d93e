// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Reasons for an instruction to be replaced by one that the verifier rejects.
var (
	errNoMatch = errors.New("the kernel has nothing that corresponds")
	errWidth   = errors.New("the kernel's field has another size or is signed, so that this access would get a wrong value")
)

// coreResult is what a relocation comes to.
type coreResult struct {
	oldVal, newVal   uint64 // as compiled, and for the kernel
	poison           bool
	validate         bool   // the instruction must hold oldVal
	oldSize, newSize uint32 // of the field, 0 if a load's width does not depend on it
	badSize          bool   // the sizes differ, and loading newSize bytes would be wrong
}

// relocateCORE applies the object's CO-RE relocations to its functions. What
// has no match is poisoned, what cannot be decided makes libbpf refuse the
// program.
//
// kernel: bpf_object__relocate_core
func (l *loader) relocateCORE() error {
	l.cands = make(map[uint32][]uint32)
	for _, sec := range l.ext.relos {
		for _, rec := range sec.records {
			if rec[0]%insnSize != 0 {
				return formatError("a CO-RE relocation is at offset %d, in the middle of an instruction", rec[0])
			}
			insn := int(rec[0] / insnSize)
			fn := l.functionAt(sec.section, insn)
			if fn == nil || sec.section == 0 {
				continue // of a weak function that another one replaced
			}
			l.relocateInsn(fn, insn-fn.off, rec)
		}
	}
	return nil
}

func (l *loader) relocateInsn(fn *function, insn int, rec [4]uint32) {
	root, access, kind := rec[1], l.btf.str(rec[2]), coreKind(rec[3])
	spec, err := parseSpec(l.btf, root, access, kind)
	if err != nil {
		fn.fail(CORERelocation, insn, "", err.Error())
		return
	}
	res, err := l.resolve(spec)
	if err == nil {
		err = patch(fn.insns[insn:], res)
	}
	switch {
	case errors.Is(err, errNoMatch), errors.Is(err, errWidth):
		e := &LoadError{Kind: CORERelocation, PC: insn, Symbol: spec.String(), Message: err.Error()}
		if errors.Is(err, errNoMatch) {
			e.Message, e.Near = l.missing(spec)
		}
		e.Original = slices.Clone(fn.insns[insn:min(insn+2, len(fn.insns))])
		poison(fn.insns[insn:])
		fn.errors = append(fn.errors, e)
	case err != nil:
		poison(fn.insns[insn:])
		fn.fail(CORERelocation, insn, spec.String(), err.Error())
	case spec.kind == coreFieldOffset && res.oldVal != res.newVal:
		fn.relocated = append(fn.relocated, Relocated{
			PC: insn, Struct: l.btf.name(spec.root), Member: spec.member(), Declared: res.oldVal, Kernel: res.newVal,
		})
	}
}

// candidates are the kernel's types that a local type may stand for.
//
// kernel: bpf_core_find_cands
func (l *loader) candidates(local uint32) ([]uint32, error) {
	if ids, ok := l.cands[local]; ok {
		return ids, nil
	}
	name := l.btf.name(local)
	if name == "" {
		return nil, errors.New("nameless types cannot be looked up in the kernel")
	}
	ids := slices.Collect(l.namesakes(local))
	l.cands[local] = ids
	return ids, nil
}

// resolve works out a relocation against all candidates, which must agree.
//
// kernel: bpf_core_calc_relo_insn
func (l *loader) resolve(local *coreSpec) (coreResult, error) {
	if local.kind == coreTypeIDLocal {
		return coreResult{oldVal: uint64(local.root), newVal: uint64(local.root)}, nil
	}
	cands, err := l.candidates(local.root)
	if err != nil {
		return coreResult{}, err
	}
	var res coreResult
	var first *coreSpec
	matching := make([]uint32, 0, len(cands))
	for _, id := range cands {
		spec, m := local.matchIn(l.kernel.types, id)
		if m == matchError {
			return res, errors.New("the kernel's types cannot be compared")
		}
		if m == matchNo {
			continue
		}
		r, err := calcRelo(local, spec)
		if err != nil {
			return res, err
		}
		switch {
		case first == nil:
			res, first = r, spec
		case spec.bitOff != first.bitOff:
			return res, fmt.Errorf("ambiguous: the kernel has several such types, with the field at different offsets")
		case r.poison != res.poison || r.newVal != res.newVal:
			return res, fmt.Errorf("ambiguous: the kernel has several such types, with different values %d and %d",
				r.newVal, res.newVal)
		}
		matching = append(matching, id)
	}
	if len(matching) > 0 {
		l.cands[local.root] = matching
		return res, nil
	}
	return calcRelo(local, nil)
}

// calcRelo works out a relocation's values as compiled and in the kernel, where
// target is nil if nothing corresponds.
//
// kernel: bpf_core_calc_relo
func calcRelo(local, target *coreSpec) (coreResult, error) {
	res := coreResult{validate: true}
	var err error
	switch {
	case local.kind.isField():
		var from, to coreField
		if from, err = local.field(local.kind); err == nil {
			to, err = target.field(local.kind)
		}
		res.oldVal, res.newVal, res.validate = from.val, to.val, !from.ambiguous
		res.oldSize, res.newSize = from.size, to.size
		if err == nil && from.size != to.size {
			res.badSize = !sizeAdjustable(local.btf, from.typ, target.btf, to.typ)
		}
	case local.kind.isType():
		res.validate = local.kind != coreTypeIDTarget
		if res.oldVal, err = local.typeValue(local.kind); err == nil {
			res.newVal, err = target.typeValue(local.kind)
		}
	default:
		if res.oldVal, err = local.enumValue(local.kind); err == nil {
			res.newVal, err = target.enumValue(local.kind)
		}
	}
	if errors.Is(err, errNoMatch) {
		res.poison, err = true, nil
	}
	return res, err
}

// sizeAdjustable reports whether a field may be loaded with another width: zero
// extension keeps pointers and unsigned numbers what they are.
func sizeAdjustable(a *btfView, x uint32, b *btfView, y uint32) bool {
	if a.kind(x) == kindPtr && b.kind(y) == kindPtr {
		return true
	}
	return a.kind(x) == kindInt && b.kind(y) == kindInt &&
		a.intEncoding(x) != intSigned && b.intEncoding(y) != intSigned
}

// typeValue is the value of a relocation about a type.
//
// kernel: bpf_core_calc_type_relo
func (s *coreSpec) typeValue(kind coreKind) (uint64, error) {
	if s == nil {
		return 0, nil
	}
	switch kind {
	case coreTypeIDTarget:
		return uint64(s.root), nil
	case coreTypeExists, coreTypeMatches:
		return 1, nil
	}
	size, ok := s.btf.sizeof(s.root)
	if !ok {
		return 0, errors.New("the type has no size")
	}
	return uint64(size), nil
}

// enumValue is the value of a relocation about an enumerator.
//
// kernel: bpf_core_calc_enumval_relo
func (s *coreSpec) enumValue(kind coreKind) (uint64, error) {
	switch {
	case kind == coreEnumExists && s == nil:
		return 0, nil
	case kind == coreEnumExists:
		return 1, nil
	case s == nil:
		return 0, errNoMatch
	}
	return s.btf.enumValue(s.steps[0].typ, s.steps[0].index), nil
}

// coreField is what a relocation about a field comes to in one BTF.
type coreField struct {
	val uint64
	// size and typ are the field's where the width of a load depends on it.
	size, typ uint32
	// ambiguous values need not be those that the compiler came to.
	ambiguous bool
}

// field is the value of a relocation about a field.
//
// kernel: bpf_core_calc_field_relo
func (s *coreSpec) field(kind coreKind) (f coreField, err error) {
	if kind == coreFieldExists {
		if s != nil {
			f.val = 1
		}
		return f, nil
	}
	if s == nil {
		return f, errNoMatch
	}
	last := s.steps[len(s.steps)-1]
	if last.name == "" {
		return s.element(kind, last)
	}
	typ := s.btf.skip(s.btf.memberType(last.typ, last.index))
	_, width := s.btf.memberBits(last.typ, last.index)
	byteOff, byteSize, err := s.container(typ, width)
	if err != nil {
		return f, err
	}
	bits := width
	if width == 0 {
		bits = byteSize * 8
	}
	f.ambiguous = width != 0
	switch kind {
	case coreFieldOffset:
		f.val = uint64(byteOff)
		if width == 0 {
			f.typ = typ
			f.size, err = s.elementSize(typ)
		}
	case coreFieldSize:
		f.val = uint64(byteSize)
	case coreFieldSigned:
		f.ambiguous = false
		if s.btf.isEnum(typ) && s.btf.kflag(typ) || s.btf.kind(typ) == kindInt &&
			s.btf.intEncoding(typ)&intSigned != 0 {
			f.val = 1
		}
	case coreFieldLShift:
		f.val = uint64(64 - (s.bitOff + bits - byteOff*8))
	case coreFieldRShift:
		f.ambiguous = false
		f.val = uint64(64 - bits)
	}
	return f, err
}

// container is where to load a member from, and how many bytes. A bit field is
// loaded with the smallest number that holds all of it.
func (s *coreSpec) container(typ, width uint32) (byteOff, byteSize uint32, err error) {
	if width == 0 {
		size, ok := s.btf.sizeof(typ)
		if !ok {
			return 0, 0, errors.New("the field has no size")
		}
		return s.bitOff / 8, size, nil
	}
	byteSize = s.btf.size(typ)
	if byteSize == 0 {
		return 0, 0, errors.New("the bit field has no size")
	}
	byteOff = s.bitOff / 8 / byteSize * byteSize
	for s.bitOff+width-byteOff*8 > byteSize*8 {
		if byteSize >= 8 {
			return 0, 0, errors.New("the bit field cannot be loaded with 8 bytes")
		}
		byteSize *= 2
		byteOff = s.bitOff / 8 / byteSize * byteSize
	}
	return byteOff, byteSize, nil
}

// element is field for an array's element.
func (s *coreSpec) element(kind coreKind, last coreStep) (f coreField, err error) {
	switch kind {
	case coreFieldOffset:
		f.val, f.typ = uint64(s.bitOff/8), last.typ
		f.size, err = s.elementSize(last.typ)
	case coreFieldSize:
		n, ok := s.btf.sizeof(last.typ)
		if !ok {
			err = errors.New("the array element has no size")
		}
		f.val = uint64(n)
	default:
		err = fmt.Errorf("'%s' cannot be asked of an array element", kind)
	}
	return f, err
}

// elementSize is the size of what a load reads: of an array, one element.
func (s *coreSpec) elementSize(id uint32) (uint32, error) {
	id = s.btf.skip(id)
	for range maxTypeDepth {
		if s.btf.kind(id) != kindArray {
			break
		}
		elem, _ := s.btf.array(id)
		id = s.btf.skip(elem)
	}
	size, ok := s.btf.sizeof(id)
	if !ok {
		return 0, errors.New("the field has no size")
	}
	return size, nil
}

// patch writes a relocation's value into an instruction.
//
// kernel: bpf_core_patch_insn
func patch(insns []isa.Insn, res coreResult) error {
	if res.poison {
		return errNoMatch
	}
	in := &insns[0]
	unexpected := func(got int64) error {
		return fmt.Errorf("the instruction has %d where the compiler should have put %d", got, int64(res.oldVal))
	}
	switch in.Class() {
	case isa.ClassALU, isa.ClassALU64:
		if in.SrcKind() != isa.SrcK {
			return errors.New("the instruction has no immediate operand")
		}
		if res.validate && uint64(int64(in.Imm)) != res.oldVal {
			return unexpected(int64(in.Imm))
		}
		in.Imm = int32(uint32(res.newVal))
	case isa.ClassLDX, isa.ClassST, isa.ClassSTX:
		if res.validate && uint64(int64(in.Off)) != res.oldVal {
			return unexpected(int64(in.Off))
		}
		if res.newVal > math.MaxInt16 {
			return fmt.Errorf("offset %d is too large for a load or store", res.newVal)
		}
		if res.badSize {
			return errWidth
		}
		in.Off = int16(res.newVal)
		if res.newSize != res.oldSize {
			return resize(in, res)
		}
	case isa.ClassLD:
		if !in.IsLdImm64() || len(insns) < 2 || in.Src != 0 || in.Off != 0 || insns[1].Op != 0 ||
			insns[1].Dst != 0 || insns[1].Src != 0 || insns[1].Off != 0 {
			return errors.New("the instruction is no plain 64-bit load")
		}
		imm := uint64(uint32(in.Imm)) | uint64(uint32(insns[1].Imm))<<32
		if res.validate && imm != res.oldVal {
			return unexpected(int64(imm))
		}
		in.Imm, insns[1].Imm = int32(uint32(res.newVal)), int32(uint32(res.newVal>>32))
	default:
		return fmt.Errorf("an instruction of opcode %#x cannot be relocated", in.Op)
	}
	return nil
}

// resize changes the width of a load or store to that of the kernel's field.
func resize(in *isa.Insn, res coreResult) error {
	if uint32(in.Bytes()) != res.oldSize {
		return fmt.Errorf("the instruction accesses %d bytes of a field of %d", in.Bytes(), res.oldSize)
	}
	codes := map[uint32]uint8{1: isa.SizeB, 2: isa.SizeH, 4: isa.SizeW, 8: isa.SizeDW}
	code, ok := codes[res.newSize]
	if !ok {
		return fmt.Errorf("the kernel's field has %d bytes, which no instruction accesses", res.newSize)
	}
	in.Op = in.Mode() | code | in.Class()
	return nil
}

// poison makes an instruction one that the verifier rejects if it is reached.
//
// kernel: bpf_core_poison_insn
func poison(insns []isa.Insn) {
	bad := isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: PoisonCORE}
	if insns[0].IsLdImm64() && len(insns) > 1 {
		insns[1] = bad
	}
	insns[0] = bad
}
