// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// After the walk the kernel rewrites the program. What that changes of the
// stack shows in the statistics, and some programs fail only here.

const (
	// loopStack is the stack of a bpf_loop call made inline, in bytes.
	loopStack = 3 * 8
	// mayGotoStack is the stack of the budget of a may_goto, in bytes.
	mayGotoStack = 16
	// epilogueStack keeps the context for what the kernel adds before the exits
	// of a program.
	epilogueStack = 8
)

// dropFastcallSpills gives back the stack of spills that nothing needs, where
// the calls that they surround are made inline.
//
// kernel: remove_fastcall_spills_fills
func (v *verifier) dropFastcallSpills() {
	for n := range v.flow.Subprogs {
		sub := &v.flow.Subprogs[n]
		dropped := false
		for pc := sub.Start; pc < sub.End; pc++ {
			dropped = dropped || v.flow.Points[pc].FastcallSpills > 0
		}
		if dropped && !sub.KeepFastcall {
			v.subprogs[n].stackDepth = -int(sub.FastcallStack)
		}
	}
}

// requireFixups makes the checks of the rewriting passes and adds up the stack
// that they use.
//
// kernel: optimize_bpf_loop, convert_ctx_accesses, do_misc_fixups
func (v *verifier) requireFixups() *Rejection {
	v.removeDead = v.privileged
	if v.seenException && v.flow.ExceptionCallback == 0 {
		// The kernel adds a function that catches what the program throws.
		v.subprogs = append(v.subprogs, subprogFacts{})
	}
	var rm *removal
	if v.removeDead && v.usesMayGoto() {
		rm = v.remove()
	}
	for n := range v.flow.Subprogs {
		sub, learnt := &v.flow.Subprogs[n], &v.subprogs[n]
		inlineLoop, mayGoto := false, false
		for pc := sub.Start; pc < sub.End; pc++ {
			in, aux := &v.insns[pc], &v.aux[pc]
			inlineLoop = inlineLoop || aux.loopInit && aux.loopInline
			if !aux.seen {
				continue
			}
			mayGoto = mayGoto || in.IsMayGoto() && (rm == nil || rm.has(pc))
			if in.IsKfuncCall() && in.Imm == 0 {
				v.pc = pc
				return v.reject(einval, fault.KfuncNotResolved.Of(fault.None{}))
			}
			if in.IsHelperCall() && in.Imm == facts.FuncTailCall && v.tailCallMapUnclear(pc) {
				v.pc = pc
				return v.reject(einval, fault.TailCallAnyMap.Of(fault.None{}))
			}
		}
		if inlineLoop {
			learnt.stackDepth = (learnt.stackDepth+7)&^7 + loopStack
		}
		if n == 0 && v.hasEpilogue() {
			learnt.stackDepth += epilogueStack
		}
		if mayGoto {
			learnt.stackDepth += mayGotoStack
		}
	}
	return nil
}

// hasEpilogue reports whether the kernel adds something before the program's
// exits: to a queueing discipline, what gives back its own state.
//
// kernel: bpf_qdisc_gen_epilogue
func (v *verifier) hasEpilogue() bool {
	return v.prog.Type == facts.ProgStructOps && (v.prog.AttachTo == "Qdisc_ops:reset" ||
		v.prog.AttachTo == "Qdisc_ops:destroy")
}

// usesMayGoto reports whether a path reached a may_goto.
func (v *verifier) usesMayGoto() bool {
	for pc := range v.insns {
		if v.insns[pc].IsMayGoto() && v.aux[pc].seen {
			return true
		}
	}
	return false
}

// tailCallMapUnclear reports whether the call at pc is a tail call, made without privileges, that met
// different maps or indexes: it cannot be bounded.
func (v *verifier) tailCallMapUnclear(pc int) bool {
	return !v.privileged && v.aux[pc].mapPoisoned
}

// isDead reports whether no instruction of subprog was walked; the kernel
// removes it.
func (v *verifier) isDead(subprog int) bool {
	sub := &v.flow.Subprogs[subprog]
	for pc := sub.Start; pc < sub.End; pc++ {
		if v.aux[pc].seen {
			return false
		}
	}
	return true
}
