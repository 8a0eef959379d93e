// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"regexp"
	"strconv"
	"strings"
)

// Step is an instruction that a log shows.
type Step struct {
	PC   int
	Text string // such as "r0 = *(u32 *)(r1 +0)"
	Line int    // index of its line
	// Comment is the index of the line with the source that was current, -1 if
	// the log has none.
	Comment int
	// Before and After are states of registers as the log prints them, by
	// number.
	Before, After map[int]string

	from int // the jump that the walk went on from, -1 if it came from the step before
}

// Walk is the walk that a log shows.
type Walk struct {
	Steps []Step
	Lines []Line
}

// Place is a line of source that a log quotes.
type Place struct {
	Text string
	File string // "" if the kernel does not say
	Line int
}

// ReadWalk reads the steps of a log.
func ReadWalk(lines []Line) *Walk {
	w := &Walk{Lines: lines}
	comment, from := -1, -1
	var before map[int]string
	for i, l := range lines {
		text := strings.TrimSpace(l.Text)
		if strings.HasPrefix(text, ";") {
			comment = i
			continue
		}
		if pc, ok := instruction(text); ok {
			insn, states, _ := strings.Cut(text[strings.Index(text, ") ")+2:], "; ")
			insn, next, _ := cutState(insn)
			w.Steps = append(w.Steps, Step{
				PC: pc, Text: strings.TrimSpace(insn), Line: i, Comment: comment,
				Before: before, After: registers(states), from: from,
			})
			before, from = registers(next), -1
			continue
		}
		if _, ok := position(text); ok {
			if rest, jumped := strings.CutPrefix(text, "from "); jumped {
				from, _, _ = number(rest)
				before = nil
			}
			before = merged(before, registers(text))
		} else if isRegisters(text) {
			before = merged(before, registers(text))
		}
	}
	return w
}

// nextState is the state before the next instruction, which Linux 6.1 prints
// behind a jump.
var nextState = regexp.MustCompile(` (\d+: (?:frame\d+: )?R\d+(?:_\w+)?=.*)$`)

// cutState splits the state before the next instruction off an instruction.
func cutState(insn string) (rest, state string, ok bool) {
	at := nextState.FindStringIndex(insn)
	if at == nil {
		return insn, "", false
	}
	return insn[:at[0]], insn[at[0]:], true
}

// merged is states with those that are known later in place of others.
func merged(states, later map[int]string) map[int]string {
	if states == nil {
		return later
	}
	for reg, s := range later {
		states[reg] = s
	}
	return states
}

// registerState begins the state of a register.
var registerState = regexp.MustCompile(`(?:^|\s)R(\d+)(?:_[a-zA-Z]+)?=`)

// registers reads "R0=scalar() R1_w=ctx(off=0) R10=fp0".
func registers(text string) map[int]string {
	var states map[int]string
	for _, m := range registerState.FindAllStringSubmatchIndex(text, -1) {
		reg, err := strconv.Atoi(text[m[2]:m[3]])
		if err != nil {
			continue
		}
		if states == nil {
			states = map[int]string{}
		}
		states[reg] = text[m[1] : m[1]+stateLength(text[m[1]:])]
	}
	return states
}

// stateLength is how far the state goes that text begins with: to the first
// blank outside of brackets.
func stateLength(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ', '\t':
			if depth <= 0 {
				return i
			}
		}
	}
	return len(text)
}

// Place is the source that was current at a step.
func (w *Walk) Place(s *Step) (Place, bool) {
	if s.Comment < 0 {
		return Place{}, false
	}
	line := strings.TrimSpace(w.Lines[s.Comment].Text)
	p := Place{Text: strings.TrimSpace(strings.TrimPrefix(line, ";"))}
	if at, ok := source(line); ok {
		p.Text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(line, ";"), " @ "+at))
		colon := strings.LastIndexByte(at, ':')
		p.File = at[:colon]
		p.Line, _, _ = number(at[colon+1:])
	}
	return p, p.Text != "" || p.File != ""
}

// Path are the steps that led to the last one up to the line given, as indexes,
// oldest first. Where the log does not show how the walk came to a step, the
// path begins there.
func (w *Walk) Path(line int) []int {
	last := len(w.Steps) - 1
	for last >= 0 && w.Steps[last].Line > line {
		last--
	}
	var path []int
	for i := last; i >= 0; {
		path = append(path, i)
		if w.Steps[i].from < 0 {
			i--
			continue
		}
		i = w.branchedAt(i)
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// branchedAt is the step of the jump that step i went on from, -1 if it is not
// in the log: the latest one that the walk left to the other side then.
func (w *Walk) branchedAt(i int) int {
	for k := i - 1; k >= 0; k-- {
		if w.Steps[k].PC == w.Steps[i].from && (k+1 == i || w.Steps[k+1].PC != w.Steps[i].PC) {
			return k
		}
	}
	return -1
}

// Callee is the function that a step calls by name, "" if it calls none.
func (s *Step) Callee() string {
	name, ok := strings.CutPrefix(s.Text, "call ")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "#")
	if name == "" || name == "unknown" || strings.HasPrefix(name, "pc") || !isWordByte(name[0]) || strings.ContainsAny(name, " +-") {
		return ""
	}
	return name
}

// LeavesFrame reports whether a step calls a function of the program, or
// returns: registers are others then.
func (s *Step) LeavesFrame() bool {
	return strings.HasPrefix(s.Text, "call pc") || s.Text == "exit"
}

// IsCall reports whether a step calls any function.
func (s *Step) IsCall() bool { return strings.HasPrefix(s.Text, "call ") }

// Writes is what a step does to a register.
type Writes uint8

// The ways to get a value.
const (
	Untouched Writes = iota
	Copied           // from another register
	Loaded           // from memory
	Changed          // by arithmetic
	Set              // to a constant
	Returned         // by the function that is called
	Lost             // in a call, which uses the registers of arguments
)

var assignment = regexp.MustCompile(`^[rw](\d+) (\S*=) (.*)$`)

// Effect is what a step does to a register, and the register that the value is
// copied from.
func (s *Step) Effect(reg int) (w Writes, from int) {
	if s.IsCall() {
		switch {
		case reg == 0:
			return Returned, -1
		case reg <= 5:
			return Lost, -1
		}
		return Untouched, -1
	}
	m := assignment.FindStringSubmatch(s.Text)
	if m == nil || m[1] != strconv.Itoa(reg) {
		return Untouched, -1
	}
	switch value := m[3]; {
	case m[2] != "=":
		return Changed, -1
	case strings.HasPrefix(value, "*("):
		return Loaded, -1
	case len(value) > 1 && value[0] == 'r' && strings.Trim(value[1:], "0123456789") == "":
		from, _, _ = number(value[1:])
		return Copied, from
	case strings.ContainsAny(value, "rw("):
		return Changed, -1
	}
	return Set, -1
}

// Branch says of a conditional jump how it went, given the step after it.
func (s *Step) Branch(next *Step) (condition string, taken, ok bool) {
	condition, _, ok = strings.Cut(s.Text, " goto ")
	if condition, ok2 := strings.CutPrefix(condition, "if "); ok && ok2 {
		return condition, next.PC != s.PC+1, true
	}
	return "", false, false
}

var (
	fill  = regexp.MustCompile(`^r\d+ = \*\(u64 \*\)\((r10 -\d+)\)$`)
	spill = regexp.MustCompile(`^\*\(u64 \*\)\((r10 -\d+)\) = r(\d+)$`)
)

// Slot is the slot of the stack that a step reads 8 bytes from.
func (s *Step) Slot() (string, bool) {
	m := fill.FindStringSubmatch(s.Text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Spilled is the register that a step writes to a slot of the stack.
func (s *Step) Spilled(slot string) (reg int, ok bool) {
	m := spill.FindStringSubmatch(s.Text)
	if m == nil || m[1] != slot {
		return 0, false
	}
	reg, _, ok = number(m[2])
	return reg, ok
}
