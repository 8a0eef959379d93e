// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// sharingWords are detail and advice for a map that the object's programs cannot
// share.
func sharingWords(f *program.Fault) (detail, advice string) {
	s := f.Shared
	x := catalog.Facts{"map": mapType(f.Map), "name": catalog.Quote(f.Name)}
	if s.Program != nil {
		x["program"] = catalog.Call(s.Program.Name) + also(s.More)
		x["value"] = kindOf(s.Program)
	}
	if s.First != nil {
		x["callee"], x["want"] = catalog.Call(s.First.Name), kindOf(s.First)
	}
	if s.Storage != nil {
		x["param"] = catalog.Quote(s.Storage.FullName)
	}
	if s.Slot != nil && s.Slot.Map != nil {
		x["param"] = catalog.Quote(s.Slot.Map.FullName)
		x["advice"] = templateWords(s.Slot.Map, f.Map.Inner)
	}
	if s.Why == program.OtherFrags {
		x["limit"] = "with"
		if s.Program.Flags&program.FlagXDPHasFrags == 0 {
			x["limit"] = "without"
		}
	}
	c := catalog.SharingClauses[s.Why]
	return catalog.Fill(c.Detail, x), catalog.Fill(c.Advice, x)
}

// kindOf names what a program is by the section it is in.
func kindOf(p *program.Program) string { return catalog.Quote(`SEC("` + p.Section + `")`) }

// also names further programs of which the same holds.
func also(more []*program.Program) string {
	const named = 3
	if len(more) == 0 {
		return ""
	}
	var names []string
	for _, p := range more[:min(len(more), named)] {
		names = append(names, catalog.Call(p.Name))
	}
	text := " (also " + strings.Join(names, ", ")
	if n := len(more) - named; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text + ")"
}

// templateWords say in what a map differs from the template of inner maps.
func templateWords(m, template *program.Map) string {
	switch {
	case m.Type != template.Type:
		return "its type is " + catalog.Quote(m.Type.CName()) + ", that of the template " + catalog.Quote(template.Type.CName())
	case m.KeySize != template.KeySize:
		return fmt.Sprintf("its keys have %d bytes, those of the template %d", m.KeySize, template.KeySize)
	case m.ValueSize != template.ValueSize:
		return fmt.Sprintf("its values have %d bytes, those of the template %d", m.ValueSize, template.ValueSize)
	case m.Flags != template.Flags:
		return fmt.Sprintf("its `map_flags` are %#x, those of the template %#x", m.Flags, template.Flags)
	}
	return fmt.Sprintf("it has %d entries, the template %d", m.MaxEntries, template.MaxEntries)
}

// sharingSays is what libbpf says of an element that it cannot put in. Of a
// program it says no more than that it is not loaded.
func sharingSays(f *program.Fault) string {
	s := f.Shared
	switch {
	case s.Slot == nil:
		return ""
	case s.Slot.Map != nil:
		return diag.LibbpfSays(fmt.Sprintf("map '%s': failed to initialize slot [%d] to map '%s'", f.Name, s.Slot.Index, s.Slot.Map.FullName))
	}
	return diag.LibbpfSays(fmt.Sprintf("map '%s': failed to initialize slot [%d] to prog '%s'", f.Name, s.Slot.Index, s.Slot.Program))
}

// sharingPlace is where the program that is refused uses the map, or the element
// that is refused; related are the first user and the map.
func (o *object) sharingPlace(f *program.Fault) (diag.Span, []diag.Related) {
	s := f.Shared
	at, related := o.place(f), []diag.Related(nil)
	switch {
	case s.PC >= 0:
		at = o.in(s.Program).Span(s.PC)
	default:
		name := s.Slot.Program
		if s.Slot.Map != nil {
			name = s.Slot.Map.FullName
		}
		if e, ok := o.element(f.Name, name); ok {
			at = e
		}
	}
	if s.First != nil {
		if s.FirstPC >= 0 {
			related = append(related, diag.Related{Span: o.in(s.First).Span(s.FirstPC), Message: fmt.Sprintf("%s uses %s first", catalog.Call(s.First.Name), catalog.Quote(f.Name))})
		} else if e, ok := o.element(f.Name, s.First.Name); ok {
			related = append(related, diag.Related{Span: e, Message: fmt.Sprintf("%s is put in first", catalog.Call(s.First.Name))})
		}
	}
	if s.Why == program.OtherFrags {
		for _, p := range []*program.Program{s.First, s.Program} {
			if at, ok := o.sectionOf(p); ok {
				related = append(related, diag.Related{Span: at, Message: "the section of " + catalog.Call(p.Name)})
			}
		}
	}
	if pos, ok := o.Declarations().Global(f.Name); ok && (s.PC >= 0 || s.First != nil) {
		related = append(related, diag.Related{Span: o.NameSpan(pos, f.Name), Message: catalog.Quote(f.Name) + " is defined here"})
	}
	if s.Slot != nil && s.Slot.Map != nil {
		if pos, ok := o.Declarations().Global(s.Slot.Map.FullName); ok {
			related = append(related, diag.Related{Span: o.NameSpan(pos, s.Slot.Map.FullName), Message: catalog.Quote(s.Slot.Map.FullName) + " is defined here"})
		}
	}
	if s.Storage != nil {
		if pos, ok := o.Declarations().Global(s.Storage.FullName); ok {
			related = append(related, diag.Related{Span: o.NameSpan(pos, s.Storage.FullName), Message: catalog.Quote(s.Storage.FullName) + " is defined here"})
		}
	}
	return at, related
}

// sectionOf is where the source names the section of a program, before its function.
func (o *object) sectionOf(p *program.Program) (diag.Span, bool) {
	if p == nil {
		return diag.Span{}, false
	}
	at := o.in(p).Declaration(0)
	file, text := o.File(at.File), `SEC("`+p.Section+`")`
	if file == nil {
		return diag.Span{}, false
	}
	for n := at.Line; n > max(at.Line-4, 0); n-- {
		if i := strings.Index(file.Line(n), text); i >= 0 {
			return diag.Span{File: at.File, Line: n, Col: i + 1, EndLine: n, EndCol: i + 1 + len(text)}, true
		}
	}
	return diag.Span{}, false
}

// in answers questions about places in one program of the object.
func (o *object) in(p *program.Program) *source.View {
	return source.New(diag.Subject{Object: o.obj, Program: p, Read: o.Read})
}

// elementLines is how far behind the name of a map its elements are looked for.
const elementLines = 40

// element is where a program or map is named as an element of a map: the first
// time behind the map's own name, before another declaration ends.
func (o *object) element(of, name string) (diag.Span, bool) {
	pos, ok := o.Declarations().Global(of)
	if !ok {
		return diag.Span{}, false
	}
	f := o.File(pos.File)
	start := pos.Line
	if r, ok := f.Name(of, pos.Line, pos.Line); ok {
		start = r.Line
	}
	for line := start; line <= start+elementLines; line++ {
		if r, ok := f.Name(name, line, line); ok {
			return source.WithRange(diag.Span{File: o.Absolute(pos.File), Line: line}, r), true
		}
		if strings.Contains(f.Line(line), "};") {
			break
		}
	}
	return diag.Span{}, false
}
