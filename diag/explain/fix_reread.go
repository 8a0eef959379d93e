// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// Pointers into a packet that a call may have moved are read again behind it: the variables
// that lead to the one of the fault are assigned as they were before, and its end is
// compared again.

var (
	fromPacketRE = regexp.MustCompile(`->\s*(?:data|data_end)\b`)
	namesRE      = regexp.MustCompile(`[A-Za-z_]\w*`)
)

// maxReread bounds the variables that are assigned again.
const maxReread = 5

// proposeReread proposes that behind the last call that may have moved the packet.
func (f *finding) proposeReread() {
	moved := f.packetMoved()
	name := trimQuotes(f.facts["value"])
	file, pos, ok := f.sourceAt()
	if moved == nil || !ok || !isVariable(name) {
		return
	}
	there, other, ok := f.At(moved.PC)
	fn, ok2 := file.FunctionAt(pos.Line, pos.Col)
	if !ok || !ok2 || other != file || !fn.Body.Contains(there.Line, max(there.Col, 1)) {
		return
	}
	var statements []string
	end := f.endVariable()
	if end != "" && !f.assignAgain(file, fn, end, there.Line, &statements) {
		return
	}
	if !f.assignAgain(file, fn, name, there.Line, &statements) {
		return
	}
	step, known := f.Index.Step(f.report.PC, name)
	if !known || step <= 1 {
		return
	}
	check := trimQuotes(f.leaving("(void *)(" + name + " + 1) > " + f.packetEnd()))
	changes, ok := file.InsertAfter(there.Line, max(there.Col, 1), strings.Join(append(statements, check), " "))
	if !ok || strings.Contains(check, "…") {
		return
	}
	// Where other bytes are at the same place afterwards, the author must choose.
	shifted := catalog.Shifts(f.Callee(moved.PC))
	fix := diag.Fix{Kind: catalog.FixPacketCheck, Advised: !shifted, Choice: shifted, Guards: true}
	fix.Title = catalog.FixReread.With(catalog.Facts{"call": f.calleeWords(moved.PC)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
}

// assignAgain adds the assignments that give a variable its value from the context, as
// those before a line did. It is false if they are not known.
func (f *finding) assignAgain(file *csource.File, fn csource.Function, name string, before int, statements *[]string) bool {
	r, value, ok := file.SoleAssignment(fn, name)
	if !ok || r.Line >= before || len(*statements) > maxReread {
		return false
	}
	statement := name + " = " + value + ";"
	if slices.Contains(*statements, statement) {
		return true
	}
	if !fromPacketRE.MatchString(value) {
		found := false
		for _, from := range namesRE.FindAllString(value, -1) {
			if from != name && f.isVariableHere(from) {
				if _, _, assigned := file.SoleAssignment(fn, from); assigned {
					found = f.assignAgain(file, fn, from, before, statements) || found
				}
			}
		}
		if !found {
			return false
		}
	}
	*statements = append(*statements, statement)
	return true
}
