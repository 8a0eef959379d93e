// SPDX-License-Identifier: GPL-2.0-only

// Package verifier decides whether the Linux 6.18 kernel would accept a BPF
// program, by the same walk over its instructions that the kernel makes.
//
// Reading order: verifier.go, verify.go, shape.go, explore.go, step.go; then
// prune.go, equal.go, loop.go, precision.go, backtrack.go, liveness.go of the
// engine, and a file for each kind of instruction, memory and resource.
package verifier

import (
	"cmp"
	"strconv"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

type (
	btfSpec = *btf.Spec
	btfID   = btf.TypeID
)

// Verifier verifies programs one after another and reuses the memory of earlier
// walks: once those needed as many states, a walk allocates none. The zero value is
// ready to use. It is not safe for
// concurrent use.
type Verifier struct{ spare *workspace }

// Verify walks a program. It takes memory and returns values: the same
// program and options give the same result.
func (w *Verifier) Verify(p *program.Program, o Options) Result {
	space := w.spare
	w.spare = nil // a panic would leave it in disorder
	if space == nil {
		space = new(workspace)
	}
	v := newVerifier(p, o, space)
	if p.Replaces != nil {
		v.replaced = targetOf(p.Replaces, o)
	}
	r := v.requirePrivileges()
	logEnd := 0
	if r == nil {
		r = v.verify()
		logEnd = len(v.trace.buf)
		v.sayStats()
	}
	res := v.result(r)
	res.LogEnd = logEnd
	if o.Further {
		res = v.endFurther(r, res)
	}
	if v.cur != nil {
		v.freeStates()
	}
	w.spare = space
	return res
}

// Verify is Verifier.Verify for a single program.
func Verify(p *program.Program, o Options) Result { return new(Verifier).Verify(p, o) }

func newVerifier(p *program.Program, o Options, space *workspace) *verifier {
	v := &verifier{workspace: space, profile: profileOf(o.Target), prog: asLoaded(p, o), insns: p.Insns, opts: o,
		flags: p.Flags | o.Flags}
	v.trace.level = o.LogLevel
	v.trace.line = noLine
	wanted := record.Wanted{Events: o.Record, Lifetimes: o.Lifetimes, Costs: o.Budget, Walk: o.Walk}
	if wanted != (record.Wanted{}) {
		v.record = record.New(record.Tables{
			Insns: p.Insns, Map: func(m state.MapRef) string { return v.mapOf(m).Name }, Struct: v.btfName,
		}, wanted, &space.recording)
	}
	if o.Further {
		v.further = new(further)
		v.further.begin(v)
	}
	if !o.Unprivileged {
		v.privileged = true
		v.allowPtrLeaks, v.allowUninit = true, true
		v.bypassSpecV1, v.bypassSpecV4 = true, true
		v.testStateFreq = v.flags&program.FlagTestStateFreq != 0
	}
	v.strictAlignment = v.flags&program.FlagStrictAlignment != 0 && v.flags&program.FlagAnyAlignment == 0
	v.testInvariants = v.flags&program.FlagTestRegInvariants != 0
	v.aux = make([]insnAux, len(p.Insns))
	v.loadTables()
	v.flow = flow.New(p.Insns, v.resolveCalls(), v.privileged)
	v.explore.begin(len(p.Insns))
	v.trace.names = isa.Names{Helper: facts.HelperLogName, Kfunc: v.kfuncName, Imm64: v.shownImmediate}
	return v
}

// Disassembler spells the instructions of p as its log does.
func Disassembler(p *program.Program) isa.Names {
	return newVerifier(p, Options{}, new(workspace)).trace.names
}

// Addresses that the log shows for maps, kernel variables, and arenas that leave
// their place to mmap, in place of the real ones, which are not known: any that
// look like one.
const (
	shownMaps  = 0xffff888100000000
	shownVars  = 0xffffffff80000000
	shownArena = 0x7f0000000000
)

// shownImmediate is the 64-bit immediate at pc as the log shows it.
func (v *verifier) shownImmediate(pc int) uint64 {
	in, high := &v.insns[pc], v.insns[pc+1].Imm
	low := uint64(uint32(in.Imm))
	switch in.Src {
	case isa.PseudoMapFD, isa.PseudoMapValue, isa.PseudoMapIdx, isa.PseudoMapIdxValue:
		if !v.allowPtrLeaks {
			return 0
		}
		if m := v.mapOf(v.aux[pc].ldMap); in.Src == isa.PseudoMapIdxValue && m != nil && m.Type == facts.MapArena {
			return cmp.Or(m.Extra, shownArena) + uint64(uint32(high))
		}
		return shownMaps + low<<12 + uint64(uint32(high))
	case isa.PseudoBTFID:
		return shownVars + low
	}
	return uint64(uint32(high))<<32 | low
}

// verify runs the passes.
//
// kernel: bpf_check
func (v *verifier) verify() *Rejection {
	for _, pass := range v.passes {
		if r := pass(v); r != nil {
			return r
		}
	}
	return nil
}

// sayStats writes what the verification took.
//
// kernel: print_verification_stats
func (v *verifier) sayStats() {
	v.stats.InsnsProcessed = v.explore.insns
	v.stats.StackDepth = string(v.appendDepths(nil))
	if v.trace.level == 0 {
		return
	}
	if v.trace.level&logStats != 0 {
		v.say("verification time 0 usec\n")
		v.say("stack depth %s\n", v.stats.StackDepth)
	}
	v.say("processed %d insns (limit %d) max_states_per_insn %d total_states %d peak_states %d mark_read 0\n",
		v.stats.InsnsProcessed, v.limits.insns, v.stats.MaxStatesPerInsn, v.stats.TotalStates, v.stats.PeakStates)
}

func (v *verifier) appendDepths(b []byte) []byte {
	for i := range v.subprogs {
		if v.removeDead && i < len(v.flow.Subprogs) && v.isDead(i) {
			continue
		}
		if len(b) > 0 {
			b = append(b, '+')
		}
		b = strconv.AppendInt(b, int64(v.subprogs[i].stackDepth), 10)
	}
	return b
}

// result is what a verification that ended with r says.
func (v *verifier) result(r *Rejection) Result {
	res := Result{Verdict: Accepted, Log: v.trace.buf, Stats: v.stats, Budget: v.budget(r)}
	if r == nil || r.end == endRejected {
		res.Walk = v.record.Walk()
	}
	if r == nil {
		res.Lifetimes = v.record.Lifetimes()
		return res
	}
	switch r.end {
	case endRejected:
		res.Verdict = Rejected
		res.Reports = append([]Report{r.report}, r.more...)
		if h, ok := v.record.History(); ok {
			res.History, res.Path = h.Events, h.Path
			res.Lost, res.LostAt = h.Lost, h.LostAt
		}
		for i := range res.Reports {
			rep := &res.Reports[i]
			rep.Activation = v.record.Activation(rep.Frame)
		}
	case endCanceled:
		res.Verdict = Canceled
	case endUnsupported:
		res.Verdict, res.Reason = Unsupported, r.report.Kernel
	case endBug:
		res.Verdict, res.Reason = InternalBug, r.report.Kernel
	}
	return res
}
