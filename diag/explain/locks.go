// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Which lock is held, and of a region that is left without being open, where
// it ended before.

// addLock names the lock that was taken last and is held.
func (f *finding) addLock() {
	e := history.Innermost(f.result.History, lockContexts...)
	if e == nil {
		return
	}
	name := f.lockName(e.PC)
	if name == "" {
		return
	}
	f.facts["held"] = catalog.Quote(name) + f.takenWords(e.PC)
	f.facts["lockname"] = catalog.Quote(name)
	f.addMovedCall(e.PC)
	if f.Callee(f.report.PC) == "bpf_spin_lock" && e.Context == record.ContextLock {
		f.facts["second"] = f.facts["held"]
	}
	a := catalog.AcquiredBy(f.Callee(e.PC))
	f.set("releaser", a.ReleasedWith())
	if len(a.Releasers) > 0 && a.Acquirer != "bpf_res_spin_lock_irqsave" {
		f.addUnlock(a.Releasers[0] + "(&" + name + ");")
	}
}

// addMovedCall names the call in the function that takes the lock by which the path comes to
// that of the fault, if that is in a function which is inlined there.
func (f *finding) addMovedCall(taken int) {
	around := f.functions(taken)
	for _, c := range f.inlined(f.report.PC) {
		pos, _, ok := f.Current(c.Site, c.Site.Line > 0)
		if ok && len(around) > 0 && c.Into == around[0] {
			f.facts["moving"] = fmt.Sprintf("the call of %s in line %d", catalog.Call(c.Function), pos.Line)
			return
		}
	}
}

// addRegion finds the call that ends the region which is open at the fault.
func (f *finding) addRegion() {
	e := history.Innermost(f.result.History, f.regions()...)
	if e == nil {
		return
	}
	a := catalog.AcquiredBy(f.Callee(e.PC))
	if len(a.Releasers) == 0 {
		return
	}
	statement := a.Releasers[0] + "();"
	if a.Holder > 0 {
		k := f.keeper(e.PC, a)
		statement = a.ReleaseCall(k.name)
		if statement == "" || !lvalueRE.MatchString(k.name) || !slices.Contains(f.functions(f.report.PC), k.function) {
			return
		}
	}
	f.addUnlock(statement)
}

// addUnlock suggests to release the lock before the fault, and leaves out the release
// that comes later.
func (f *finding) addUnlock(statement string) {
	f.facts["unlock"] = catalog.Quote(statement)
	at := f.anchor()
	defer func() { f.proposeUnlock(at, statement) }()
	file := f.File(at.File)
	if file == nil {
		return
	}
	f.set("braces", f.braces(at, statement))
	fn, ok := file.FunctionAt(at.Line, at.Col)
	if !ok {
		return
	}
	for n := at.Line + 1; n < fn.Body.EndLine; n++ {
		if !strings.Contains(file.Line(n), statement) {
			continue
		}
		if f.facts["later"] != "" {
			delete(f.facts, "later") // there are several
			return
		}
		f.facts["later"] = fmt.Sprint(n)
	}
}

// takenWords are ", taken at line N,".
func (f *finding) takenWords(pc int) string {
	if at := f.lineWords(pc); at != "" {
		return ", taken" + at + ","
	}
	return ""
}

// lockName is the lock that the call at pc takes or releases, as its argument
// says.
func (f *finding) lockName(pc int) string {
	text, _, ok := f.Argument(pc, 1)
	if !ok || !strings.HasPrefix(text, "&") {
		return ""
	}
	return text[1:]
}

// addEndedRegion says where a region ended before, if it was ever entered.
func (f *finding) addEndedRegion() {
	if f.result.Lost > 0 {
		return
	}
	kinds := contextsOf(f.entry.Leaves)
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventLeave || !slices.Contains(kinds, e.Context) {
			continue
		}
		f.facts["ended"] = f.calleeWords(e.PC) + f.lineWords(e.PC)
		if slices.Contains(lockContexts, e.Context) {
			f.detail(e.PC, cmp.Or(catalog.Quote(f.lockName(e.PC)), "the lock")+" is released here by "+f.calleeWords(e.PC))
		}
		f.adviseSurplus(e.PC, f.entererOf(e.Context), slices.Contains(lockContexts, e.Context))
		return
	}
	f.facts["never"] = "nothing on this path opens it"
	if slices.Contains(kinds, record.ContextResLock) {
		f.addFailedLock()
	}
}

// entererOf is the function that a region was entered by last, "" if it is not known.
func (f *finding) entererOf(c record.Context) string {
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind == record.EventEnter && e.Context == c {
			return f.Callee(e.PC)
		}
	}
	return ""
}

// addFailedLock finds a call on the path that would have taken the lock, and failed.
func (f *finding) addFailedLock() {
	for i, e := range slices.Backward(f.result.History) {
		result := e.Kind == record.EventModify && e.Place.Kind == record.InRegister && e.Place.Index == isa.R0
		if !result || e.New == nil || !e.New.IsNumber() || e.New.Max >= 0 || !strings.HasPrefix(f.Callee(e.PC), "bpf_res_spin_lock") {
			continue
		}
		f.facts["lockfailed"] = f.state(diag.Claim{Kind: diag.ClaimRange, Event: i + 1, Place: e.Place, Low: diag.UnlimitedLow, High: -1}, "%s%s may fail, and it does on this path", f.calleeWords(e.PC), f.lineWords(e.PC))
		f.detail(e.PC, cmp.Or(catalog.Quote(f.lockName(e.PC)), "the lock")+" is not taken if this fails")
		if text, call, ok := f.callText(e.PC); ok && slices.Equal(f.functions(e.PC), f.functions(f.report.PC)) {
			f.facts["check"], f.facts["line"] = f.leaving(text), fmt.Sprint(call.Line)
		}
		return
	}
}
