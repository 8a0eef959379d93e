// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// Checks that keep paths from an access: a comparison with NULL, with the end of a
// packet, with a limit. That a check helps because it keeps every path from the line
// of the fault is no help.

var (
	nullCheck   = diag.Fix{Kind: catalog.FixNullCheck, Advised: true, Guards: true}
	packetCheck = diag.Fix{Kind: catalog.FixPacketCheck, Advised: true, Guards: true}
	limitCheck  = diag.Fix{Kind: catalog.FixLimit, Advised: true, Guards: true}
)

// asFallback is a fix of that kind which the suggestion does not describe.
func asFallback(fix diag.Fix) diag.Fix {
	fix.Advised = false
	return fix
}

// proposeNullCheck proposes a check of a pointer before a place, and if that does not do
// before the line of the fault, or a check that goes on with the next round of a loop.
func (f *finding) proposeNullCheck(at diag.Span, name, check string) {
	f.proposeBefore(at, nullCheck, check)
	here := f.Span(f.report.PC)
	if here != at {
		f.proposeBefore(here, asFallback(nullCheck), check)
	}
	if file := f.File(here.File); file != nil {
		if _, ok := file.LoopAround(here.Line, max(here.Col, 1)); ok {
			f.proposeBefore(here, asFallback(nullCheck), "if (!"+name+") continue;")
		}
	}
}

// usesOf are the places of an expression on some lines.
func (f *finding) usesOf(file *csource.File, text string, from, to int) []csource.Range {
	re := regexp.MustCompile(`(^|[^\w.>&])(` + regexp.QuoteMeta(text) + `)($|\W)`)
	var out []csource.Range
	for n := from; n <= to; n++ {
		line := file.Code(n)
		for _, m := range re.FindAllStringSubmatchIndex(line, -1) {
			out = append(out, csource.Range{Line: n, Col: m[4] + 1, EndLine: n, EndCol: m[5] + 1})
		}
	}
	return out
}

// proposeCondition puts another condition in the place of one.
func (f *finding) proposeCondition(c *csource.Condition, fix diag.Fix, text string) {
	f.proposeText(f.sourceSpan(c.Whole.Range), fix, text)
}

// conditionOf is the condition of an `if` without a body.
func conditionOf(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(trimQuotes(text), "if ("), ")")
}

// proposeFirst puts statements at the beginning of the body of a condition.
func (f *finding) proposeFirst(body csource.Range, fix diag.Fix, statements string) {
	f.proposeStatements(f.Span(f.report.PC).File, fix, statements, catalog.FixInsert, body.Line+1,
		func(file *csource.File, statements string) ([]csource.Change, bool) {
			return file.InsertFirst(body, statements)
		})
}

// proposeLast puts statements at the end of the body of a condition.
func (f *finding) proposeLast(body csource.Range, fix diag.Fix, statements string) {
	f.proposeStatements(f.Span(f.report.PC).File, fix, statements, catalog.FixInsert, body.EndLine,
		func(file *csource.File, statements string) ([]csource.Change, bool) {
			return file.InsertLast(body, statements)
		})
}
