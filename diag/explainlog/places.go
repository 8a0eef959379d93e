// SPDX-License-Identifier: GPL-2.0-only

package explainlog

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
)

// places are where the fault is shown, and the places that led to it.
func (f *told) places() (diag.Span, []diag.Related) {
	s := f.step()
	if s == nil {
		return f.unplaced(), nil
	}
	at := f.span(s)
	var related []diag.Related
	add := func(s *kernellog.Step, message string) {
		if span := f.span(s); span != at {
			related = append(related, diag.Related{Span: span, Message: message})
		}
	}
	start := len(f.path)
	if a := f.acquisition(); a != nil {
		add(a, f.acquireWords(a))
		start = f.index(a)
	} else if b := f.regionStart(); b != nil {
		add(b, "a region begins here: "+catalog.Call(b.Callee()))
		start = f.index(b)
	} else if o, ok := f.origin(); ok {
		add(o, f.originWords(o))
	}
	for _, i := range f.branches(start) {
		b, next := &f.walk.Steps[f.path[i]], &f.walk.Steps[f.path[i+1]]
		condition, taken, _ := b.Branch(next)
		way := "the jump is not taken"
		if taken {
			way = "the jump is taken"
		}
		add(b, fmt.Sprintf("instruction %d: `if %s`, %s", b.PC, condition, way))
	}
	if inLog := f.logLine(s.Line); inLog != at {
		related = append(related, diag.Related{Span: inLog, Message: f.stateWords(s), Note: true})
	}
	return at, related
}

// openers are the functions that begin a region, by a part of their names; closers
// end it.
var openers = [...]struct{ opener, closer string }{
	catalog.Lock:          {"spin_lock", "spin_unlock"},
	catalog.ResilientLock: {"spin_lock", "spin_unlock"},
	catalog.RCU:           {"rcu_read_lock", "rcu_read_unlock"},
	catalog.Preempt:       {"preempt_disable", "preempt_enable"},
	catalog.IRQ:           {"irq_save", "irq_restore"},
}

// regionStart is the call that began the region that is open at the fault, nil
// if the fault is about none or the log does not show it.
func (f *told) regionStart() *kernellog.Step {
	switch f.entry.Story.About {
	case catalog.AboutOpenRegion, catalog.AboutHeldLock:
	default:
		return nil
	}
	names := openers[f.entry.Story.Regions[0]]
	closed := 0
	for i := len(f.path) - 2; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		switch callee := s.Callee(); {
		case strings.Contains(callee, names.closer):
			closed++
		case strings.Contains(callee, names.opener) && closed > 0:
			closed--
		case strings.Contains(callee, names.opener):
			return s
		}
	}
	return nil
}

// unplaced is the place of a fault of which the log has no instruction: the line
// of the message.
func (f *told) unplaced() diag.Span {
	last, _, _ := strings.Cut(f.Ending.Message, "\n")
	for i, l := range f.Lines {
		if last != "" && strings.Contains(l.Text, last) {
			return f.logLine(i)
		}
	}
	return f.logLine(len(f.Lines) - 1)
}

func (f *told) index(s *kernellog.Step) int {
	for i := range f.path {
		if &f.walk.Steps[f.path[i]] == s {
			return i
		}
	}
	return len(f.path)
}

// acquireWords say what a step acquired.
func (f *told) acquireWords(s *kernellog.Step) string {
	a := catalog.AcquiredBy(s.Callee())
	if s.Callee() == "" {
		return "held since here"
	}
	return fmt.Sprintf("%s is %s here by %s", catalog.Capitalize(f.facts["value"]), a.Verb, catalog.Call(s.Callee()))
}

// originWords say how a value came to be, and what the log says of it then.
func (f *told) originWords(s *kernellog.Step) string {
	value := f.facts["value"]
	if value == "" || strings.HasPrefix(value, "the result of ") {
		value = "the value"
	}
	words := value + " is set here"
	switch effect, _ := s.Effect(0); {
	case s.IsCall() && effect == kernellog.Returned && f.facts["value"] != "":
		words = fmt.Sprintf("%s comes from %s here", value, catalog.Call(s.Callee()))
	case s.IsCall():
		words = "a call uses the registers of its arguments"
	case strings.Contains(s.Text, "= *("):
		words = value + " is read here"
	}
	return catalog.Capitalize(words)
}

// stateWords say what the log has about the instruction that failed.
func (f *told) stateWords(s *kernellog.Step) string {
	words := fmt.Sprintf("instruction %d failed", s.PC)
	if f.reg < 0 {
		return words
	}
	if state, ok := f.state(f.reg); ok {
		words += fmt.Sprintf("; R%d is %s", f.reg, state)
	}
	return words
}

// state is the last state of a register that the log has before the failing
// instruction, unless the register was written since.
func (f *told) state(reg int) (string, bool) {
	for i := len(f.path) - 1; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		if i < len(f.path)-1 {
			if state, ok := s.After[reg]; ok {
				return state, true
			}
			if effect, _ := s.Effect(reg); effect != kernellog.Untouched || s.LeavesFrame() {
				return "", false
			}
		}
		if state, ok := s.Before[reg]; ok {
			return state, true
		}
	}
	return "", false
}

// maxBranches is how many branches of a path are shown.
const maxBranches = 3

// branches are the last conditional jumps behind a step of the path.
func (f *told) branches(start int) []int {
	var found []int
	for i := start; i < len(f.path)-1; i++ {
		if _, _, ok := f.walk.Steps[f.path[i]].Branch(&f.walk.Steps[f.path[i+1]]); ok {
			found = append(found, i)
		}
	}
	return found[max(0, len(found)-maxBranches):]
}
