// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Sizes of local variables against what a call or an access takes.

// addDeclared says which size the variable has that is passed, and where it is
// declared.
func (f *finding) addDeclared() {
	size, known := f.report.Fault.Int("size")
	if !f.isCall() || f.reg < 1 || f.reg > 5 || !known || f.addPart(size, false) {
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
		f.addPart(size, true)
		return
	}
	if object.At+size <= object.Size {
		return
	}
	f.facts["declared"] = f.objectWords(&object)
	f.addRole(object.Name, size)
	if f.facts["role"] != "" {
		f.relate(object.Decl, object.Name, f.stateSize(f.place(), object.Name, object.Size))
	}
}

// objectWords say how large an object is whose memory is passed, where it is declared, and
// what the argument leaves out of it.
func (f *finding) objectWords(o *dwarfmap.Object) string {
	typ := ""
	as, _ := f.mapRole()
	if part, ok := f.Index.PartOf(f.report.PC, o.Name); ok && as != 0 && part.Size == o.Size && part.Decl == o.Decl {
		typ = part.Type
	}
	words := f.stateSize(f.place(), o.Name, o.Size) + f.declaredAs(o.Decl.File, o.Decl.Line, o.Name, typ)
	if o.At > 0 {
		c := f.about(diag.ClaimSize, o.Size, o.At)
		c.Text = o.Name
		words += f.state(c, ", of which the argument leaves out the first %d", o.At)
	}
	return words
}

// addPart says it of a member or an element, by its type, whose address is passed. With
// whole it is also said of variables, and of what pointers point to: the debug
// information may not say where they are.
func (f *finding) addPart(size int64, whole bool) bool {
	text, _, ok := f.Argument(f.report.PC, f.reg)
	text = withoutCasts(text)
	expr, address := strings.CutPrefix(text, "&")
	expr = withoutCasts(expr)
	part, typed := f.Index.PartOf(f.report.PC, expr)
	if !ok || !typed || part.Variable == expr && !whole {
		return false
	}
	if !address && !part.Array {
		return f.addPointee(expr, size)
	}
	if part.Size >= size {
		return false
	}
	words := f.stateSize(record.Place{}, expr, part.Size)
	related := words
	if part.Variable == expr {
		f.facts["declared"] = words + f.declaredAs(part.Decl.File, part.Decl.Line, expr, part.Type)
	} else {
		f.facts["declared"] = words
		if f.declaredIn(part.Decl.File, part.Decl.Line, part.Variable) != "" {
			f.facts["declared"] += fmt.Sprintf(" (%s is declared in line %d)", catalog.Quote(part.Variable), part.Decl.Line)
		}
	}
	f.addRole(expr, size)
	if part.Decl.Line > 0 {
		f.relate(part.Decl, part.Variable, related)
	}
	return true
}

// addPointee says it of what the pointer variable points to that is passed.
func (f *finding) addPointee(name string, size int64) bool {
	to, ok := f.Index.PartOf(f.report.PC, "*"+name)
	if !ok || !isVariable(name) || to.Type == "" || to.Size >= size {
		return false
	}
	c := diag.Claim{Kind: diag.ClaimSize, Event: diag.AtFault, Text: "*" + name, Low: to.Size, High: to.Size}
	f.facts["declared"] = f.state(c, "%s points to a %s of %s", catalog.Quote(name), catalog.Quote(to.Type), catalog.Bytes(fmt.Sprint(to.Size)))
	f.addRole("*"+name, size)
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
	words := f.stateSize(record.Place{}, t.variable, t.bytes)
	f.facts["declared"] = words
	f.addRole(t.variable, size)
	var v *btf.Var
	if f.facts["role"] == "" || f.Prog.BTF.TypeByName(t.variable, &v) != nil {
		return
	}
	if pos, ok := f.Declarations().Global(t.variable); ok {
		f.facts["declared"] += f.declaredAs(pos.File, pos.Line, t.variable, spelled(v.Type))
		f.relate(pos, t.variable, words)
	}
}

// declaredAs is declaredIn with the type that the variable has.
func (f *finding) declaredAs(file string, line int, name, typ string) string {
	words := f.declaredIn(file, line, name)
	if words == "" || typ == "" {
		return words
	}
	return strings.TrimSuffix(words, ")") + " as " + catalog.Quote(typ) + ")"
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

// addRole says that the memory is a key or value of a map, of which type those are, and
// where the map's definition says so.
func (f *finding) addRole(variable string, size int64) {
	as, m := f.mapRole()
	if as == 0 {
		return
	}
	what, member, bytes, id := "keys", "key", m.KeySize, m.KeyTypeID
	if as == roleValue {
		what, member, bytes, id = "values", "value", m.ValueSize, m.ValueTypeID
	}
	if int64(bytes) != size {
		return
	}
	name, typ := mapName(m), f.typeWords(id)
	f.facts["role"] = fmt.Sprintf("the size of the %s of %s", what, name)
	related := fmt.Sprintf("the %s of %s have %s", what, name, f.stateFault("size", "%s", catalog.Bytes(fmt.Sprint(size))))
	if typ != "" {
		f.facts["role"] += " (" + catalog.Quote(typ) + ")"
		related = fmt.Sprintf("the %s of %s are %s, ", what, name, catalog.Quote(typ)) + f.stateFault("size", "of %s", catalog.Bytes(fmt.Sprint(size)))
	}
	if f.inDefinition(m, member, related) == "" {
		f.inDefinition(m, member+"_size", related)
	}
	known := catalog.Facts{"value": catalog.Quote(variable), "place": what, "map": name, "size": catalog.Bytes(fmt.Sprint(size)), "type": catalog.Quote(typ)}
	if element := strings.IndexByte(variable, '['); element > 0 && strings.HasSuffix(variable, "]") {
		known["value"] = "the elements of " + catalog.Quote(variable[:element])
	}
	f.addOtherType(m, as, variable, known)
	if members := f.membersOf(id); members != "" && typ != "" {
		known["members"] = members
	}
	if f.needsOwnVariable(variable, typ) {
		f.advise(catalog.AdviseMapVariable, known)
		return
	}
	f.proposeType(variable, typ, diag.Fix{Kind: catalog.FixType, Advised: true})
	f.advise(catalog.AdviseMapType, known)
}

// needsOwnVariable reports whether a variable cannot be declared with a map's type: it is a
// parameter, or a number where that is a structure.
func (f *finding) needsOwnVariable(variable, typ string) bool {
	if slices.ContainsFunc(f.Index.Variables(f.report.PC), func(v dwarfmap.Var) bool { return v.Name == variable && v.Param && v.Outer == 0 }) {
		return true
	}
	_, isNumber := f.Index.NumberOf(f.report.PC, variable)
	return isNumber && strings.HasPrefix(typ, "struct ")
}

// addOtherType says how the map would be defined for the type of what is passed, if maps of
// its type may have keys or values of that.
func (f *finding) addOtherType(m *program.Map, as role, variable string, known catalog.Facts) {
	what, member := "keys", "key"
	if as == roleValue {
		what, member = "values", "value"
	}
	part, typed := f.Index.PartOf(f.report.PC, variable)
	if typed && !takesPart(m, as, part) {
		return
	}
	known["otherwise"] = what + " of the other type"
	pos, ok := f.Declarations().MemberOf(m.FullName, member)
	file := f.File(pos.File)
	if !ok || !typed || part.Type == "" || file == nil {
		return
	}
	old := mapTypeRE.FindStringSubmatchIndex(file.Line(pos.Line))
	if old == nil || file.Line(pos.Line)[old[2]:old[3]] != member {
		return
	}
	known["check"] = catalog.Quote(fmt.Sprintf("__type(%s, %s)", member, part.Type))
	known["line"] = fmt.Sprint(pos.Line)
	at := diag.Span{File: f.Absolute(pos.File), Line: pos.Line, Col: old[4] + 1, EndLine: pos.Line, EndCol: old[5] + 1}
	f.proposeText(at, diag.Fix{Kind: catalog.FixType, Another: true}, part.Type)
}

// takesPart reports whether maps of a map's type may have keys or values of the type of a
// part of the program's memory.
func takesPart(m *program.Map, as role, part dwarfmap.Part) bool {
	info := m.Type.Info()
	if as == roleValue {
		return info.Value.Allows(uint32(part.Size))
	}
	isStruct := strings.HasPrefix(part.Type, "struct ")
	return info.Key.Allows(uint32(part.Size)) && (info.Types != facts.TypesStructKey || isStruct) && (info.Types != facts.TypesIntKey || !isStruct)
}

// membersOf lists the members of a structure of the object, "" of other types.
func (f *finding) membersOf(id uint32) string {
	if f.Prog.BTF == nil || id == 0 {
		return ""
	}
	t, err := f.Prog.BTF.TypeByID(btf.TypeID(id))
	s, ok := t.(*btf.Struct)
	if err != nil || !ok || len(s.Members) > maxMembers {
		return ""
	}
	var names []string
	for _, m := range s.Members {
		if m.Name == "" {
			return ""
		}
		names = append(names, m.Name)
	}
	return catalog.AllOf(names)
}

// maxMembers bounds the members of a structure that are listed.
const maxMembers = 4

// mapTypeRE is the type of keys or values in the definition of a map.
var mapTypeRE = regexp.MustCompile(`__type\(\s*(\w+)\s*,\s*([^()]+?)\s*\)`)

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
