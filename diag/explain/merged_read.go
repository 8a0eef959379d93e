// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// The compiler makes one read of two members of the context where both go to the same
// place: it computes the address first, which the verifier does not allow.

// addMergedRead names the member of the context that lies where the access of the fault
// leads, and shows where the source reads it.
func (f *finding) addMergedRead() {
	in := f.insn()
	v := history.Known(f.result, len(f.result.History), f.place())
	of, isStruct := strings.CutPrefix(f.Prog.Type.Info().Ctx, "struct ")
	ctx := f.structNamed(of)
	if in == nil || in.Class() != isa.ClassLDX || v == nil || v.Type.Base() != regtype.PtrToCtx || !v.IsConst() || !isStruct || ctx == nil {
		return
	}
	at := int64(v.Off) + int64(v.Bits) + int64(in.Off)
	member := memberOver(ctx, at)
	fn, file, _, ok := f.functionHere()
	if !ok || member.name == "" {
		return
	}
	text := regexp.QuoteMeta(member.name)
	if size := int64(in.Bytes()); member.size > size {
		text += fmt.Sprintf(`\[%d\]`, (at-member.off)/size)
	}
	read := regexp.MustCompile(`(^|[^&\w])([A-Za-z_]\w*->` + text + `)(?:$|[^\w\[.])`)
	found := matchesIn(file, read, fn.Body.Line, fn.Body.EndLine)
	if len(found) == 0 {
		for _, called := range calledIn(file, fn) {
			found = append(found, matchesIn(file, read, called.Body.Line, called.Body.EndLine)...)
		}
	}
	if len(found) != 1 {
		return
	}
	r := found[0]
	f.facts["mergedread"] = catalog.Quote(file.Text(r))
	s := f.sourceSpan(r)
	f.instead = &s
	f.adviseSplit(file, r)
}

// calledIn are the functions of the file that a function of it calls.
func calledIn(file *csource.File, fn csource.Function) (called []csource.Function) {
	flow, ok := file.Flow(fn)
	if !ok {
		return nil
	}
	for step := range flow.Steps {
		for _, c := range flow.Calls(step) {
			if other, ok := file.FunctionNamed(c.Function); ok && other.Body != fn.Body {
				called = append(called, other)
			}
		}
	}
	return called
}

// matchesIn are the places of the second group of an expression on some lines.
func matchesIn(file *csource.File, re *regexp.Regexp, from, to int) (found []csource.Range) {
	for n := from; n <= to; n++ {
		for _, m := range re.FindAllStringSubmatchIndex(file.Code(n), -1) {
			found = append(found, csource.Range{Line: n, Col: m[4] + 1, EndLine: n, EndCol: m[5] + 1})
		}
	}
	return found
}

// targetRE is what a statement gives the value of a read that ends it.
var targetRE = regexp.MustCompile(`^\s*(?:[A-Za-z_]\w*\s+)*(\*?[A-Za-z_][\w.>-]*)\s*=\s*$`)

// adviseSplit suggests to hide from the compiler what a read gave a variable.
func (f *finding) adviseSplit(file *csource.File, r csource.Range) {
	line := file.Line(r.Line)
	m := targetRE.FindStringSubmatch(line[:r.Col-1])
	if m == nil || !strings.HasPrefix(strings.TrimSpace(line[r.EndCol-1:]), ";") {
		return
	}
	statement := barrier(m[1])
	f.advise(catalog.AdviseSplitRead, catalog.Facts{"check": catalog.Quote(statement), "line": fmt.Sprint(r.Line)})
	f.proposeAfter(f.sourceSpan(r), diag.Fix{Kind: catalog.FixBarrier, Advised: true}, statement)
}
