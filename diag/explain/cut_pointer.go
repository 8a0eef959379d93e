// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Addresses in numbers. For the verifier a pointer that C stores in a number stays one,
// and cannot be cut to the 32 bits of a narrower type:
//
//	two shifts by 32, or a mask of 32 bits    a conversion to such a type and back
//	an operation on 32 bits                   computed in such a type
//	a store of 4 bytes                        kept in a member or variable of such a type

// addPointerNumber says of a variable of a number's type that it holds an address, and
// that an operation cuts it.
func (f *finding) addPointerNumber() {
	name := strings.Trim(f.facts["value"], "`")
	if n, ok := f.Index.NumberOf(f.report.PC, name); ok {
		f.facts["number"] = catalog.Quote(n.Type)
	}
	in := f.insn()
	if in == nil {
		return
	}
	switch in.Code() {
	case isa.OpOr, isa.OpXor, isa.OpLsh, isa.OpAnd:
		if op := f.report.Fault.Text("op"); in.Class() == isa.ClassALU64 && !cuts(in) && f.packs(op) {
			f.facts["packed"], f.facts["operator"] = "yes", catalog.Quote(op)
		}
	}
	if !cuts(in) {
		return
	}
	f.facts["cut"] = "32"
	if name, typ := f.narrowVariable(); name != "" {
		f.facts["name"], f.facts["type"] = catalog.Quote(name), catalog.Quote(typ)
	}
}

// cuts reports whether an instruction leaves the low 32 bits of a register, or is the
// first of two that do.
func cuts(in *isa.Insn) bool {
	switch {
	case in.Class() == isa.ClassALU:
		return in.Code() != isa.OpEnd
	case in.Class() != isa.ClassALU64 || in.SrcKind() != isa.SrcK:
		return false
	}
	return in.Code() == isa.OpLsh && in.Imm == 32
}

// narrowVariable is the only variable of 32 bits that the line of the fault names.
func (f *finding) narrowVariable() (name, typ string) {
	for _, word := range namesRE.FindAllString(f.lineText(f.report.PC), -1) {
		n, ok := f.Index.NumberOf(f.report.PC, word)
		if !ok || n.Size != 4 || word == name {
			continue
		}
		if name != "" {
			return "", ""
		}
		name, typ = word, n.Type
	}
	return name, typ
}

// addCutStore says of a pointer that is stored in 4 bytes what they are.
func (f *finding) addCutStore() {
	in := f.insn()
	if in == nil || in.Class() != isa.ClassSTX || in.Bytes() != 4 {
		return
	}
	m := assignsRE.FindStringSubmatch(strings.TrimSpace(f.statementText()))
	if m == nil || !lvalueRE.MatchString(strings.TrimSpace(m[1])) {
		return
	}
	f.facts["cut"] = "32"
	f.facts["name"] = catalog.Quote(strings.TrimSpace(m[1]))
}
