// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
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
// that of the fault, if that is in a function which is inlined there. If that function is given
// the locked object, it belongs under the lock, and only the call in it has to move.
func (f *finding) addMovedCall(taken int) {
	around := f.functions(taken)
	c, pos, file, ok := f.callInto(around, f.report.PC)
	if !ok {
		return
	}
	if call, ok := file.Call(c.Function, pos.Line, pos.Col); ok && usesName(file, lockedObject(f.lockName(taken)), call.Line, call.EndLine) {
		f.facts["apart"] = catalog.Call(c.Function)
		f.facts["into"] = catalog.Call(around[0])
		return
	}
	f.facts["moving"] = fmt.Sprintf("the call of %s in line %d", catalog.Call(c.Function), pos.Line)
}

// lockedObject is the variable that a lock is reached through, "" if it is none's member.
func lockedObject(lock string) string {
	m := objectRE.FindStringSubmatch(lock)
	if m == nil {
		return ""
	}
	return m[1]
}

var objectRE = regexp.MustCompile(`^([A-Za-z_]\w*)(?:->|\.)`)

// usesName reports whether some lines use a variable.
func usesName(file *csource.File, name string, from, to int) bool {
	return name != "" && file.Uses(name, from, to)
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
// that comes later. Where the text between the two uses what the lock protects, a second
// lock cannot be taken that way, and the uses are named.
func (f *finding) addUnlock(statement string) {
	at := f.anchor()
	file := f.File(at.File)
	if file == nil {
		f.facts["unlock"] = catalog.Quote(statement)
		return
	}
	fn, inside := file.FunctionAt(at.Line, at.Col)
	var later []int
	for n := at.Line + 1; inside && n < fn.Body.EndLine; n++ {
		if strings.Contains(file.Line(n), statement) {
			later = append(later, n)
		}
	}
	if f.facts["second"] != "" && inside {
		end := fn.Body.EndLine
		if len(later) > 0 {
			end = later[len(later)-1]
		}
		if f.addUsesUnder(file, at.EndLine+1, end) {
			return
		}
	}
	f.facts["unlock"] = catalog.Quote(statement)
	f.set("braces", f.braces(at, statement))
	if len(later) == 1 {
		f.facts["later"] = fmt.Sprint(later[0])
	}
	f.proposeUnlock(at, statement)
}

// addUsesUnder names the lines from one to before another that use the object of the lock
// that is held. It reports whether there are any.
func (f *finding) addUsesUnder(file *csource.File, from, end int) bool {
	held := strings.Trim(f.facts["lockname"], "`")
	object := lockedObject(held)
	var lines []int
	for n := from; n < end; n++ {
		if usesName(file, object, n, n) && !strings.Contains(file.Line(n), "&"+held) {
			lines = append(lines, n)
		}
	}
	if len(lines) == 0 {
		return false
	}
	f.facts["uses"], f.facts["under"] = catalog.Quote(object), catalog.InLines(lines)
	return true
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
