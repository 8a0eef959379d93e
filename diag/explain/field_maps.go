// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Timers, locks and alike in a variable on the stack, where a map's values have them: what
// the kernel manages is in the map, so the value is inserted before it is looked up, and
// only then initialised.

// addFieldMap names the map whose values have the special field that the argument is to
// be: the map of the call, or one whose values have the type of the variable.
func (f *finding) addFieldMap(field *facts.SpecialField, passed string) {
	variable, _, _ := strings.Cut(passed, ".")
	part, _ := f.Index.PartOf(f.report.PC, variable)
	m, own := f.mapWithField(field, part.Type)
	if m == nil {
		return
	}
	_, member := f.fieldIn(m, field.Name)
	name, typ := mapName(m), f.typeWords(m.ValueTypeID)
	if own {
		f.facts["fieldmap"] = fmt.Sprintf("%s is a local %s, the type of the values of %s", catalog.Quote(variable), catalog.Quote(typ), name)
	} else {
		f.facts["fieldmap"] = fmt.Sprintf("the values of %s have one, %s", name, catalog.Quote(member))
	}
	f.inDefinition(m, "value", fmt.Sprintf("the values of %s have the %s in their member %s", name, catalog.Quote("struct "+field.Name), catalog.Quote(member)))
	pointer, lookup := f.lookupOf(m)
	known := catalog.Facts{
		"map": name, "value": catalog.Quote(variable), "given": catalog.Quote("&" + pointer + "->" + member),
		"instead": catalog.Quote("&" + variable + "." + member), "check": lookup,
	}
	if own {
		f.advise(catalog.AdviseInsertFirst, known)
	} else {
		f.advise(catalog.AdviseLookUpFirst, known)
	}
}

// mapWithField is a map of the program whose values have a special field, that of the call
// first; own reports that the values are of the type given.
func (f *finding) mapWithField(field *facts.SpecialField, typ string) (m *program.Map, own bool) {
	var candidates []*program.Map
	for n := 1; n <= 5; n++ {
		if v := f.passed(n); v != nil && v.Type.Base() == regtype.ConstPtrToMap {
			if m := f.MapNamed(v.Map); m != nil {
				candidates = append(candidates, m)
			}
		}
	}
	ofCall := len(candidates)
	candidates = append(candidates, f.Prog.Maps...)
	has := func(m *program.Map) bool {
		_, member := f.fieldIn(m, field.Name)
		return member != "" && !m.Data
	}
	own = true
	i := slices.IndexFunc(candidates, func(m *program.Map) bool { return has(m) && typ != "" && f.typeWords(m.ValueTypeID) == typ })
	if i < 0 {
		own = false
		i = slices.IndexFunc(candidates[:ofCall], has)
	}
	if i < 0 {
		return nil, false
	}
	return candidates[i], own
}

// lookupOf is the variable that takes what the function of the fault looks up in a map, and
// that statement; "value" if there is none.
func (f *finding) lookupOf(m *program.Map) (pointer, statement string) {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return "value", ""
	}
	re := regexp.MustCompile(`\b([A-Za-z_]\w*)\s*=\s*(bpf_map_lookup_elem\(\s*&` + regexp.QuoteMeta(m.FullName) + `\s*,\s*&?\w+\s*\))\s*;`)
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		if found := re.FindStringSubmatch(file.Line(n)); found != nil {
			return found[1], catalog.Quote(found[1] + " = " + found[2] + ";")
		}
	}
	return "value", ""
}

// keptRE is a member that takes the address of what a variable points to.
var keptRE = regexp.MustCompile(`(?:->|\.)(\w+)\s*=\s*((?:\([^()]*\)\s*)+)([A-Za-z_]\w*)\s*;`)

// lookedUpAgain is the look-up of the object whose address the function of the fault keeps
// in the member that the fault's pointer was read from, "" if that is not known.
func (f *finding) lookedUpAgain() string {
	made, whole := history.Lineage(f.result, len(f.result.History), f.place())
	fn, file, _, ok := f.functionHere()
	if !ok || !whole || len(made) == 0 {
		return ""
	}
	read := f.lineText(f.result.History[made[0]].PC)
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		m := keptRE.FindStringSubmatch(file.Line(n))
		if m == nil || !strings.Contains(read, "->"+m[1]) && !strings.Contains(read, "."+m[1]) {
			continue
		}
		re := regexp.MustCompile(`\b` + m[3] + `\s*=\s*(bpf_map_lookup_elem\([^()]*\))\s*;`)
		for before := fn.Body.Line; before < n; before++ {
			if found := re.FindStringSubmatch(file.Line(before)); found != nil {
				return catalog.Quote(found[1])
			}
		}
	}
	return ""
}
