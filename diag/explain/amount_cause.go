// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Why a number is not within the limits that the source seems to give it, in the
// order in which it is asked:
//
//	it was stored on the stack     where the verifier keeps no limits of it
//	it was read from memory again  the check was of what was read before
//	bpf_loop() passed it           the count of the loop does not limit it
//	a subtraction may wrap         of an unsigned number, or below 0 of a signed one
//	a check tested a copy          cut to fewer bits, or zero-extended
//	a check tested a sum           of which the number is one part
//	a check tests another number   the compiler made one test of two, or moved it
//	it may be negative             the source limits it from above only
//	a check has no instruction     the compiler concluded, moved or merged it

// addAmount says what is known of the number of the fault, why it has no better
// limits, and what to do.
func (f *finding) addAmount() {
	if f.entry.Amount == catalog.AmountOperand && f.addOperator() {
		return
	}
	f.namePointer()
	a, ok := f.amount()
	if !ok || f.addConstantSize(a) {
		return
	}
	if fit, ok := f.fitOf(a); ok {
		a.count = fit.most + 1
		f.facts["count"] = fmt.Sprint(a.count)
		f.nameTarget(fit.target)
	}
	tries := []func(*amount) bool{f.addForgotten, f.addReloaded, f.addRound, f.addKey, f.addWrap, f.addOwnWrap, f.addTestedCopy, f.addTestedSum, f.addMerged, f.addNegative, f.addUntested, f.addContent}
	if f.entry.Amount == catalog.AmountZero {
		tries = []func(*amount) bool{f.addUntested, f.addMerged, f.addZeroSize}
	}
	for _, try := range tries {
		if try(a) {
			return
		}
	}
	f.addNoLimit(a)
}

// namePointer names the pointer of an addition that the compiler wrote the other way round:
// what is added to is the number, and the pointer is the operand.
func (f *finding) namePointer() {
	in := f.insn()
	if f.entry.Amount != catalog.AmountOperand || in == nil || in.SrcKind() != isa.SrcX {
		return
	}
	p := f.place()
	p.Index = in.Dst
	to := history.Known(f.result, len(f.result.History), p)
	p.Index = in.Src
	operand := history.Known(f.result, len(f.result.History), p)
	if to == nil || operand == nil || !to.IsNumber() || operand.IsNumber() {
		return
	}
	delete(f.facts, "value")
	f.set("value", catalog.Quote(f.name(f.report.PC, int(in.Src), "")))
}

// addNoLimit suggests a check of a number that nothing limits, where it is known how large
// it may be.
func (f *finding) addNoLimit(a *amount) {
	f.addQuotient(a)
	number, typed := f.numberOf(a)
	if f.facts["advice"] != "" || !lvalueRE.MatchString(a.name) || a.low < 0 && (!typed || number.Signed) {
		return
	}
	most := a.count - 1
	if f.entry.Amount.IsSize() {
		most = f.room(f.reg - 1)
	} else if len(f.variableTerms()) > 1 || f.severalIndexes() || !f.selectsWith(a.name) {
		return // of several numbers each may be too large
	}
	check := fmt.Sprintf("%s > %d", a.name, most)
	if most <= 0 || a.low >= 0 && a.high <= most || f.entry.Amount == catalog.AmountZero || f.stands(check) || f.stands(fmt.Sprintf("%s >= %d", a.name, most+1)) {
		return
	}
	f.adviseIndexLimit(a.name, most)
	if f.entry.Amount.IsSize() {
		f.proposeMaskedLength(f.reg, a.name, most)
	} else {
		f.proposeMasked(a.name, most)
	}
}

// variableSizes are functions that take a variable size where others take a constant.
var variableSizes = map[string]string{"bpf_dynptr_slice": "bpf_dynptr_read", "bpf_dynptr_slice_rdwr": "bpf_dynptr_read"}

// addConstantSize says of a variable size that the kernel function called takes only
// constants: no check makes it one.
func (f *finding) addConstantSize(a *amount) bool {
	if a.value.IsConst() || !f.wantsConstant(f.arg) {
		return false
	}
	f.facts["constantsize"] = "yes"
	f.addConstantSizes()
	return true
}

// addConstantSizes names a constant that the size can be, and a function that takes variable
// sizes.
func (f *finding) addConstantSizes() {
	f.set("plain", catalog.Call(variableSizes[f.Callee(f.report.PC)]))
	f.set("given", f.sizeOfMemory(f.arg-1))
}

// wantsConstant reports whether an argument of the kernel function called is a size that
// must be a constant.
func (f *finding) wantsConstant(arg int) bool {
	p, ok := f.kernelParam(arg)
	return ok && strings.HasSuffix(p.Name, "__szk")
}

// sizeOfMemory is the size of the local variable that an argument points to, in C; "" if it
// points to none.
func (f *finding) sizeOfMemory(arg int) string {
	memory, _, ok := f.Argument(f.report.PC, arg)
	off, pc, local := f.frameOffset(f.path(), arg)
	if object, found := f.Index.SlotObject(pc, off); ok && local && found && object.At == 0 && object.Name == strings.TrimPrefix(memory, "&") {
		return catalog.Quote("sizeof(" + object.Name + ")")
	}
	return ""
}

// addReloaded explains a number that is read from memory again after a check of what
// was read there before.
func (f *finding) addReloaded(a *amount) bool {
	load := a.lineage[0]
	if f.Prog.Insns[f.result.History[load].PC].Class() != isa.ClassLDX || !strings.ContainsAny(a.name, ">.*") {
		return false
	}
	for i := load - 1; i >= 0; i-- {
		e := &f.result.History[i]
		if e.Kind != record.EventBranch || e.Activation != f.report.Activation {
			continue
		}
		b, ok := f.decision(e.PC, f.wayOf(e))
		if !ok || comparisonOf(b.operand.Text).name != a.name || comparisonOf(b.operand.Text).op == "" {
			continue
		}
		f.facts["cause"] = fmt.Sprintf("%s is read again%s: the condition %s in line %d tested what was read before",
			catalog.Quote(a.name), f.inLine(f.result.History[load].PC), catalog.Quote(b.operand.Text), b.condition.At.Line)
		f.advise(catalog.AdviseReadOnce, catalog.Facts{"value": catalog.Quote(a.name)})
		f.proposeReadOnce(a.name, b.condition.At)
		return true
	}
	return false
}

// addOffset says what the number is called that was added to a pointer, and that
// it may be negative although it has limits.
func (f *finding) addOffset() {
	a, ok := f.amount()
	if !ok {
		return
	}
	f.set("offset", catalog.Quote(a.name))
	if a.bounded() && a.low < 0 && a.high < math.MaxInt32 && !a.shifted {
		f.facts["belowzero"] = f.stateRange(a.known, a.place, a.low, a.high)
	}
}

// addRound explains the argument of a callback of bpf_loop().
func (f *finding) addRound(a *amount) bool {
	e := &f.result.History[a.lineage[0]]
	if e.Reason != record.ReasonArgument || f.Callee(e.PC) != "bpf_loop" || e.Place.Index != isa.R1 {
		return false
	}
	if _, pure := f.narrowed(a.lineage[1:a.plain]); !pure {
		return false
	}
	name := cmp.Or(catalog.Quote(a.name), catalog.Quote(f.Parameter(e.Callee, 1)))
	if name == "" || a.high < math.MaxInt32 {
		return false
	}
	f.facts["cause"] = fmt.Sprintf("%s is the number of the round that bpf_loop()%s passes: for the verifier the count of the loop does not limit it", name, f.inLine(e.PC))
	count := "COUNT"
	if a.count > 0 {
		count = fmt.Sprint(a.count)
	}
	check := fmt.Sprintf("if (%s >= %s) return 1;", strings.Trim(name, "`"), count)
	f.advise(catalog.AdviseRoundCheck, catalog.Facts{"value": name, "check": catalog.Quote(check)})
	if a.count > 0 && f.isVariableHere(trimQuotes(name)) {
		f.proposeBefore(f.Span(f.report.PC), limitCheck, check)
	}
	return true
}

var (
	subtractsRE  = regexp.MustCompile(`([A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*)\s*-=?\s+([A-Za-z_0-9]+)`)
	decrementsRE = regexp.MustCompile(`--\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*--`)
)

// signedUse reports whether the program compared the amount as a signed number.
func (f *finding) signedUse(a *amount) bool {
	return slices.ContainsFunc(f.testsOf(a), func(t test) bool { return t.direct && t.signed() })
}

// numberOf is what is known of the type of the amount's variable.
func (f *finding) numberOf(a *amount) (dwarfmap.Number, bool) {
	if a.name == "" {
		return dwarfmap.Number{}, false
	}
	for _, pc := range []int{f.report.PC, a.at} {
		if n, ok := f.Index.NumberOf(pc, a.name); ok {
			return n, true
		}
	}
	return dwarfmap.Number{}, false
}

// addNegative explains a number that the source limits from above only.
func (f *finding) addNegative(a *amount) bool {
	number, ok := f.numberOf(a)
	if ok && !number.Signed && number.Size == 8 && a.value.UMax == math.MaxUint64 && f.entry.Amount == catalog.AmountNegative {
		f.facts["unsigned"] = number.Type
		if most := f.room(f.reg - 1); most > 0 && f.entry.Amount.IsSize() {
			f.proposeBefore(f.Span(f.report.PC), asFallback(limitCheck), f.leaving(fmt.Sprintf("%s > %d", a.name, most)))
			f.proposeLimitedCopy(a.name, most, asFallback(limitCheck))
			f.proposeMaskedLength(f.reg, a.name, most)
		}
		return true
	}
	if !ok || !number.Signed || !lvalueRE.MatchString(a.name) {
		return false
	}
	low, high, seen, at, found := f.signedLimits(a, number.Size)
	if !found || low >= 0 {
		return false
	}
	name := catalog.Quote(a.name)
	half := int64(1) << (8*number.Size - 1)
	switch {
	case a.shifted:
		f.facts["cause"] = fmt.Sprintf("%s is a signed %s, and negative values pass", name, catalog.Quote(number.Type))
	case low == math.MinInt64 || low == -half:
		if high == math.MaxInt64 || high == half-1 {
			f.facts["cause"] = fmt.Sprintf("%s is a signed %s, and nothing limits it on this path", name, catalog.Quote(number.Type))
			f.addBothLimits(a)
			return true
		}
		f.facts["cause"] = fmt.Sprintf("%s is a signed %s: it is %s here%s, but negative values pass", name, catalog.Quote(number.Type), f.stateMost(seen.Event, seen.Place, high, "at most %d", high), at)
	default:
		f.facts["cause"] = fmt.Sprintf("%s may be negative: it is %s here%s", name, f.stateRange(seen.Event, seen.Place, low, high), at)
	}
	isSize := f.entry.Amount.IsSize()
	if a.low >= 0 && a.high >= math.MaxInt32 && !a.shifted {
		as := "an offset"
		if isSize {
			as = "a size"
		}
		f.facts["cause"] += f.stateMost(a.known, a.place, a.high, ", which are up to %d as %s", a.high, as)
	}
	check := a.name + " < 0"
	if f.stands(check) {
		return true
	}
	known := catalog.Facts{"value": name, "check": f.leaving(check)}
	if f.owns() {
		known["check"] = catalog.Quote(fmt.Sprintf("if (%s) %s = 0;", check, a.name))
	}
	if isSize && isRound(high+1) && high != half-1 && f.leavesAbove(a, high) {
		known["mask"] = catalog.Quote(fmt.Sprintf("%s & %d", a.name, high))
	}
	phrase := catalog.AdviseNotNegative
	if number.Size < 8 && !f.uses32() {
		phrase = catalog.AdviseWideSigned
	}
	f.advise(phrase, known)
	f.proposeNotNegative(a, known["check"], number.Size)
	if isSize {
		f.proposeMaskedLength(f.reg, a.name, f.room(f.reg-1))
	}
	return true
}

// leavesAbove reports whether a condition that the path came by leaves where the amount
// is above a limit, so that a mask of it changes no value that gets past. Where the source
// gives the variable another value in place of leaving, a mask would change that one.
func (f *finding) leavesAbove(a *amount, high int64) bool {
	for _, t := range slices.Backward(f.testsOf(a)) {
		pos, file, ok := f.At(t.pc)
		if !ok || file == nil {
			continue
		}
		c, ok := file.ConditionAt(pos.Line, max(pos.Col, 1))
		if !ok || c.Jump == "" {
			continue
		}
		for _, o := range c.Operands {
			cmp := comparisonOf(o.Text)
			limit, upward, ok := boundOf(cmp.op, cmp.number)
			if ok && cmp.isNumber && upward && limit == high+1 && cmp.name == a.name {
				return true
			}
		}
	}
	return false
}

// addBothLimits suggests a check of a number that has no limits.
func (f *finding) addBothLimits(a *amount) {
	most := int64(0)
	if a.count > 0 {
		most = a.count - 1
	} else if f.entry.Amount.IsSize() {
		most = f.room(f.reg - 1)
	}
	check := fmt.Sprintf("%s < 0 || %s > %d", a.name, a.name, most)
	if most > 0 && !f.owns() && !f.stands(check) {
		f.advise(catalog.AdviseBothLimits, catalog.Facts{"value": catalog.Quote(a.name), "check": f.leaving(check)})
		f.proposeBefore(f.Span(f.report.PC), limitCheck, f.leaving(check))
	}
}

// signedLimits are the limits of the amount's variable as a signed number, and
// the line of the last condition that tested it. seen has the place and the event
// that they are from.
func (f *finding) signedLimits(a *amount, size int64) (low, high int64, seen diag.Claim, at string, ok bool) {
	v := a.value
	seen.Event, seen.Place = a.known, a.place
	for i := a.plain - 1; ; i-- {
		switch {
		case a.low < 0 && a.bounded() && i == a.plain-1:
			low, high = a.low, a.high
		case size == 4:
			low, high = int64(v.Min32), int64(v.Max32)
		case size == 8:
			low, high = v.Min, v.Max
		default:
			return 0, 0, seen, "", false
		}
		// What is used may be the number without its sign: the variable is what
		// was cut or extended then.
		half := int64(1) << (8*size - 1)
		e := &f.result.History[a.lineage[i]]
		if low < 0 && (low != -half || high != half-1) || i == 0 || !f.keepsNumber(e) {
			break
		}
		p := e.Place
		if e.Origin.Kind == record.InRegister {
			p = e.Origin
		}
		before := history.Known(f.result, a.lineage[i], p)
		if before == nil || !before.IsNumber() {
			break
		}
		v = before
		seen.Event, seen.Place = a.lineage[i], p
	}
	for _, t := range slices.Backward(f.testsOf(a)) {
		if t.direct && f.lineNames(t.pc, a.name) {
			at = fmt.Sprintf(" (line %d)", f.lineOf(t.pc))
			break
		}
	}
	return low, high, seen, at, true
}

// owns reports whether the path holds a reference at the fault, so that a plain
// return would lose it.
func (f *finding) owns() bool {
	held := map[uint32]bool{}
	for i := range f.result.History {
		switch e := &f.result.History[i]; e.Kind {
		case record.EventAcquire:
			held[e.Ref] = true
		case record.EventRelease:
			delete(held, e.Ref)
		}
	}
	return len(held) > 0
}

// lineNames reports whether the line of an instruction names a variable.
func (f *finding) lineNames(pc int, name string) bool { return mentions(f.lineText(pc), name) }
