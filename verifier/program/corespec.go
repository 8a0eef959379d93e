// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"strconv"
	"strings"
)

// coreKind is what a CO-RE relocation asks about the kernel's types.
type coreKind uint32

const (
	coreFieldOffset coreKind = iota
	coreFieldSize
	coreFieldExists
	coreFieldSigned
	coreFieldLShift
	coreFieldRShift
	coreTypeIDLocal
	coreTypeIDTarget
	coreTypeExists
	coreTypeSize
	coreEnumExists
	coreEnumValue
	coreTypeMatches
)

var coreKindNames = [...]string{
	"byte_off", "byte_sz", "field_exists", "signed", "lshift_u64", "rshift_u64", "local_type_id", "target_type_id",
	"type_exists", "type_size", "enumval_exists", "enumval_value", "type_matches",
}

func (k coreKind) String() string {
	if int(k) < len(coreKindNames) {
		return coreKindNames[k]
	}
	return "unknown"
}

func (k coreKind) isField() bool { return k <= coreFieldRShift }
func (k coreKind) isEnum() bool  { return k == coreEnumExists || k == coreEnumValue }
func (k coreKind) isType() bool {
	return k >= coreTypeIDLocal && k <= coreTypeSize || k == coreTypeMatches
}

// maxCoreSteps bounds the length of an access.
const maxCoreSteps = 64

// coreStep is a meaningful point of an access: a named member or an array
// element.
type coreStep struct {
	typ   uint32 // the struct, or the element's type
	index int
	name  string // of a member or enumerator, "" of an element
}

// coreSpec is an access such as task->comm[3], worked out in one BTF.
type coreSpec struct {
	btf    *btfView
	root   uint32
	kind   coreKind
	steps  []coreStep
	raw    []int // the access string's numbers
	bitOff uint32
}

// parseSpec works out an access from its string, such as "0:1:2", in the
// object's own types.
//
// kernel: bpf_core_parse_spec
func parseSpec(b *btfView, root uint32, access string, kind coreKind) (*coreSpec, error) {
	s := &coreSpec{btf: b, root: root, kind: kind}
	bad := func(what string) error {
		return fmt.Errorf("CO-RE access '%s' of %s: %s", access, b.describe(root), what)
	}
	if b.kind(root) == kindInvalid || access == "" {
		return nil, bad("no such type")
	}
	if kind.isType() {
		if access != "0" {
			return nil, bad("not an access to a type")
		}
		return s, nil
	}
	if s.raw = parseAccess(access); s.raw == nil {
		return nil, bad("not a list of numbers")
	}
	id := b.skip(root)
	first := coreStep{typ: id, index: s.raw[0]}
	switch {
	case kind.isEnum():
		if !b.isEnum(id) || len(s.raw) > 1 || first.index >= b.vlen(id) {
			return nil, bad("not an enumerator")
		}
		first.name = b.memberName(id, first.index)
		s.steps = append(s.steps, first)
		return s, nil
	case !kind.isField():
		return nil, bad("unknown kind of relocation")
	}
	s.steps = append(s.steps, first)
	size, ok := b.sizeof(id)
	if !ok {
		return nil, bad("the type has no size")
	}
	s.bitOff = uint32(first.index) * size * 8
	if what := s.walk(id); what != "" {
		return nil, bad(what)
	}
	return s, nil
}

// walk follows the access from its first number on, in the type it starts in. It
// returns what is wrong.
func (s *coreSpec) walk(id uint32) string {
	b := s.btf
	for _, n := range s.raw[1:] {
		id = b.skip(id)
		switch {
		case b.isComposite(id):
			if n >= b.vlen(id) {
				return "no such member"
			}
			off, _ := b.memberBits(id, n)
			s.bitOff += off
			if name := b.memberName(id, n); name != "" {
				s.steps = append(s.steps, coreStep{id, n, name})
			}
			id = b.memberType(id, n)
		case b.kind(id) == kindArray:
			elem, length := b.array(id)
			if id = b.skip(elem); uint32(n) >= length && !s.flexible(len(s.steps)-1, length) {
				return "no such array element"
			}
			s.steps = append(s.steps, coreStep{typ: id, index: n})
			size, ok := b.sizeof(id)
			if !ok {
				return "an array element has no size"
			}
			s.bitOff += uint32(n) * size * 8
		default:
			return "a member of something that has none"
		}
	}
	return ""
}

// parseAccess reads the numbers of an access string, nil if it is none.
func parseAccess(access string) []int {
	var raw []int
	for _, part := range strings.Split(access, ":") {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || len(raw) == maxCoreSteps {
			return nil
		}
		raw = append(raw, int(n))
	}
	return raw
}

// flexible reports whether the array at a step is one that ends a struct and may
// be of any length.
//
// kernel: is_flex_arr
func (s *coreSpec) flexible(step int, length uint32) bool {
	if step < 0 || s.steps[step].name == "" || length > 0 {
		return false
	}
	return s.steps[step].index == s.btf.vlen(s.steps[step].typ)-1
}

// matchIn works the access out in a type of another BTF. The result is of no
// use if there is no match.
//
// kernel: bpf_core_spec_match
func (s *coreSpec) matchIn(b *btfView, id uint32) (*coreSpec, match) {
	t := &coreSpec{btf: b, root: id, kind: s.kind}
	switch {
	case s.kind == coreTypeMatches:
		return t, typesMatch(s.btf, s.root, b, id, false, maxCoreDepth)
	case s.kind.isType():
		return t, typesCompatible(s.btf, s.root, b, id)
	case s.kind.isEnum():
		return t, t.matchEnum(b.skip(id), s.steps[0].name)
	}
	for i, step := range s.steps {
		id = b.skip(id)
		if b.kind(id) == kindInvalid {
			return t, matchError
		}
		if step.name != "" {
			member, m := t.matchMember(s, step, id, 0)
			if m != matchYes {
				return t, m
			}
			id = member
			continue
		}
		if i > 0 {
			if b.kind(id) != kindArray {
				return t, matchNo
			}
			elem, length := b.array(id)
			if uint32(step.index) >= length && !t.flexible(len(t.steps)-1, length) {
				return t, matchNo
			}
			id = b.skip(elem)
		}
		if len(t.raw) == maxCoreSteps {
			return t, matchError
		}
		t.steps = append(t.steps, coreStep{typ: id, index: step.index})
		t.raw = append(t.raw, step.index)
		size, ok := b.sizeof(id)
		if !ok {
			return t, matchError
		}
		t.bitOff += uint32(step.index) * size * 8
	}
	return t, matchYes
}

func (s *coreSpec) matchEnum(id uint32, name string) match {
	if !s.btf.isEnum(id) {
		return matchNo
	}
	for i := range s.btf.vlen(id) {
		if n := s.btf.memberName(id, i); essential(n) == essential(name) {
			s.steps = append(s.steps, coreStep{id, i, n})
			s.raw = append(s.raw, i)
			return matchYes
		}
	}
	return matchNo
}

// matchMember finds the member of that name, also in nameless structs and
// unions, and adds it to the access. It returns the member's type.
//
// kernel: bpf_core_match_member
func (s *coreSpec) matchMember(local *coreSpec, step coreStep, id uint32, depth int) (uint32, match) {
	b := s.btf
	if id = b.skip(id); b.kind(id) == kindInvalid || depth > maxTypeDepth {
		return 0, matchError
	}
	if !b.isComposite(id) {
		return 0, matchNo
	}
	for i := range b.vlen(id) {
		if len(s.raw) == maxCoreSteps {
			return 0, matchError
		}
		off, _ := b.memberBits(id, i)
		s.bitOff += off
		s.raw = append(s.raw, i)
		typ := b.memberType(id, i)
		switch name := b.strBytes(b.entry(id, i).first); {
		case len(name) == 0:
			if found, m := s.matchMember(local, step, typ, depth+1); m != matchNo {
				return found, m
			}
		case string(name) == step.name:
			m := fieldsCompatible(local.btf, local.btf.memberType(step.typ, step.index), b, typ)
			if m == matchYes {
				s.steps = append(s.steps, coreStep{id, i, step.name})
			}
			return typ, m
		}
		s.bitOff -= off
		s.raw = s.raw[:len(s.raw)-1]
	}
	return 0, matchNo
}

// String describes an access as libbpf does in its messages.
//
// kernel: bpf_core_format_spec
func (s *coreSpec) String() string {
	var out strings.Builder
	name := s.btf.name(s.root)
	if name == "" {
		name = "<anon>"
	}
	fmt.Fprintf(&out, "<%s> [%d] %s %s", s.kind, s.root, s.btf.kind(s.root), name)
	switch {
	case s.kind.isEnum():
		s.formatEnum(&out)
	case s.kind.isField():
		for i, step := range s.steps {
			if step.name != "" {
				out.WriteString("." + step.name)
			} else if i > 0 || step.index > 0 {
				fmt.Fprintf(&out, "[%d]", step.index)
			}
		}
		out.WriteString(" (")
		for i, n := range s.raw {
			if i > 0 {
				out.WriteByte(':')
			}
			out.WriteString(strconv.Itoa(n))
		}
		fmt.Fprintf(&out, " @ offset %d", s.bitOff/8)
		if s.bitOff%8 != 0 {
			fmt.Fprintf(&out, ".%d", s.bitOff%8)
		}
		out.WriteByte(')')
	}
	return out.String()
}

// member is what an access leads to, as C writes it after the variable.
func (s *coreSpec) member() string {
	var out strings.Builder
	for i, step := range s.steps {
		switch {
		case step.name != "":
			if out.Len() > 0 {
				out.WriteByte('.')
			}
			out.WriteString(step.name)
		case i > 0 || step.index > 0:
			fmt.Fprintf(&out, "[%d]", step.index)
		}
	}
	return out.String()
}

func (s *coreSpec) formatEnum(out *strings.Builder) {
	id, i := s.btf.skip(s.root), s.raw[0]
	val := s.btf.enumValue(id, i)
	fmt.Fprintf(out, "::%s = ", s.btf.memberName(id, i))
	switch {
	case s.btf.kflag(id):
		fmt.Fprint(out, int64(val))
	case s.btf.kind(id) == kindEnum:
		fmt.Fprint(out, uint32(val))
	default:
		fmt.Fprint(out, val)
	}
}
