// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Object explains what libbpf or the kernel refuses of an object apart from
// its programs. file is what was checked; faults whose place is not known are
// shown there.
func Object(obj *program.Object, file string, read diag.SourceReader) []diag.Diagnostic {
	if len(obj.Faults) == 0 {
		return nil
	}
	o := &object{View: source.New(diag.Subject{Object: obj, Program: &program.Program{Debug: obj.Debug}, Read: read}), obj: obj, top: diag.Span{File: file, Line: 1}}
	var out []diag.Diagnostic
	for _, f := range obj.Faults {
		out = append(out, o.diagnostic(f))
	}
	return out
}

// object answers questions about an object's places in the source.
type object struct {
	*source.View
	obj *program.Object
	top diag.Span
}

// diagnostic explains one fault.
func (o *object) diagnostic(f *program.Fault) diag.Diagnostic {
	code, severity := faultCode(f)
	d := diag.New(catalog.Lookup(code), o.facts(f), nil)
	d.Severity, d.Kernel, d.Span = severity, diag.LibbpfSays(f.Libbpf), o.place(f)
	d.Fixes = o.fixes(f)
	if f.Field != nil {
		d.Related = o.holder(f)
	}
	if f.Shared != nil {
		d.Span, d.Related = o.sharingPlace(f)
		d.Kernel = sharingSays(f)
		return d
	}
	if f.Optional {
		d.Reason, d.Suggestion = isOptional(f.Name), string(catalog.AdviseOtherTypes)
	}
	if f.OnlyLibbpf && f.Kind != program.MapRefused {
		d.Suggestion += " " + string(catalog.AdviseKeepLoader)
	}
	if f.Fatal && f.Map != nil && !f.OnlyLibbpf {
		if users := o.users(f.Map); users != "" {
			d.Reason += " Nothing is claimed of what uses it: " + users + "."
		}
	}
	return d
}

// faultCode is the code of a fault and how much it matters: what keeps libbpf
// from loading anything, what only takes something away, and what user space
// may mend.
func faultCode(f *program.Fault) (catalog.Code, diag.Severity) {
	switch f.Kind {
	case program.MapDefinition, program.LegacyMap:
		if f.OnlyLibbpf {
			return catalog.InvalidMapDefinition, diag.Warning
		}
		return catalog.InvalidMapDefinition, diag.Error
	case program.MapUnsized:
		return catalog.MapUnsized, diag.Info
	case program.MapMemory:
		return catalog.MuchMemory, diag.Info
	case program.MapRefused:
		if f.OnlyLibbpf {
			return catalog.MapRefused, diag.Warning
		}
		return catalog.MapRefused, diag.Error
	case program.MapFields:
		return catalog.SpecialField, diag.Warning
	case program.TypesRefused:
		severity := diag.Warning
		if f.Fatal {
			severity = diag.Error
		}
		if f.Field != nil {
			return catalog.SpecialField, severity
		}
		return catalog.TypesRefused, severity
	case program.NeedsBTF:
		return catalog.MissingBTF, diag.Error
	case program.NoBTF:
		return catalog.MissingBTF, diag.Info
	case program.NoLines:
		return catalog.MissingLines, diag.Info
	case program.MapShared:
		if f.OnlyLibbpf {
			return catalog.SharedMap, diag.Warning
		}
		return catalog.SharedMap, diag.Error
	case program.LinkConflict:
		return catalog.LinkConflict, diag.Error
	case program.UnresolvedExtern:
		if f.Optional {
			return catalog.UnresolvedSymbol, diag.Warning
		}
		return catalog.UnresolvedSymbol, diag.Error
	}
	return catalog.UnsupportedObject, diag.Info
}

// facts are what the wording of a fault asks for.
func (o *object) facts(f *program.Fault) catalog.Facts {
	facts := catalog.Facts{"name": catalog.Quote(f.Name), "detail": code(f.Message), "near": catalog.OneOf(f.Near), "program": catalog.Call(f.Name), "function": catalog.Call(f.Name)}
	switch f.Kind {
	case program.LegacyMap:
		facts["detail"] = "libbpf gave up maps that are defined as `struct bpf_map_def` in `SEC(\"maps\")`"
	case program.MapRefused:
		facts["detail"], facts["advice"] = mapWords(f)
	case program.MapMemory:
		memoryFacts(f, facts)
	case program.MapShared:
		facts["detail"], facts["advice"] = sharingWords(f)
	case program.MapFields, program.TypesRefused:
		if f.Field != nil {
			facts["detail"], facts["advice"] = fieldWords(f)
		}
	}
	return facts
}

// place is where a fault is: at the member or field, else at the declaration.
func (o *object) place(f *program.Fault) diag.Span {
	if x := f.Field; x != nil {
		if pos, ok := o.Declarations().Member(x.Struct, x.Member); ok {
			return o.NameSpan(pos, x.Member)
		}
		if pos, ok := o.Declarations().Global(x.Member); ok && x.Struct == "" {
			return o.NameSpan(pos, x.Member)
		}
		if pos, ok := o.Declarations().Struct(x.Struct); ok {
			return o.NameSpan(pos, x.Struct)
		}
	}
	if f.Member != "" {
		if pos, ok := o.Declarations().MemberOf(f.Name, f.Member); ok {
			return o.NameSpan(pos, f.Member)
		}
	}
	if pos, ok := o.Declarations().Global(f.Name); ok {
		return o.NameSpan(pos, f.Name)
	}
	return o.search(f.Name)
}

// search finds a name in the text of the file, for objects without debug
// information.
func (o *object) search(name string) diag.Span {
	text, ok := []byte(nil), false
	if o.Read != nil {
		text, ok = o.Read(o.top.File)
	}
	if !ok || strings.ContainsRune(string(text), 0) {
		return diag.Span{File: o.top.File}
	}
	file := o.File(o.top.File)
	if r, ok := file.LastName(name, 1, file.Lines()); ok && name != "" {
		return source.WithRange(o.top, r)
	}
	return o.top
}

// holder is the map whose value has a field, if the field is elsewhere.
func (o *object) holder(f *program.Fault) []diag.Related {
	pos, ok := o.Declarations().Global(f.Name)
	if !ok || f.Map == nil {
		return nil
	}
	return []diag.Related{{Span: o.NameSpan(pos, f.Name), Message: fmt.Sprintf("in the values of %s %s", mapType(f.Map), catalog.Quote(f.Name))}}
}

// users lists the programs that use a map.
func (o *object) users(m *program.Map) string {
	var names []string
	for _, p := range o.obj.Programs {
		for i := range p.Insns {
			in := &p.Insns[i]
			if in.IsLdImm64() && (in.Src == isa.PseudoMapIdx || in.Src == isa.PseudoMapIdxValue) && int(in.Imm) < len(p.Maps) && p.Maps[in.Imm] == m {
				names = append(names, catalog.Call(p.Name))
				break
			}
		}
	}
	return strings.Join(names, ", ")
}
