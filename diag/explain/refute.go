// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Refute holds what a diagnostic states against the recorded walk. Each
// contradiction is a sentence; checked counts the claims that could be judged.
func Refute(p *program.Program, r *verifier.Result, d *diag.Diagnostic) (refuted []string, checked int) {
	ix := dwarfmap.New(p)
	numbers := numberJudge{p, r, d, ix}
	for i := range d.Claims {
		c := &d.Claims[i]
		var why string
		judged := false
		switch c.Kind {
		case diag.ClaimCondition:
			why, judged = refuteCondition(p, r, c)
		case diag.ClaimName:
			why, judged = refuteName(ix, r, d, c)
		case diag.ClaimOwned:
			why, judged = refuteOwned(r, c)
		default:
			why, judged = numbers.judge(c)
		}
		if judged {
			checked++
		}
		if why != "" {
			refuted = append(refuted, why)
		}
	}
	return refuted, checked
}

// refuteCondition holds the outcome of a condition against the values that the
// tested register can have behind the branch.
func refuteCondition(p *program.Program, r *verifier.Result, c *diag.Claim) (why string, judged bool) {
	e := &r.History[c.Event]
	in := &p.Insns[e.PC]
	if e.Kind != record.EventBranch || in.Class() != isa.ClassJMP {
		return "", false // the lower half of a register may differ from the whole
	}
	place := record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: in.Dst}
	value := history.Known(r, c.Event+1, place)
	if value == nil || computes(c.Text) {
		return "", false
	}
	if value.Type != regtype.Scalar {
		isNull := comparesWithNull(c.Text, c.Truth)
		switch {
		case isNull == unknownNull || mayBeNull(value.Type):
			return "", false
		case isNull == saysNull:
			return fmt.Sprintf("%q is %t at instruction %d, but R%d is a pointer that is not NULL", c.Text, c.Truth, e.PC, in.Dst), true
		}
		return "", true
	}
	op, number, compares := comparedNumber(c.Text)
	if !compares {
		if strings.ContainsAny(c.Text, "<>=") {
			return "", false
		}
		op, number = "!=", 0
		if strings.HasPrefix(c.Text, "!") {
			op = "=="
		}
	}
	if !c.Truth {
		op = opposites[op]
	}
	if admits(value, op, number) {
		return "", true
	}
	return fmt.Sprintf("%q is %t at instruction %d, but R%d is %s", c.Text, c.Truth, e.PC, in.Dst, valueWords(value)), true
}

// mayBeNull reports whether a branch may find a pointer NULL. Pointers that were
// read from kernel objects are not marked, but may be.
func mayBeNull(t regtype.Reg) bool {
	return t.MayBeNull() || t.Base() == regtype.PtrToBTFID && t&regtype.Trusted == 0
}

// opposites are the comparisons that hold where one does not.
var opposites = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

// admits reports whether a number can be in a relation to a constant, with or
// without its sign.
func admits(x *record.Value, op string, n int64) bool {
	u := uint64(n)
	switch op {
	case "==":
		return n >= x.Min && n <= x.Max && u >= x.UMin && u <= x.UMax && u&^x.Mask == x.Bits
	case "!=":
		return !x.IsConst() || x.Bits != u
	case "<":
		return x.Min < n || x.UMin < u
	case "<=":
		return x.Min <= n || x.UMin <= u
	case ">":
		return x.Max > n || x.UMax > u
	case ">=":
		return x.Max >= n || x.UMax >= u
	}
	return true
}

// nullness is what a condition says of a pointer.
type nullness uint8

const (
	unknownNull nullness = iota
	saysNull
	saysNotNull
)

// comparesWithNull says what the outcome of a condition means for the pointer
// in it.
func comparesWithNull(text string, truth bool) nullness {
	c := comparisonOf(text)
	null := false
	switch {
	case c.name == "":
		return unknownNull
	case c.op == "":
		null = strings.HasPrefix(text, "!")
	case c.op == "==" || c.op == "!=":
		if !strings.HasSuffix(text, "NULL") && (!c.isNumber || c.number != 0) {
			return unknownNull
		}
		null = c.op == "=="
	default:
		return unknownNull
	}
	if null == truth {
		return saysNull
	}
	return saysNotNull
}

// refuteName holds the name of a value against the variables that debug
// information knows in its register.
func refuteName(ix *dwarfmap.Index, r *verifier.Result, d *diag.Diagnostic, c *diag.Claim) (why string, judged bool) {
	pc := d.PC
	if c.Event >= 0 {
		pc = r.History[c.Event].PC
	}
	if c.Place.Kind != record.InRegister || pc < 0 {
		return "", false
	}
	held := slices.DeleteFunc(ix.Held(pc, c.Place.Index), func(v dwarfmap.Var) bool { return fromMacro(v.Name) })
	if len(held) == 0 {
		return "", false
	}
	if slices.ContainsFunc(held, func(v dwarfmap.Var) bool { return mentions(c.Text, v.Name) }) {
		return "", true
	}
	return fmt.Sprintf("R%d at instruction %d is called %s, but holds %s", c.Place.Index, pc, c.Text, held[0].Name), true
}

// refuteOwned holds "still owned" against the releases of the path. Event is
// the acquire.
func refuteOwned(r *verifier.Result, c *diag.Claim) (why string, judged bool) {
	ref := r.History[c.Event].Ref
	for _, e := range r.History[c.Event+1:] {
		if e.Kind == record.EventRelease && e.Ref == ref {
			return fmt.Sprintf("%s is still owned, but was released at instruction %d", c.Text, e.PC), true
		}
	}
	return "", true
}
