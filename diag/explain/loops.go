// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Loops that end in C and not for the verifier: what their condition tests is
// loaded in each round from memory whose content is not followed.
//
//	a map value               never followed
//	a variable whose address  only if the whole slot is written at once
//	is passed to a call

// addLoop says which loops the walk did not get out of.
func (f *finding) addLoop() {
	f.addUnfollowedLoop(3)
	if f.facts["unfollowed"] == "" {
		f.addLoopsAround()
	}
}

// addRepeatedLoop says why the loop at the instruction does not end whose state
// came back.
func (f *finding) addRepeatedLoop() {
	if f.addUnfollowedLoop(1); f.facts["unfollowed"] != "" {
		return
	}
	at, ok := fault.Get[fault.Instruction](f.report.Fault)
	end := record.Event{PC: at.PC, Frame: f.report.Frame, Activation: f.report.Activation}
	if ok && at.PC < len(f.Prog.Insns) && f.leavesLoop(at.PC) && f.addUnfollowed(&end, len(f.result.History)) {
		return
	}
	if loops, file := f.loopsAround(); len(loops) > 0 {
		f.addUnchanged(&loops[len(loops)-1], file)
	}
}

// addUnfollowedLoop looks for a loop that the path went round often enough and
// whose condition tests what is not followed.
func (f *finding) addUnfollowedLoop(enough int) {
	events := f.result.History
	rounds := map[int]int{}
	for i := range events {
		if events[i].Kind == record.EventBranch {
			rounds[events[i].PC]++
		}
	}
	tried := map[int]bool{}
	for i := len(events) - 1; i >= 0 && len(tried) < maxTests; i-- {
		e := &events[i]
		if e.Kind != record.EventBranch || tried[e.PC] {
			continue
		}
		tried[e.PC] = true
		if rounds[e.PC] >= enough && f.isLoopCondition(e.PC) && f.addUnfollowed(e, i) {
			return
		}
	}
}

// isLoopCondition reports whether the source has the condition of a loop at a
// branch, and the fault in that loop, or in what is called there.
func (f *finding) isLoopCondition(pc int) bool {
	_, ok := f.loopAt(pc)
	return ok
}

// loopAt is the loop whose condition a branch decides, if the fault is in it.
func (f *finding) loopAt(pc int) (csource.Condition, bool) {
	pos, file, ok := f.At(pc)
	if !ok || file == nil {
		return csource.Condition{}, false
	}
	c, ok := file.ConditionAt(pos.Line, pos.Col)
	if !ok || c.Keyword == "if" {
		return c, false
	}
	return c, slices.ContainsFunc(f.placesOf(), func(here dwarfmap.Pos) bool {
		return f.File(here.File) == file && (here.Line == c.At.Line || c.Body.Contains(here.Line, max(here.Col, 1)))
	})
}

// placesOf are where the fault is and the calls by which its function was entered.
func (f *finding) placesOf() []dwarfmap.Pos {
	var places []dwarfmap.Pos
	add := func(pc int) {
		if pos, _, ok := f.At(pc); ok {
			places = append(places, pos)
		}
		for _, c := range f.inlined(pc) {
			if pos, _, ok := f.Current(c.Site, c.Site.Line > 0); ok {
				places = append(places, pos)
			}
		}
	}
	add(f.report.PC)
	if call, ok := f.callOf(f.report.Activation); ok {
		add(call)
	}
	return places
}

// leavesLoop reports whether a branch decides whether a loop goes on: by its condition, or
// by a jump out of it.
func (f *finding) leavesLoop(pc int) bool {
	pos, file, ok := f.At(pc)
	if !ok || file == nil {
		return false
	}
	c, ok := file.ConditionAt(pos.Line, pos.Col)
	return ok && (c.Keyword != "if" || c.Jump != "" && c.Jump != "continue")
}

// addUnfollowed says where the number that a branch tests is loaded from, if that
// is memory whose content is not followed.
func (f *finding) addUnfollowed(branch *record.Event, before int) bool {
	in := &f.Prog.Insns[branch.PC]
	if f.addUnfollowedOperand(branch, before, in.Dst) {
		return true
	}
	return in.SrcKind() == isa.SrcX && f.addUnfollowedOperand(branch, before, in.Src)
}

// addUnfollowedOperand says so of one register of the branch.
func (f *finding) addUnfollowedOperand(branch *record.Event, before int, reg uint8) bool {
	pc := branch.PC
	p := record.Place{Kind: record.InRegister, Frame: uint8(branch.Frame), Activation: branch.Activation, Index: reg}
	made, _ := history.Lineage(f.result, before, p)
	last := -1
	for _, i := range made {
		if f.Prog.Insns[f.result.History[i].PC].Class() == isa.ClassLDX {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	load := &f.result.History[last]
	in := &f.Prog.Insns[load.PC]
	if load.New == nil || !load.New.IsNumber() || load.New.IsConst() {
		return false
	}
	p.Index = in.Src
	base := history.Known(f.result, last, p)
	switch {
	case in.Src == frameReg:
		return f.addPassed(pc, load, int(in.Off))
	case base == nil:
		return false
	case base.Type.Base() == regtype.PtrToStack && base.IsConst():
		return f.addPassed(pc, load, int(base.Off)+int(base.Bits)+int(in.Off))
	case inMapValue(base):
		m := f.MapNamed(base.Map)
		if m == nil {
			return false
		}
		line, from, to := "", "the value of map "+mapName(m), "the map"
		if m.Data {
			from, to = "a global variable", "it"
			t := target{value: base, fixed: int64(base.Off) + int64(base.Bits) + int64(in.Off)}
			if f.addGlobal(&t); t.variable != "" && base.IsConst() {
				from, to = "the global variable "+catalog.Quote(t.variable), catalog.Quote(t.variable)
				if t.volatile {
					from = "the `volatile` variable " + catalog.Quote(t.variable) + " in each round"
				}
			}
		}
		what := "a condition that leaves the loop"
		if f.isLoopCondition(pc) {
			what, line = "the loop's condition", f.inLine(pc)
		}
		f.facts["unfollowed"] = fmt.Sprintf("%s%s tests what it reads from %s, whose content the verifier does not follow", what, line, from)
		f.advise(catalog.AdviseLocalCounter, catalog.Facts{"place": to})
		if c, ok := f.loopAt(pc); ok && f.testsVariable(&c) {
			// It is set from the map, not counted there.
			f.advise(catalog.AdviseBoundRounds, boundedLoop(&c, 64))
		}
		if f.comparesUnknown(pc) {
			// What it is compared with is not known either: a local counter would not end it.
			f.advise(catalog.AdviseRounds, nil)
		}
		f.relateLoop(pc)
		return true
	}
	return false
}

// testsVariable reports whether the condition of a loop tests a local variable of the source,
// and nothing else that may change.
func (f *finding) testsVariable(c *csource.Condition) bool {
	m := comparesRE.FindStringSubmatch(c.Whole.Text)
	return m != nil && isVariable(m[1]) && f.isVariableHere(m[1]) && csource.IsConstant(m[3])
}

// comparesUnknown reports whether the branch at pc, or the first one behind it, compares
// two registers none of which holds a constant.
func (f *finding) comparesUnknown(pc int) bool {
	for ; pc < len(f.Prog.Insns); pc++ {
		in := &f.Prog.Insns[pc]
		if dwarfmap.IsConditional(in) {
			_, _, constant := f.constantSide(pc, "")
			return in.SrcKind() == isa.SrcX && !constant
		}
		if in.Class() == isa.ClassJMP {
			return false
		}
	}
	return false
}

// addPassed says that the variable that a loop counts in is in memory, since its
// address is passed to a call.
func (f *finding) addPassed(pc int, load *record.Event, off int) bool {
	at, object, before, ok := f.slotNamed(load.PC, off, f.lineText(pc))
	if !ok || fromMacro(object.Name) {
		return false
	}
	call, ok := f.passedAt(load.Activation, off-before)
	if !ok {
		return false
	}
	name := catalog.Quote(object.Name)
	f.relateLoop(pc)
	if part, ok := f.Index.SlotPart(at, off); ok && part != object.Name && mentions(f.lineText(pc), part) {
		f.facts["unfollowed"] = fmt.Sprintf("%s, which the condition%s tests, is part of %s, whose address is passed to %s%s, and the verifier loses its value there", catalog.Quote(part), f.inLine(pc), name, f.calleeWords(call), f.inLine(call))
		f.advise(catalog.AdviseOwnCounter, catalog.Facts{"value": catalog.Quote(part), "line": strconv.Itoa(f.lineOf(call))})
		return true
	}
	f.facts["unfollowed"] = fmt.Sprintf("%s, which the condition%s tests, is kept in memory because its address is passed to %s%s, and the verifier loses its value there", name, f.inLine(pc), f.calleeWords(call), f.inLine(call))
	declaration := "copy = " + object.Name
	if n, ok := f.Index.NumberOf(pc, object.Name); ok {
		declaration = n.Type + " " + declaration
	}
	f.advise(catalog.AdviseCopyCounter, catalog.Facts{"check": catalog.Quote(declaration+";") + ", then " + catalog.Quote("&copy")})
	return true
}

// slotNamed is the variable at an offset in the frame of the function around pc that a text
// mentions. Compilers do not say at every instruction where it is.
func (f *finding) slotNamed(pc, off int, text string) (at int, v dwarfmap.Var, before int, ok bool) {
	fn, known := f.Index.Function(pc)
	for at = pc; known; at++ {
		if at == fn.End {
			at = fn.Start
		}
		if v, before, ok = f.Index.SlotVariable(at, off); ok && mentions(text, v.Name) {
			return at, v, before, true
		}
		if at+1 == pc || at+1 == fn.End && pc == fn.Start {
			break
		}
	}
	return 0, v, 0, false
}

// relateLoop shows the condition of the loop that a branch decides.
func (f *finding) relateLoop(pc int) {
	c, ok := f.loopAt(pc)
	pos, _, ok2 := f.At(pc)
	if !ok || !ok2 {
		return
	}
	f.loop = source.WithRange(diag.Span{File: f.Absolute(pos.File)}, c.Whole.Range)
	if !f.sameLine(pc, f.report.PC) {
		f.details = append(f.details, step{pc: -1, span: f.loop, message: "the loop is to end by this condition"})
	}
}

// passedAt finds a call that gets the address of a place in the frame.
func (f *finding) passedAt(activation uint32, off int) (pc int, ok bool) {
	var passed [6]bool
	for i := range f.result.History {
		e := &f.result.History[i]
		if e.Activation != activation || e.Kind != record.EventModify && e.Kind != record.EventInvalidate {
			continue
		}
		if f.isCallAt(e.PC) {
			for reg := 1; reg <= 5; reg++ {
				if passed[reg] {
					return e.PC, true
				}
			}
			passed = [6]bool{}
			continue
		}
		if p := e.Place; p.Kind == record.InRegister && p.Index <= 5 {
			v := e.New
			passed[p.Index] = v != nil && v.Type.Base() == regtype.PtrToStack && v.IsConst() && int(v.Off)+int(v.Bits) == off
		}
	}
	return 0, false
}
