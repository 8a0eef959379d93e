// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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
//	                             into the packet; line 18 proves 0 bytes behind `udp`

// addPacket says so for an access that is not covered.
func (f *finding) addPacket() {
	off, ok := f.number("off")
	size, ok2 := f.number("size")
	reach, ok3 := f.number("object")
	if !ok || !ok2 || !ok3 || f.reg < 0 || f.reg > 9 {
		return
	}
	pointer := history.Known(f.result, len(f.result.History), f.place())
	f.facts["packet"] = f.packetNoun(pointer)
	if pointer == nil || pointer.IsConst() {
		f.facts["needs"] = "the first " + catalog.Bytes(strconv.FormatInt(off+size, 10)) + " of the " + f.facts["packet"]
		f.addProof(reach, "the first "+catalog.Bytes(strconv.FormatInt(reach, 10)), "")
		switch {
		case f.addPacketCheck(reach, off+size), f.addReversed(reach):
		case reach == 0 && f.packetMoved() != nil:
			f.facts["advice"] = string(catalog.AdviseReadDataEnd)
		default:
			f.addMemberCheck()
		}
		return
	}
	value := f.facts["value"]
	if catalog.Quote(f.packetName(f.report.PC, uint8(f.reg))) != value {
		// The register is not the variable that the source names.
		variable := f.variablePart(pointer)
		f.facts["needs"] = fmt.Sprintf("the first %d + %s bytes of the %s", off+size, variable, f.facts["packet"])
		f.addProof(reach, fmt.Sprintf("the first %d + %s bytes", reach, variable), "")
		return
	}
	at := off - int64(pointer.Off)
	f.facts["needs"] = byteRange(at, size) + " behind " + value
	f.facts["where"] = fmt.Sprintf("%s is %s bytes into the %s", value, f.packetOffset(pointer), f.facts["packet"])
	if pointer.UMax > maxPacketOffset {
		f.facts["checked"] = fmt.Sprintf("no comparison counts for a pointer that may be more than %d bytes into the %s", maxPacketOffset, f.facts["packet"])
		f.facts["advice"] = catalog.AdviseLimitOffset.With(catalog.Facts{"value": cmp.Or(f.facts["offset"], "the offset"), "limit": strconv.Itoa(maxPacketOffset)})
		return
	}
	f.addProof(reach, catalog.Bytes(strconv.FormatInt(max(reach-int64(pointer.Off), 0), 10)), " behind "+value)
	f.facts["advice"] = catalog.AdviseComparison.With(catalog.Facts{
		"packet": f.facts["packet"],
		"check":  f.leaving(fmt.Sprintf("(void *)(%s + 1) > %s", strings.Trim(value, "`"), f.packetEnd())),
	})
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

// addMemberCheck suggests a check for an access to a member through a pointer
// that has a name.
func (f *finding) addMemberCheck() {
	pos, file, ok := f.At(f.report.PC)
	name := strings.Trim(f.facts["value"], "`")
	if !ok || file == nil || !lvalueRE.MatchString(name) {
		return
	}
	if r, ok := file.Expression(pos.Line, max(pos.Col, 1)); !ok || !strings.HasPrefix(file.Text(r), name+"->") {
		size, _ := f.number("size")
		if f.facts["packet"] != "packet" {
			f.facts["advice"] = catalog.AdviseComparison.With(catalog.Facts{
				"packet": f.facts["packet"],
				"check":  f.leaving(fmt.Sprintf("(void *)%s + %d > %s", name, size, f.packetEnd())),
			})
		}
		return
	}
	f.facts["advice"] = catalog.AdviseComparison.With(catalog.Facts{
		"packet": f.facts["packet"],
		"check":  f.leaving(fmt.Sprintf("(void *)(%s + 1) > %s", name, f.packetEnd())),
	})
}

// addReversed says that a comparison with the end found, on this path, that the
// packet is too short.
func (f *finding) addReversed(reach int64) bool {
	if reach != 0 {
		return false
	}
	made, whole := history.Lineage(f.result, len(f.result.History), f.place())
	if !whole {
		return false
	}
	for i, e := range slices.Backward(f.result.History) {
		if e.Reason == record.ReasonPacketMoved || i < made[0] {
			return false // earlier comparisons were about another pointer
		}
		if e.Kind != record.EventBranch || f.Prog.Insns[e.PC].SrcKind() != isa.SrcX {
			continue
		}
		in := &f.Prog.Insns[e.PC]
		at := func(reg uint8) *record.Value {
			return history.Known(f.result, i, record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: reg})
		}
		dst, src := at(in.Dst), at(in.Src)
		if dst == nil || src == nil {
			continue
		}
		endFirst := dst.Type.Base() == regtype.PtrToPacketEnd
		if !endFirst && src.Type.Base() != regtype.PtrToPacketEnd || !dst.Type.IsPacket() && !src.Type.IsPacket() {
			continue
		}
		op := jumpOperators[in.Code()]
		if !e.Taken {
			op = opposites[op]
		}
		// The path goes on where the pointer is not before the end.
		if beyond := strings.HasPrefix(op, ">"); op == "" || beyond == endFirst {
			return false
		}
		return f.addTooShort(&e)
	}
	return false
}

// number is a fact that is a number; its unit may have been added.
func (f *finding) number(name string) (int64, bool) {
	text, _, _ := strings.Cut(f.facts[name], " ")
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// byteRange names bytes by their numbers.
func byteRange(at, size int64) string {
	if size == 1 {
		return fmt.Sprintf("byte %d", at)
	}
	return fmt.Sprintf("bytes %d to %d", at, at+size-1)
}

// addTooShort is about a comparison that found the packet too short, on a path
// that goes on all the same.
func (f *finding) addTooShort(e *record.Event) bool {
	next := f.wayOf(e)
	b, ok := f.decision(e.PC, next)
	if !ok || !b.decided || len(b.condition.Operands) != 1 || b.condition.Keyword != "if" {
		return false
	}
	line := strconv.Itoa(b.condition.At.Line)
	switch {
	case !b.truth && b.condition.Jump == "return":
		f.facts["advice"] = catalog.AdviseTurnRound.With(catalog.Facts{"line": line})
	case b.truth && b.condition.Jump == "":
		f.facts["advice"] = catalog.AdviseEndIf.With(catalog.Facts{"line": line})
	default:
		return false
	}
	f.facts["checked"] = "the comparison at line " + line + " found on this path that it is not that long"
	return true
}

// packetOffset is the offset of a packet pointer as a sum of its terms.
func (f *finding) packetOffset(pointer *record.Value) string {
	if pointer.Off == 0 {
		return f.variablePart(pointer)
	}
	return fmt.Sprintf("%d + %s", pointer.Off, f.variablePart(pointer))
}

// variablePart names the variable part of a pointer's offset.
func (f *finding) variablePart(pointer *record.Value) string {
	within := rangeWords(pointer)
	variable := f.facts["offset"]
	if _, o, known := offsetLineage(f.Prog.Insns, f.path(), uint8(f.reg)); known && len(o.edits) > 0 && variable == f.originWords(o) && variable != "" {
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
func (f *finding) addProof(reach int64, proven, behind string) {
	f.facts["checked"] = "no check on this path proves that"
	if e := f.packetMoved(); e != nil {
		f.facts["checked"] = fmt.Sprintf("no check since %s%s, which may have moved the packet, proves that", f.calleeWords(e.PC), f.lineWords(e.PC))
	}
	if e := history.Proof(f.result, int32(reach)); e != nil && reach > 0 {
		f.facts["checked"] = fmt.Sprintf("the check%s proves %s%s", f.proofLine(e, reach), proven, behind)
	} else if reach > 0 {
		f.facts["checked"] = fmt.Sprintf("only %s%s are known to be there on this path", proven, behind)
	}
}

// packetName is the variable that has the packet pointer of a register.
func (f *finding) packetName(pc int, reg uint8) string {
	if held := f.held(pc, reg); len(held) > 0 {
		return held[0].Name
	}
	return ""
}

// packetEnd is what the program calls the end of the packet.
func (f *finding) packetEnd() string {
	if f.facts["packet"] == "metadata" {
		return "data"
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
		if m := comparesRE.FindStringSubmatch(c.Whole.Text); m != nil && lvalueRE.MatchString(m[3]) {
			return m[3]
		}
	}
	if f.Prog.Type.Info().Packet == facts.PacketOption {
		return "ctx->optval_end"
	}
	return "data_end"
}

// addPacketCheck turns the check that proved too little into one that proves enough.
func (f *finding) addPacketCheck(reach, need int64) bool {
	e := history.Proof(f.result, int32(reach))
	if e == nil || reach == 0 {
		return false
	}
	pos, file, ok := f.At(e.PC)
	if !ok || file == nil {
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
	return true
}
