// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Claims about numbers are held against what the recorded walk had there. The
// state is built up from the beginning of the history, and the rest is read from
// the instructions and the types of the program: nothing comes from the code that
// made the clause.

// numberJudge holds claims about numbers of one diagnostic.
type numberJudge struct {
	p  *program.Program
	r  *verifier.Result
	d  *diag.Diagnostic
	ix *dwarfmap.Index
}

// before is the index of the event that the state of a claim is before.
func (j *numberJudge) before(c *diag.Claim) int {
	if c.Event == diag.AtFault {
		return len(j.r.History)
	}
	return c.Event
}

// valueAt is what a place holds before an event, nil if that was not recorded.
func (j *numberJudge) valueAt(n int, p record.Place) *record.Value {
	if n < len(j.r.History) && j.r.History[n].Place == p && j.r.History[n].Old != nil {
		return j.r.History[n].Old
	}
	held := map[record.Place]*record.Value{}
	for i := range j.r.History[:n] {
		e := &j.r.History[i]
		if i == j.r.LostAt && j.r.Lost > 0 {
			clear(held)
		}
		switch e.Kind {
		case record.EventModify, record.EventInvalidate:
			for q := range held {
				if q.Kind == record.InSlot && e.Place.Kind == record.InBytes && q.Activation == e.Place.Activation &&
					int(e.Place.From) < -8*int(q.Index) && int(e.Place.To) > -8*(int(q.Index)+1) {
					delete(held, q)
				}
			}
			held[e.Place] = e.New
		case record.EventBranch:
			for _, c := range e.Learnt {
				held[c.Place] = c.New
			}
		}
	}
	return held[p]
}

// judge is why a claim contradicts the walk, "" if it does not.
func (j *numberJudge) judge(c *diag.Claim) (why string, judged bool) {
	if c.Kind == diag.ClaimQuoted {
		if !strings.Contains(j.d.Kernel, c.Clause) {
			return fmt.Sprintf("%q is not in the kernel's message %q", c.Clause, j.d.Kernel), true
		}
		return "", true
	}
	if c.Kind == diag.ClaimKernel {
		return "", false
	}
	if !saysOnly(c) {
		return fmt.Sprintf("%q has numbers that are not those claimed, %d and %d", c.Clause, c.Low, c.High), true
	}
	holds, judged := j.holds(c)
	if judged && !holds {
		return fmt.Sprintf("%q is not what instruction %d shows: %s", c.Clause, j.pcOf(c), j.shown(c)), true
	}
	return "", judged
}

// pcOf is the instruction that a claim is about.
func (j *numberJudge) pcOf(c *diag.Claim) int {
	if n := j.before(c); n < len(j.r.History) {
		return j.r.History[n].PC
	}
	return j.d.PC
}

// shown says what the place of a claim holds.
func (j *numberJudge) shown(c *diag.Claim) string {
	if c.Place.Kind == record.NoPlace {
		return j.d.Kernel
	}
	return fmt.Sprintf("%s is %s", placeWords(c.Place), valueWords(j.valueAt(j.before(c), c.Place)))
}

// holds reports whether a claim is true, as far as that can be judged.
func (j *numberJudge) holds(c *diag.Claim) (holds, judged bool) {
	switch c.Kind {
	case diag.ClaimSize:
		return j.sizeHolds(c)
	case diag.ClaimLocal:
		return j.localHolds(c)
	case diag.ClaimElements:
		return j.elementsHold(c)
	case diag.ClaimOperand, diag.ClaimWraps:
		return j.operandHolds(c)
	case diag.ClaimMember:
		t, ok := j.ix.Through(j.d.PC, c.Text)
		return t.At == c.Low && t.At+t.Size-1 == c.High, ok
	case diag.ClaimDepth:
		return j.depthAt(c.Event) == c.Low, c.Event >= 0
	case diag.ClaimFrame:
		return j.frameHolds(c)
	case diag.ClaimMoved:
		return slices.ContainsFunc(j.p.Relocated, func(r program.Relocated) bool {
			return int64(r.Declared) == c.Low && int64(r.Kernel) == c.High
		}), true
	case diag.ClaimRounds:
		return roundsHold(c), true
	case diag.ClaimFault:
		return j.faultHolds(c)
	}
	v := j.valueAt(j.before(c), c.Place)
	if c.Kind == diag.ClaimObject {
		if v != nil {
			if n, known := j.objectOf(v); known {
				return n == c.Low, true
			}
		}
		return j.faultHolds(c)
	}
	if v == nil {
		return false, false
	}
	return j.valueHolds(c, v)
}

// valueHolds judges claims about the value at a place.
func (j *numberJudge) valueHolds(c *diag.Claim, v *record.Value) (holds, judged bool) {
	fixed := int64(v.Off)
	if v.IsConst() {
		fixed += int64(v.Bits)
	}
	most := int64(v.Off) + v.Max
	switch c.Kind {
	case diag.ClaimRange:
		return isRange(v, c.Low, c.High), true
	case diag.ClaimWidth:
		return j.isCut(c), v.IsNumber()
	case diag.ClaimReach:
		return int64(v.Packet) == c.Low, true
	case diag.ClaimShort:
		return !v.IsNumber() && (fixed == c.Low || fixed == c.Low+1), true
	case diag.ClaimBehind:
		return max(int64(v.Packet)-int64(v.Off), 0) == c.Low, true
	case diag.ClaimOffset:
		return int64(v.Off) == c.Low && (c.High == c.Low || most == c.High), true
	case diag.ClaimBeyond:
		return c.Low == maxPacketOffset && v.UMax > uint64(c.Low), true
	case diag.ClaimNotNull:
		return !v.IsNumber() && !v.Type.MayBeNull(), true
	case diag.ClaimNeeds, diag.ClaimBytes:
		return j.needsHolds(c, v, fixed)
	}
	object, known := j.objectOf(v)
	switch c.Kind {
	case diag.ClaimRoom:
		left := object - fixed
		if !v.IsConst() {
			left = object - most
		}
		return left == c.Low && (c.High == c.Low || object == c.High), known
	case diag.ClaimInside:
		size, ok := j.accessSize()
		at := fixed + j.accessOff()
		fits := func(index int64) bool { return at+index*c.Width+size <= object }
		return fits(c.High) && !fits(c.High+1) && (c.Low == 0 || c.Low == c.High), known && ok && c.Width > 0
	case diag.ClaimTogether:
		p := c.Place
		p.Index++
		length := j.valueAt(j.before(c), p)
		if length == nil || !known {
			return false, false
		}
		start := object - c.High // the fixed part, if that is not counted
		return int64(length.UMax)+most-start == c.Low && (start == 0 || start == int64(v.Off)), true
	}
	return false, false
}

// isCut reports whether one of the instructions that made the number at a place kept
// so many of its bits.
func (j *numberJudge) isCut(c *diag.Claim) bool {
	p := c.Place
	for _, e := range slices.Backward(j.r.History[:c.Event]) {
		if e.Kind != record.EventModify || e.Place != p {
			continue
		}
		in := &j.p.Insns[e.PC]
		width := int64(64)
		switch {
		case in.Class() == isa.ClassLDX:
			width = int64(8 * in.Bytes())
		case in.Class() != isa.ClassALU && in.Class() != isa.ClassALU64:
		case in.Code() == isa.OpMov && in.Off != 0:
			width = int64(in.Off)
		case in.Code() == isa.OpAnd && in.SrcKind() == isa.SrcK:
			width = int64(bits.Len32(uint32(in.Imm)))
		case in.Code() == isa.OpLsh || in.Code() == isa.OpRsh || in.Code() == isa.OpArsh:
			width = 64 - int64(in.Imm)
		}
		if width == c.Width || in.Class() == isa.ClassALU && c.Width == 32 {
			return true
		}
		if e.Origin.Kind != record.NoPlace {
			p = e.Origin
		} else if !e.Refines {
			return false
		}
	}
	return false
}

// isRange reports whether limits are those of a number in one of the senses in
// which it has some.
func isRange(v *record.Value, low, high int64) bool {
	for _, sense := range [][2]int64{
		{v.Min, v.Max}, {int64(v.UMin), int64(v.UMax)},
		{int64(v.Min32), int64(v.Max32)}, {int64(v.UMin32), int64(v.UMax32)},
	} {
		if (low == diag.UnlimitedLow || low == sense[0]) && (high == diag.UnlimitedHigh || high == sense[1]) {
			return true
		}
	}
	return false
}

// insn is the instruction of the fault, nil if it has none.
func (j *numberJudge) insn() *isa.Insn {
	if j.d.PC < 0 || j.d.PC >= len(j.p.Insns) {
		return nil
	}
	return &j.p.Insns[j.d.PC]
}

// accessSize is how many bytes the instruction of the fault accesses; of a call
// the kernel's message says it.
func (j *numberJudge) accessSize() (n int64, ok bool) {
	in := j.insn()
	switch {
	case in == nil:
		return 0, false
	case in.Class() == isa.ClassLDX || in.Class() == isa.ClassST || in.Class() == isa.ClassSTX:
		return int64(in.Bytes()), true
	}
	if m := saysSizeRE.FindStringSubmatch(j.d.Kernel); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		return n, err == nil
	}
	return 0, false
}

var saysSizeRE = regexp.MustCompile(`\bsize[= ](-?\d+)`)

// accessOff is what the instruction of the fault adds to its pointer.
func (j *numberJudge) accessOff() int64 {
	in := j.insn()
	if in == nil || in.Class() == isa.ClassJMP || in.Class() == isa.ClassALU64 {
		return 0
	}
	return int64(in.Off)
}

// needsHolds judges where the access of the fault is.
func (j *numberJudge) needsHolds(c *diag.Claim, v *record.Value, fixed int64) (holds, judged bool) {
	size, ok := j.accessSize()
	at := j.accessOff()
	if t, known := j.ix.Through(j.d.PC, c.Text); c.Text != "" {
		// The access is a part of the member: of its bytes, in one of the places that
		// it may have.
		end := at + size
		if c.Low == diag.UnlimitedLow {
			end += fixed
		}
		more := c.High - end
		if c.Kind == diag.ClaimBytes {
			more++
		}
		return more >= 0 && more <= t.Size-size && (c.Low == diag.UnlimitedLow || c.Low <= at && at-c.Low <= t.Size-size-more), ok && known
	}
	if c.Low == diag.UnlimitedLow {
		return fixed+at+size == c.High, ok
	}
	if c.Kind == diag.ClaimBytes {
		size--
	}
	return at == c.Low && at+size == c.High, ok
}

// faultHolds judges a number that the rule knew: the kernel prints it, and where
// instruction and map say it too, they agree.
func (j *numberJudge) faultHolds(c *diag.Claim) (holds, judged bool) {
	low, high := c.Low, c.High
	if c.Text == "off" {
		low, high = low+c.Width, high+c.Width
	}
	if in := j.insn(); c.Text == "size" && in != nil && in.Class() != isa.ClassJMP && in.Class() != isa.ClassALU64 {
		if n, ok := j.accessSize(); ok {
			return n == low, true
		}
	}
	printed := allNumbersRE.FindAllString(j.d.Kernel, -1)
	says := func(n int64) bool {
		return slices.Contains(printed, strconv.FormatInt(n, 10)) || n == math.MinInt64 || n == math.MaxInt64
	}
	v := j.valueAt(j.before(c), c.Place)
	switch {
	case v == nil:
	case c.Text == "min" && !v.IsNumber():
		return false, false // the kernel does not print what it takes in place of a pointer
	}
	return says(low) && says(high), true
}

var allNumbersRE = regexp.MustCompile(`-?\d+`)
