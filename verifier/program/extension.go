// SPDX-License-Identifier: GPL-2.0-only

package program

import "fmt"

// What SEC("freplace/NAME") replaces is a function of another program, which is often in the same object. Then both
// must
//
//	be global                     the replaced one is neither static nor hidden nor itself an extension
//	have the same result          of one kind and size
//	have the same parameters      of one kind and size, pointers to structs of one name

// findReplaced looks for what an extension replaces in its object.
//
// kernel: bpf_check_attach_target, btf_check_type_match
func (l *loader) findReplaced(fn *function) {
	for _, target := range l.functions {
		if target == fn || target.name != fn.attachTo {
			continue
		}
		if why := l.cannotReplace(fn, target); why != "" {
			fn.fail(ExtensionTarget, -1, fn.attachTo, why)
			return
		}
		break
	}
	fn.fail(MissingTarget, -1, fn.attachTo, "a program that replaces another one can only be checked together with that")
}

// cannotReplace says why an extension does not fit its target, "" if it does or if that is not known.
func (l *loader) cannotReplace(fn, target *function) string {
	switch {
	case target.kind.typ == fn.kind.typ:
		return "'" + target.name + "' is an extension itself"
	case !target.global || target.hidden:
		return "'" + target.name + "' is static, and only global functions can be replaced"
	case l.btf == nil:
		return ""
	}
	a, b := l.btf.find(fn.name, kindFunc), l.btf.find(target.name, kindFunc)
	if a == 0 || b == 0 {
		return ""
	}
	return l.btf.extensionDiffers(l.btf.ref(a), l.btf.ref(b))
}

// extensionDiffers says in what two prototypes differ so that one function cannot replace the other.
//
// kernel: btf_check_func_type_match
func (v *btfView) extensionDiffers(a, b uint32) string {
	if n, m := v.vlen(a), v.vlen(b); n != m {
		return fmt.Sprintf("it has %d parameters, and what it replaces %d", n, m)
	}
	if x, y := v.skip(v.ref(a)), v.skip(v.ref(b)); v.word(x, 1) != v.word(y, 1) {
		return fmt.Sprintf("its result is '%s', and that of what it replaces '%s'", v.declaration(v.ref(a), ""),
			v.declaration(v.ref(b), ""))
	}
	for i := range v.vlen(a) {
		p, q := v.entry(a, i).a, v.entry(b, i).a
		if !v.replacesParameter(v.skip(p), v.skip(q)) {
			return fmt.Sprintf("parameter %d is '%s', and that of what it replaces '%s'", i+1, v.declaration(p, ""),
				v.declaration(q, ""))
		}
	}
	return ""
}

// replacesParameter reports whether a parameter can stand for another. What the kernel takes for no parameter of a
// global function, the verifier rejects in either function.
func (v *btfView) replacesParameter(x, y uint32) bool {
	if v.word(x, 1) != v.word(y, 1) {
		return false
	}
	switch v.kind(x) {
	case kindInt, kindEnum, kindEnum64, kindFloat, kindStruct, kindUnion:
		return v.size(x) == v.size(y)
	case kindPtr:
		s, t := v.skip(v.ref(x)), v.skip(v.ref(y))
		return v.kind(s) == kindStruct && v.kind(t) == kindStruct && v.name(s) == v.name(t)
	}
	return true
}
