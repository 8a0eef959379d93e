// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The comparison with the end that an access needs, in terms of the source: of
// which variable, how many bytes behind it, and with what.

// addEndCheck suggests the comparison for an access that needs some bytes: of the
// packet, through a pointer at a fixed place, or behind the variable.
func (f *finding) addEndCheck(need int64, pointer *record.Value) {
	name := trimQuotes(f.facts["value"])
	if m := memberAddressRE.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	file, pos, ok := f.sourceAt()
	if m := computedRE.FindStringSubmatch(f.accessText()); m != nil && f.facts["advice"] == "" && f.packetEnd() != "" {
		check := f.leaving(fmt.Sprintf("(void *)(%s + 1) > %s", m[1], f.packetEnd()))
		f.advise(catalog.AdviseComparison, catalog.Facts{"packet": f.facts["packet"], "check": check, "braces": f.bracesHere(check)})
		f.proposeBefore(f.Span(f.report.PC), packetCheck, check)
		return
	}
	if f.facts["advice"] != "" || !ok || !lvalueRE.MatchString(name) || strings.HasPrefix(name, "*") || name == f.endVariable() {
		return
	}
	if pointer != nil {
		bases := f.bases(pointer, file)[name]
		if len(bases) != 1 {
			bases = []int64{f.baseByStep(pointer, name)}
		}
		need -= bases[0]
	}
	if need <= 0 || f.packetEnd() == "" {
		return
	}
	known := catalog.Facts{"packet": f.facts["packet"]}
	comparison := f.endComparison(file, pos.Line, max(pos.Col, 1), name, need)
	known["check"] = f.leaving(comparison)
	at := f.Span(f.report.PC)
	if reach, ok := f.report.Fault.Int("object"); ok && reach == 0 && f.packetMoved() == nil {
		if first := f.earlierAccess(name); first != "" {
			known["first"] = first + ","
			at = f.earlierPlace(name)
			known["check"] = f.leavingAt(at, comparison)
		}
	}
	if known["first"] == "" {
		known["braces"] = f.bracesHere(known["check"])
	}
	f.facts["advice"] = catalog.AdviseComparison.With(known)
	f.proposeBefore(at, packetCheck, known["check"])
}

// computedRE is an access to what lies a variable number of elements behind a pointer.
var computedRE = regexp.MustCompile(`^\*\(((?:\([^()]*\)\s*)*[A-Za-z_]\w*\s*\+\s*[A-Za-z_]\w*)\)$`)

// memberAddressRE is the address of a member behind a variable.
var memberAddressRE = regexp.MustCompile(`^&([A-Za-z_]\w*)->`)

// baseByStep is where a variable leads that no register is known to hold: the
// pointer of the access, less the offset of the member that is accessed.
func (f *finding) baseByStep(pointer *record.Value, name string) int64 {
	at := int64(pointer.Off) + int64(pointer.Bits)
	if in := f.insn(); in != nil && !f.isCall() {
		at += int64(in.Off)
	}
	text := f.accessText()
	if f.isCall() {
		text = strings.TrimPrefix(trimQuotes(f.facts["value"]), "&")
	}
	if t, ok := f.Index.Through(f.report.PC, text); ok && t.Variable == name {
		return at - t.At
	}
	return int64(pointer.Off) + int64(pointer.Bits)
}

// endComparison is a condition that holds where the bytes behind a variable are
// not all there.
func (f *finding) endComparison(file *csource.File, line, col int, name string, need int64) string {
	end := f.packetEnd()
	step, known := f.Index.Step(f.report.PC, name)
	text := f.accessText()
	if element := f.elementInLoop(name); element != "" {
		if typ, _, typed := f.Index.Pointee(f.report.PC, name); typed && typ == "" {
			return fmt.Sprintf("%s + 1 > %s", element, end)
		}
		return fmt.Sprintf("(void *)(%s + 1) > %s", element, end)
	}
	if strings.HasPrefix(text, name+"->") || known && step > 1 && strings.TrimLeft(text, "*(") == name {
		if !known || need <= step {
			return fmt.Sprintf("(void *)(%s + 1) > %s", name, end)
		}
	}
	need = max(need, f.furthest(file, line, col, name)*max(step, 1))
	typ, _, typed := f.Index.Pointee(f.report.PC, name)
	switch {
	case typed && typ == "":
		return fmt.Sprintf("%s + %d > %s", name, need, end)
	case known && need%step == 0:
		return fmt.Sprintf("(void *)(%s + %d) > %s", name, need/step, end)
	}
	return fmt.Sprintf("(void *)%s + %d > %s", name, need, end)
}

// variableElementRE is an element at an index that is a variable, of a variable.
var variableElementRE = regexp.MustCompile(`^([A-Za-z_]\w*)\[([A-Za-z_]\w*)\]$`)

// elementInLoop is the address of what is accessed, if that is another element of what a
// variable leads to in each round of a loop; "" for others.
func (f *finding) elementInLoop(name string) string {
	file, pos, ok := f.sourceAt()
	if !ok {
		return ""
	}
	if _, ok := file.LoopAround(pos.Line, max(pos.Col, 1)); !ok {
		return ""
	}
	text := f.accessText()
	if m := variableElementRE.FindStringSubmatch(text); m != nil && m[1] == name && !csource.IsConstant(m[2]) {
		return m[1] + " + " + m[2]
	}
	return ""
}

// needOfText is how many bytes behind a variable the access needs as the source
// writes it, 0 if that does not say it.
func (f *finding) needOfText(name string) int64 {
	text := f.accessText()
	step, known := f.Index.Step(f.report.PC, name)
	if m := indexedRE.FindStringSubmatch(text); known && m != nil && m[1] == name {
		n, err := strconv.ParseInt(m[2], 10, 32)
		if err == nil {
			return (n + 1) * step
		}
	}
	if known && (text == "*"+name || strings.HasPrefix(text, name+"->")) {
		return step
	}
	return 0
}

var indexedRE = regexp.MustCompile(`^([A-Za-z_]\w*)\[(\d+)\]`)

// furthest is how many elements behind a variable are accessed from a line on, at
// constant indexes, before another comparison with the end or another value of
// the variable.
func (f *finding) furthest(file *csource.File, line, col int, name string) int64 {
	last := line
	if block, ok := file.Block(line, col); ok {
		last = block.EndLine
	}
	indexRE := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\[(\d+)\]`)
	most := int64(0)
	for n := line; n <= last; n++ {
		text := file.Code(n)
		if n > line && (mentions(text, f.packetEnd()) || assignedBetween(file, name, n-1, n+1)) {
			break
		}
		for _, m := range indexRE.FindAllStringSubmatch(text, -1) {
			if i, err := strconv.ParseInt(m[1], 10, 32); err == nil {
				most = max(most, i+1)
			}
		}
	}
	return most
}

// packetEnd is what the program calls the end of the packet.
func (f *finding) packetEnd() string {
	if f.facts["packet"] == "metadata" {
		if slices.ContainsFunc(f.Index.Variables(f.report.PC), func(v dwarfmap.Var) bool { return v.Name == "data" && v.Outer == 0 }) {
			return "data"
		}
		return strings.TrimSuffix(f.endMember(), "_end")
	}
	for _, e := range slices.Backward(f.result.History) {
		if !slices.ContainsFunc(e.Learnt, func(c record.Change) bool { return c.New.Type.IsPacket() }) {
			continue
		}
		pos, file, ok := f.At(e.PC)
		if !ok || file == nil {
			continue
		}
		c, ok := file.ConditionAt(pos.Line, pos.Col)
		if !ok {
			continue
		}
		text := c.Whole.Text
		if b, ok := f.decision(e.PC, f.wayOf(&e)); ok && b.operand.Text != "" {
			text = b.operand.Text
		}
		if m := comparesRE.FindStringSubmatch(text); m != nil && strings.ContainsAny(m[2], "<>") && lvalueRE.MatchString(m[3]) && !csource.IsConstant(m[3]) && f.visible(m[3]) {
			return f.spelledHere(m[3])
		}
	}
	if name := f.endVariable(); name != "" {
		return name
	}
	if ctx := f.Parameter(0, 1); ctx != "" && !f.visible(ctx) {
		return ""
	}
	return f.endMember()
}

// spelledHere is a member as the function of the fault reaches it: through a pointer, or in a
// variable that another function is given the address of.
func (f *finding) spelledHere(member string) string {
	root, rest, ok := strings.Cut(member, "->")
	if !ok {
		return member
	}
	if _, _, isPointer := f.Index.Pointee(f.report.PC, root); isPointer {
		return member
	}
	if _, isVariable := f.Index.PartOf(f.report.PC, root); isVariable {
		return root + "." + rest
	}
	return member
}

// visible reports whether the function that the source has at the fault names a
// variable: others may have been inlined around it.
func (f *finding) visible(name string) bool {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return false
	}
	base := name
	if m := baseRE.FindStringSubmatch(name); m != nil {
		base = m[1]
	}
	return slices.Contains(file.Parameters(fn), base) || file.Uses(base, fn.Body.Line, fn.Body.EndLine)
}

var endAssignedRE = regexp.MustCompile(`(?:^|[^.>\w])([A-Za-z_]\w*)\s*=\s*(?:\([^()]*\)\s*)*[A-Za-z_]\w*->(?:data_end|optval_end)\b`)

// endVariable is the variable of the fault's function that is set to the end, ""
// if there is none.
func (f *finding) endVariable() string {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return ""
	}
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		if m := endAssignedRE.FindStringSubmatch(file.Line(n)); m != nil {
			return m[1]
		}
	}
	if slices.ContainsFunc(f.Index.Variables(f.report.PC), func(v dwarfmap.Var) bool { return v.Name == "data_end" && v.Outer == 0 }) {
		return "data_end"
	}
	return ""
}

// endMember is the end as the context has it.
func (f *finding) endMember() string {
	ctx := f.Parameter(0, 1)
	if ctx == "" {
		ctx = "ctx"
	}
	switch {
	case f.Prog.Type.Info().Packet == facts.PacketOption:
		return ctx + "->optval_end"
	case f.Prog.Type == facts.ProgSkMsg:
		return ctx + "->data_end"
	}
	return "(void *)(long)" + ctx + "->data_end"
}

// accessText is the access of the fault as the source writes it, without what it
// is assigned or how it is changed.
func (f *finding) accessText() string {
	file, pos, ok := f.sourceAt()
	if !ok || pos.Col == 0 || inAssembler(pos.Text) {
		return ""
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	if f.instead != nil {
		r, ok = csource.Range{Line: f.instead.Line, Col: f.instead.Col, EndLine: f.instead.EndLine, EndCol: f.instead.EndCol}, true
	}
	if !ok || f.isCall() {
		return ""
	}
	text := file.Text(r)
	if copied := f.copiedText(text); copied != "" {
		text = copied
	}
	if before := file.Line(r.Line)[:min(max(r.Col-1, 0), len(file.Line(r.Line)))]; strings.HasPrefix(text, "(") {
		text = derefRE.FindString(before) + text // a store is noted at the address
	}
	if m := assignsRE.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = strings.TrimSpace(strings.NewReplacer("++", "", "--", "").Replace(text))
	if len(text) > 60 || !accessRE.MatchString(text) {
		return ""
	}
	return text
}

// copyRE is a copy of memory that the compiler makes of loads and stores.
var copyRE = regexp.MustCompile(`^(?:__builtin_)?mem(?:cpy|move)\((.+)\)$`)

// copiedText is the part of a copy that the instruction of the fault accesses, as an access;
// "" if the text is no copy.
func (f *finding) copiedText(text string) string {
	m := copyRE.FindStringSubmatch(text)
	in := f.insn()
	if m == nil || in == nil || strings.ContainsAny(m[1], "()") {
		return ""
	}
	parts := strings.Split(m[1], ",")
	if len(parts) != 3 {
		return ""
	}
	part := strings.TrimSpace(parts[0])
	if in.Class() == isa.ClassLDX {
		part = strings.TrimSpace(parts[1])
	}
	member, ok := strings.CutPrefix(part, "&")
	if !ok {
		return ""
	}
	return member
}

// derefRE is what stands before an address that is accessed.
var derefRE = regexp.MustCompile(`\*(?:\([^()]*\)\s*)*$`)

var (
	assignsRE = regexp.MustCompile(`^(.+?)\s*(?:[-+*/%&|^]|<<|>>)?=[^=]`)
	// accessRE is an access to memory: through a pointer, of a member or element.
	accessRE = regexp.MustCompile(`^(?:\*.*|\w+(?:->|\.|\[).*)$`)
)
