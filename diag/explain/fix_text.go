// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// One text in the place of another: arguments, calls, reads, returned values.

var argument = diag.Fix{Kind: catalog.FixArgument, Advised: true}

// proposeArgument passes something else as argument n of the call at pc.
func (f *finding) proposeArgument(pc, n int, fix diag.Fix, text string) {
	if _, s, ok := f.Argument(pc, n); ok {
		f.proposeText(s, fix, text)
	}
}

// proposeExchange exchanges two arguments of the call of the fault.
func (f *finding) proposeExchange(a, b int) {
	first, at, ok := f.Argument(f.report.PC, a)
	second, there, ok2 := f.Argument(f.report.PC, b)
	if !ok || !ok2 || first == "" || second == "" || at.File != there.File {
		return
	}
	fix := argument
	fix.Title = catalog.FixExchange.With(catalog.Facts{"value": catalog.Quote(first), "name": catalog.Quote(second)})
	changes := []csource.Change{{Range: placeOf(at), Text: second}, {Range: placeOf(there), Text: first}}
	f.propose(at.File, fix, changes)
}

// proposeCall puts another call in the place of that of the fault.
func (f *finding) proposeCall(text string) {
	file, pos, ok := f.sourceAt()
	if !ok {
		return
	}
	if r, ok := file.Call(source.Spelled(f.Callee(f.report.PC), file, pos.Line), pos.Line, max(pos.Col, 1)); ok {
		f.proposeText(f.sourceSpan(r), argument, text)
	}
}

// proposeGuarded makes a call that is a statement only if a condition holds.
func (f *finding) proposeGuarded(call csource.Range, condition string) {
	file, _, ok := f.sourceAt()
	if !ok {
		return
	}
	if _, _, bare := file.Bare(call.Line, call.Col); bare {
		return // an `else` behind it would belong to the new `if`
	}
	fix := asGuardFree(nullCheck)
	text := "if (" + condition + ") "
	fix.Title = catalog.FixGuard.With(catalog.Facts{"check": catalog.Quote(file.Text(call)), "name": catalog.Quote(condition)})
	at := csource.Range{Line: call.Line, Col: call.Col, EndLine: call.Line, EndCol: call.Col}
	f.propose(f.Span(f.report.PC).File, fix, []csource.Change{{Range: at, Text: text}})
}

// asGuardFree is a check for paths that may never come by the line of the fault.
func asGuardFree(fix diag.Fix) diag.Fix {
	fix.Guards = false
	return fix
}

// proposeRemoval takes away the statement at a place.
func (f *finding) proposeRemoval(at diag.Span, fix diag.Fix) {
	file := f.File(at.File)
	if file == nil {
		return
	}
	changes, ok := file.Remove(at.Line, max(at.Col, 1))
	if !ok {
		return
	}
	fix.Title = catalog.FixRemove.With(catalog.Facts{"check": catalog.Quote(file.Text(placeOf(at))), "line": strconv.Itoa(at.Line)})
	f.propose(at.File, fix, changes)
}

// proposeRead reads kernel memory in the place of an access to it.
func (f *finding) proposeRead(text string) {
	file, pos, ok := f.sourceAt()
	if !ok || text == "" {
		return
	}
	r, ok := file.Expression(pos.Line, max(pos.Col, 1))
	old := file.Text(r)
	if !ok || old == "" {
		return
	}
	changes := []csource.Change{{Range: r, Text: text}}
	if include, needed := file.Include(coreReadHeader); needed {
		changes = append(changes, include)
	}
	fix := diag.Fix{Kind: catalog.FixRead, Advised: true}
	fix.Title = catalog.FixReplace.With(catalog.Facts{"value": catalog.Quote(old), "instead": catalog.Quote(text), "line": strconv.Itoa(r.Line)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
}

// coreReadHeader has BPF_CORE_READ().
const coreReadHeader = "bpf/bpf_core_read.h"

// proposeReturns returns one of the values that the hook knows: which is for the author
// to decide.
func (f *finding) proposeReturns(verdict catalog.Verdict, limits fault.Limits) {
	at := f.anchor()
	file := f.File(at.File)
	if file == nil {
		return
	}
	value, isReturn := strings.CutPrefix(file.Text(placeOf(at)), "return ")
	if !isReturn || !csource.IsConstant(strings.TrimSpace(value)) {
		return
	}
	for _, r := range []catalog.Returned{verdict.GoOn, verdict.Refuse} {
		if within(r, limits) {
			f.proposeText(at, diag.Fix{Kind: catalog.FixReturn, Advised: true, Choice: true}, "return "+r.C())
		}
	}
}

// proposeCopyOf declares a variable by some statements before the one of the fault, and
// uses it there in the place of an expression.
func (f *finding) proposeCopyOf(text, variable, statements string, fix diag.Fix) {
	file, pos, ok := f.sourceAt()
	if !ok || strings.Contains(statements, "…") {
		return
	}
	changes, ok := file.InsertBefore(pos.Line, max(pos.Col, 1), statements)
	r, ok2 := file.StatementAt(pos.Line, max(pos.Col, 1))
	if !ok || !ok2 || len(changes) != 1 || changes[0].EndCol != 1 {
		return // with braces the statement is written again
	}
	last := r.EndLine
	if c, ok := file.ConditionAt(pos.Line, max(pos.Col, 1)); ok && r.Contains(c.At.Line, c.At.Col) {
		last = c.Whole.Range.EndLine // what is tested, not all that depends on it
	}
	for _, use := range f.usesOf(file, text, r.Line, last) {
		changes = append(changes, csource.Change{Range: use, Text: variable})
	}
	if len(changes) == 1 {
		return
	}
	fix.Title = catalog.FixKeep.With(catalog.Facts{"value": catalog.Quote(text), "name": catalog.Quote(variable), "check": catalog.Quote(statements)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
}

// proposeCopiedArgument passes the address of a copy.
func (f *finding) proposeCopiedArgument(typ, member string) {
	file, pos, ok := f.sourceAt()
	_, at, known := f.Argument(f.report.PC, f.arg)
	if !ok || !known || typ == "" {
		return
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	name := newVariable("copy", file, fn)
	if !ok || name == "" {
		return
	}
	f.passCopy(at, member, fmt.Sprintf("%s %s = %s;", typ, name, member), "&"+name)
}

// proposeCopied passes a copy that some statements before the one of the fault make.
func (f *finding) proposeCopied(text, copied, statements string) {
	if _, at, ok := f.Argument(f.report.PC, f.arg); ok && !strings.Contains(statements, "…") {
		f.passCopy(at, text, statements, copied)
	}
}

// passCopy makes a copy of something before the statement of the fault, and passes that.
func (f *finding) passCopy(at diag.Span, text, statements, copied string) {
	file, pos, ok := f.sourceAt()
	if !ok {
		return
	}
	changes, ok := file.InsertBefore(pos.Line, max(pos.Col, 1), statements)
	if !ok || len(changes) != 1 || changes[0].EndCol != 1 {
		return
	}
	fix := argument
	fix.Title = catalog.FixCopy.With(catalog.Facts{"value": catalog.Quote(text)})
	f.propose(at.File, fix, append(changes, csource.Change{Range: placeOf(at), Text: copied}))
}

// proposeMap passes another map in the place of the one of the fault.
func (f *finding) proposeMap(name string) {
	for n := 1; n <= 5; n++ {
		if v := f.passed(n); v != nil && v.Type == regtype.ConstPtrToMap {
			f.proposeArgument(f.report.PC, n, argument, "&"+strings.TrimPrefix(name, "&"))
			return
		}
	}
}

// proposeTyped calls the function that returns a pointer in the place of the one that
// returns its number.
func (f *finding) proposeTyped(pc int) {
	if at, ok := f.calleeSpan(pc); ok {
		f.proposeText(at, diag.Fix{Kind: catalog.FixArgument, Advised: true}, f.typedNameOf(pc))
	}
}

// calleeSpan is the name of the function that an instruction calls, where the source calls it.
func (f *finding) calleeSpan(pc int) (diag.Span, bool) {
	pos, file, ok := f.At(pc)
	name := f.Callee(pc)
	if !ok || file == nil || name == "" {
		return diag.Span{}, false
	}
	r, ok := file.Call(name, pos.Line, max(pos.Col, 1))
	return diag.Span{File: f.Absolute(pos.File), Line: r.Line, Col: r.Col, EndLine: r.Line, EndCol: r.Col + len(name)}, ok
}

// proposeSection puts the program into another section.
func (f *finding) proposeSection(section, other string) {
	line := f.Declaration(0)
	file := f.File(line.File)
	if file == nil || other == "" {
		return
	}
	old := `SEC("` + section + `")`
	for n := line.Line; n > max(line.Line-parameterLines, 0); n-- {
		if i := strings.Index(file.Line(n), old); i >= 0 {
			at := diag.Span{File: line.File, Line: n, Col: i + 1, EndLine: n, EndCol: i + 1 + len(old)}
			f.proposeText(at, diag.Fix{Kind: catalog.FixDeclaration, Advised: true}, other)
			return
		}
	}
}

// proposeReturn returns the only value that a callback may return.
func (f *finding) proposeReturn(limits fault.Limits) {
	at := f.anchor()
	file := f.File(at.File)
	if file == nil || limits.Min != limits.Max {
		return
	}
	if value, ok := strings.CutPrefix(file.Text(placeOf(at)), "return "); ok && csource.IsConstant(value) {
		f.proposeText(at, diag.Fix{Kind: catalog.FixReturn, Advised: true}, fmt.Sprintf("return %d", limits.Min))
	}
}
