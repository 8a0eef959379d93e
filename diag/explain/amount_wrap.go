// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Subtractions that wrap: of which number, by which other one, and from where to where.

// term is what a subtraction takes away: a constant, or a register.
type term struct {
	text string
	most int64 // the greatest value that it can have
	reg  bool
}

// addWrap explains a subtraction that may go below 0.
func (f *finding) addWrap(a *amount) bool {
	for i := a.plain - 1; i > 0; i-- {
		e := &f.result.History[a.lineage[i]]
		by, known := f.subtracted(a.lineage[i])
		if !known {
			if !f.keepsNumber(e) {
				return false
			}
			continue
		}
		width, pure := f.narrowed(a.lineage[i+1 : a.plain])
		low, high := int64(e.Old.UMin), e.Old.UMax
		if f.Prog.Insns[e.PC].Class() == isa.ClassALU {
			low, high, width = int64(e.Old.UMin32), uint64(e.Old.UMax32), min(width, 32)
		}
		if !pure || low < 0 || by.most <= low {
			return false
		}
		if _, excluded := f.excludedInC(a); excluded {
			return false // it wraps for the verifier alone
		}
		return f.tellWrap(a, a.lineage[i], by, width, low, high)
	}
	return false
}

// subtracted is what the event of an index subtracts from a number.
func (f *finding) subtracted(index int) (term, bool) {
	e := &f.result.History[index]
	in := &f.Prog.Insns[e.PC]
	if !e.Refines || e.Old == nil || !e.Old.IsNumber() || in.Class() != isa.ClassALU && in.Class() != isa.ClassALU64 {
		return term{}, false
	}
	n := int64(in.Imm)
	switch {
	case in.Code() == isa.OpAdd && in.SrcKind() == isa.SrcK && n < 0:
		return term{text: fmt.Sprint(-n), most: -n}, true
	case in.Code() == isa.OpSub && in.SrcKind() == isa.SrcK && n > 0:
		return term{text: fmt.Sprint(n), most: n}, true
	case in.Code() == isa.OpSub && in.SrcKind() == isa.SrcX:
		v := history.Known(f.result, index, e.Operand)
		if v == nil || !v.IsNumber() {
			return term{}, false
		}
		name := f.name(e.PC, int(in.Src), "")
		if name == "" || !mentions(f.lineText(e.PC), name) {
			return term{}, false
		}
		most := int64(math.MaxInt64)
		if v.UMax < math.MaxInt64 {
			most = int64(v.UMax)
		}
		return term{text: catalog.Quote(name), most: most, reg: true}, true
	}
	return term{}, false
}

// tellWrap words a subtraction below 0 if its outcome is among the values of the
// amount.
func (f *finding) tellWrap(a *amount, index int, by term, width int, low int64, high uint64) bool {
	e := &f.result.History[index]
	there, ok := f.subtractionAt(a, e, by)
	if !ok {
		return false // the compiler made the subtraction
	}
	from := there.from
	if f.addSeparateTests(index, from, by, there.span.Line) {
		return true
	}
	line, name := fmt.Sprintf(" in line %d", there.span.Line), cmp.Or(catalog.Quote(a.name), "the number")
	// A C variable that is not named here may be of any type.
	number, typed := f.numberOf(a)
	signed := typed && number.Signed
	if !typed && a.low < 0 {
		signed = f.widthOf(e) == 64 && f.signedUse(a)
	}
	what := cmp.Or(catalog.Quote(from), "a number")
	within := ""
	if high != math.MaxUint64 {
		within = f.state(diag.Claim{Kind: diag.ClaimRange, Event: index, Place: e.Place, Low: low, High: int64(high)}, " (%d to %d)", low, high)
	}
	clause := fmt.Sprintf("line %d %s from %s%s", there.span.Line, f.stateTerm(index, by, "subtracts "), what, within)
	switch {
	case signed && a.low < 0:
		f.facts["cause"] = fmt.Sprintf("%s is negative where %s is %s: %s", name, cmp.Or(catalog.Quote(from), "what it is subtracted from"), f.stateTerm(index, by, "less than "), clause)
	case by.reg && a.low >= 0 && a.high <= math.MaxInt32:
		return false
	case by.reg:
		f.facts["wraps"] = "yes"
		f.facts["cause"] = fmt.Sprintf("the subtraction%s wraps to a huge number where %s is greater than %s", line, by.text, what)
	default:
		wrapped := uint64(low-by.most) & mask(width)
		if a.low >= 0 && (wrapped > uint64(a.high) || wrapped < uint64(a.low)) {
			return false
		}
		f.facts["wraps"] = "yes"
		wraps := "wraps to a huge number where that is " + f.stateTerm(index, by, "less than ")
		if wrapped <= math.MaxInt32 {
			wraps = f.state(diag.Claim{Kind: diag.ClaimWraps, Event: index, Place: e.Place, Low: int64(wrapped), High: low, Width: int64(width)}, "wraps to %d where that is %d", wrapped, low)
		}
		f.facts["cause"] = fmt.Sprintf("%s, which %s", clause, wraps)
	}
	if there.moved {
		f.details = append(f.details, step{pc: e.PC, span: there.span, message: f.stateTerm(index, by, "") + " is subtracted from " + what + " here"})
	}
	if t, ok := f.testOfCopy(a); ok && f.lineNames(t.pc, a.name) {
		f.copied = a
		f.facts["cause"] += fmt.Sprintf("; the condition%s tests a copy of %s, not what is used here", f.inLine(t.pc), name)
	}
	if !repeatable(from) {
		f.advise(catalog.AdviseMinuend, catalog.Facts{"line": fmt.Sprint(there.span.Line), "number": by.text, "minuend": cmp.Or(catalog.Quote(from), "the number")})
		return true
	}
	check := fmt.Sprintf("%s < %s", from, strings.Trim(by.text, "`"))
	if by.most == 1 && !by.reg {
		check = from + " == 0"
		if signed {
			check = from + " <= 0"
		}
	}
	f.proposeLimitedIndex()
	if f.guardsWrap(a, e.PC, from, by) || !by.reg && f.joinsLimit(e.PC, from, check) {
		return true
	}
	if !f.stands(check) {
		leave := f.leavingAt(there.span, check)
		f.advise(catalog.AdviseNoWrap, catalog.Facts{"line": fmt.Sprint(there.span.Line), "check": leave})
		f.proposeBefore(there.span, limitCheck, leave)
		if isVariable(from) {
			f.proposeBefore(there.span, asFallback(limitCheck), barrier(from)+" "+trimQuotes(leave))
		}
	}
	return true
}

// swappedRE is a variable in the other order of bytes.
var swappedRE = regexp.MustCompile(`^(?:__)?bpf_(?:ntoh[sl]|hton[sl]|be64_to_cpu|cpu_to_be64)\([A-Za-z_]\w*\)$`)

// repeatable reports whether an expression gives the same value if it is written twice, as
// a variable does, also in the other order of bytes.
func repeatable(expression string) bool {
	return swappedRE.MatchString(expression) || lvalueRE.MatchString(expression) && !strings.ContainsAny(expression, ".>[*")
}

// proposeLimitedIndex limits a copy of the whole index, if that is a difference.
func (f *finding) proposeLimitedIndex() {
	for _, m := range elementRE.FindAllStringSubmatch(f.statementText(), -1) {
		if count, known := f.elements(m[1]); known && lessRE.MatchString(m[2]) {
			f.proposeLimitedCopy(m[2], count-1, asFallback(limitCheck))
			return
		}
	}
}

// subtraction is where the source subtracts something from a number.
type subtraction struct {
	span  diag.Span
	from  string // what it is subtracted from, "" if that is not known
	moved bool   // that the compiler noted the instruction elsewhere
}

// subtractionAt is where the source has the subtraction of an event: the line of the
// instruction, or the only assignment to the amount's variable that subtracts this constant.
func (f *finding) subtractionAt(a *amount, e *record.Event, by term) (subtraction, bool) {
	if text := f.lineText(e.PC); strings.Contains(strings.ReplaceAll(text, "->", ""), "-") {
		return subtraction{span: f.Span(e.PC), from: f.minuend(e.PC, e.Place.Index, by)}, true
	}
	fn, file, pos, ok := f.functionHere()
	if !ok || by.reg || !isVariable(a.name) {
		return subtraction{}, false
	}
	re := regexp.MustCompile(`\b` + a.name + `\s*=\s*([A-Za-z_]\w*)\s*-\s*(\w+)\s*;`)
	var found subtraction
	for n := fn.Body.Line; n < pos.Line; n++ {
		line := file.Code(n)
		m := re.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		constant := line[m[4]:m[5]]
		number, err := strconv.ParseInt(constant, 0, 64)
		if err != nil {
			if number, ok = defined(file, constant); !ok {
				return subtraction{}, false
			}
		}
		if found.from != "" || number != by.most || assignedBetween(file, a.name, n, pos.Line) {
			return subtraction{}, false
		}
		found.from, found.moved = line[m[2]:m[3]], true
		found.span = diag.Span{File: f.Absolute(pos.File), Line: n, Col: m[2] + 1, EndLine: n, EndCol: m[5] + 1}
	}
	if found.moved {
		return found, true
	}
	return f.soleSubtraction(a, fn, file, pos, by)
}

// lessConstantRE is a difference whose subtrahend is a number, a macro or the size of a type.
var lessConstantRE = regexp.MustCompile(`^(.+?)\s*-\s*(\w+|sizeof\s*\([^()]+\))$`)

// soleSubtraction is the only assignment to the amount's variable, if that subtracts this
// constant from something.
func (f *finding) soleSubtraction(a *amount, fn csource.Function, file *csource.File, pos dwarfmap.Pos, by term) (s subtraction, ok bool) {
	at, value, ok := file.SoleAssignment(fn, a.name)
	if !ok || at.Line >= pos.Line {
		return s, false
	}
	m := lessConstantRE.FindStringSubmatch(value)
	if m == nil || strings.Count(m[1], "(") != strings.Count(m[1], ")") {
		return s, false
	}
	number, ok := defined(file, m[2])
	if !ok {
		number, ok = f.sizeIn(m[2])
	}
	if !ok || number != by.most {
		return s, false
	}
	span := diag.Span{File: f.Absolute(pos.File), Line: at.Line, Col: at.Col, EndLine: at.EndLine, EndCol: at.EndCol}
	return subtraction{span: span, from: m[1], moved: true}, true
}

// stateTerm words what a subtraction takes away.
func (f *finding) stateTerm(index int, by term, before string) string {
	if by.reg {
		return before + by.text
	}
	return f.state(diag.Claim{Kind: diag.ClaimOperand, Event: index, Low: by.most, High: by.most}, "%s%s", before, by.text)
}

// minuend is what a line of the source subtracts something from, "" if that
// is unknown.
func (f *finding) minuend(pc int, reg uint8, by term) string {
	text := f.lineText(pc)
	if name := f.name(pc, int(reg), ""); name != "" && mentions(text, name) {
		return name
	}
	found := subtractsRE.FindAllStringSubmatch(text, -1)
	if len(found) == 1 && (found[0][2] == strings.Trim(by.text, "`") || by.reg == false && !isDigits(found[0][2])) {
		return found[0][1]
	}
	if found := decrementsRE.FindAllStringSubmatch(text, -1); len(found) == 1 && by.most == 1 && !by.reg {
		return cmp.Or(found[0][1], found[0][2])
	}
	return ""
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789xXabcdefABCDEFuUlL") == "" }

func mask(width int) uint64 {
	if width >= 64 {
		return math.MaxUint64
	}
	return 1<<width - 1
}

// widthOf is on how many bits an instruction computes.
func (f *finding) widthOf(e *record.Event) int {
	if f.Prog.Insns[e.PC].Class() == isa.ClassALU {
		return 32
	}
	return 64
}

// addOwnWrap explains an unsigned number that the verifier has values below 0 for, by the last
// assignment to its variable, if that subtracts a constant from the variable itself.
func (f *finding) addOwnWrap(a *amount) bool {
	fn, file, pos, ok := f.functionHere()
	number, typed := f.numberOf(a)
	low, high := a.low, a.high
	if low >= 0 && high == math.MaxUint32 {
		low, high = int64(a.value.Min32), int64(a.value.Max32)
	}
	if !ok || !isVariable(a.name) || !typed || number.Signed || !f.entry.Amount.IsSize() || low >= 0 || low < -many || high > many {
		return false
	}
	name := regexp.QuoteMeta(a.name)
	re := regexp.MustCompile(`^\s*(?:(` + name + `\s*--|--\s*` + name + `)|` + name + `\s*(?:-=|=\s*` + name + `\s*-)\s*(\w+))\s*;`)
	for n := pos.Line - 1; n > fn.Body.Line; n-- {
		line := file.Code(n)
		m := re.FindStringSubmatch(line)
		if m == nil {
			if assignedBetween(file, a.name, n-1, n+1) {
				return false
			}
			continue
		}
		by := cmp.Or(m[2], "1")
		subtracted, ok := defined(file, by)
		at, inside := file.StatementAt(n, file.FirstCol(n))
		if !ok || !inside || subtracted <= 0 || -low > subtracted {
			return false
		}
		f.facts["wraps"] = "yes"
		f.facts["cause"] = fmt.Sprintf("%s in line %d may wrap: for the verifier it is %s, and negative ones are huge as unsigned numbers",
			catalog.Quote(strings.TrimSuffix(file.Text(at), ";")), n, f.stateRange(a.known, a.place, low, high))
		span := f.sourceSpan(at)
		f.details = append(f.details, step{pc: -1, span: span, message: catalog.Quote(a.name) + " may wrap here"})
		check := fmt.Sprintf("%s < %s", a.name, by)
		if subtracted == 1 {
			check = a.name + " == 0"
		}
		if !f.stands(check) {
			leave := f.leavingAt(span, check)
			f.advise(catalog.AdviseNoWrap, catalog.Facts{"line": fmt.Sprint(n), "check": leave})
			f.proposeBefore(span, limitCheck, leave)
			f.proposeBefore(span, asFallback(limitCheck), barrier(a.name)+" "+trimQuotes(leave))
		}
		return true
	}
	return false
}
