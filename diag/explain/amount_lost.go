// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"regexp"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The stack keeps what is known of a number only where it is spilled: all 8 bytes of a slot,
// or bytes at its beginning. A number that is stored elsewhere, such as the second member of
// a structure of two `__u32`, is read back without its limits. Nor is anything known of what a
// division gives.

// storesRE is a statement that stores something in a variable or a member.
var storesRE = regexp.MustCompile(`^\s*([A-Za-z_][\w.>\[\]-]*)\s*=[^=]`)

// addForgotten explains a number that had limits when it was stored on the stack, and
// has none where it is read back.
func (f *finding) addForgotten(a *amount) bool {
	for n := len(a.lineage) - 1; n > 0; n-- {
		load, store := &f.result.History[a.lineage[n]], &f.result.History[a.lineage[n-1]]
		if load.Origin.Kind != record.InSlot || load.New == nil || !load.New.IsNumber() || !f.sameBytes(store.PC, load.PC) {
			continue
		}
		stored := history.Known(f.result, a.lineage[n-1], store.Origin)
		if stored == nil || !stored.IsNumber() || stored.Min < 0 || stored.UMax >= load.New.UMax {
			continue
		}
		low, high := limitsOf(stored)
		known := f.stateRange(a.lineage[n-1], store.Origin, low, high)
		if known == "" {
			return false
		}
		text := ""
		if m := storesRE.FindStringSubmatch(f.lineText(store.PC)); m != nil {
			text = m[1]
		}
		f.facts["forgotten"] = fmt.Sprintf("%s is %s when it is stored%s, but the verifier forgets that: what is known of a number on the stack is kept only where that begins at a multiple of eight bytes",
			cmp.Or(catalog.Quote(text), "the number that this is computed from"), known, f.inLine(store.PC))
		f.details = append(f.details, step{pc: store.PC, span: f.Span(store.PC), message: "the number is stored here, and read back without its limits"})
		f.adviseLimitedCopy(a)
		return true
	}
	return false
}

// sameBytes reports whether a store and a load access the same bytes of the stack.
func (f *finding) sameBytes(store, load int) bool {
	s, l := &f.Prog.Insns[store], &f.Prog.Insns[load]
	return s.Class() == isa.ClassSTX && l.Class() == isa.ClassLDX && s.Dst == isa.R10 && l.Src == isa.R10 && s.Off == l.Off && s.Bytes() == l.Bytes()
}

// adviseLimitedCopy suggests to limit a size in a variable of its own, where it is known to what.
func (f *finding) adviseLimitedCopy(a *amount) {
	if !f.entry.Amount.IsSize() {
		return
	}
	text, _, ok := f.Argument(f.report.PC, f.reg)
	most := f.room(f.reg - 1)
	if !ok || text == "" || most <= 0 {
		return
	}
	f.advise(catalog.AdviseLengthVariable, catalog.Facts{"value": catalog.Quote(text), "limit": fmt.Sprint(most)})
	f.proposeLimitedCopy(text, most, limitCheck)
}

// addQuotient says that a number is the result of a division, of which the verifier keeps no
// limits.
func (f *finding) addQuotient(a *amount) {
	e := &f.result.History[a.lineage[0]]
	in := &f.Prog.Insns[e.PC]
	isArithmetic := in.Class() == isa.ClassALU || in.Class() == isa.ClassALU64
	if _, pure := f.narrowed(a.lineage[1:a.plain]); !pure {
		return // the name is of something that was computed from it
	}
	if !isArithmetic || e.New == nil || e.New.UMax < math.MaxUint32 || f.facts["cause"] != "" {
		return
	}
	what := ""
	switch in.Code() {
	case isa.OpMod:
		what = "the remainder of a division"
	case isa.OpDiv:
		what = "the result of a division"
	default:
		return
	}
	f.facts["cause"] = fmt.Sprintf("%s is %s%s, of which the verifier keeps no limits", cmp.Or(catalog.Quote(a.name), "It"), what, f.inLine(e.PC))
}
