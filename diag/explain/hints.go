// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Hints says what the verifier knew at loops, checks of packets
// and lookups. There are hints of an accepted program whose verification was asked for
// its walk and its budget.
func Hints(s diag.Subject, r *verifier.Result) diag.ProgramHints {
	h := hinter{newWhere(s), r.Walk}
	out := diag.ProgramHints{Lines: map[diag.Line]bool{}}
	for pc := range s.Program.Insns {
		if at, ok := h.line(pc); ok {
			out.Lines[at] = true
		}
	}
	if r.Verdict == verifier.Accepted && r.Walk != nil && r.Budget != nil && !r.Walk.Full {
		out.Hints = h.loops(r.Budget)
		out.Hints = append(out.Hints, h.packets()...)
		out.Hints = diag.MergeHints(append(out.Hints, h.nulls()...))
	}
	return out
}

type hinter struct {
	*where
	walk *record.Walk
}

// line is the line of an instruction; false if it is not known. It needs no source, since
// a unit is checked with the text that it was compiled from.
func (h *hinter) line(pc int) (diag.Line, bool) {
	at := h.lineSpan(pc)
	return diag.Line{File: at.File, Line: at.Line}, !at.IsZero()
}

// loops says which values the variables of conditions have in the bodies of loops.
func (h *hinter) loops(b *record.Budget) (out []diag.LineHint) {
	for i := range b.Loops {
		l := &b.Loops[i]
		body, ok := h.body(l)
		if !ok || h.hasCopies(l) {
			continue
		}
		hint := diag.LineHint{Kind: diag.HintLoop, At: body.at, Ranges: h.ranges(body)}
		if h.roundsAreFollowed(l) {
			hint.Rounds = l.Rounds
		}
		if len(hint.Ranges) > 0 || hint.Rounds > 0 {
			out = append(out, hint)
		}
	}
	return out
}

// hasCopies reports whether the compiler may have made code for some rounds of a loop
// that is not part of it: code outside of the loop has a line of its body. If the body
// has no line of its own that cannot be told.
func (h *hinter) hasCopies(l *record.Loop) bool {
	condition, calls := h.loopSpan(l), h.copyOf(l.Back)
	body := map[diag.Span]bool{}
	for pc := l.Head; pc <= l.Back; pc++ {
		if at := h.lineSpan(pc); at != condition && h.copyOf(pc) == calls {
			body[at] = true
		}
	}
	if len(body) == 0 {
		return true
	}
	for pc := range h.Prog.Insns {
		if !l.Has(pc) && body[h.lineSpan(pc)] && h.copyOf(pc) == calls {
			return true
		}
	}
	return false
}

// copyOf tells apart the copies of a line that inlined calls make.
func (h *hinter) copyOf(pc int) string {
	f, _ := h.Index.Function(pc)
	return fmt.Sprint(f.Start, h.Index.Inlined(pc))
}

// loopBody is where the body of a loop begins, and the line of its condition.
type loopBody struct {
	pc   int
	at   diag.Line
	text string
}

// body finds the first instruction of the body that the condition in the loop's own line
// leads to.
func (h *hinter) body(l *record.Loop) (loopBody, bool) {
	span := h.loopSpan(l)
	for pc := l.Head; pc <= l.Back; pc++ {
		in := &h.Prog.Insns[pc]
		if !dwarfmap.IsConditional(in) || h.lineSpan(pc) != span {
			continue
		}
		next, target := pc+1, pc+1+int(in.Off)
		to := next
		switch {
		case l.Has(next) == l.Has(target):
			continue
		case l.Has(target):
			to = target
		}
		if at, ok := h.line(pc); ok && saysLoopRE.MatchString(h.lineText(pc)) {
			if to, ok = h.firstOf(l, to, span); ok {
				return loopBody{to, at, h.lineText(pc)}, true
			}
		}
	}
	return loopBody{}, false
}

// saysLoopRE is what a line has that is about going round.
var saysLoopRE = regexp.MustCompile(`\b(for|while|bpf_repeat)\b`)

// firstOf goes on from an instruction of a loop to the first one that is not of the
// line of its condition: what is before it belongs to the end of the round before.
func (h *hinter) firstOf(l *record.Loop, pc int, condition diag.Span) (int, bool) {
	for range l.Back - l.Head + 1 {
		if !l.Has(pc) || h.walk.Walked[pc] == 0 {
			return 0, false
		}
		in := &h.Prog.Insns[pc]
		switch {
		case h.lineSpan(pc) != condition:
			return pc, true
		case dwarfmap.IsConditional(in):
			return 0, false
		case isGoto(in):
			pc += 1 + in.JumpOffset()
		case in.IsLdImm64():
			pc += 2
		default:
			pc++
		}
	}
	return 0, false
}

func isGoto(in *isa.Insn) bool {
	class := in.Class()
	return (class == isa.ClassJMP || class == isa.ClassJMP32) && in.Code() == isa.OpJa
}

// ranges are the variables that the line of a loop names, and their values in its body.
func (h *hinter) ranges(b loopBody) (out []diag.HintRange) {
	for reg := range uint8(isa.R10) {
		known := h.walk.Register(b.pc, reg)
		k, ok := known.Only()
		if !ok || !k.IsNumber() {
			continue
		}
		for _, v := range h.held(b.pc, reg) {
			if v.Outer > 0 || !mentions(b.text, v.Name) ||
				slices.ContainsFunc(out, func(r diag.HintRange) bool { return r.Name == v.Name }) {
				continue
			}
			if n, ok := h.Index.NumberOf(b.pc, v.Name); ok {
				if low, high, ok := limitsAs(&k.Value, n); ok {
					out = append(out, diag.HintRange{Name: v.Name, Min: low, Max: high})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b diag.HintRange) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// tellingRange is the greatest range that says something.
const tellingRange = 1 << 24

// limitsAs are the limits of a value as a variable of a type; false if they say nothing.
func limitsAs(x *record.Value, n dwarfmap.Number) (low, high int64, ok bool) {
	switch {
	case n.Size == 4 && n.Signed:
		low, high = int64(x.Min32), int64(x.Max32)
	case n.Size == 4:
		low, high = int64(x.UMin32), int64(x.UMax32)
	case n.Signed || x.UMax > math.MaxInt64:
		low, high = x.Min, x.Max
	default:
		low, high = int64(x.UMin), int64(x.UMax)
	}
	if low < -tellingRange || high > tellingRange {
		return 0, 0, false
	}
	if n.Size < 4 && (high-low >= 1<<(8*n.Size)-1 || !n.Signed && low < 0) {
		return 0, 0, false
	}
	return low, high, true
}

// roundsAreFollowed reports whether the walk goes round a loop as often as the program
// may: it does not if an iterator or a budget of the kernel ends the loop.
func (h *hinter) roundsAreFollowed(l *record.Loop) bool {
	for pc := l.Head; pc <= l.Back; pc++ {
		in := &h.Prog.Insns[pc]
		if in.IsMayGoto() || in.IsKfuncCall() && mayBeNext(h.Callee(pc)) {
			return false
		}
	}
	return l.Rounds > 1
}

// mayBeNext reports whether a kfunc may be one that gives the next element of an
// iterator: it is, or nothing is known of it.
func mayBeNext(kfunc string) bool {
	k, ok := facts.Of(facts.Default).Kfunc(kfunc)
	return !ok || k.Flags&facts.KfIterNext != 0
}

// packets says how much of a packet is there after checks of its end. A line with
// several conditions has what they prove together: the most, since each later one is
// reached behind those before it. Copies of one condition count as the least of them.
func (h *hinter) packets() (out []diag.LineHint) {
	type condition struct {
		at     diag.Line
		column int
	}
	proven := map[condition]int{}
	var order []condition
	for pc := range h.Prog.Insns {
		bytes, checks := h.provenAt(pc)
		at, ok := h.line(pc)
		if !checks || !ok || !h.saysCompared(pc) {
			continue
		}
		pos, _ := h.Index.At(pc)
		c := condition{at, pos.Col}
		if before, known := proven[c]; !known {
			order = append(order, c)
			proven[c] = bytes
		} else {
			proven[c] = min(before, bytes)
		}
	}
	most := map[diag.Line]int{}
	for _, c := range order {
		most[c.at] = max(most[c.at], proven[c])
	}
	for at, bytes := range most {
		if bytes > 0 {
			out = append(out, diag.LineHint{Kind: diag.HintPacket, At: at, Bytes: bytes})
		}
	}
	return out
}

// saysCompared reports whether the source compares sizes or addresses where an
// instruction is. The compiler may have moved a comparison to a line that is about
// something else.
func (h *hinter) saysCompared(pc int) bool {
	pos, f, ok := h.At(pc)
	if !ok || f == nil {
		return false
	}
	text := f.Line(pos.Line)
	if r, ok := f.Expression(pos.Line, pos.Col); ok {
		text += f.Text(r)
	}
	return strings.ContainsAny(strings.ReplaceAll(text, "->", ""), "<>")
}

// provenAt is how many bytes of the packet, from its start, are there where the
// condition at an instruction found the end behind them; checks is false if it does not
// compare with the end.
func (h *hinter) provenAt(pc int) (bytes int, checks bool) {
	in := &h.Prog.Insns[pc]
	if !dwarfmap.IsConditional(in) || in.SrcKind() != isa.SrcX || h.walk.Walked[pc] == 0 {
		return 0, false
	}
	dst, src := h.kind(pc, in.Dst), h.kind(pc, in.Src)
	switch {
	case dst == nil || src == nil:
		return 0, false
	case dst.Type.Base() == regtype.PtrToPacket && src.Type.Base() == regtype.PtrToPacketEnd:
	case src.Type.Base() == regtype.PtrToPacket && dst.Type.Base() == regtype.PtrToPacketEnd:
		dst = src
	default:
		return 0, false
	}
	if isFromStart(dst) {
		for _, next := range []int{pc + 1, pc + 1 + int(in.Off)} {
			if n := h.provenBefore(next); n >= int(dst.Off) {
				bytes = max(bytes, n)
			}
		}
	}
	return bytes, true
}

// provenBefore is how many bytes of the packet, from its start, are there before an
// instruction, as far as a pointer tells that is not behind them all.
func (h *hinter) provenBefore(pc int) (bytes int) {
	if pc < 0 || pc >= len(h.walk.Walked) || h.walk.Walked[pc] == 0 {
		return 0
	}
	add := func(known record.Known) {
		if k, ok := known.Only(); ok && isFromStart(k) && k.Packet > 0 {
			bytes = max(bytes, int(k.Off)+int(k.Packet))
		}
	}
	for reg := range uint8(isa.R10) {
		add(h.walk.Register(pc, reg))
	}
	for i := range facts.MaxStack / 8 {
		add(h.walk.Slot(pc, i))
	}
	return bytes
}

// isFromStart reports whether a value points into the packet at a known distance from
// its start.
func isFromStart(k *record.Kind) bool {
	return k.Type.Base() == regtype.PtrToPacket && k.Fixed && k.Low == k.High
}

// kind is the one kind of value that a register has before an instruction, nil if there
// are several.
func (h *hinter) kind(pc int, reg uint8) *record.Kind {
	if pc < 0 || pc >= len(h.walk.Walked) || h.walk.Walked[pc] == 0 {
		return nil
	}
	known := h.walk.Register(pc, reg)
	k, ok := known.Only()
	if !ok {
		return nil
	}
	return k
}

// nulls says of calls whose result is a pointer to a map's value whether it may be NULL.
func (h *hinter) nulls() (out []diag.LineHint) {
	for pc := range h.Prog.Insns {
		if !h.Prog.Insns[pc].IsHelperCall() || h.walk.Walked[pc] == 0 {
			continue
		}
		k := h.kind(pc+1, isa.R0)
		if k == nil || k.Type.Base() != regtype.PtrToMapValue {
			continue
		}
		if at, ok := h.line(pc); ok {
			out = append(out, diag.LineHint{Kind: diag.HintNull, At: at, Null: k.Type.MayBeNull()})
		}
	}
	return out
}
