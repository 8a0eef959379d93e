// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What an access to a packet needs, and what the checks on the path prove:
//
//	pointer at a fixed offset    needs the first 14 bytes of the packet; line 11 proves 13
//	pointer at a variable one    needs bytes 2 to 3 behind `udp`, which is 14 + `ip->ihl`*4 bytes
//	                             into the packet; line 18 proves none

// addPacket says so for an access that is not covered.
func (f *finding) addPacket() {
	off, ok := f.report.Fault.Int("off")
	size, ok2 := f.report.Fault.Int("size")
	reach, ok3 := f.report.Fault.Int("object")
	if !ok || !ok2 || !ok3 || f.reg < 0 || f.reg > 9 {
		return
	}
	pointer := history.Known(f.result, len(f.result.History), f.place())
	f.facts["packet"] = f.packetNoun(pointer)
	if f.facts["packet"] != "packet" {
		f.facts["nopacket"] = f.facts["packet"]
	}
	f.nameByAccess()
	if f.elsewhere {
		f.set("access", "an access in this function")
	} else {
		f.set("access", cmp.Or(catalog.Quote(f.accessText()), f.facts["value"]))
	}
	if pointer == nil || pointer.IsConst() {
		needs := f.about(diag.ClaimNeeds, diag.UnlimitedLow, off+size)
		whole := f.wholeNeed(off+size, pointer)
		if end, text := f.memberEnd(pointer, off+size); end > off+size {
			size, needs.High, needs.Text = end-off, end, text
			whole = end
		}
		f.facts["needs"] = f.state(needs, "%s of the %s", firstBytes(off+size), f.facts["packet"])
		f.addProof(reach, f.about(diag.ClaimReach, reach, reach), firstBytes(reach), "")
		switch {
		case f.addPacketCheck(reach, whole), f.addReversed(reach):
		case f.addWeakCheck(pointer, reach):
		case reach == 0 && f.packetMoved() != nil:
			f.adviseReadAgain(nil)
		}
		f.addEndCheck(off+size, pointer)
		return
	}
	f.relateOffset()
	value := f.facts["value"]
	at := off - int64(pointer.Off)
	text := f.accessText()
	if t, ok := f.Index.Through(f.report.PC, text); ok && catalog.Quote(t.Variable) == value && t.At <= at && at+size <= t.At+t.Size && size < t.Size {
		at, size = t.At, t.Size
	} else {
		text = ""
	}
	need := at + size
	if catalog.Quote(f.packetName(f.report.PC, uint8(f.reg))) != value {
		// The register is not the variable that the source names.
		f.facts["needs"] = f.state(f.about(diag.ClaimNeeds, diag.UnlimitedLow, off+size), "the first %d + N bytes of the %s", off+size, f.facts["packet"])
		f.addProof(reach, f.about(diag.ClaimReach, reach, reach), fmt.Sprintf("the first %d + N bytes", reach), "")
		f.facts["where"] = "N is " + f.variablePart(pointer) + " here"
		need = f.needOfText(trimQuotes(value))
	} else {
		f.facts["needs"] = f.stateBytes(at, size, value, text)
		f.facts["where"] = fmt.Sprintf("%s is %s bytes into the %s", value, f.packetOffset(pointer), f.facts["packet"])
		if pointer.UMax > maxPacketOffset {
			f.facts["checked"] = f.state(f.about(diag.ClaimBeyond, maxPacketOffset, maxPacketOffset), "no comparison counts for a pointer that may be more than %d bytes into the %s", maxPacketOffset, f.facts["packet"])
			f.proposeLimitedOffset()
			f.facts["advice"] = catalog.AdviseLimitOffset.With(catalog.Facts{"value": cmp.Or(f.offsetVariable(), "the offset"), "limit": strconv.Itoa(maxPacketOffset)})
			return
		}
		behind, there := " behind "+value, max(reach-int64(pointer.Off), 0)
		if there == 0 {
			behind = ""
		}
		f.addProof(reach, f.about(diag.ClaimBehind, there, there), noneOr(there), behind)
	}
	if reach == 0 {
		f.addWeakCheck(pointer, reach)
	}
	f.addEndCheck(need, nil)
}

// nameByAccess calls the pointer what the access calls it, where it is only known where that
// came from.
func (f *finding) nameByAccess() {
	root, _, ok := strings.Cut(f.accessText(), "->")
	if name := trimQuotes(f.facts["value"]); ok && isVariable(root) && root != name && strings.Contains(name, "->") && !strings.HasPrefix(name, root+"->") && f.isVariableHere(root) {
		f.facts["value"] = catalog.Quote(root)
	}
}

// relateOffset shows where the offset is added to the pointer that makes it
// variable.
func (f *finding) relateOffset() {
	terms := f.variableTerms()
	if len(terms) == 0 {
		return
	}
	e := &f.result.History[terms[len(terms)-1]]
	if !f.sameLine(e.PC, f.report.PC) && strings.ContainsAny(f.lineText(e.PC), "+[") {
		f.detail(e.PC, "the offset is added here")
	}
}

// offsetVariable is the variable that has the offset of the access, or else where
// the offset was read.
func (f *finding) offsetVariable() string {
	read := trimQuotes(f.facts["offset"])
	_, o, known := f.pointerAndOffset()
	if !known || o.kind != originLoad || read == "" {
		return f.facts["offset"]
	}
	m := regexp.MustCompile(`\b([A-Za-z_]\w*)\s*=\s*` + regexp.QuoteMeta(read) + `\s*;`).FindStringSubmatch(f.lineText(o.pc))
	if m == nil {
		return f.facts["offset"]
	}
	return catalog.Quote(m[1])
}

// noneOr counts bytes in words.
func noneOr(n int64) string {
	if n == 0 {
		return "none"
	}
	return catalog.Bytes(strconv.FormatInt(n, 10))
}

// packetMoved is the last call that may have moved the packet, nil if there was
// none.
func (f *finding) packetMoved() *record.Event {
	for _, e := range slices.Backward(f.result.History) {
		if e.Reason == record.ReasonPacketMoved && f.isCallAt(e.PC) {
			return &e
		}
	}
	return nil
}

// maxPacketOffset is how far into a packet a pointer may lead for a comparison
// with the end to count.
//
// kernel: MAX_PACKET_OFF
const maxPacketOffset = 0xffff

// packetNoun is what the memory between data and data_end is.
func (f *finding) packetNoun(pointer *record.Value) string {
	if pointer != nil && pointer.Type.Base() == regtype.PtrToPacketMeta {
		return "metadata"
	}
	switch f.Prog.Type {
	case facts.ProgCGroupSockopt:
		return "option value"
	case facts.ProgSkMsg:
		return "message"
	}
	return "packet"
}

// memberEnd is where the member ends that an access is a part of, in the packet, and how
// the source writes it: compilers read members of packed structures byte by byte.
func (f *finding) memberEnd(pointer *record.Value, end int64) (int64, string) {
	file, _, ok := f.sourceAt()
	in := f.insn()
	if pointer == nil || !ok || in == nil || f.isCall() {
		return end, ""
	}
	text := f.accessText()
	t, ok := f.Index.Through(f.report.PC, text)
	if !ok || t.Size <= int64(in.Bytes()) {
		return end, ""
	}
	for _, base := range f.bases(pointer, file)[t.Variable] {
		if from, to := base+t.At, base+t.At+t.Size; from <= end-int64(in.Bytes()) && end <= to {
			return to, text
		}
	}
	if more, whole := f.restOf(t.Size); whole {
		return end + more, text
	}
	return end, ""
}

// restOf is how many bytes behind the access of the fault the compiler reads for the same
// expression through the same register; whole is true if all of them make up so many bytes.
func (f *finding) restOf(size int64) (more int64, whole bool) {
	here, _, ok := f.At(f.report.PC)
	in := f.insn()
	if !ok || here.Col == 0 || in.Class() != isa.ClassLDX {
		return 0, false
	}
	low, high := int64(in.Off), int64(in.Off)+int64(in.Bytes())
	for _, step := range []int{-1, 1} {
		for pc := f.report.PC + step; pc >= 0 && pc < len(f.Prog.Insns) && max(pc-f.report.PC, f.report.PC-pc) < maxBlock; pc += step {
			b := &f.Prog.Insns[pc]
			c := b.Class()
			if c == isa.ClassJMP || c == isa.ClassJMP32 || f.joins(max(pc, pc-step)) {
				break
			}
			if at, _, ok := f.At(pc); ok && at == here && c == isa.ClassLDX && b.Src == in.Src {
				low, high = min(low, int64(b.Off)), max(high, int64(b.Off)+int64(b.Bytes()))
			}
			if writes(b, in.Src) {
				break
			}
		}
	}
	return high - int64(in.Off) - int64(in.Bytes()), high-low == size
}

// stateBytes words the bytes behind a pointer that an access needs, or that the member
// does which it is a part of.
func (f *finding) stateBytes(at, size int64, value, member string) string {
	c := f.about(diag.ClaimNeeds, at, at+size)
	c.Text = member
	switch {
	case at == 0:
		return f.state(c, "%s at %s", catalog.Bytes(strconv.FormatInt(size, 10)), value)
	case size == 1:
		return f.state(c, "byte %d behind %s", at, value)
	}
	c.High--
	c.Kind = diag.ClaimBytes
	return f.state(c, "bytes %d to %d behind %s", at, at+size-1, value)
}

// packetOffset is the offset of a packet pointer as a sum of its terms.
func (f *finding) packetOffset(pointer *record.Value) string {
	if pointer.Off == 0 {
		return f.variablePart(pointer)
	}
	return f.state(f.about(diag.ClaimOffset, int64(pointer.Off), int64(pointer.Off)), "%d + ", pointer.Off) + f.variablePart(pointer)
}

// variablePart names the variable part of a pointer's offset.
func (f *finding) variablePart(pointer *record.Value) string {
	within := f.stateLimits(diag.AtFault, f.place(), pointer)
	variable := f.facts["offset"]
	if _, o, known := f.pointerAndOffset(); known && len(o.edits) > 0 && variable == f.originWords(o) && variable != "" {
		variable = "what is computed from " + variable
	}
	switch {
	case variable == "" && within == "":
		return "a variable number of"
	case variable == "":
		return within
	case within == "":
		return variable
	}
	return fmt.Sprintf("%s (%s)", variable, within)
}

// addProof names the check that proved how far the packet reaches.
func (f *finding) addProof(reach int64, c diag.Claim, proven, behind string) {
	f.facts["checked"] = noCheck
	if e := f.packetMoved(); e != nil {
		f.facts["checked"] = fmt.Sprintf("no check since %s%s, which may have moved the packet, proves that", f.calleeWords(e.PC), f.lineWords(e.PC))
	}
	e := history.Proof(f.result, int32(reach))
	line, known := "", false
	if e != nil {
		line, known = f.proofLine(e, reach)
	}
	if known && reach > 0 {
		f.facts["checked"] = fmt.Sprintf("the check%s ", line) + f.state(c, "proves %s%s", proven, behind)
	} else if reach > 0 && proven != noneOr(0) {
		f.facts["checked"] = f.state(c, "only %s%s are known to be there on this path", proven, behind)
	}
}

// packetName is the variable that has the packet pointer of a register.
func (f *finding) packetName(pc int, reg uint8) string {
	if held := f.held(pc, reg); len(held) > 0 {
		return held[0].Name
	}
	return ""
}

// wholeNeed is need, or where the structure ends that the access is to a member of: the
// compiler may read a member byte by byte.
func (f *finding) wholeNeed(need int64, pointer *record.Value) int64 {
	name := trimQuotes(f.facts["value"])
	step, known := f.Index.Step(f.report.PC, name)
	if !known || pointer == nil || !strings.HasPrefix(f.accessText(), name+"->") {
		return need
	}
	return max(need, f.baseByStep(pointer, name)+step)
}

// addPacketCheck turns the check that proved too little into one that proves enough.
func (f *finding) addPacketCheck(reach, need int64) bool {
	e := history.Proof(f.result, int32(reach))
	if e == nil || reach == 0 {
		return false
	}
	pos, file, ok := f.At(e.PC)
	if !ok || file == nil || f.movesInLoop(file, pos.Line) {
		return false
	}
	c, ok := file.ConditionAt(pos.Line, pos.Col)
	if !ok {
		return false
	}
	text := c.Whole.Text
	number := regexp.MustCompile(`\b` + strconv.FormatInt(reach, 10) + `\b`)
	if found := number.FindAllString(text, -1); len(found) != 1 {
		return false
	}
	f.facts["advice"] = catalog.AdviseLongerCheck.With(catalog.Facts{
		"size": fmt.Sprintf("%d bytes", need), "line": strconv.Itoa(pos.Line),
		"check": catalog.Quote("if (" + number.ReplaceAllString(text, strconv.FormatInt(need, 10)) + ")"),
	})
	f.proposeCondition(&c, packetCheck, number.ReplaceAllString(text, strconv.FormatInt(need, 10)))
	return true
}

// movesInLoop reports whether the access of the fault is in a loop that leads it to
// another place in each round, and a line is not: a check there can cover no more than
// one of them.
func (f *finding) movesInLoop(file *csource.File, line int) bool {
	other, here, ok := f.sourceAt()
	if !ok || other != file {
		return false
	}
	loop, ok := file.LoopAround(here.Line, max(here.Col, 1))
	if !ok || loop.Line <= line && line <= loop.EndLine {
		return false
	}
	name := trimQuotes(f.facts["value"])
	return f.elementInLoop(name) != "" || isVariable(name) && assignedBetween(file, name, loop.Line-1, loop.EndLine+1)
}
