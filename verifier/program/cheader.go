// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bufio"
	"fmt"
	"io"
	"sort"
)

// header writes a BTF's types as C. Structs and unions are all declared on top,
// so that only what embeds a type by value, or needs a typedef or an enum, has
// to come after it.
type header struct {
	btf   *btfView
	out   *bufio.Writer
	names map[uint32]string // C names of structs, unions, enums and typedefs, without their keyword
	tags  map[string]int    // how many types have that tag
	ids   map[string]int    // how many typedefs and enumerators have that name
	fwds  map[string]bool   // tags of forward declarations that are written
	state []uint8           // of each type
	// inlined are nameless enums that stand inside of something else.
	inlined map[uint32]bool
	// known are the types and functions of this kernel, earlier those of the kernels before.
	known, earlier map[headerName]bool
	depth          int
}

const (
	headerUnseen = iota
	headerActive
	headerDone
)

// maxHeaderDepth bounds how deep types may nest in C. The kernel's own need
// less than a tenth of it.
const maxHeaderDepth = 512

const headerStart = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif

#ifdef __BPF_FEATURE_ADDR_SPACE_CAST
#define __bpf_arena_pointer __attribute__((address_space(1)))
#else
#define __bpf_arena_pointer
#endif

`

const headerEnd = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`

// HeaderVersion counts the changes of what WriteHeader writes of the same types, for those who keep it.
const HeaderVersion = 2

// WriteHeader writes the kernel's types as a C header, as
// "bpftool btf dump file vmlinux format c" does: with CO-RE relocations on, and
// with prototypes of kernel functions unless BPF_NO_KFUNC_PROTOTYPES is defined.
// Types and functions that only more kernels have come after them.
func (k *Kernel) WriteHeader(w io.Writer, more ...*Kernel) error {
	h := newHeader(w, k.types)
	h.out.WriteString(headerStart)
	h.write()
	for _, other := range more {
		h.use(other.types)
		h.write()
	}
	h.out.WriteString(headerEnd)
	return h.out.Flush()
}

func newHeader(w io.Writer, v *btfView) *header {
	h := &header{
		out:  bufio.NewWriterSize(w, 1<<16),
		tags: make(map[string]int), ids: make(map[string]int), fwds: make(map[string]bool),
		known: make(map[headerName]bool), earlier: make(map[headerName]bool),
	}
	h.use(v)
	return h
}

// declaration is how C declares name as something of a type.
func (v *btfView) declaration(id uint32, name string) string {
	return newHeader(io.Discard, v).declare(id, name, 0)
}

// write writes the types and functions of a kernel that no kernel before has.
func (h *header) write() {
	v := h.btf
	h.declareRecords()
	for id := uint32(1); id < v.count(); id++ {
		switch v.kind(id) {
		case kindStruct, kindUnion:
			if v.name(id) != "" {
				h.define(id)
			}
		case kindEnum, kindEnum64:
			if v.name(id) != "" || !h.inlined[id] {
				h.define(id)
			}
		case kindTypedef:
			h.define(id)
		}
	}
	h.kfuncs()
}

// nameTypes gives every named type a C name of its own: the second type of a
// name gets the flavour ___2.
func (h *header) nameTypes() {
	// The compiler has its own type of this name, which is another one for BPF
	// than for the kernel.
	h.ids["__builtin_va_list"] = 1
	for id := uint32(1); id < h.btf.count(); id++ {
		h.noteInlined(id)
		if h.isEarlier(id) {
			continue
		}
		switch h.btf.kind(id) {
		case kindStruct, kindUnion, kindEnum, kindEnum64:
			if name := h.btf.name(id); h.emptyEnum(id) {
				h.names[id] = name
			} else if name != "" {
				h.names[id] = flavour(h.tags, name)
			}
		case kindTypedef:
			h.names[id] = flavour(h.ids, h.btf.name(id))
		}
	}
}

func flavour(seen map[string]int, name string) string {
	seen[name]++
	if n := seen[name]; n > 1 {
		return fmt.Sprintf("%s___%d", name, n)
	}
	return name
}

// noteInlined notes the nameless enums that a type uses.
func (h *header) noteInlined(id uint32) {
	use := func(ref uint32) {
		if h.btf.isEnum(ref) && h.btf.name(ref) == "" {
			h.inlined[ref] = true
		}
	}
	switch h.btf.kind(id) {
	case kindStruct, kindUnion:
		for i := range h.btf.vlen(id) {
			use(h.btf.memberType(id, i))
		}
	case kindFuncProto:
		use(h.btf.ref(id))
		for i := range h.btf.vlen(id) {
			use(h.btf.entry(id, i).a)
		}
	case kindArray:
		elem, _ := h.btf.array(id)
		use(elem)
	case kindTypedef, kindPtr, kindConst, kindVolatile, kindRestrict, kindTypeTag:
		use(h.btf.ref(id))
	}
}

// emptyEnum reports whether an enum is declared only.
func (h *header) emptyEnum(id uint32) bool { return h.btf.isEnum(id) && h.btf.vlen(id) == 0 }

// declareRecords declares all named structs and unions, also those of which
// BTF has no definition.
func (h *header) declareRecords() {
	for id := uint32(1); id < h.btf.count(); id++ {
		switch h.btf.kind(id) {
		case kindStruct, kindUnion:
			if name := h.names[id]; name != "" && h.state[id] == headerUnseen {
				fmt.Fprintf(h.out, "%s %s;\n", h.btf.kind(id), name)
			}
		case kindFwd:
			name := h.btf.name(id)
			if h.tags[name] == 0 && !h.fwds[name] {
				h.fwds[name] = true
				fmt.Fprintf(h.out, "%s %s;\n", h.fwdKind(id), name)
			}
		}
	}
	h.out.WriteString("\n")
}

// fwdKind is the kind that a forward declaration is of.
func (h *header) fwdKind(id uint32) btfKind {
	if h.btf.kflag(id) {
		return kindUnion
	}
	return kindStruct
}

// define writes a struct, union, enum or typedef, and before it whatever has
// to be known by then.
func (h *header) define(id uint32) {
	if h.state[id] != headerUnseen || h.depth > maxHeaderDepth {
		return
	}
	h.state[id] = headerActive
	h.depth++
	defer func() { h.depth-- }()
	switch h.btf.kind(id) {
	case kindStruct, kindUnion:
		h.needMembers(id)
		fmt.Fprintf(h.out, "%s;\n\n", h.record(id, 0))
	case kindEnum, kindEnum64:
		fmt.Fprintf(h.out, "%s;\n\n", h.enum(id, 0))
	case kindTypedef:
		h.needName(h.btf.ref(id))
		fmt.Fprintf(h.out, "typedef %s;\n\n", h.declare(h.btf.ref(id), h.names[id], 0))
	}
	h.state[id] = headerDone
}

func (h *header) needMembers(id uint32) {
	for i := range h.btf.vlen(id) {
		h.needWhole(h.btf.memberType(id, i))
	}
}

// needWhole defines what a variable of a type needs.
func (h *header) needWhole(id uint32) {
	if h.depth > maxHeaderDepth {
		return
	}
	h.depth++
	defer func() { h.depth-- }()
	switch h.btf.kind(id) {
	case kindConst, kindVolatile, kindRestrict, kindTypeTag:
		h.needWhole(h.btf.ref(id))
	case kindArray:
		elem, _ := h.btf.array(id)
		h.needWhole(elem)
	case kindTypedef:
		h.define(id)
		h.needWhole(h.btf.ref(id))
	case kindStruct, kindUnion:
		if h.btf.name(id) == "" {
			h.needMembers(id)
			return
		}
		h.define(id)
	default:
		h.needName(id)
	}
}

// needName defines what a pointer to a type needs.
func (h *header) needName(id uint32) {
	if h.depth > maxHeaderDepth {
		return
	}
	h.depth++
	defer func() { h.depth-- }()
	switch h.btf.kind(id) {
	case kindConst, kindVolatile, kindRestrict, kindTypeTag, kindPtr:
		h.needName(h.btf.ref(id))
	case kindArray:
		elem, _ := h.btf.array(id)
		h.needWhole(elem)
	case kindTypedef:
		h.define(id)
	case kindEnum, kindEnum64:
		if h.btf.name(id) != "" {
			h.define(id)
		}
	case kindStruct, kindUnion:
		if h.btf.name(id) == "" {
			h.needMembers(id)
		}
	case kindFuncProto:
		h.needName(h.btf.ref(id))
		for i := range h.btf.vlen(id) {
			h.needName(h.btf.entry(id, i).a)
		}
	}
}

// kfuncs writes prototypes of the functions that programs may call.
func (h *header) kfuncs() {
	fastcall := make(map[uint32]bool)
	var funcs []uint32
	for id := uint32(1); id < h.btf.count(); id++ {
		if h.btf.kind(id) != kindDeclTag || int32(h.btf.extra(id)) != -1 || h.btf.kind(h.btf.ref(id)) != kindFunc {
			continue
		}
		switch h.btf.name(id) {
		case "bpf_kfunc":
			if fn := h.btf.ref(id); !h.isEarlier(fn) {
				funcs = append(funcs, fn)
			}
		case "bpf_fastcall":
			fastcall[h.btf.ref(id)] = true
		}
	}
	sort.SliceStable(funcs, func(i, j int) bool { return h.btf.name(funcs[i]) < h.btf.name(funcs[j]) })
	h.out.WriteString("\n#ifndef BPF_NO_KFUNC_PROTOTYPES\n")
	for _, id := range funcs {
		prefix := "extern "
		if fastcall[id] {
			prefix += "__bpf_fastcall "
		}
		fmt.Fprintf(h.out, "%s%s __weak __ksym;\n", prefix, h.kfunc(id))
	}
	h.out.WriteString("#endif\n\n")
}
