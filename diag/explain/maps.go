// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Maps whose definition is what has to change: its type, or that it has sizes
// instead of types.

// inDefinition relates a member of a map's definition to the fault, and says on
// which line it is.
func (f *finding) inDefinition(m *program.Map, member, message string) (line string) {
	pos, ok := f.Declarations().MemberOf(m.FullName, member)
	if !ok {
		return ""
	}
	f.relate(pos, member, message)
	return fmt.Sprintf(" (line %d)", pos.Line)
}

// relate relates the declaration of a name to the fault.
func (f *finding) relate(pos dwarfmap.Pos, name, message string) {
	f.details = append(f.details, step{pc: -1, span: f.NameSpan(pos, name), message: message})
}

// addMapType says which type the map of a call has, and which would do.
func (f *finding) addMapType() {
	of, ok := fault.Get[fault.Map](f.report.Fault)
	m := f.MapNamed(of.Name)
	if !ok || m == nil || m.Data || m.Type.CName() == "" {
		return
	}
	t := m.Type
	what := catalog.Quote(m.FullName) + " is a " + t.CName()
	f.facts["mapis"] = what + f.inDefinition(m, "type", what)
	f.facts["name"] = catalog.Quote(m.FullName)
	known, ok := fault.Get[fault.NumberedCall](f.report.Fault)
	if !ok {
		return
	}
	f.set("takes", catalog.OneOf(cNames(facts.TakenBy(known.ID))))
	if f.facts["takes"] == "" {
		f.set("ownhelpers", catalog.Calls(t.HelpersOf()))
	}
}

// addKeyless says of a map without keys that a call was given one for it.
func (f *finding) addKeyless() {
	role, m := f.mapRole()
	if role != roleKey || m.KeySize != 0 || m.Type.CName() == "" {
		return
	}
	what := catalog.Quote(m.FullName) + " is a " + m.Type.CName()
	f.facts["keyless"] = what + f.inDefinition(m, "type", what)
	f.set("ownhelpers", catalog.Calls(m.Type.HelpersOf()))
}

func cNames(types []facts.MapType) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.CName()
	}
	return names
}

var sizeofRE = regexp.MustCompile(`sizeof\(([^()]+)\)`)

// addUntypedMap says of a map with sizes instead of types what to write.
func (f *finding) addUntypedMap() {
	known, ok := fault.Get[fault.FieldArgument](f.report.Fault)
	m := f.MapNamed(known.Map)
	if !ok || known.Place != "map" || m == nil || m.ValueTypeID != 0 || m.Data {
		return
	}
	f.facts["untyped"] = catalog.Quote(m.FullName)
	for _, part := range []string{"key", "value"} {
		typ := "…"
		if pos, ok := f.Declarations().MemberOf(m.FullName, part+"_size"); ok {
			if found := sizeofRE.FindStringSubmatch(f.File(pos.File).Line(pos.Line)); found != nil {
				typ = strings.TrimSpace(found[1])
			}
		}
		f.facts[part+"type"] = catalog.Quote("__type(" + part + ", " + typ + ");")
	}
	f.inDefinition(m, "value_size", "the definition of "+catalog.Quote(m.FullName)+" has the size of its values, not their type")
}

// addForbiddenField says which member of a map's values the program may not
// have.
func (f *finding) addForbiddenField() {
	known, ok := fault.Get[fault.FieldMap](f.report.Fault)
	m := f.MapNamed(known.Map.Name)
	if !ok || m == nil || known.Field == "" {
		return
	}
	field := catalog.Quote(catalog.Struct(known.Field))
	f.facts["field"] = field
	f.facts["name"] = catalog.Quote(m.FullName)
	switch known.Field {
	case facts.FieldSpinLock.Info().Name, facts.FieldResSpinLock.Info().Name:
		f.facts["locktype"] = field
	}
	of, member := f.fieldIn(m, known.Field)
	if member == "" {
		return
	}
	f.facts["member"] = catalog.Quote(member)
	if pos, ok := f.Declarations().Member(of, member); ok {
		f.relate(pos, member, "the values of "+catalog.Quote(m.FullName)+" have this "+catalog.Quote("struct "+known.Field))
		f.facts["member"] += fmt.Sprintf(", line %d", pos.Line)
	}
}

// fieldIn is the struct that a map's values are, and its member of the type of
// a special field; "" for what they are not.
func (w *where) fieldIn(m *program.Map, field string) (of, member string) {
	if w.Prog.BTF == nil || m.ValueTypeID == 0 {
		return "", ""
	}
	value, err := w.Prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
	if err != nil {
		return "", ""
	}
	s, ok := btf.UnderlyingType(value).(*btf.Struct)
	if !ok {
		return "", ""
	}
	for i := range s.Members {
		if btf.UnderlyingType(s.Members[i].Type).TypeName() == field {
			return s.Name, s.Members[i].Name
		}
	}
	return s.Name, ""
}

// addFieldOfMap says where the special field is in the values of the map that
// the argument points into, or that there is none.
func (f *finding) addFieldOfMap() {
	known, ok := fault.Get[fault.FieldArgument](f.report.Fault)
	m := f.MapNamed(known.Map)
	if ok && m != nil && known.Place == "map" && f.addRefusedFields(m) {
		return
	}
	if !ok || m == nil || known.Place != "map" || m.Data || f.facts["untyped"] != "" {
		return
	}
	of, member := f.fieldIn(m, known.Name)
	field := catalog.Quote(catalog.Struct(known.Name))
	f.facts["field"], f.facts["map"] = field, catalog.Quote(m.FullName)
	at, elsewhere := fault.Get[fault.FieldOffset](f.report.Fault)
	switch {
	case elsewhere && member != "":
		f.facts["elsewhere"] = f.state(f.about(diag.ClaimFault, at.Off, at.At), "offset %d of a value of %s, and its %s is %s at offset %d",
			at.Off, catalog.Quote(m.FullName), field, catalog.Quote(member), at.At)
		f.facts["member"] = catalog.Quote(member)
		if pos, ok := f.Declarations().Member(of, member); ok {
			f.relate(pos, member, "this is the "+field)
		}
	case !elsewhere && member == "" && of != "":
		f.facts["fieldless"] = catalog.Quote("struct " + of)
		if pos, ok := f.Declarations().Struct(of); ok {
			f.relate(pos, of, "the values of "+catalog.Quote(m.FullName)+" are of this type")
		}
	}
}
