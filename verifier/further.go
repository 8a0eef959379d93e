// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Faults behind the first. The kernel stops at the first fault of a program. With
// Options.Further the walk goes on behind it, as if it were mended where that is
// possible (mend.go), and else with the other paths. The verdict stays that of the
// first fault. What is found behind it counts only if it would be there without the
// first:
//
//	another cause     neither the value, nor the line, nor the call is one that an
//	                  earlier fault is about
//	no guess          what the instruction reads was not made of a value that the
//	                  walk guessed to go on
//	the way there     no condition on the path hangs on such a value, or on a
//	                  number of which the mended program would know more
//	no limit          the counts of this walk are not the kernel's

// limitCategory is that of the limits of the kernel's walk.
var limitCategory = fault.TooManyInstructions.Code().Category()

const (
	// maxFurther bounds how many faults are reported behind the first.
	maxFurther = 10
	// maxPassed bounds how many faults are passed over.
	maxPassed = 200
	// furtherInsns bounds how many instructions are walked behind the first fault.
	furtherInsns = 50_000
)

// further is what a walk keeps that goes on behind faults.
type further struct {
	// first is the kernel's result, found those behind it.
	first Result
	found []Result
	// causes are those of all faults met, the first one's included.
	causes []cause
	passed int
	// stopAt is the count of instructions at which the walk ends, 0 before the first
	// fault.
	stopAt int
	mending
}

// aspect is what of its subject a fault is about.
type aspect uint8

const (
	ofValue aspect = iota
	ofNullness
	ofReference
)

// spot is a place in the source; without lines, an instruction stands for one. What is
// unrolled or inlined has many instructions at one.
type spot struct {
	file      string
	line, col int
}

// cause identifies the cause of a fault.
type cause struct {
	code   fault.Code
	aspect aspect
	pc     int
	// roots are the places that made what the fault is about.
	roots []spot
	// numbers are those of the roots that made numbers of which too little is known.
	numbers []int
	line    spot
	// left says which way led to the exit that the fault is found at, 0 if it is
	// found elsewhere.
	left int
}

// same reports whether mending one fault most likely mends the other.
func (c *cause) same(other cause) bool {
	shared := slices.ContainsFunc(c.roots, func(at spot) bool { return slices.Contains(other.roots, at) })
	switch {
	case c.left != 0 && other.left != 0:
		alike := shared || len(c.roots) == 0 && len(other.roots) == 0
		return c.code == other.code && alike && (c.left == other.left || c.aspect == ofValue && shared)
	case c.aspect == other.aspect && shared, c.pc == other.pc:
		return true
	case c.code != other.code:
		return false
	}
	return len(c.roots) == 0 && len(other.roots) == 0 || c.line.file == other.line.file &&
		c.line.line == other.line.line
}

// begin has the walk go on behind faults, and end in time.
func (f *further) begin(v *verifier) {
	cancelled := v.opts.Cancel
	v.opts.Cancel = func() bool {
		return f.stopAt != 0 && v.explore.insns > f.stopAt || cancelled != nil && cancelled()
	}
}

// endFurther is the result of a walk that ended with r, which gives res.
func (v *verifier) endFurther(r *Rejection, res Result) Result {
	f := v.further
	if r != nil {
		v.passOver(r)
	}
	if f.before != nil {
		v.pool.Free(f.before)
	}
	if len(f.causes) == 0 {
		return res
	}
	f.first.Further = f.found
	return f.first
}

// passOver takes note of a fault, and reports whether the walk may go on: it is a
// fault of the program, and not too many were met.
func (v *verifier) passOver(r *Rejection) bool {
	f := v.further
	if f == nil || r.end != endRejected || v.cur != nil && v.cur.Speculative {
		return false
	}
	f.passed++
	first := len(f.causes) == 0
	if first {
		f.first = v.result(r)
		f.stopAt = v.explore.insns + furtherInsns
	}
	for _, rep := range append([]Report{r.report}, r.more...) {
		c := v.causeOf(&rep)
		if !first && !slices.ContainsFunc(f.causes, c.same) && v.stands(&rep) {
			f.found = append(f.found, v.result(&Rejection{end: endRejected, report: rep}))
		}
		f.causes = append(f.causes, c)
		if c.left != 0 {
			v.failSince()
		}
	}
	if r.report.Code.Category() == limitCategory && r.report.Code != fault.InfiniteLoop.Code() {
		return false
	}
	return len(f.found) < maxFurther && f.passed < maxPassed
}

// failSince keeps the states since the last condition on the path from pruning: what
// another condition leads there with is a fault of its own.
func (v *verifier) failSince() {
	since := v.record.SinceBranch()
	for st := v.cur.Parent; st != nil && slices.Contains(since, int32(st.PC)); st = st.Parent {
		v.explore.cache.entries[st.Checkpoint].failed = true
	}
}

// stands reports whether the fault would be there if those before it were mended.
func (v *verifier) stands(rep *Report) bool {
	switch rep.Code {
	case fault.InfiniteLoop.Code():
		return !v.record.Guessed()
	case fault.CombinedStackSize.Code(), fault.TailCallStack.Code():
		return true
	}
	switch rep.Code.Category() {
	case limitCategory, fault.KernelFault.Code().Category():
		return false
	}
	return !v.record.Origin(v.cur, v.readAt(rep.PC)...).Guessed && !v.record.Steered()
}

// causeOf finds what a fault is about.
func (v *verifier) causeOf(rep *Report) cause {
	c := cause{code: rep.Code, pc: rep.PC, line: v.spotOf(rep.PC)}
	if rep.PC >= len(v.insns) || v.cur == nil {
		return c
	}
	in := &v.insns[rep.PC]
	if in.Op == isa.ClassJMP|isa.OpExit {
		pc, taken := v.record.LastBranch()
		c.left = 2*(pc+1) + 1
		if taken {
			c.left++
		}
	}
	if ref, ok := fault.Get[fault.Reference](rep.Fault); ok && ref.Site != fault.Nowhere {
		c.aspect, c.roots = ofReference, v.spotsOf([]int{int(ref.Site)})
		return c
	}
	if in := &v.insns[v.pc]; in.IsSubprogCall() && v.subprogIsGlobal(v.flow.SubprogAt(v.pc+int(in.Imm)+1)) {
		// It is the function that does not fit.
		c.roots = v.spotsOf([]int{v.pc + int(in.Imm) + 1})
		return c
	}
	n, ok := v.subject(rep)
	if !ok {
		return c
	}
	o := v.record.Origin(v.cur, n)
	reg := v.reg(n)
	c.roots = v.spotsOf(o.Others)
	switch {
	case reg.Type.MayBeNull():
		c.aspect = ofNullness
	case len(o.Numbers) > 0 && !reg.IsConst():
		c.roots, c.numbers = v.spotsOf(o.Numbers), o.Numbers
	}
	return c
}

// spotOf is where an instruction comes from.
func (v *verifier) spotOf(pc int) spot {
	if lines := v.prog.Lines; len(lines) > 0 && pc >= 0 && pc < len(v.insns) {
		line := &lines[v.lineAt(pc)]
		return spot{line.File, int(line.Line), int(line.Col)}
	}
	return spot{"", pc, 0}
}

func (v *verifier) spotsOf(pcs []int) []spot {
	var spots []spot
	for _, pc := range pcs {
		spots = append(spots, v.spotOf(pc))
	}
	return spots
}

// subject is the register that a fault is about.
func (v *verifier) subject(rep *Report) (n uint8, ok bool) {
	if n, ok := rep.Fault.Int("reg"); ok && n >= 0 && n < isa.R10 {
		return uint8(n), true
	}
	in := &v.insns[rep.PC]
	switch in.Class() {
	case isa.ClassLDX:
		return in.Src, in.Src < isa.R10
	case isa.ClassST, isa.ClassSTX, isa.ClassALU, isa.ClassALU64:
		return in.Dst, in.Dst < isa.R10
	}
	if rep.Arg > 0 {
		return uint8(rep.Arg), true
	}
	return 0, false
}

// readAt are the registers that an instruction reads.
func (v *verifier) readAt(pc int) []uint8 {
	if pc >= len(v.insns) {
		return nil
	}
	in := &v.insns[pc]
	switch in.Class() {
	case isa.ClassLDX:
		return []uint8{in.Src}
	case isa.ClassST:
		return []uint8{in.Dst}
	case isa.ClassLD:
		return nil
	}
	switch {
	case in.Op == isa.ClassJMP|isa.OpExit:
		return []uint8{isa.R0}
	case in.Op == isa.ClassJMP|isa.OpCall:
		params := [...]uint8{isa.R1, isa.R2, isa.R3, isa.R4, isa.R5}
		if in.IsSubprogCall() {
			return params[:]
		}
		if k := v.contracts[pc]; k != nil && k.shape.Known {
			return params[:k.shape.Params]
		}
		return params[:]
	case in.Op == isa.ClassJMP|isa.OpJa, in.Op == isa.ClassJMP32|isa.OpJa:
		return nil
	case in.SrcKind() == isa.SrcX || in.Class() == isa.ClassSTX:
		return []uint8{in.Dst, in.Src}
	}
	return []uint8{in.Dst}
}
