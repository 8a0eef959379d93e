// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/history"
	"github.com/bpf-lsp/bpf-lsp/verifier"
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
	if pointer == nil || pointer.IsConst() {
		f.facts["needs"] = "the first " + bytesOf(strconv.FormatInt(off+size, 10)) + " of the packet"
		f.addProof(reach, "the first "+bytesOf(strconv.FormatInt(reach, 10)), "")
		f.addPacketCheck(reach, off+size)
		return
	}
	value := f.facts["value"]
	if quote(f.packetName(f.report.PC, uint8(f.reg))) != value {
		// The register is not the variable that the source names.
		variable := f.variablePart(pointer)
		f.facts["needs"] = fmt.Sprintf("the first %d + %s bytes of the packet", off+size, variable)
		f.addProof(reach, fmt.Sprintf("the first %d + %s bytes", reach, variable), "")
		return
	}
	at := off - int64(pointer.Off)
	f.facts["needs"] = byteRange(at, size) + " behind " + value
	f.facts["where"] = fmt.Sprintf("%s is %s bytes into the packet", value, f.packetOffset(pointer))
	f.addProof(reach, bytesOf(strconv.FormatInt(max(reach-int64(pointer.Off), 0), 10)), " behind "+value)
	f.facts["advice"] = catalog.AdviseComparison.With(catalog.Facts{
		"check": quote(fmt.Sprintf("if ((void *)(%s + 1) > %s) return …;", strings.Trim(value, "`"), f.packetEnd())),
	})
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

// packetOffset is the offset of a packet pointer as a sum of its terms.
func (f *finding) packetOffset(pointer *verifier.Value) string {
	if pointer.Off == 0 {
		return f.variablePart(pointer)
	}
	return fmt.Sprintf("%d + %s", pointer.Off, f.variablePart(pointer))
}

// variablePart names the variable part of a pointer's offset.
func (f *finding) variablePart(pointer *verifier.Value) string {
	within := rangeWords(pointer)
	variable := f.facts["offset"]
	if _, o, known := offsetLineage(f.prog.Insns, f.path(), uint8(f.reg)); known && len(o.edits) > 0 && variable == f.originWords(o) && variable != "" {
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
	for _, e := range slices.Backward(f.result.History) {
		if !slices.ContainsFunc(e.Learnt, func(c verifier.Change) bool { return c.New.Type.IsPacket() }) {
			continue
		}
		pos, file, ok := f.at(e.PC)
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
	return "data_end"
}

// addPacketCheck turns the check that proved too little into one that proves enough.
func (f *finding) addPacketCheck(reach, need int64) {
	e := history.Proof(f.result, int32(reach))
	if e == nil || reach == 0 {
		return
	}
	pos, file, ok := f.at(e.PC)
	if !ok || file == nil {
		return
	}
	c, ok := file.ConditionAt(pos.Line, pos.Col)
	if !ok {
		return
	}
	text := c.Whole.Text
	number := regexp.MustCompile(`\b` + strconv.FormatInt(reach, 10) + `\b`)
	if found := number.FindAllString(text, -1); len(found) == 1 {
		f.facts["advice"] = catalog.AdviseLongerCheck.With(catalog.Facts{
			"size": fmt.Sprintf("%d bytes", need), "line": strconv.Itoa(pos.Line),
			"check": quote("if (" + number.ReplaceAllString(text, strconv.FormatInt(need, 10)) + ")"),
		})
	}
}
