// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// event is the label of an event in a causal path, and what it says. Values
// are named by their registers and slots there, as in the rest of the log.
func (f *finding) event(s *history.Step) (label, message string) {
	e := s.Event
	switch e.Kind {
	case record.EventBranch:
		label, message = "branch", f.branchWords(e)
	case record.EventAcquire:
		label, message = "acquired", fmt.Sprintf("reference %d, by %s", e.Ref, f.calleeWords(e.PC))
	case record.EventRelease:
		label, message = "released", f.releaseWords(e)
	case record.EventEnter, record.EventLeave:
		label, message = "context", f.contextWords(e)
	default:
		label, message = f.modification(e)
	}
	if s.Times > 1 {
		message += fmt.Sprintf(" (the last of %d times in a row)", s.Times)
	}
	return label, message
}

func (f *finding) branchWords(e *record.Event) string {
	took, next := "the jump is not taken", e.PC+1
	if e.Taken {
		took, next = "the jump is taken", f.jumpTarget(e.PC)
	}
	condition := ""
	if b, ok := f.decision(e.PC, next); ok && f.onlyBranch(e.PC, &b) {
		condition = fmt.Sprintf("%s is %t", catalog.Quote(b.operand.Text), b.truth)
	}
	learnt := ""
	for i := range e.Learnt {
		if c := &e.Learnt[i]; learnt == "" {
			if learnt, _ = learntWords(placeWords(c.Place), c); learnt != "" {
				learnt = "so " + learnt
			}
		}
	}
	return sentence("; ", took, sentence(", ", condition, learnt))
}

func (f *finding) releaseWords(e *record.Event) string {
	owner := catalog.OwnerAfter(f.Callee(e.PC))
	switch {
	case e.Reason == record.ReasonNull:
		return fmt.Sprintf("reference %d, since the pointer is NULL: there is nothing to release", e.Ref)
	case owner != "":
		return fmt.Sprintf("reference %d, by %s; %s owns it now", e.Ref, f.calleeWords(e.PC), owner)
	}
	return fmt.Sprintf("reference %d, by %s", e.Ref, f.calleeWords(e.PC))
}

func (f *finding) contextWords(e *record.Event) string {
	verb := "left"
	if e.Kind == record.EventEnter {
		verb = "entered"
	}
	return fmt.Sprintf("%s %s, depth %d now", regionNames[e.Context], verb, e.Depth)
}

// modification is about a register or slot that changed.
func (f *finding) modification(e *record.Event) (label, message string) {
	place := placeWords(e.Place)
	if e.Kind == record.EventInvalidate {
		if e.Reason == record.ReasonVarWrite {
			return "invalidated", place + " may be overwritten: the address of the store is not known exactly"
		}
		return "invalidated", fmt.Sprintf("%s is no longer %s: %s", place, valueWords(e.Old), endWords(e.Reason, f.doer(e.PC)))
	}
	from := ""
	if e.Origin.Kind != record.NoPlace {
		from = "from " + placeWords(e.Origin)
	}
	switch e.Reason {
	case record.ReasonSpill:
		return "spilled", sentence(", ", fmt.Sprintf("%s keeps %s", place, valueWords(e.New)), from)
	case record.ReasonArgument:
		what := fmt.Sprintf("%s of %s is %s", place, cmp.Or(f.FunctionAt(e.Callee), "the function called"), valueWords(e.New))
		if from != "" {
			from += " of the caller"
		}
		return "update", sentence(", ", what, from)
	case record.ReasonReturn:
		return "update", fmt.Sprintf("%s is what the function returned: %s", place, valueWords(e.New))
	case record.ReasonLent:
		return "update", fmt.Sprintf("%s is borrowed from here on: %s owns what it leads to", place, cmp.Or(catalog.OwnerAfter(f.Callee(e.PC)), "somebody else"))
	case record.ReasonWidened:
		return "update", fmt.Sprintf("%s is %s, since rounds of the loop are taken together; it was %s", place, valueWords(e.New), valueWords(e.Old))
	}
	was := ""
	if e.Old != nil && e.Refines {
		was = "it was " + valueWords(e.Old)
	}
	is := sentence(", ", fmt.Sprintf("%s is %s", place, valueWords(e.New)), from)
	return "update", sentence("; ", is, was)
}
