// SPDX-License-Identifier: GPL-2.0-only

package csource

import "strings"

// Flow is how control goes through the body of a function, as far as the text alone
// decides it: no condition is known to hold or not to hold.
type Flow struct {
	file  *File
	Steps []Step
	// Entry is the step that runs first, -1 if there is none.
	Entry int
}

// Step is a statement that contains no other, or the controlling expression of one
// that does.
type Step struct {
	Range Range
	// Keyword is that of a controlling expression or of a jump, "" for others; the end
	// of the body is a step with that of its brace.
	Keyword string
	// Ways are where control goes: of a condition first where it is true, then where
	// it is false; of a `switch` one for each label.
	Ways []Way
	// head is the keyword's token, or the first of the others.
	head, from, to int
}

// Way is one of the steps that follow another.
type Way struct {
	// To is the step that runs next, -1 if the function ends.
	To int
	// Label is that of a `case` or `default`; it is empty elsewhere, and of a switch
	// without a `default` where no label fits.
	Label Range
}

// maxSteps bounds the statements of a function that is looked at.
const maxSteps = 4000

// Flow finds how control goes through a function. It is false for a body that is not
// understood, as where macros hide statements.
func (f *File) Flow(fn Function) (*Flow, bool) {
	b := flowBuilder{flow: &Flow{file: f}, f: f, labels: map[string]int{}}
	end := b.add("}", fn.body[1], fn.body[1]+1, Way{To: -1})
	b.flow.Entry = b.block(fn.body[0], end, jumps{leave: -1, again: -1})
	for _, g := range b.gotos {
		to, ok := b.labels[g.label]
		if !ok {
			return nil, false
		}
		b.flow.Steps[g.step].Ways = []Way{{To: to}}
	}
	return b.flow, !b.failed
}

// At is the step that a position is in, -1 if it is in none.
func (w *Flow) At(line, col int) int {
	i, ok := w.file.exact(line, col)
	if !ok {
		return -1
	}
	found := -1
	for n := range w.Steps {
		if s := &w.Steps[n]; s.head <= i && i < s.to && (found < 0 || s.to-s.from < w.Steps[found].to-w.Steps[found].from) {
			found = n
		}
	}
	return found
}

// Text is what a step says.
func (w *Flow) Text(step int) string {
	return w.file.text(w.Steps[step].from, w.Steps[step].to)
}

// Label is the text of a way's label, "" if it has none.
func (w *Flow) Label(way Way) string { return w.file.Text(way.Label) }

// Names reports whether a step has an identifier that is no member.
func (w *Flow) Names(step int, name string) bool {
	for i := w.Steps[step].from; i < w.Steps[step].to; i++ {
		if w.file.is(i, name) && !w.file.is(i-1, ".") && !w.file.is(i-1, "->") {
			return true
		}
	}
	return false
}

// Call is a call in a step: the function, and its arguments.
type Call struct {
	Function  string
	Arguments []string
}

// Calls are the calls and uses of macros with arguments in a step, but for those in the
// arguments of macros.
func (w *Flow) Calls(step int) []Call {
	f, s := w.file, &w.Steps[step]
	var out []Call
	for i := s.from; i+1 < s.to; i++ {
		if !f.isName(i) || !f.is(i+1, "(") || f.tokens[i+1].match <= i {
			continue
		}
		c := Call{Function: f.tokens[i].text}
		from, closing := i+2, f.tokens[i+1].match
		for j := from; j <= closing; j++ {
			if j == closing || f.is(j, ",") {
				if j > from {
					c.Arguments = append(c.Arguments, f.text(from, j))
				}
				from = j + 1
			} else if f.tokens[j].match > j {
				j = f.tokens[j].match
			}
		}
		out = append(out, c)
		if c.Function == strings.ToUpper(c.Function) {
			i = closing // a macro, which may leave out what it is given
		}
	}
	return out
}

// HasCall reports whether a step calls a function.
func (w *Flow) HasCall(function string) bool {
	for step := range w.Steps {
		for _, c := range w.Calls(step) {
			if c.Function == function {
				return true
			}
		}
	}
	return false
}

// Assigns reports whether a step gives a variable another value, or declares it.
func (w *Flow) Assigns(step int, name string) bool {
	f, s := w.file, &w.Steps[step]
	for i := s.from; i < s.to; i++ {
		if f.is(i, name) && !f.is(i-1, ".") && !f.is(i-1, "->") && f.is(i+1, "=") && !(f.is(i-1, "*") && i-1 == s.from) {
			return true
		}
	}
	return false
}

// Operands are what && or || join in a condition, and that operator; a condition
// without these has one operand.
func (w *Flow) Operands(step int) (operands []string, op string) {
	f, s := w.file, &w.Steps[step]
	lo, hi := s.from, s.to
	for f.is(lo, "(") && f.tokens[lo].match == hi-1 {
		lo++
		hi--
	}
	op, _ = f.split(lo, hi)
	from := lo
	for i := lo; i < hi && op != ""; i++ {
		if f.tokens[i].match > i {
			i = f.tokens[i].match
		} else if f.is(i, op) {
			operands = append(operands, f.text(from, i))
			from = i + 1
		}
	}
	return append(operands, f.text(from, hi)), op
}

// jumps are where the jumps of the statement at hand lead.
type jumps struct {
	leave, again int // break, continue; -1 if there is nothing to leave
	labels       *[]Way
	inside       bool // of a loop or switch
}

type flowBuilder struct {
	flow   *Flow
	f      *File
	labels map[string]int
	gotos  []pendingGoto
	failed bool
}

type pendingGoto struct {
	step  int
	label string
}

// add appends a step for the tokens [from, to).
func (b *flowBuilder) add(keyword string, from, to int, ways ...Way) int {
	if from >= to || len(b.flow.Steps) >= maxSteps {
		b.failed = true
		return -1
	}
	b.flow.Steps = append(b.flow.Steps, Step{Range: b.f.rangeOf(from, to), Keyword: keyword, Ways: ways, head: from, from: from, to: to})
	return len(b.flow.Steps) - 1
}

// headed notes the keyword of a condition's step.
func (b *flowBuilder) headed(keyword, step int) int {
	if step >= 0 {
		b.flow.Steps[step].head = keyword
	}
	return step
}

// part is a statement of a block with the labels before it, first token each.
type part struct {
	labels []int
	start  int // -1 if only labels are left
}

// block follows the statements between the brace at token open and its partner, after
// which step next runs, and returns the step that runs first.
func (b *flowBuilder) block(open, next int, j jumps) int {
	end := b.f.tokens[open].match
	if end < 0 {
		b.failed = true
		return next
	}
	var parts []part
	p := part{start: -1}
	for i := open + 1; i < end && !b.failed; {
		if n := b.f.labelLength(i); n > 0 {
			p.labels = append(p.labels, i)
			i += n
			continue
		}
		to := b.f.statement(i)
		if to <= i {
			b.failed = true
			return next
		}
		p.start = i
		parts = append(parts, p)
		p, i = part{start: -1}, to
	}
	if len(p.labels) > 0 {
		parts = append(parts, p)
	}
	for n := len(parts) - 1; n >= 0; n-- {
		if parts[n].start >= 0 {
			next = b.statement(parts[n].start, next, j)
		}
		for k := len(parts[n].labels) - 1; k >= 0; k-- {
			b.label(parts[n].labels[k], next, j)
		}
	}
	return next
}

// label notes where the label at token i leads.
func (b *flowBuilder) label(i, to int, j jumps) {
	if !b.f.is(i, "case") && !b.f.is(i, "default") {
		b.labels[b.f.tokens[i].text] = to
		return
	}
	if j.labels == nil {
		b.failed = true
		return
	}
	*j.labels = append(*j.labels, Way{To: to, Label: b.f.rangeOf(i, i+b.f.labelLength(i))})
}

// statement follows the statement at token i, after which step next runs, and returns
// the step that it begins with.
func (b *flowBuilder) statement(i, next int, j jumps) int {
	f := b.f
	if b.failed || f.is(i, ";") {
		return next
	}
	switch text := f.tokens[i].text; {
	case text == "{":
		return b.block(i, next, j)
	case text == "if":
		closing := f.tokens[i+1].match
		body := closing + 1
		after := f.statement(body)
		otherwise := next
		if f.is(after, "else") {
			otherwise = b.statement(after+1, next, j)
		}
		then := b.statement(body, next, j)
		return b.headed(i, b.add("if", i+2, closing, Way{To: then}, Way{To: otherwise}))
	case text == "while":
		closing := f.tokens[i+1].match
		head := b.headed(i, b.add("while", i+2, closing))
		return b.loop(head, closing+1, head, next)
	case text == "for":
		return b.forLoop(i, next)
	case text == "do":
		return b.doLoop(i, next)
	case text == "switch":
		return b.choice(i, next, j)
	case f.loopMacro(i):
		head := b.add(text, i, f.tokens[i+1].match+1)
		return b.loop(head, f.tokens[i+1].match+1, head, next)
	case text == "return":
		return b.add(text, i, f.statementEnd(i), Way{To: -1})
	case text == "goto":
		step := b.add(text, i, f.statementEnd(i))
		b.gotos = append(b.gotos, pendingGoto{step, f.tokens[i+1].text})
		return step
	case text == "break" && j.inside:
		return b.add(text, i, i+1, Way{To: j.leave})
	case text == "continue" && j.inside:
		return b.add(text, i, i+1, Way{To: j.again})
	}
	if f.bareMacro(i) {
		return b.add("", i, f.tokens[i+1].match+1, Way{To: next})
	}
	return b.add("", i, f.statementEnd(i), Way{To: next})
}

// loop completes a loop whose condition is a step, and whose body starts at a token:
// after the body comes step again.
func (b *flowBuilder) loop(head, body, again, next int) int {
	if b.failed {
		return next
	}
	first := b.statement(body, again, jumps{leave: next, again: again, inside: true})
	b.flow.Steps[head].Ways = []Way{{To: first}, {To: next}}
	return head
}

func (b *flowBuilder) forLoop(i, next int) int {
	f := b.f
	closing := f.tokens[i+1].match
	first := f.statementEnd(i + 2)
	second := f.statementEnd(first + 1)
	if !f.is(first, ";") || !f.is(second, ";") {
		b.failed = true
		return next
	}
	var head int
	if first+1 < second {
		head = b.add("for", first+1, second)
	} else {
		head = b.add("for", i, i+1) // without a condition
	}
	again := head
	if second+1 < closing {
		again = b.add("", second+1, closing, Way{To: head})
	}
	b.loop(head, closing+1, again, next)
	if first+1 >= second && !b.failed {
		b.flow.Steps[head].Ways = b.flow.Steps[head].Ways[:1]
	}
	if i+2 < first {
		return b.add("", i+2, first, Way{To: head})
	}
	return head
}

func (b *flowBuilder) doLoop(i, next int) int {
	body := b.f.statement(i + 1)
	if !b.f.is(body, "while") || !b.f.is(body+1, "(") || b.f.tokens[body+1].match < 0 {
		b.failed = true
		return next
	}
	head := b.add("while", body+2, b.f.tokens[body+1].match)
	if b.failed {
		return next
	}
	first := b.statement(i+1, head, jumps{leave: next, again: head, inside: true})
	b.flow.Steps[head].Ways = []Way{{To: first}, {To: next}}
	return first
}

func (b *flowBuilder) choice(i, next int, j jumps) int {
	closing := b.f.tokens[i+1].match
	if !b.f.is(closing+1, "{") {
		b.failed = true
		return next
	}
	var labels []Way
	inner := jumps{leave: next, again: j.again, labels: &labels, inside: true}
	b.block(closing+1, next, inner)
	fallback := true
	for n, k := 0, len(labels)-1; n < k; n, k = n+1, k-1 {
		labels[n], labels[k] = labels[k], labels[n]
	}
	for _, w := range labels {
		fallback = fallback && !strings.HasPrefix(b.f.Text(w.Label), "default")
	}
	if fallback {
		labels = append(labels, Way{To: next})
	}
	return b.headed(i, b.add("switch", i+2, closing, labels...))
}

// Parameters are the names of a function's parameters.
func (f *File) Parameters(fn Function) []string {
	closing := fn.body[0] - 1
	if !f.is(closing, ")") || f.tokens[closing].match < 0 {
		return nil
	}
	var names []string
	last := ""
	for i := f.tokens[closing].match + 1; i <= closing; i++ {
		switch {
		case i == closing || f.is(i, ","):
			if last != "" {
				names = append(names, last)
			}
			last = ""
		case f.isName(i):
			last = f.tokens[i].text
		case f.tokens[i].match > i:
			i = f.tokens[i].match
		}
	}
	return names
}
