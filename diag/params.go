// SPDX-License-Identifier: GPL-2.0-only

package diag

import "github.com/cilium/ebpf/btf"

// functionAt names the function that begins at pc, with parentheses; "" if it
// has no name.
func (w *where) functionAt(pc int) string {
	if fn, ok := w.ix.Function(pc); ok && fn.Start == pc {
		return call(fn.Name)
	}
	return ""
}

// parameter is the name of parameter n, from 1, of the function that begins at
// pc, "" if it is not known.
func (w *where) parameter(pc, n int) string {
	if w.prog.BTF == nil {
		return ""
	}
	for i := range w.prog.Funcs {
		f := &w.prog.Funcs[i]
		if int(f.InsnOff) != pc {
			continue
		}
		typ, err := w.prog.BTF.TypeByID(f.TypeID)
		if err != nil {
			return ""
		}
		fn, ok := typ.(*btf.Func)
		if !ok {
			return ""
		}
		proto, ok := fn.Type.(*btf.FuncProto)
		if !ok || n < 1 || n > len(proto.Params) {
			return ""
		}
		return proto.Params[n-1].Name
	}
	return ""
}
