// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"github.com/cilium/ebpf/btf"
)

// What the types of the object say of the program's own functions.

// contextType is the type of a pointer to the program's context in C.
func (w *where) contextType() string {
	if name := w.Prog.Type.Info().Ctx; name != "" {
		return name + " *"
	}
	return ""
}

// isVoidPointer reports whether a parameter of the function that begins at pc
// is a pointer to nothing in particular.
func (w *where) isVoidPointer(pc, n int) bool {
	_, proto := w.funcType(pc)
	if proto == nil || n > len(proto.Params) {
		return false
	}
	p, ok := btf.UnderlyingType(proto.Params[n-1].Type).(*btf.Pointer)
	if !ok {
		return false
	}
	_, isVoid := btf.UnderlyingType(p.Target).(*btf.Void)
	return isVoid
}

// returnsNothing reports whether the function that begins at pc is declared void.
func (w *where) returnsNothing(pc int) bool {
	_, proto := w.funcType(pc)
	if proto == nil {
		return false
	}
	_, isVoid := btf.UnderlyingType(proto.Return).(*btf.Void)
	return isVoid
}

// funcType is the type of the function that begins at pc, nil if it is not
// known.
func (w *where) funcType(pc int) (*btf.Func, *btf.FuncProto) {
	for i := range w.Prog.Funcs {
		if int(w.Prog.Funcs[i].InsnOff) != pc || w.Prog.BTF == nil {
			continue
		}
		typ, err := w.Prog.BTF.TypeByID(w.Prog.Funcs[i].TypeID)
		fn, ok := typ.(*btf.Func)
		if err != nil || !ok {
			return nil, nil
		}
		proto, _ := fn.Type.(*btf.FuncProto)
		return fn, proto
	}
	return nil, nil
}
