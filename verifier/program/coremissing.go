// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"iter"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// missing says what an access needs that the kernel does not have, and which
// names there are that may have been meant.
func (l *loader) missing(s *coreSpec) (why string, near []string) {
	name := essential(s.btf.name(s.root))
	k := l.kernel.types
	cands := slices.Collect(l.namesakes(s.root))
	if len(cands) == 0 {
		return fmt.Sprintf("the kernel has no '%s'", s.typeName()), nearest(name, k.named(s.btf.kind(s.root), ""))
	}
	id := k.skip(cands[0])
	switch {
	case s.kind.isType():
		return fmt.Sprintf("the kernel's '%s' is another type", s.typeName()), nil
	case s.kind.isEnum():
		return fmt.Sprintf("the kernel's '%s' has no enumerator '%s'", s.typeName(),
			s.steps[0].name), nearest(s.steps[0].name, k.members(id))
	}
	// As far as the access leads in the kernel.
	t, _ := s.matchIn(k, cands[0])
	n := len(t.steps)
	if n == 0 || n >= len(s.steps) {
		return fmt.Sprintf("the kernel's '%s' is another type", s.typeName()), nil
	}
	at := t.steps[n-1]
	if id = k.skip(at.typ); at.name != "" {
		id = k.skip(k.memberType(at.typ, at.index))
	}
	step := s.steps[n]
	switch member, there := k.memberNamed(id, step.name); {
	case step.name == "":
		return "the kernel has no such array there, or one with fewer elements", nil
	case there:
		have := s.btf.memberType(step.typ, step.index)
		return fmt.Sprintf("member '%s' of the kernel's '%s' is a %s, not a %s", step.name, k.describe(id),
			k.describe(member), s.btf.describe(have)), nil
	}
	return fmt.Sprintf("the kernel's '%s' has no member '%s'", k.describe(id), step.name), nearest(step.name,
		k.allMembers(id))
}

// typeName is the type of an access without its flavour.
func (s *coreSpec) typeName() string { return essential(s.btf.describe(s.root)) }

// namesakes are the kernel's types of the same kind and name.
func (l *loader) namesakes(local uint32) iter.Seq[uint32] {
	k, name := l.kernel.types, l.btf.name(local)
	return func(yield func(uint32) bool) {
		for id := range k.essentiallyNamed(name) {
			if kindsCompatible(k, id, l.btf, local) && essential(k.name(id)) == essential(name) && !yield(id) {
				return
			}
		}
	}
}

// allMembers are the names of a struct's members, and of those of nameless
// structs and unions in it.
func (v *btfView) allMembers(id uint32) iter.Seq[string] {
	return func(yield func(string) bool) {
		v.eachMember(id, 0, func(name string, _ uint32) bool { return yield(name) })
	}
}

// memberNamed is the type of a member.
func (v *btfView) memberNamed(id uint32, name string) (typ uint32, ok bool) {
	v.eachMember(id, 0, func(n string, t uint32) bool {
		if n == name {
			typ, ok = v.skip(t), true
		}
		return !ok
	})
	return typ, ok
}

func (v *btfView) eachMember(id uint32, depth int, yield func(name string, typ uint32) bool) bool {
	if !v.isComposite(id) || depth > maxTypeDepth {
		return true
	}
	for i := range v.vlen(id) {
		name, typ := v.memberName(id, i), v.memberType(id, i)
		if name == "" {
			if !v.eachMember(v.skip(typ), depth+1, yield) {
				return false
			}
		} else if !yield(name, typ) {
			return false
		}
	}
	return true
}

// Harmless is what the verifier lets pass in place of an instruction that the
// loader spoiled, so that what comes after it can be looked at: a load gives a
// number of which nothing is known, from a part of the stack that no program
// gets to, and a store does nothing. Others are as they were compiled.
func (e *LoadError) Harmless() []isa.Insn {
	in := e.Original[0]
	switch in.Class() {
	case isa.ClassLDX:
		return []isa.Insn{{Op: in.Op, Dst: in.Dst, Src: isa.R10, Off: -stackBytes}}
	case isa.ClassST, isa.ClassSTX:
		return []isa.Insn{{Op: isa.ClassJMP | isa.OpJa}}
	}
	if in.IsLdImm64() {
		return e.Original
	}
	return e.Original[:1]
}

// stackBytes is the size of a frame's stack.
const stackBytes = 512
