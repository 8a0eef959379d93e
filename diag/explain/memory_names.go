// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// The variable that an access is to, and how its memory came to have that size.

// sizeOfRE is the size of something with a name.
var sizeOfRE = regexp.MustCompile(`^sizeof\(?\s*([A-Za-z_]\w*)\s*\)?$`)

// pointerSize is how many bytes a pointer has.
const pointerSize = 8

// addPointerSize finds out that the memory was asked for with the size of a pointer
// to it.
func (f *finding) addPointerSize() {
	v := history.Known(f.result, len(f.result.History), f.place())
	o := f.origin()
	if v == nil || v.Type.Base() != regtype.PtrToMem || o.kind != originCall {
		return
	}
	for n := 1; n <= 5; n++ {
		text, _, ok := f.Argument(o.pc, n)
		m := sizeOfRE.FindStringSubmatch(text)
		if !ok || m == nil {
			continue
		}
		if _, _, isPointer := f.Index.Pointee(f.report.PC, m[1]); !isPointer {
			continue
		}
		line := f.lineOf(o.pc)
		asks := f.state(f.passedTo(o.pc, n, pointerSize), "asks for %d bytes", pointerSize)
		f.facts["pointersize"] = fmt.Sprintf("line %d %s, as %s is the size of the pointer, not of what it points to", line, asks, catalog.Quote(text))
		f.advise(catalog.AdvisePointee, catalog.Facts{"check": catalog.Quote("sizeof(*" + m[1] + ")"), "line": fmt.Sprint(line)})
		f.proposeArgument(o.pc, n, argument, "sizeof(*"+m[1]+")")
		f.detail(o.pc, f.state(f.passedTo(o.pc, n, pointerSize), "%d bytes are asked for here", pointerSize))
		return
	}
	f.addAskedSize(v, &o)
}

// addAskedSize says where memory was asked for with a constant size, of an access at a
// constant offset: no check could help that.
func (f *finding) addAskedSize(v *record.Value, o *origin) {
	off, ok := f.report.Fault.Int("off")
	size, ok2 := f.report.Fault.Int("size")
	object, ok3 := f.report.Fault.Int("object")
	in := &f.Prog.Insns[o.pc]
	if !ok || !ok2 || !ok3 || !v.IsConst() || off < 0 || !in.IsHelperCall() || f.facts["advice"] != "" || f.isCall() {
		return
	}
	q := f.Query()
	p, ok := facts.LookupProto(in.Imm, &q)
	if !ok {
		return
	}
	for n := 1; n <= p.NumArgs(); n++ {
		if p.Args[n-1].Type != regtype.ArgConstAllocSizeOrZero {
			continue
		}
		line := f.lineOf(o.pc)
		f.facts["fit"] = fmt.Sprintf("the call in line %d ", line) + f.state(f.passedTo(o.pc, n, object), "asks for %d bytes", object)
		known := catalog.Facts{"line": fmt.Sprint(line), "limit": catalog.Bytes(fmt.Sprint(object))}
		known["size"] = f.state(f.about(diag.ClaimNeeds, diag.UnlimitedLow, off+size), "%d bytes", off+size)
		name := f.assignedText(o.pc)
		if step, ok := f.Index.Step(f.report.PC, name); ok && isVariable(name) && step >= off+size {
			f.facts["place"] = "what " + catalog.Quote(name) + " points to"
			known["check"] = catalog.Quote("sizeof(*" + name + ")")
			f.proposeArgument(o.pc, n, argument, "sizeof(*"+name+")")
		}
		f.advise(catalog.AdviseAskMore, known)
	}
}

// addWritten names the variable that is written and may not be.
func (f *finding) addWritten() {
	t, ok := f.targetOf()
	if !ok || t.variable == "" {
		return
	}
	f.facts["value"], f.leadsTo = catalog.Quote(t.variable), true
	if m := f.MapNamed(t.value.Map); m != nil && strings.Contains(m.FullName, "rodata") {
		f.facts["constant"] = f.facts["value"]
	}
}

// addUnaligned names an access that is not aligned.
func (f *finding) addUnaligned() {
	access, ok := fault.Get[fault.Alignment](f.report.Fault)
	text := f.accessText()
	if !ok || text == "" {
		return
	}
	f.facts["access"] = catalog.Quote(text)
	f.facts["align"] = fmt.Sprint(access.Size)
	multiple := f.about(diag.ClaimFault, access.Size, access.Size)
	multiple.Text = "size"
	f.state(multiple, "a multiple of %d", access.Size)
	if !strings.Contains(text, "->") && !strings.Contains(text, ".") {
		f.advise(catalog.AdviseAligned, nil)
	}
}

// addSizeBetween says of a size that may be 0 what it may be at most: that is the
// next that the verifier asks for.
func (f *finding) addSizeBetween() {
	limits, ok := fault.Get[fault.SizeLimits](f.report.Fault)
	room := f.room(f.reg - 1)
	text, _, named := f.Argument(f.report.PC, f.arg)
	if named && isVariable(text) {
		f.proposeBefore(f.Span(f.report.PC), asFallback(limitCheck), f.leaving(text+" == 0"))
	}
	if !ok || !named || room <= 0 || limits.UMax >= 0 && limits.UMax <= room || f.facts["advice"] != "" {
		return
	}
	known := catalog.Facts{"value": catalog.Quote(text), "limit": fmt.Sprint(room)}
	phrase := catalog.AdviseSizeVariable
	if n, ok := f.Index.NumberOf(f.report.PC, text); ok && (n.Size == 8 || f.uses32()) && isVariable(text) {
		phrase = catalog.AdviseSizeBetween
		known["check"] = f.leaving(fmt.Sprintf("%s == 0 || %s > %d", text, text, room))
	}
	f.advise(phrase, known)
	f.proposeSizeBetween(text, room, known["check"])
	f.proposeMaskedLength(f.reg, text, room)
}

// relateLargest shows the largest variable on the stack of a function that begins
// at pc and ends before another one.
func (f *finding) relateLargest(start, end int, function string) {
	var largest dwarfmap.Object
	for pc := start; pc < end; pc += 4 {
		for off := -8; off >= -maxFrame; off -= 8 {
			if o, ok := f.Index.SlotObject(pc, off); ok && o.Size > largest.Size && !fromMacro(o.Name) {
				largest = o
			}
		}
	}
	if largest.Size >= minRelated && largest.Decl.Line > 0 {
		f.relate(largest.Decl, largest.Name, f.stateLocal(largest, function))
	}
}

// minRelated is the size in bytes from which on a variable matters to the depth of
// the stack.
const minRelated = 32
