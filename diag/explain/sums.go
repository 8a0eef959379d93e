// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
)

// Checks of a sum: where `used + len` is tested, the verifier knows the sum better and
// neither of its parts. A part may be huge, and the sum wrap to a small number.

// addTestedSum explains a check of a sum of which the amount is one part.
func (f *finding) addTestedSum(a *amount) bool {
	if !isVariable(a.name) {
		return false
	}
	for _, s := range slices.Backward(f.sumsOf(a)) {
		pos, file, ok := f.At(s.pc)
		if !ok || file == nil {
			continue
		}
		c, ok := file.ConditionAt(pos.Line, max(pos.Col, 1))
		if !ok {
			continue
		}
		for _, o := range c.Operands {
			parts := partsOf(o.Text)
			if !slices.Contains(parts, a.name) {
				continue
			}
			f.facts["cause"] = fmt.Sprintf("the condition %s in line %d limits the sum, not %s, which may be so large that the sum wraps to a small number",
				catalog.Quote(o.Text), o.Range.Line, catalog.Quote(a.name))
			f.adviseParts(a, parts, f.sourceSpan(c.At))
			f.details = append(f.details, step{pc: s.pc, span: f.sourceSpan(o.Range), message: "the sum is tested here"})
			return true
		}
	}
	return false
}

// partsOf are the variables of the sum that a condition compares, as far as it is one.
func partsOf(condition string) []string {
	m := comparesRE.FindStringSubmatch(condition)
	if m == nil {
		return nil
	}
	var parts []string
	for _, side := range []string{m[1], m[3]} {
		terms := strings.Split(side, " + ")
		if len(terms) < 2 {
			continue
		}
		for _, t := range terms {
			if t = withoutCasts(strings.TrimSpace(t)); isVariable(t) && !csource.IsConstant(t) {
				parts = append(parts, t)
			}
		}
	}
	return parts
}

// adviseParts suggests limits of the parts of a sum before the condition that tests it:
// together they do not lead out of the memory that is accessed.
func (f *finding) adviseParts(a *amount, parts []string, at diag.Span) {
	room, known := f.most(a)
	if object := f.memoryOf(); object > 0 {
		room, known = object, true
	}
	parts = slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == a.name })
	if !known || room < 4 || len(parts) > 1 {
		return
	}
	check, fix := fmt.Sprintf("%s > %d", a.name, room-1), limitCheck
	if len(parts) == 1 {
		check = fmt.Sprintf("%s > %d || %s > %d", parts[0], room/2-1, a.name, room/2-1)
	}
	leave := f.leavingAt(at, check)
	f.advise(catalog.AdviseParts, catalog.Facts{"value": catalog.Quote(a.name), "name": catalog.AllOf(parts), "line": fmt.Sprint(at.Line), "check": leave, "braces": f.braces(at, leave)})
	f.proposeBefore(at, fix, leave)
}

// memoryOf is how many bytes the memory has whose length the amount is, from the fixed part
// of the offset of the pointer before it, wherever the rest of that leads; 0 if that is not known.
func (f *finding) memoryOf() int64 {
	if !f.entry.Amount.IsSize() {
		return 0
	}
	p := f.place()
	p.Index = uint8(f.reg - 1)
	v := history.Known(f.result, len(f.result.History), p)
	if v == nil || f.reg < 2 || v.Off < 0 {
		return 0
	}
	if m := f.mapOf(v); m != nil && !m.Data {
		return int64(m.ValueSize) - int64(v.Off)
	}
	return 0
}
