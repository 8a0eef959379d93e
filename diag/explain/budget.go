// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// How much of a budget is reported.
const (
	maxLoops = 3
	maxForks = 3
	maxApart = 3
	// loopShare is the part of all instructions, as one in so many, from which on a
	// loop is worth a word.
	loopShare = 20
)

// Budget says where a verification spent its instructions, nil if that was not
// recorded.
func Budget(s diag.Subject, r *verifier.Result) *diag.Budget {
	if r.Budget == nil {
		return nil
	}
	return newWhere(s).budget(r)
}

func (w *where) budget(r *verifier.Result) *diag.Budget {
	out := &diag.Budget{Insns: r.Stats.InsnsProcessed, Limit: facts.MaxProcessed, States: r.Stats.TotalStates, Stack: w.stackCosts(r)}
	if out.Insns == 0 {
		for _, n := range r.Budget.Walked {
			out.Insns += int(n)
		}
	}
	out.Lines = w.lineCosts(r.Budget)
	out.Forks = w.forkCosts(r.Budget)
	for i := range r.Budget.Loops {
		l := &r.Budget.Loops[i]
		cost := diag.LoopCost{
			Span: w.loopSpan(l), Insns: l.Sum(r.Budget.Walked), States: l.Sum(r.Budget.Kept),
			Rounds: l.Rounds, Apart: w.apart(l), Held: l.Held,
		}
		same := func(other diag.LoopCost) bool { return other.Span == cost.Span }
		switch at := slices.IndexFunc(out.Loops, same); {
		case cost.Rounds < 2 || cost.Insns < out.Insns/loopShare || cost.Span.IsZero():
		case at < 0:
			out.Loops = append(out.Loops, cost)
		case out.Loops[at].Insns < cost.Insns:
			out.Loops[at] = cost
		}
	}
	slices.SortStableFunc(out.Loops, func(a, b diag.LoopCost) int { return cmp.Compare(b.Insns, a.Insns) })
	out.Loops = out.Loops[:min(len(out.Loops), maxLoops)]
	return out
}

// loopRE is how a line begins that says how a loop goes round, macros of libbpf
// included.
var loopRE = regexp.MustCompile(`^\s*(for|while|do|bpf_for|bpf_for_each|bpf_repeat)\b`)

// loopSpan is the line that says how a loop goes round: the first such of its own
// instructions, or the one that jumps back.
func (w *where) loopSpan(l *record.Loop) diag.Span {
	back := w.lineSpan(l.Back)
	best, depth := back, len(w.Index.Inlined(l.Back))
	for pc := l.Head; pc <= l.Back; pc++ {
		at := w.lineSpan(pc)
		if at.File == back.File && at.Line < best.Line && loopRE.MatchString(w.lineText(pc)) && len(w.Index.Inlined(pc)) == depth {
			best = at
		}
	}
	return best
}

// lineSpan is the line of an instruction.
func (w *where) lineSpan(pc int) diag.Span {
	pos, ok := w.Index.At(pc)
	if !ok || pos.Line == 0 {
		return diag.Span{}
	}
	return diag.Span{File: w.Absolute(pos.File), Line: pos.Line}
}

func (w *where) lineCosts(b *record.Budget) []diag.LineCost {
	costs := map[diag.Span]*diag.LineCost{}
	var out []*diag.LineCost
	for pc, n := range b.Walked {
		at := w.lineSpan(pc)
		if n == 0 || at.IsZero() {
			continue
		}
		if costs[at] == nil {
			costs[at] = &diag.LineCost{Span: at}
			out = append(out, costs[at])
		}
		costs[at].Insns += int(n)
		costs[at].States += int(b.Kept[pc])
	}
	slices.SortStableFunc(out, func(a, b *diag.LineCost) int { return cmp.Compare(b.Insns, a.Insns) })
	all := make([]diag.LineCost, len(out))
	for i, c := range out {
		all[i] = *c
	}
	return all
}

func (w *where) forkCosts(b *record.Budget) []diag.ForkCost {
	var out []diag.ForkCost
	for pc, n := range b.Forks {
		at := w.lineSpan(pc)
		if n < 2 || at.IsZero() {
			continue
		}
		if i := slices.IndexFunc(out, func(f diag.ForkCost) bool { return f.Span == at }); i >= 0 {
			out[i].Times += int(n)
		} else {
			out = append(out, diag.ForkCost{Span: at, Times: int(n)})
		}
	}
	slices.SortStableFunc(out, func(a, b diag.ForkCost) int { return cmp.Compare(b.Times, a.Times) })
	return out[:min(len(out), maxForks)]
}

// apart are the variables that are new in each round of a loop.
func (w *where) apart(l *record.Loop) (out []string) {
	for i := range l.Apart {
		a := &l.Apart[i]
		name := w.placeName(a)
		if name == "" || slices.ContainsFunc(out, func(s string) bool { return strings.HasPrefix(s, catalog.Quote(name)) }) {
			continue
		}
		text := catalog.Quote(name)
		if a.Old.IsNumber() && a.New.IsNumber() {
			text += fmt.Sprintf(" (%s, then %s)", rangeOf(a.Old), rangeOf(a.New))
		}
		if out = append(out, text); len(out) == maxApart {
			break
		}
	}
	return out
}

// placeName is the variable that a place holds, "" if that is not known.
func (w *where) placeName(a *record.Apart) string {
	if a.Place.Kind == record.InRegister {
		if held := w.held(a.PC, a.Place.Index); len(held) > 0 {
			return held[0].Name
		}
		return ""
	}
	v, _, ok := w.Index.SlotVariable(a.PC, -8*(int(a.Place.Index)+1))
	if !ok || fromMacro(v.Name) {
		return ""
	}
	return v.Name
}

// rangeOf are the limits of a number.
func rangeOf(x *record.Value) string {
	switch {
	case x.IsConst():
		return strconv.FormatInt(x.Min, 10)
	case x.UMax > 1<<53:
		return "not known"
	}
	return fmt.Sprintf("%d to %d", x.UMin, x.UMax)
}

// stackCosts are the functions along the chain of calls that takes most stack.
func (w *where) stackCosts(r *verifier.Result) (out []diag.StackCost) {
	depths, ok := w.depths(r)
	if !ok {
		return nil
	}
	for _, i := range w.deepest(0, depths, map[int][]int{}) {
		out = append(out, diag.StackCost{Function: w.Prog.Symbols[i].Name, Bytes: depths[i]})
	}
	return out
}

// depths is the stack of each function as the kernel counts it; ok is false where not
// all functions are known.
func (w *where) depths(r *verifier.Result) (depths []int, ok bool) {
	for _, text := range strings.Split(r.Stats.StackDepth, "+") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, false
		}
		depths = append(depths, (n+15)&^15)
	}
	return depths, len(depths) == len(w.Prog.Symbols)
}

// deepest is the chain of calls, from a function on, that takes most stack. chains has
// those that are known: each function is looked at once, since there may be very many
// chains. A function that is being looked at has an empty one, so that recursion ends.
func (w *where) deepest(from int, depths []int, chains map[int][]int) []int {
	if chain, known := chains[from]; known {
		return chain
	}
	chains[from] = nil
	var below []int
	for _, callee := range w.callees(from) {
		if chain := w.deepest(callee, depths, chains); bytesOf(chain, depths) > bytesOf(below, depths) {
			below = chain
		}
	}
	chains[from] = append([]int{from}, below[:min(len(below), maxChain-1)]...)
	return chains[from]
}

// bytesOf is the stack of a chain of calls.
func bytesOf(chain, depths []int) (sum int) {
	for _, i := range chain {
		sum += depths[i]
	}
	return sum
}

// addSpent says where the instructions of a program went that has too many.
func (f *finding) addSpent() {
	if f.result.Budget == nil {
		return
	}
	b := f.budget(f.result)
	var parts []string
	if len(b.Loops) > 0 {
		l := &b.Loops[0]
		parts = append(parts, catalog.SpentInLoop.With(catalog.Facts{
			"count": strconv.Itoa(l.Insns), "line": strconv.Itoa(l.Span.Line), "limit": strconv.Itoa(l.Rounds),
		}))
		switch {
		case len(l.Apart) > 0:
			parts = append(parts, catalog.RoundsDiffer.With(catalog.Facts{"value": listWords(l.Apart)}))
		case l.Held:
			parts = append(parts, string(catalog.RoundsAcquire))
		}
	}
	if len(b.Forks) > 0 {
		c := &b.Forks[0]
		parts = append(parts, catalog.ForkedOften.With(catalog.Facts{"line": strconv.Itoa(c.Span.Line), "count": strconv.Itoa(c.Times)}))
	}
	f.facts["spent"] = strings.Join(parts, " ")
}

func listWords(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}
