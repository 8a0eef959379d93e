// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// maxChain is how many functions call each other at most.
const maxChain = 8

// addStackChain says which functions of a chain of calls take the stack that is
// too much.
func (f *finding) addStackChain() { f.addChain(false) }

// addStackBefore does so where the last function of the chain does not count.
func (f *finding) addStackBefore() { f.addChain(true) }

func (f *finding) addChain(before bool) {
	use, ok := fault.Get[fault.StackUse](f.report.Fault)
	depths, known := f.depths(f.result)
	last := f.subprogAt(f.report.PC)
	if !ok || use.Size == 0 || !known || last < 0 {
		return
	}
	counted := depths[last]
	if before {
		counted = 0
	}
	chain := f.chainTo([]int{0}, last, int(use.Size)-counted, depths)
	if len(chain) < 2 && counted == 0 || chain == nil {
		return
	}
	if counted == 0 {
		chain = chain[:len(chain)-1]
	}
	var parts []string
	for _, i := range chain {
		if depths[i] == 0 {
			continue
		}
		s, bytes := &f.Prog.Symbols[i], int64(depths[i])
		f.relateLargest(int(s.InsnOff), int(s.InsnOff+s.Len), catalog.Call(s.Name))
		parts = append(parts, f.state(diag.Claim{Kind: diag.ClaimFrame, Event: diag.AtFault, Text: s.Name, Low: bytes, High: bytes}, "%s takes %d", catalog.Call(s.Name), bytes))
	}
	f.facts["chain"] = listWords(parts)
}

// subprogAt is the number of the function that begins at pc, -1 for none.
func (w *where) subprogAt(pc int) int {
	for i, s := range w.Prog.Symbols {
		if int(s.InsnOff) == pc {
			return i
		}
	}
	return -1
}

// chainTo finds calls that lead from the last function of a chain to another one,
// so that those before it take just as many bytes.
func (f *finding) chainTo(chain []int, to, bytes int, depths []int) []int {
	at := chain[len(chain)-1]
	if at == to {
		if bytes == 0 {
			return chain
		}
		return nil
	}
	rest := bytes - depths[at]
	if rest < 0 || len(chain) >= maxChain {
		return nil
	}
	for _, callee := range f.callees(at) {
		if slices.Contains(chain, callee) {
			continue
		}
		if found := f.chainTo(append(slices.Clone(chain), callee), to, rest, depths); found != nil {
			return found
		}
	}
	return nil
}

// callees are the functions that a function calls or has called, each once.
func (w *where) callees(of int) (out []int) {
	s := &w.Prog.Symbols[of]
	for pc := int(s.InsnOff); pc < int(s.InsnOff+s.Len) && pc < len(w.Prog.Insns); pc++ {
		in := &w.Prog.Insns[pc]
		if !in.IsSubprogCall() && !in.IsFuncRef() {
			continue
		}
		if callee := w.subprogAt(pc + int(in.Imm) + 1); callee >= 0 && !slices.Contains(out, callee) {
			out = append(out, callee)
		}
	}
	return out
}
