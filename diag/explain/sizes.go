// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Sizes of local variables against what a call or an access takes.

// addDeclared says which size the variable has that is passed, and where it is
// declared.
func (f *finding) addDeclared() {
	size, known := f.report.Fault.Int("size")
	if !f.isCall() || f.reg < 1 || f.reg > 5 || !known {
		return
	}
	pointer := history.Known(f.result, len(f.result.History), f.place())
	off, pc, ok := f.frameOffset(f.path(), f.reg)
	if pointer != nil && !pointer.IsStack() {
		f.addGlobalSize(size)
		return
	}
	if pointer == nil || !pointer.IsConst() || !ok {
		return
	}
	object, ok := f.Index.SlotObject(pc, off)
	if !ok || fromMacro(object.Name) {
		f.addDeclaredNumber(size)
		return
	}
	if object.At+size <= object.Size {
		return
	}
	f.facts["declared"] = f.objectWords(&object)
	f.addRole(object.Name, size)
}

// objectWords say how large an object is whose memory is passed, where it is declared, and
// what the argument leaves out of it.
func (f *finding) objectWords(o *dwarfmap.Object) string {
	words := f.stateSize(f.place(), o.Name, o.Size) + f.declaredIn(o.Decl.File, o.Decl.Line, o.Name)
	if o.At > 0 {
		c := f.about(diag.ClaimSize, o.Size, o.At)
		c.Text = o.Name
		words += f.state(c, ", of which the argument leaves out the first %d", o.At)
	}
	return words
}

// addDeclaredNumber says it of a number whose address is passed, by its type: the
// debug information may not say where it is.
func (f *finding) addDeclaredNumber(size int64) bool {
	text, _, ok := f.Argument(f.report.PC, f.reg)
	name, address := strings.CutPrefix(text, "&")
	n, typed := f.Index.NumberOf(f.report.PC, name)
	if !ok || !address || !typed || n.Size >= size {
		return false
	}
	f.facts["declared"] = f.stateSize(record.Place{}, name, n.Size)
	f.addRole(name, size)
	return true
}

// addGlobalSize says it of a global variable.
func (f *finding) addGlobalSize(size int64) {
	if f.entry.Asks(catalog.DetailRoom) {
		return // addRoom says how many bytes there are
	}
	t, ok := f.targetOf()
	if rest := t.start + t.bytes - t.fixed; !ok || t.bytes == 0 || rest >= size {
		return
	}
	f.facts["declared"] = f.stateSize(record.Place{}, t.variable, t.bytes)
	f.addRole(t.variable, size)
}

// declaredIn is " (declared in line N)" of a variable, as far as that is known
// and the line still names it.
func (f *finding) declaredIn(file string, line int, name string) string {
	pos, _, ok := f.At(f.report.PC)
	if !ok || line == 0 || baseName(pos.File) != baseName(file) || !mentions(f.File(pos.File).Line(line), name) {
		return ""
	}
	return fmt.Sprintf(" (declared in line %d)", line)
}

// role is what a call of a map's helper takes an argument for.
type role uint8

const (
	roleKey role = iota + 1
	roleValue
)

// mapRoles are the helpers that take keys and values of their map, by argument.
var mapRoles = map[string]map[int]role{
	"bpf_map_lookup_elem":        {2: roleKey},
	"bpf_map_lookup_percpu_elem": {2: roleKey},
	"bpf_map_update_elem":        {2: roleKey, 3: roleValue},
	"bpf_map_delete_elem":        {2: roleKey},
	"bpf_map_push_elem":          {2: roleValue},
	"bpf_map_pop_elem":           {2: roleValue},
	"bpf_map_peek_elem":          {2: roleValue},
}

// mapRole is what the argument of the fault is for the map that is passed with it; 0 if it
// is nothing of a map that is known.
func (f *finding) mapRole() (role, *program.Map) {
	v := f.passed(1)
	if v == nil || v.Type.Base() != regtype.ConstPtrToMap {
		return 0, nil
	}
	m := f.MapNamed(v.Map)
	if m == nil {
		return 0, nil
	}
	return mapRoles[f.Callee(f.report.PC)][f.reg], m
}

// addRole says that the memory is a key or value of a map.
func (f *finding) addRole(variable string, size int64) {
	as, m := f.mapRole()
	if as == 0 {
		return
	}
	what, bytes, id := "keys", m.KeySize, m.KeyTypeID
	if as == roleValue {
		what, bytes, id = "values", m.ValueSize, m.ValueTypeID
	}
	if int64(bytes) != size {
		return
	}
	name := cmp.Or(m.FullName, m.Name)
	f.proposeType(variable, f.typeWords(id), diag.Fix{Kind: catalog.FixType, Advised: true})
	f.facts["role"] = fmt.Sprintf("the size of the %s of %s", what, catalog.Quote(name))
	f.advise(catalog.AdviseMapType, catalog.Facts{
		"value": catalog.Quote(variable), "place": what, "map": catalog.Quote(name), "size": catalog.Bytes(fmt.Sprint(size)), "type": catalog.Quote(f.typeWords(id)),
	})
}

// typeWords is a type of the object as a declaration spells it, "" if it has no
// name.
func (f *finding) typeWords(id uint32) string {
	if f.Prog.BTF == nil || id == 0 {
		return ""
	}
	t, err := f.Prog.BTF.TypeByID(btf.TypeID(id))
	if err != nil || t.TypeName() == "" {
		return ""
	}
	switch t.(type) {
	case *btf.Struct:
		return "struct " + t.TypeName()
	case *btf.Union:
		return "union " + t.TypeName()
	}
	return t.TypeName()
}
