// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Memory that is passed to a call with its length:
//
//	pointer at a fixed place     how many bytes are there
//	pointer at a variable one    how far it may lead, and how many bytes are left
//	both vary                    each may be limited, and their sum not

// addRoom says how many bytes are where the pointer of a call leads, and which
// values the length has.
func (f *finding) addRoom() {
	if !f.isCall() || f.reg < 1 || f.reg > 4 {
		return
	}
	pointer := history.Known(f.result, len(f.result.History), f.place())
	if pointer == nil || pointer.IsNumber() {
		return
	}
	if pointer.IsStack() {
		// What is on the stack has a declaration, which says the rest.
		if off, pc, ok := f.frameOffset(f.path(), f.reg); ok && pointer.IsConst() {
			if object, ok := f.Index.SlotObject(pc, off); ok {
				f.addLength(object.Size-object.At, true)
			}
		}
		return
	}
	bounds, ok := fault.Get[fault.Bounds](f.report.Fault)
	if !ok {
		return
	}
	object, rest := f.facts["place"], bounds.Object-bounds.Off
	t, known := f.targetOf()
	if pointer.IsConst() && known && t.variable != "" {
		// The verifier has one limit for all of them, further away.
		rest = t.start + t.bytes - t.fixed
		f.facts["room"] = f.stateSize(record.Place{}, t.variable, t.bytes)
	} else if pointer.IsConst() {
		f.facts["room"] = f.state(f.about(diag.ClaimRoom, rest, rest), "only %s %s there", catalog.Bytes(fmt.Sprint(rest)), are(rest))
	} else if pointer.Min >= 0 && pointer.UMax <= math.MaxInt32 {
		at := int64(pointer.Off) + int64(pointer.UMax)
		rest = bounds.Object - at
		f.facts["room"] = f.state(f.about(diag.ClaimOffset, int64(pointer.Off), at), "it may lead %s into %s", catalog.Bytes(fmt.Sprint(at)), object) +
			f.state(f.about(diag.ClaimRoom, rest, bounds.Object), ", where only %d of %s %s left", rest, catalog.Bytes(fmt.Sprint(bounds.Object)), are(rest))
	}
	if rest <= 0 && (t.variable == "" || !pointer.IsConst()) {
		f.facts["room"] = f.state(f.about(diag.ClaimObject, bounds.Object, bounds.Object), "it may lead past the end of %s, which has %s", object, catalog.Bytes(fmt.Sprint(bounds.Object)))
	}
	f.addLength(rest, pointer.IsConst())
}

// addLength says which values the length has, and what limits it to the bytes
// that are there.
func (f *finding) addLength(rest int64, fixed bool) {
	p := f.place()
	p.Index++
	length := history.Known(f.result, len(f.result.History), p)
	text, _, ok := f.Argument(f.report.PC, f.reg+1)
	if length == nil || !length.IsNumber() {
		return
	}
	if ok && text != "" && !length.IsConst() {
		f.facts["length"] = fmt.Sprintf("%s is %s", catalog.Quote(text), f.stateLimits(len(f.result.History), p, length))
	}
	if !fixed && length.IsConst() {
		f.addOffsetLimit(int64(length.Bits))
	}
	if rest <= 0 || !fixed {
		return
	}
	known := catalog.Facts{"value": catalog.Quote(text), "limit": fmt.Sprint(rest)}
	check := fmt.Sprintf("%s > %d", text, rest)
	switch {
	case !length.IsConst() && f.wantsConstant(f.reg+1):
		known["call"], known["size"] = f.calleeWords(f.report.PC), f.sizeOfMemory(f.reg)
		known["function"] = catalog.Call(variableSizes[f.Callee(f.report.PC)])
		f.advise(catalog.AdviseConstantLength, known)
	case length.IsConst() && !isVariable(text):
		f.advise(catalog.AdviseLength, known)
		f.proposeSize(rest)
	case ok && f.adviseSmaller(text, int64(length.UMax), rest) != "":
	case ok && isVariable(text) && !f.stands(check):
		known["check"] = catalog.Quote(fmt.Sprintf("if (%s) %s = %d;", check, text, rest))
		f.advise(catalog.AdviseLengthLimit, known)
		f.proposeBefore(f.Span(f.report.PC), limitCheck, known["check"])
		f.proposeMaskedLength(f.reg+1, text, rest)
	case ok && text != "":
		f.advise(catalog.AdviseLengthVariable, known)
		f.proposeLimitedCopy(text, rest, limitCheck)
	}
}

// addOffsetLimit suggests to limit the offset of memory that is passed with a constant length.
func (f *finding) addOffsetLimit(length int64) {
	pointer := history.Known(f.result, len(f.result.History), f.place())
	bounds, ok := fault.Get[fault.Bounds](f.report.Fault)
	a, ok2 := f.amount()
	if text, _, known := f.Argument(f.report.PC, f.reg); ok2 && known && a.name == "" {
		if m := elementRE.FindStringSubmatch(text); m != nil {
			a.name = m[2]
		}
	}
	if !ok || !ok2 || pointer == nil || a.name == "" || !a.bounded() || a.low < 0 || !lvalueRE.MatchString(a.name) || len(f.variableTerms()) > 1 {
		return
	}
	most := (bounds.Object - int64(pointer.Off) - length) / a.scale
	if most <= 0 || a.high <= most {
		return
	}
	f.facts["length"] = f.state(diag.Claim{Kind: diag.ClaimRange, Event: a.known, Place: a.place, Low: a.low, High: a.high},
		"%s is %d to %d here, which leaves too little behind it", catalog.Quote(a.name), a.low, a.high)
	if f.adviseSmaller(a.name, a.high, most) != "" {
		return
	}
	f.adviseIndexLimit(a.name, most)
}

// isVariable reports whether C text is a name alone.
func isVariable(text string) bool {
	return lvalueRE.MatchString(text) && !strings.ContainsAny(text, ".>[*") && !csource.IsConstant(text)
}

// addRelation explains an offset and a length that are limited one by one: that
// their sum is within the object was tested, but the verifier keeps no relations.
func (f *finding) addRelation() {
	if !f.isCall() || f.reg < 1 || f.reg > 4 {
		return
	}
	end := len(f.result.History)
	pointer := history.Known(f.result, end, f.place())
	p := f.place()
	p.Index++
	length := history.Known(f.result, end, p)
	if pointer == nil || length == nil || pointer.IsNumber() || !length.IsNumber() || pointer.IsConst() || length.IsConst() {
		return
	}
	object, ok := f.report.Fault.Int("object")
	if !ok || pointer.UMax > math.MaxInt32 || length.UMax > math.MaxInt32 {
		return
	}
	offset, size := int64(pointer.Off)+int64(pointer.UMax), int64(length.UMax)
	if pointer.Min < 0 || offset > object || size > object || offset+size <= object {
		return // each alone is too much, or it is something else
	}
	offsetName, lengthName, fixed := "the offset", "the length", int64(0)
	if a, ok := f.amount(); ok && a.name != "" && a.scale == 1 {
		// What is said of a variable is without the fixed part of the offset.
		offsetName, fixed = catalog.Quote(a.name), int64(pointer.Off)
		offset, object = offset-fixed, object-fixed
	}
	if text, _, ok := f.Argument(f.report.PC, f.reg+1); ok && text != "" {
		lengthName = catalog.Quote(text)
	}
	most := f.about(diag.ClaimRange, diag.UnlimitedLow, offset)
	if fixed == 0 {
		most.Kind, most.Low = diag.ClaimOffset, int64(pointer.Off)
	}
	f.facts["relation"] = f.state(most, "%s is up to %d", offsetName, offset) + " and " +
		f.stateMost(end, p, size, "%s up to %d", lengthName, size) + ", " +
		f.state(f.about(diag.ClaimTogether, offset+size, object), "together up to %d bytes of %d", offset+size, object) +
		": each is limited, but the verifier does not keep how one depends on the other"
	phrase := catalog.AdviseBothBelow
	if mentions(strings.Trim(lengthName, "`"), strings.Trim(offsetName, "`")) {
		// A smaller limit of the offset makes this length larger.
		phrase = catalog.AdviseLengthApart
	}
	f.advise(phrase, catalog.Facts{"value": offsetName, "name": lengthName, "size": fmt.Sprint(object), "number": fmt.Sprint(object / 2)})
}
