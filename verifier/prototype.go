// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"
)

// Prototypes as C has them, for faults about arguments that a function of the
// kernel does not have.

// prototype is a function with the parameters that a program sees; result is
// nil where programs see none.
func prototype(name string, params []btf.FuncParam, result btf.Type) string {
	var b strings.Builder
	if result != nil {
		b.WriteString(declarator(result, name))
	} else {
		b.WriteString(name)
	}
	b.WriteByte('(')
	for i := range params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(declarator(params[i].Type, params[i].Name))
	}
	b.WriteByte(')')
	return b.String()
}

// declarator declares a name of a type.
func declarator(t btf.Type, name string) string {
	text := cType(t)
	if name == "" || strings.HasSuffix(text, "*") {
		return text + name
	}
	return text + " " + name
}

// cType is the name of a type; functions and arrays have none that is short.
func cType(t btf.Type) string {
	switch t := t.(type) {
	case *btf.Pointer:
		text := cType(t.Target)
		if strings.HasSuffix(text, "*") {
			return text + "*"
		}
		return text + " *"
	case *btf.Const:
		if _, isPointer := t.Type.(*btf.Pointer); isPointer {
			return cType(t.Type)
		}
		return "const " + cType(t.Type)
	case *btf.Volatile:
		return cType(t.Type)
	case *btf.Restrict:
		return cType(t.Type)
	case *btf.TypeTag:
		return cType(t.Type)
	case *btf.Struct:
		return "struct " + t.Name
	case *btf.Union:
		return "union " + t.Name
	case *btf.Enum:
		return "enum " + t.Name
	case *btf.Fwd:
		return t.Kind.String() + " " + t.Name
	case *btf.Void:
		return "void"
	}
	if name := t.TypeName(); name != "" {
		return name
	}
	return "…"
}
