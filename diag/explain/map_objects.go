// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Which map a fault is about, by name, and what is in its values.

// mapAt is the map that argument n of the call at pc is or points into, nil if that is
// not known.
func (f *finding) mapAt(pc, n int) *program.Map {
	at := f.lastEvent(pc)
	for at > 0 && f.result.History[at-1].PC == pc {
		at--
	}
	if v := history.Known(f.result, at, registerOf(&f.result.History[at], uint8(n))); v != nil {
		return f.MapNamed(v.Map)
	}
	return nil
}

// addInnerMap says of an access into a map itself that it was looked up in a map of maps.
func (f *finding) addInnerMap() {
	o := f.origin()
	if o.kind != originCall || f.Callee(o.pc) != "bpf_map_lookup_elem" {
		return
	}
	if m := f.mapAt(o.pc, 1); m != nil && m.Type.Info().Needs == facts.MapNeedsInner {
		f.facts["outermap"] = catalog.Quote(m.FullName)
	}
}

// addOtherMap names the map that an object lies in and the one that is passed with it.
func (f *finding) addOtherMap() {
	pair, ok := fault.Get[fault.MapPair](f.report.Fault)
	n := int(pair.Arg)
	if !ok || n < 1 || n > 5 || !f.isCall() {
		return
	}
	for object := 1; object <= 5; object++ {
		v := f.passed(object)
		if v == nil || !inMapValue(v) {
			continue
		}
		of := f.MapNamed(v.Map)
		for other := 1; other <= 5; other++ {
			w := f.passed(other)
			if w == nil || w.Type.Base() != regtype.ConstPtrToMap || of == nil {
				continue
			}
			given := f.MapNamed(w.Map)
			text, _, known := f.Argument(f.report.PC, object)
			if given == nil || given == of || !known {
				return
			}
			f.facts["inmap"] = fmt.Sprintf("%s is in a value of %s", catalog.Quote(text), catalog.Quote(of.FullName))
			f.facts["given"], f.facts["instead"] = catalog.Quote("&"+given.FullName), catalog.Quote("&"+of.FullName)
			return
		}
	}
}

// addCoveredField says of a call that is given all of a map's value which member of it
// the kernel keeps for itself.
func (f *finding) addCoveredField() {
	known, ok := fault.Get[fault.Field](f.report.Fault)
	if !ok || !f.isCall() || f.reg < 1 || f.reg > 5 {
		return
	}
	n := f.reg
	v := f.passed(n)
	if v != nil && v.IsNumber() && n > 1 {
		n--
		v = f.passed(n)
	}
	text, _, named := f.Argument(f.report.PC, n)
	if v == nil || !inMapValue(v) || !named {
		return
	}
	m := f.MapNamed(v.Map)
	if m == nil {
		return
	}
	if _, member := f.fieldIn(m, known.Name); member != "" {
		f.facts["member"], f.facts["field"] = catalog.Quote(member), catalog.Quote(catalog.Struct(known.Name))
		f.facts["covered"], f.facts["map"] = catalog.Quote(text), catalog.Quote(m.FullName)
	}
}

// addRefusedFields says of a map whose special fields were refused when the object was
// loaded that it has none.
func (f *finding) addRefusedFields(m *program.Map) bool {
	if f.Object == nil {
		return false
	}
	refused := func(x *program.Fault) bool { return x.Kind == program.MapFields && x.Name == m.FullName }
	if !slices.ContainsFunc(f.Object.Faults, refused) {
		return false
	}
	f.facts["refusedfields"] = catalog.Quote(m.FullName)
	return true
}

// addChangingString says where a string is that must be constant and is in a map.
func (f *finding) addChangingString() {
	v := f.passed(f.arg)
	text, _, ok := f.Argument(f.report.PC, f.arg)
	if v == nil || !inMapValue(v) || !ok || strings.HasPrefix(text, `"`) {
		return
	}
	m := f.MapNamed(v.Map)
	if m == nil || m.ReadOnlyProg && m.Frozen {
		return
	}
	f.facts["string"] = catalog.Quote(text) + " is in the values of map " + catalog.Quote(m.FullName)
	if m.Data {
		f.facts["string"] = catalog.Quote(text) + " is a variable, which can change"
		f.adviseSetByLoader(text)
	} else if f.Callee(f.report.PC) == "bpf_strncmp" {
		f.advise(catalog.AdviseCompareBytes, nil)
	}
}

// writtenIn reports whether a file gives a global variable, or an element of it, a value
// behind a line, or takes an address in it.
func writtenIn(file *csource.File, name string, from int) bool {
	re := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b(?:\[[^\]]*\])?\s*(?:\+\+|--|[-+*/%&|^]?=[^=]|<<=|>>=)|&\s*` + regexp.QuoteMeta(name) + `\b|[(,]\s*` + regexp.QuoteMeta(name) + `\s*,`)
	for n := from + 1; n <= file.Lines(); n++ {
		if re.MatchString(file.Line(n)) {
			return true
		}
	}
	return false
}

// adviseSetByLoader suggests to declare a global variable that the source never writes
// `const volatile`: the loader can set it before the kernel fixes its content.
func (f *finding) adviseSetByLoader(name string) {
	pos, ok := f.Declarations().Global(name)
	file := f.File(f.Absolute(pos.File))
	if !ok || file == nil || !isVariable(name) {
		return
	}
	r, ok := file.Name(name, pos.Line, pos.Line)
	if !ok || writtenIn(file, name, pos.Line) {
		return
	}
	before := strings.TrimSpace(file.Line(pos.Line)[:r.Col-1])
	if before == "" || strings.Contains(before, "static") || strings.Contains(before, "const") || strings.ContainsAny(before, "=,;(*") {
		return
	}
	declared := strings.TrimSpace(strings.FieldsFunc(file.Line(pos.Line), func(c rune) bool { return c == '=' || c == ';' })[0])
	passed := "(const char *)" + name
	f.advise(catalog.AdviseConstVolatile, catalog.Facts{"value": catalog.Quote(name), "check": catalog.Quote("const volatile " + declared), "given": catalog.Quote(passed)})
	start := csource.Range{Line: pos.Line, Col: strings.Index(file.Line(pos.Line), before) + 1, EndLine: pos.Line}
	start.EndCol = start.Col
	use, ok := file.Name(name, f.lineOf(f.report.PC), f.lineOf(f.report.PC))
	if here := f.Span(f.report.PC); ok && here.File == f.Absolute(pos.File) {
		f.propose(here.File, diag.Fix{Kind: catalog.FixDeclaration, Title: catalog.FixDeclareAs.With(catalog.Facts{"value": catalog.Quote(name), "name": catalog.Quote("const volatile"), "line": strconv.Itoa(pos.Line)}), Advised: true},
			[]csource.Change{{Range: start, Text: "const volatile "}, {Range: use, Text: passed}})
	}
}

// beginsWith reports whether the kernel's struct of a name begins with another one, or
// with one that does.
func (w *where) beginsWith(outer, inner string) bool {
	if w.Prog.KernelBTF == nil {
		return false
	}
	var s *btf.Struct
	if w.Prog.KernelBTF.TypeByName(outer, &s) != nil {
		return false
	}
	for range 8 {
		if len(s.Members) == 0 || s.Members[0].Offset != 0 {
			return false
		}
		first, ok := btf.UnderlyingType(s.Members[0].Type).(*btf.Struct)
		if !ok {
			return false
		}
		if first.Name == inner {
			return true
		}
		s = first
	}
	return false
}
