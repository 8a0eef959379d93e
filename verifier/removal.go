// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// What the kernel removes from a program with privileges before it compiles it:
// first the instructions that no path reached, then jumps to the next
// instruction. A function that was never walked is removed as a whole, also
// when its address is still taken: the kernel does not notice, and the address
// leads to whatever stands in that place now. If that is not the start of a
// function, the kernel gives up.
//
//	after the removed function      its address is then that of
//	another function                that function, which nothing calls so
//	nothing                         nothing: refused
//	more removed ones before it     the middle of a function: refused

// inlinedLoop is what a bpf_loop call made inline becomes, in instructions.
//
// kernel: inline_bpf_loop
const inlinedLoop = 19

// removal is a program as those passes leave it.
type removal struct {
	v *verifier
	// kept are the PCs of what remains.
	kept []int
	// lost are the addresses of removed functions.
	lost []lostAddress
}

// lostAddress is the address of a removed function.
type lostAddress struct {
	pc int // of the instruction that takes it
	at int // index in kept of what stands there now
	// inside is how far after the start of a call made inline that is.
	inside int
}

// isReached reports whether a path reached the instruction at pc.
func (v *verifier) isReached(pc int) bool {
	return v.aux[pc].seen || pc > 0 && v.aux[pc-1].seen && v.insns[pc-1].IsLdImm64()
}

// remove makes the passes.
//
// kernel: opt_hard_wire_dead_code_branches, opt_remove_dead_code,
// opt_remove_nops
func (v *verifier) remove() *removal {
	rm := &removal{v: v}
	for pc := range v.insns {
		if v.isReached(pc) {
			rm.kept = append(rm.kept, pc)
		}
	}
	for _, pc := range rm.kept {
		if in := &v.insns[pc]; in.IsFuncRef() {
			if target := pc + int(in.Imm) + 1; !v.isReached(target) {
				rm.lost = append(rm.lost, rm.lose(pc, target))
			}
		}
	}
	rm.removeNops()
	return rm
}

// lose finds what stands at the place of a removed function. Its distance from
// the start of the removed instructions becomes that after them.
//
// kernel: bpf_adj_delta_to_imm
func (rm *removal) lose(pc, target int) lostAddress {
	v, distance := rm.v, 0
	for target < len(v.insns) {
		switch size := rm.size(target); {
		case !v.isReached(target):
			first, end := target, target
			for first > 0 && !v.isReached(first-1) {
				first--
			}
			for end < len(v.insns) && !v.isReached(end) {
				end++
			}
			distance += target - first
			if distance >= end-first {
				distance -= end - first
			}
			target = end
		case distance < size:
			at, _ := slices.BinarySearch(rm.kept, target)
			return lostAddress{pc, at, distance}
		default:
			distance -= size
			target++
		}
	}
	return lostAddress{pc: pc, at: len(rm.kept), inside: distance}
}

// size is how many instructions the one at pc has become by then.
func (rm *removal) size(pc int) int {
	if aux := &rm.v.aux[pc]; aux.loopInit && aux.loopInline {
		return inlinedLoop
	}
	return 1
}

// removeNops removes jumps that lead to the next instruction, in the order of
// the kernel, which decides whether one that comes to do so is found.
func (rm *removal) removeNops() {
	for i := 0; i < len(rm.kept); i++ {
		in := &rm.v.insns[rm.kept[i]]
		if !rm.isNop(i) {
			continue
		}
		rm.kept = slices.Delete(rm.kept, i, i+1)
		for n := range rm.lost {
			if rm.lost[n].at > i {
				rm.lost[n].at--
			}
		}
		if in.IsMayGoto() && i > 0 {
			i--
		}
		i--
	}
}

// isNop reports whether the instruction at index i of kept is a jump to the one
// after it, or a conditional one that is never taken.
func (rm *removal) isNop(i int) bool {
	v, pc := rm.v, rm.kept[i]
	in := &v.insns[pc]
	target := pc + 1 + int(in.Off)
	switch plain := in.Op == isa.ClassJMP|isa.OpJa; {
	case !plain && !in.IsConditional():
		return false
	case plain || in.IsMayGoto() && v.isReached(pc+1) && v.isReached(target):
	case !v.isReached(pc + 1): // always taken
	case !v.isReached(target): // never taken
		return true
	default:
		return false
	}
	return target > pc && (i+1 == len(rm.kept) || rm.kept[i+1] >= target)
}

// has reports whether the instruction at pc remains.
func (rm *removal) has(pc int) bool {
	_, found := slices.BinarySearch(rm.kept, pc)
	return found
}

// requireAddresses rejects a program of which the kernel finds no function at
// an address that it takes.
//
// kernel: jit_subprogs
func (v *verifier) requireAddresses() *Rejection {
	functions := len(v.subprogs) - len(v.flow.Subprogs) // what the kernel adds
	lost := false
	for n := range v.flow.Subprogs {
		if v.isDead(n) {
			lost = true
		} else {
			functions++
		}
	}
	if !lost || functions <= 1 {
		return nil
	}
	rm := v.remove()
	starts := make([]int, 0, functions)
	for n := range v.flow.Subprogs {
		if !v.isDead(n) {
			at, _ := slices.BinarySearch(rm.kept, v.flow.Subprogs[n].Start)
			starts = append(starts, at)
		}
	}
	for _, l := range rm.lost {
		if _, ok := slices.BinarySearch(starts, l.at); ok && l.inside == 0 && l.at < len(rm.kept) {
			continue
		}
		v.pc = l.pc
		name := v.subprogName(v.flow.SubprogFrom(l.pc + int(v.insns[l.pc].Imm) + 1))
		return v.reject(efault, fault.RemovedFunction.Of(fault.RemovedCall{Name: name, PC: rm.number(l)}))
	}
	return nil
}

// number is the place of an address as the kernel counts it, where calls
// made inline are what changes it; what other rewriting adds is not known here.
func (rm *removal) number(l lostAddress) int {
	n := l.inside
	for _, pc := range rm.kept[:l.at] {
		n += rm.size(pc)
	}
	return n
}
