// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// underModifier is the type below a typedef, qualifier or type tag.
func underModifier(t btf.Type) (btf.Type, bool) {
	switch m := t.(type) {
	case *btf.Typedef:
		return m.Type, true
	case *btf.Const:
		return m.Type, true
	case *btf.Volatile:
		return m.Type, true
	case *btf.Restrict:
		return m.Type, true
	case *btf.TypeTag:
		return m.Type, true
	}
	return t, false
}

// skipModifiers is the first type below t that is none.
//
// kernel: btf_type_skip_modifiers
func skipModifiers(t btf.Type) btf.Type {
	for {
		next, ok := underModifier(t)
		if !ok {
			return t
		}
		t = next
	}
}

// isScalarType reports whether t is an integer or enum.
func isScalarType(t btf.Type) bool {
	switch skipModifiers(t).(type) {
	case *btf.Int, *btf.Enum:
		return true
	}
	return false
}

// structName is the name of a struct or union.
func structName(t btf.Type) (string, bool) {
	switch s := t.(type) {
	case *btf.Struct:
		return s.Name, true
	case *btf.Union:
		return s.Name, true
	}
	return "", false
}

// isStructNamed reports whether t is a struct of that name, declared or defined.
func isStructNamed(t btf.Type, name string) bool {
	switch s := skipModifiers(t).(type) {
	case *btf.Struct:
		return s.Name == name
	case *btf.Fwd:
		return s.Kind == btf.FwdStruct && s.Name == name
	}
	return false
}

// typeSize is the size in bytes of a type that has one.
//
// kernel: btf_resolve_size
func typeSize(t btf.Type) (uint32, bool) {
	switch t.(type) {
	case *btf.Void, *btf.Fwd, *btf.Func, *btf.FuncProto:
		return 0, false
	}
	n, err := btf.Sizeof(t)
	return uint32(n), err == nil
}

// kindName spells the kind of a type as the log does.
//
// kernel: btf_type_str
func kindName(t btf.Type) string {
	switch t := t.(type) {
	case *btf.Int:
		return "INT"
	case *btf.Pointer:
		return "PTR"
	case *btf.Array:
		return "ARRAY"
	case *btf.Struct:
		return "STRUCT"
	case *btf.Union:
		return "UNION"
	case *btf.Enum:
		if t.Size == 8 {
			return "ENUM64"
		}
		return "ENUM"
	case *btf.Fwd:
		return "FWD"
	case *btf.Typedef:
		return "TYPEDEF"
	case *btf.Volatile:
		return "VOLATILE"
	case *btf.Const:
		return "CONST"
	case *btf.Restrict:
		return "RESTRICT"
	case *btf.Func:
		return "FUNC"
	case *btf.FuncProto:
		return "FUNC_PROTO"
	case *btf.Var:
		return "VAR"
	case *btf.Datasec:
		return "DATASEC"
	case *btf.Float:
		return "FLOAT"
	case *btf.TypeTag:
		return "TYPE_TAG"
	}
	return "UNKNOWN"
}

// namedOrAnon is the name of a type as the log shows it where a type may have
// none.
func namedOrAnon(t btf.Type) string {
	if name := t.TypeName(); name != "" {
		return name
	}
	return "(anon)"
}

// typeName is a type as messages have it.
func typeName(t btf.Type) fault.TypeName {
	return fault.TypeName{Kind: kindName(t), Name: t.TypeName()}
}
