// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// declare is a C declaration of name as something of a type. Nameless structs,
// unions and enums are written out, indented by level.
func (h *header) declare(id uint32, name string, level int) string {
	quals, tags := "", ""
	for range maxTypeDepth {
		switch h.btf.kind(id) {
		case kindConst, kindVolatile, kindRestrict:
			// Of an array and its elements both may be const.
			if q := h.btf.kind(id).String() + " "; !strings.Contains(quals, q) {
				quals += q
			}
			id = h.btf.ref(id)
		case kindTypeTag:
			tags += " " + h.typeTag(id)
			id = h.btf.ref(id)
		case kindPtr:
			name = "*" + strings.TrimPrefix(tags+" ", " ") + quals + name
			quals, tags = "", ""
			id = h.btf.ref(id)
			if k := h.btf.kind(h.unqualified(id)); k == kindArray || k == kindFuncProto {
				name = "(" + name + ")"
			}
		case kindArray:
			elem, n := h.btf.array(id)
			name += "[" + strconv.FormatUint(uint64(n), 10) + "]"
			id = elem
		case kindFuncProto:
			name += h.params(id, level)
			id = h.btf.ref(id)
		default:
			return spaced(quals+h.base(id, level)+tags, name)
		}
	}
	return spaced("void", name)
}

// typeTag is how C gives a type a tag. One with the kind flag is an attribute itself.
func (h *header) typeTag(id uint32) string {
	if name := h.btf.name(id); !h.btf.kflag(id) {
		return "__attribute__((btf_type_tag(" + strconv.Quote(name) + ")))"
	} else if name == addressSpace {
		return arenaPointer
	} else {
		return "__attribute__((" + name + "))"
	}
}

// addressSpace is the attribute of pointers into arenas, arenaPointer the macro for it: compilers that do not convert
// between address spaces have none.
const (
	addressSpace = "address_space(1)"
	arenaPointer = "__bpf_arena_pointer"
)

// kfunc is the prototype of a kernel function. Pointers into arenas are told by the function's flags: the types of many
// kernels have no tags for them.
func (h *header) kfunc(id uint32) string {
	name, proto := h.btf.name(id), h.btf.ref(id)
	k, ok := facts.Of(facts.Default).Kfunc(name)
	if !ok || k.Flags&(facts.KfArenaRet|facts.KfArenaArg1|facts.KfArenaArg2) == 0 {
		return h.declare(proto, name, 0)
	}
	list := make([]string, h.btf.vlen(proto))
	for i := range list {
		p := h.btf.entry(proto, i)
		arena := i == 0 && k.Flags&facts.KfArenaArg1 != 0 || i == 1 && k.Flags&facts.KfArenaArg2 != 0
		list[i] = h.declareInArena(p.a, h.btf.str(p.first), arena)
	}
	return h.declareInArena(h.btf.ref(proto), name+"("+strings.Join(list, ", ")+")", k.Flags&facts.KfArenaRet != 0)
}

// declareInArena declares name as something of a type, which is a pointer into an arena if arena is set.
func (h *header) declareInArena(id uint32, name string, arena bool) string {
	if !arena || h.btf.kind(id) != kindPtr || h.btf.kind(h.btf.ref(id)) == kindTypeTag {
		return h.declare(id, name, 0)
	}
	return h.declare(h.btf.ref(id), arenaPointer+" *"+name, 0)
}

func spaced(typ, name string) string {
	if name == "" {
		return typ
	}
	return typ + " " + name
}

// unqualified leaves out qualifiers, but not typedefs.
func (h *header) unqualified(id uint32) uint32 {
	for range maxTypeDepth {
		if !h.btf.isModifier(id) {
			break
		}
		id = h.btf.ref(id)
	}
	return id
}

// params is a prototype's list of parameters.
func (h *header) params(id uint32, level int) string {
	n := h.btf.vlen(id)
	if n == 0 {
		return "(void)"
	}
	list := make([]string, n)
	for i := range list {
		p := h.btf.entry(id, i)
		if p.a == 0 && i == n-1 {
			list[i] = "..."
			continue
		}
		list[i] = h.declare(p.a, h.btf.str(p.first), level)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// base is how C calls a type that is neither derived nor qualified.
func (h *header) base(id uint32, level int) string {
	switch k := h.btf.kind(id); k {
	case kindStruct, kindUnion:
		if h.btf.name(id) == "" {
			return h.record(id, level)
		}
		return k.String() + " " + h.names[id]
	case kindEnum, kindEnum64:
		if h.btf.name(id) == "" {
			return h.enum(id, level)
		}
		return "enum " + h.names[id]
	case kindFwd:
		return h.fwdKind(id).String() + " " + h.btf.name(id)
	case kindTypedef:
		return h.names[id]
	case kindInt, kindFloat:
		return h.btf.name(id)
	}
	return "void"
}

// enum is an enum's definition.
func (h *header) enum(id uint32, level int) string {
	var out strings.Builder
	out.WriteString("enum")
	if name := h.names[id]; name != "" {
		out.WriteString(" " + name)
	}
	n := h.btf.vlen(id)
	if n == 0 {
		return out.String()
	}
	out.WriteString(" {")
	wide := false
	for i := range n {
		val := h.btf.enumValue(id, i)
		text := strconv.FormatInt(int64(val), 10)
		switch {
		case h.btf.kflag(id):
			wide = wide || int64(val) != int64(int32(val))
		case h.btf.kind(id) == kindEnum:
			text = strconv.FormatUint(uint64(uint32(val)), 10)
		default:
			text = strconv.FormatUint(val, 10) + "ULL"
			wide = wide || val>>32 != 0
		}
		fmt.Fprintf(&out, "\n%s%s = %s,", indent(level+1), flavour(h.ids, h.btf.memberName(id, i)), text)
	}
	out.WriteString("\n" + indent(level) + "}")
	switch size := h.btf.size(id); {
	case size == 1:
		out.WriteString(" __attribute__((mode(byte)))")
	case size == 2:
		out.WriteString(" __attribute__((mode(HI)))")
	case size == 8 && !wide:
		out.WriteString(" __attribute__((mode(word)))")
	}
	return out.String()
}

func indent(level int) string { return strings.Repeat("\t", level) }
