// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// Limits of indexes, lengths and offsets.

// proposeOperand makes a comparison let less pass: by another number or, where only one
// value too much passes, by the other operator.
func (f *finding) proposeOperand(o csource.Operand, c comparison, less int64) {
	fix := limitCheck
	fix.Guards = false
	at := f.sourceSpan(o.Range)
	m := comparesRE.FindStringSubmatch(o.Text)
	if m != nil && less == 1 && stricterThan[c.op] != "" {
		f.proposeText(at, fix, m[1]+" "+stricterThan[c.op]+" "+m[3])
		return
	}
	f.proposeText(at, fix, fmt.Sprintf("%s %s %d", c.name, c.op, c.number-less))
}

// stricterThan are the operators with which one value less passes.
var stricterThan = map[string]string{">": ">=", "<=": "<"}

// wholeType is the type of a copy of a number that is not negative.
const wholeType = "__u64"

// sideEffectRE finds what changes with each evaluation.
var sideEffectRE = regexp.MustCompile(`\+\+|--|[^=!<>]=[^=]|\w\s*\(`)

// proposeLimitedCopy keeps a number in a variable of 64 bits, leaves where that is too
// large, and uses it in the statement of the fault: the compiler may test another copy
// of a narrower one.
func (f *finding) proposeLimitedCopy(text string, most int64, fix diag.Fix) {
	f.proposeCheckedCopy(text, fix, func(name string) string { return fmt.Sprintf("%s > %d", name, most) })
}

// adviseIndexLimit suggests to leave where a number is above a limit, and if that does not do to
// limit a copy of it.
func (f *finding) adviseIndexLimit(name string, most int64) {
	leave := f.leaving(fmt.Sprintf("%s > %d", name, most))
	f.advise(catalog.AdviseIndexLimit, catalog.Facts{"value": catalog.Quote(name), "check": leave, "braces": f.bracesHere(leave)})
	f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
	f.proposeLimitedCopy(name, most, asFallback(limitCheck))
}

// proposeCheckedCopy does so where what fails says of the copy is true.
func (f *finding) proposeCheckedCopy(text string, fix diag.Fix, fails func(name string) string) {
	f.proposeCopy(text, fix, func(name string) string { return trimQuotes(f.leaving(fails(name))) })
}

// proposeHiddenCopy does so with a copy that the compiler must not take for the number itself.
func (f *finding) proposeHiddenCopy(text string, fix diag.Fix, fails func(name string) string) {
	f.proposeCopy(text, fix, func(name string) string { return barrier(name) + " " + trimQuotes(f.leaving(fails(name))) })
}

// proposeCopy keeps an expression in a variable of 64 bits, checks that, and uses it in the
// statement of the fault.
func (f *finding) proposeCopy(text string, fix diag.Fix, check func(name string) string) {
	file, pos, ok := f.sourceAt()
	if !ok || text == "" || sideEffectRE.MatchString(text) {
		return
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	name := f.freeName(text, file, fn)
	if !ok || name == "" {
		return
	}
	f.proposeCopyOf(text, name, fmt.Sprintf("%s %s = %s; %s", wholeType, name, text, check(name)), fix)
}

// freeName is a name for a copy of an expression.
func (f *finding) freeName(text string, file *csource.File, fn csource.Function) string {
	if name := newVariable(text, file, fn); name != "" && name != text {
		return name
	}
	for _, name := range []string{"index", "limited", "at"} {
		if f.entry.Amount.IsSize() && name == "index" {
			name = "len"
		}
		if newVariable(name, file, fn) != "" {
			return name
		}
	}
	return ""
}

// proposeMasked limits an index to the largest by a mask, if that is possible, which the
// author may prefer to a check.
func (f *finding) proposeMasked(name string, most int64) {
	file, pos, ok := f.sourceAt()
	if !ok || !isRound(most+1) {
		return
	}
	re := regexp.MustCompile(`\[\s*(` + regexp.QuoteMeta(name) + `)\s*\]`)
	m := re.FindAllStringSubmatchIndex(file.Line(pos.Line), -1)
	if len(m) != 1 {
		return
	}
	r := csource.Range{Line: pos.Line, Col: m[0][2] + 1, EndLine: pos.Line, EndCol: m[0][3] + 1}
	f.proposeText(f.sourceSpan(r), masked, fmt.Sprintf("%s & %d", name, most))
}

// masked is a limit that is no check.
var masked = diag.Fix{Kind: catalog.FixLimit, Another: true, Lossy: true}

// proposeMaskedLength passes what a mask leaves of the length in argument n, for memory whose
// size is a power of 2: the largest length is one less.
func (f *finding) proposeMaskedLength(n int, text string, room int64) {
	if isRound(room) && room > 1 && isVariable(text) {
		f.proposeArgument(f.report.PC, n, masked, fmt.Sprintf("%s & %d", text, room-1))
	}
}

// proposeNotNegative excludes negative values of a number, or makes it unsigned.
func (f *finding) proposeNotNegative(a *amount, check string, size int64) {
	f.proposeBefore(f.Span(f.report.PC), limitCheck, check)
	f.proposeBefore(f.Span(f.report.PC), asFallback(limitCheck), barrier(a.name)+" "+trimQuotes(check))
	if most, known := f.most(a); known {
		f.proposeLimitedCopy(a.name, most, asFallback(limitCheck))
	}
	if typ := unsignedTypes[f.declared(a.name).text]; typ != "" {
		f.proposeType(a.name, typ, diag.Fix{Kind: catalog.FixType, Another: true})
	}
	if size < 8 {
		f.proposeType(a.name, "long", diag.Fix{Kind: catalog.FixType})
	}
}

// wideType is the type of 64 bits for numbers such as a variable has.
func wideType(n dwarfmap.Number) string {
	if n.Signed {
		return "long"
	}
	return wholeType
}

// proposeWide declares a number with 64 bits, so that the variable itself is tested; advised
// says that this is what the suggestion describes.
func (f *finding) proposeWide(name string, advised bool) {
	if n, ok := f.Index.NumberOf(f.report.PC, name); ok && n.Size < 8 {
		f.proposeType(name, wideType(n), diag.Fix{Kind: catalog.FixType, Advised: advised})
	}
}

// unsignedTypes are the unsigned types of the same size.
var unsignedTypes = map[string]string{
	"int": "__u32", "signed int": "__u32", "long": "__u64", "short": "__u16", "__s32": "__u32", "__s64": "__u64",
	"__s16": "__u16", "s32": "u32", "s64": "u64", "s16": "u16", "long long": "__u64", "ssize_t": "size_t",
}

// proposeReadOnce keeps what is read again in a variable from the condition on that
// tested it.
func (f *finding) proposeReadOnce(name string, condition csource.Range) {
	file, pos, ok := f.sourceAt()
	number, typed := f.Index.NumberOf(f.report.PC, name)
	if !ok {
		return
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	variable := f.freeName(name, file, fn)
	c, known := file.ConditionAt(condition.Line, condition.Col)
	if !ok || !known || variable == "" || assignedBetween(file, name, condition.Line, pos.Line) {
		return
	}
	typ := wholeType
	if typed {
		typ = number.Type
	}
	changes, ok := file.InsertBefore(condition.Line, condition.Col, fmt.Sprintf("%s %s = %s;", typ, variable, name))
	if !ok {
		return
	}
	uses := f.usesOf(file, name, c.Whole.Range.Line, c.Whole.Range.EndLine)
	if r, ok := file.StatementAt(pos.Line, max(pos.Col, 1)); ok {
		uses = append(uses, f.usesOf(file, name, max(r.Line, c.Whole.Range.EndLine+1), r.EndLine)...)
	}
	for _, use := range uses {
		changes = append(changes, csource.Change{Range: use, Text: variable})
	}
	fix := diag.Fix{Kind: catalog.FixRead, Advised: true}
	fix.Title = catalog.FixKeep.With(catalog.Facts{"value": catalog.Quote(name), "name": catalog.Quote(variable)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
}

// proposeLimitedOffset limits the offset of a packet access before the line that adds it.
func (f *finding) proposeLimitedOffset() {
	name := trimQuotes(f.offsetVariable())
	file, pos, ok := f.sourceAt()
	if !ok || !isVariable(name) {
		return
	}
	added := pos.Line
	for i := len(f.details) - 1; i >= 0; i-- {
		if s := f.details[i].span; s.File == f.Span(f.report.PC).File && s.Line < added && file.Uses(name, s.Line, s.EndLine) {
			added = s.Line
		}
	}
	r, ok := file.Name(name, added, added)
	if !ok {
		r = csource.Range{Line: pos.Line, Col: max(pos.Col, 1)}
	}
	f.proposeBefore(f.sourceSpan(r), limitCheck, f.leaving(fmt.Sprintf("%s > %d", name, packetReach)))
}

// packetReach is a limit of offsets that leaves room for what is read behind them.
const packetReach = 0x3fff

// proposeSize passes a length that fits: that of the memory, as C can say it, or a number.
func (f *finding) proposeSize(rest int64) {
	text, _, ok := f.Argument(f.report.PC, f.reg)
	if object, address := strings.CutPrefix(text, "&"); ok && address {
		f.proposeArgument(f.report.PC, f.reg+1, argument, "sizeof("+object+")")
	} else if _, isArray := f.elements(text); ok && isArray {
		f.proposeArgument(f.report.PC, f.reg+1, argument, "sizeof("+text+")")
	}
	f.proposeArgument(f.report.PC, f.reg+1, argument, fmt.Sprint(rest))
}

// proposeSizeBetween leaves before a call where the size is 0 or too large.
func (f *finding) proposeSizeBetween(text string, room int64, check string) {
	if check != "" {
		f.proposeBefore(f.Span(f.report.PC), limitCheck, check)
	}
	fix := limitCheck
	fix.Advised = check == ""
	f.proposeCheckedCopy(text, fix, func(name string) string {
		return fmt.Sprintf("%s == 0 || %s > %d", name, name, room)
	})
}

// isVariableHere reports whether a variable of the fault's function has a name.
func (f *finding) isVariableHere(name string) bool {
	return slices.ContainsFunc(f.Index.Variables(f.report.PC), func(v dwarfmap.Var) bool { return v.Name == name && v.Outer == 0 })
}
