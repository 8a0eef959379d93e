// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
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
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// A compiler that makes one access of two notes it at one of them. Where types show
// that the member noted lies elsewhere than the instruction's offset, the access of
// the source is the one whose member lies there.

// memberRE finds accesses to members through a variable.
var memberRE = regexp.MustCompile(`\b[A-Za-z_]\w*->[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*`)

// addMisplaced shows an access of known offset where the source makes it.
func (f *finding) addMisplaced() {
	in := f.insn()
	if in == nil || in.Class() != isa.ClassLDX && in.Class() != isa.ClassSTX && in.Class() != isa.ClassST {
		return
	}
	pointer := history.Known(f.result, len(f.result.History), f.place())
	if pointer == nil || pointer.IsNumber() || !pointer.IsConst() {
		return
	}
	at := int64(pointer.Off) + int64(pointer.Bits) + int64(in.Off)
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil || pos.Col == 0 {
		return
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	if !ok {
		return
	}
	bases := f.bases(pointer, file)
	noted := memberRE.FindString(file.Text(r))
	t, ok := f.Index.Through(f.report.PC, noted)
	lead := f.basesAt(file, t.Variable, r, bases, 0)
	if !ok || !misfits(lead, t, at) {
		return
	}
	// A member that is not aligned is accessed in parts.
	isPart := slices.ContainsFunc(lead, func(base int64) bool { return at > base+t.At && at < base+t.At+t.Size })
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return
	}
	var found diag.Span
	var text string
search:
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		line := file.Line(n)
		for _, m := range memberRE.FindAllStringIndex(line, -1) {
			t, ok := f.Index.Through(f.report.PC, line[m[0]:m[1]])
			if !ok || t.Size != int64(in.Bytes()) {
				continue
			}
			if lead := f.basesAt(file, t.Variable, csource.Range{Line: n, Col: m[0] + 1}, bases, 0); len(lead) == 0 || misfits(lead, t, at) {
				continue
			}
			if text != "" && text != line[m[0]:m[1]] {
				text = "" // more than one could be it
				break search
			}
			if text == "" {
				text = line[m[0]:m[1]]
				found = diag.Span{File: f.Absolute(pos.File), Line: n, Col: m[0] + 1, EndLine: n, EndCol: m[1] + 1}
			}
		}
	}
	if text == "" {
		if !isPart {
			f.elsewhere = true // what is noted is another one
		}
		return
	}
	f.instead = &found
	name, _, _ := strings.Cut(text, "->")
	f.facts["value"] = catalog.Quote(name)
	if pointer.Type.IsPacket() {
		check := fmt.Sprintf("(void *)(%s + 1) > %s", name, f.packetEnd())
		if !f.stands(check) {
			f.advise(catalog.AdvisePacketEnd, catalog.Facts{"line": fmt.Sprint(found.Line), "check": f.leaving(check)})
		}
	}
}

// bases are the fixed offsets into the object of a pointer that variables had on
// the path while a register held them.
func (f *finding) bases(pointer *record.Value, file *csource.File) map[string][]int64 {
	out := map[string][]int64{}
	note := func(pc int, reg uint8, v *record.Value) {
		if v == nil || v.Type != pointer.Type || v.Map != pointer.Map || !v.IsConst() {
			return
		}
		for _, held := range f.held(pc, reg) {
			if off := int64(v.Off) + int64(v.Bits); !slices.Contains(out[held.Name], off) {
				out[held.Name] = append(out[held.Name], off)
			}
		}
	}
	for reg := range uint8(10) {
		p := f.place()
		p.Index = reg
		note(f.report.PC, reg, history.Known(f.result, len(f.result.History), p))
	}
	for i := range f.result.History {
		e := &f.result.History[i]
		if e.Kind == record.EventModify && e.Place.Kind == record.InRegister && e.Activation == f.report.Activation && e.PC+1 < len(f.Prog.Insns) && !f.joins(e.PC+1) {
			note(e.PC+1, e.Place.Index, e.New)
		}
	}
	f.assignedBases(file, out, pointer.Type.Base() == regtype.PtrToPacket)
	return out
}

// assignedRE finds an assignment of a pointer that is another one moved by a
// constant, after casts.
var assignedRE = regexp.MustCompile(`^\(?\s*([A-Za-z_]\w*)\s*(?:\+\s*(\d+|sizeof\s*\([^()]*\)))?\s*\)?$`)

var sizedRE = regexp.MustCompile(`^sizeof\s*\(\s*(?:\*\s*(\w+)|struct\s+(\w+))\s*\)$`)

// sizeIn is the value of a number or of a sizeof of a structure.
func (f *finding) sizeIn(text string) (int64, bool) {
	m := sizedRE.FindStringSubmatch(text)
	if m == nil {
		n, err := strconv.ParseInt(cmp.Or(text, "0"), 10, 32)
		return n, err == nil
	}
	if m[1] != "" {
		return f.Index.Step(f.report.PC, m[1])
	}
	for _, types := range []*btf.Spec{f.Prog.BTF, f.Prog.KernelBTF} {
		var s *btf.Struct
		if types != nil && types.TypeByName(m[2], &s) == nil {
			return int64(s.Size), true
		}
	}
	return 0, false
}

// assignedBases adds the variables that the source sets once, to another one moved
// by a constant, or to the start of the packet: no register needs to hold those.
func (f *finding) assignedBases(file *csource.File, bases map[string][]int64, packet bool) {
	pos, _, _ := f.At(f.report.PC)
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return
	}
	variables := f.Index.Variables(f.report.PC)
	for _, v := range variables {
		if len(bases[v.Name]) == 0 && strings.HasSuffix(soleAssignment(file, fn.Body, v.Name), "->data") && packet {
			bases[v.Name] = []int64{0}
		}
	}
	for _, v := range variables {
		if len(bases[v.Name]) > 0 || fromMacro(v.Name) {
			continue
		}
		from, by, ok := f.derived(soleAssignment(file, fn.Body, v.Name))
		if ok && len(bases[from]) == 1 {
			bases[v.Name] = []int64{bases[from][0] + by}
		}
	}
}

// derived is the variable that an expression is made of, and by how many bytes it moves that.
func (f *finding) derived(expression string) (from string, by int64, ok bool) {
	m := assignedRE.FindStringSubmatch(withoutCasts(expression))
	if m == nil {
		return "", 0, false
	}
	step, ok := f.Index.Step(f.report.PC, m[1])
	n, ok2 := f.sizeIn(m[2])
	if strings.HasPrefix(expression, "(void *)"+m[1]) {
		step = 1
	}
	return m[1], n * step, ok && ok2
}

// maxDerived is how many variables in a row are computed from each other.
const maxDerived = 8

// basesAt are the fixed offsets that a variable leads to where the source mentions it. A
// variable that several blocks declare is that of the innermost.
func (f *finding) basesAt(file *csource.File, name string, at csource.Range, bases map[string][]int64, depth int) []int64 {
	value, declared, ok := declaredWith(file, name, at)
	from, by, isDerived := f.derived(value)
	if !ok || !isDerived || depth == maxDerived {
		return bases[name]
	}
	var moved []int64
	for _, base := range f.basesAt(file, from, declared, bases, depth+1) {
		moved = append(moved, base+by)
	}
	return moved
}

// declaredWith is what the innermost block around a place that declares a variable gives it
// there, and where, if nothing else in the block is assigned to it.
func declaredWith(file *csource.File, name string, at csource.Range) (value string, declared csource.Range, ok bool) {
	declares := regexp.MustCompile(`(?:\w\s+|\*\s*)(` + regexp.QuoteMeta(name) + `)\s*=[^=]`)
	last := at.Line
	for {
		block, inside := file.Block(at.Line, at.Col)
		if !inside {
			return "", csource.Range{}, false
		}
		for n := block.Line; n <= last; n++ {
			if m := declares.FindStringSubmatchIndex(file.Code(n)); m != nil {
				value = soleAssignment(file, block, name)
				return value, csource.Range{Line: n, Col: m[2] + 1, EndLine: n, EndCol: m[3] + 1}, value != ""
			}
		}
		at = block
	}
}

// soleAssignment is what the only assignment to a variable within a function
// gives it, "" if there are none or several.
func soleAssignment(file *csource.File, body csource.Range, name string) string {
	re := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\s*(?:[-+]=|\+\+|--|=[^=])([^;,]*)`)
	text := ""
	for n := body.Line; n <= body.EndLine; n++ {
		for _, m := range re.FindAllString(file.Line(n), -1) {
			_, value, ok := strings.Cut(m, "=")
			if text != "" || !ok || strings.ContainsAny(m[:strings.Index(m, "=")], "+-") {
				return ""
			}
			text = strings.TrimSpace(value)
		}
	}
	return text
}

// misfits reports whether a member behind a variable lies at another offset than
// that of the access, wherever the variable was known to lead.
func misfits(bases []int64, t dwarfmap.Pointed, at int64) bool {
	return len(bases) > 0 && !slices.ContainsFunc(bases, func(base int64) bool { return base+t.At == at })
}

// checksEndRE is a comparison with the end of a packet: a pointer moved by a
// constant is beyond it.
var checksEndRE = regexp.MustCompile(`^(\(void \*\))?\s*\(?\s*([A-Za-z_]\w*)\s*\+\s*(\d+|sizeof\s*\([^()]*\))\s*\)?\s*>=?\s*\w+$`)

// proofLine is " at line N" of the check that proved a number of bytes of the
// packet. A compiler may note one branch of two checks at the other one, or at a
// condition that is none: then ok is false unless the source has only one that it can be.
func (f *finding) proofLine(e *record.Event, reach int64) (line string, ok bool) {
	noted := f.lineWords(e.PC)
	pos, file, ok := f.At(e.PC)
	if !ok || file == nil {
		return noted, true
	}
	c, ok := file.ConditionAt(pos.Line, pos.Col)
	if !ok && f.namesEnd(file.Code(pos.Line)) {
		if better, proves := f.macroProving(file, pos, reach); proves {
			return better, true
		}
		return noted, true
	}
	var bases map[string][]int64
	if pointer := history.Known(f.result, len(f.result.History), f.place()); pointer != nil && pointer.IsConst() {
		bases = f.bases(pointer, file)
	}
	n, known := f.provenBy(c.Whole.Text, bases)
	if known && n == reach {
		return noted, true
	}
	isCheck := f.namesEnd(c.Whole.Text)
	if !known && isCheck {
		return noted, true
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return noted, isCheck
	}
	isNoted := f.notedConditions(e.PC, pos, file)
	access, _, _ := f.At(f.report.PC)
	_, looped := file.LoopAround(access.Line, max(access.Col, 1))
	var sure, possible []int
	for _, c := range file.Conditions(fn) {
		if c.At.Line > access.Line && !looped {
			continue
		}
		n, known := f.provenBy(c.Whole.Text, bases)
		switch {
		case known && n == reach:
			sure = append(sure, c.At.Line)
		case !known && f.namesEnd(c.Whole.Text) && !isNoted[c.At]:
			possible = append(possible, c.At.Line)
		}
	}
	if macros := f.macroChecks(file, fn); len(sure) == 0 && len(possible) == 0 && len(macros) == 1 && !isCheck {
		r := macros[0]
		f.details = append(f.details, step{pc: e.PC, span: f.sourceSpan(r), message: "the packet is compared with its end in this macro"})
		return fmt.Sprintf(" in %s at line %d", catalog.Quote(file.Text(r)), r.Line), true
	}
	switch {
	case len(sure) == 1:
		return fmt.Sprintf(" at line %d", sure[0]), true
	case len(sure) == 0 && len(possible) == 1 && !isCheck:
		return fmt.Sprintf(" at line %d", possible[0]), true
	}
	return noted, isCheck
}

// macroChecks are the uses of macros of the file before the access that are given the end of
// the packet, and are statements of their own.
func (f *finding) macroChecks(file *csource.File, fn csource.Function) (found []csource.Range) {
	access, _, ok := f.At(f.report.PC)
	if end := f.endVariable(); ok && end != "" {
		for n := fn.Body.Line; n < access.Line; n++ {
			line := file.Code(n)
			name := statementRE.FindString(line)
			if name == "" || !mentions(line, end) {
				continue
			}
			if _, isMacro := file.Macro(strings.TrimSpace(name)); !isMacro {
				continue
			}
			if r, ok := file.MacroUse(n, file.FirstCol(n)); ok {
				found = append(found, r)
			}
		}
	}
	return found
}

// macroProving is " at line N" of the only use of a macro before the access that is given a
// pointer to something which ends after a number of bytes of the packet.
func (f *finding) macroProving(file *csource.File, pos dwarfmap.Pos, reach int64) (line string, ok bool) {
	pointer := history.Known(f.result, len(f.result.History), f.place())
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok || pointer == nil || !pointer.IsConst() {
		return "", false
	}
	bases := f.bases(pointer, file)
	found := 0
	for _, r := range f.macroChecks(file, fn) {
		for _, word := range wordRE.FindAllString(file.Text(r), -1) {
			lead := f.basesAt(file, word, r, bases, 0)
			step, known := f.Index.Step(f.report.PC, word)
			if known && len(lead) == 1 && lead[0]+step == reach && step > 1 {
				line = fmt.Sprintf(" at line %d", r.Line)
				found++
				break
			}
		}
	}
	return line, found == 1
}

// statementRE is a name that a line begins with.
var statementRE = regexp.MustCompile(`^\s*[A-Za-z_]\w*`)

// namesEnd reports whether a condition names the end of the packet.
func (f *finding) namesEnd(text string) bool {
	return mentions(text, f.endVariable()) || strings.Contains(text, "data_end") || strings.Contains(text, "optval_end") || strings.Contains(text, "data_meta")
}

// provenBy is how many bytes of the packet a check proves, by the source alone and the
// offsets of variables in the packet.
func (f *finding) provenBy(text string, bases map[string][]int64) (int64, bool) {
	m := checksEndRE.FindStringSubmatch(text)
	if m == nil || len(bases[m[2]]) != 1 {
		return 0, false
	}
	step, ok := f.Index.Step(f.report.PC, m[2])
	n, ok2 := f.sizeIn(m[3])
	if m[1] != "" && !strings.HasPrefix(strings.TrimSpace(text[len(m[1]):]), "(") {
		step = 1 // the cast is of the variable
	}
	if !ok || !ok2 {
		return 0, false
	}
	return bases[m[2]][0] + n*step, true
}
