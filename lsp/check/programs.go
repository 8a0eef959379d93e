// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Bits of a kernel log level.
const (
	logPaths = 1 | 2
	logStats = 4
)

// programs verifies the requested ones of some programs, several at a time, and returns the results in their order.
func (c *Checker) programs(ctx context.Context, req Request, obj *program.Object, concerned []*program.Program,
	src *Source) []*diag.Run {
	var chosen []*program.Program
	for _, p := range concerned {
		if req.Program == "" || req.Program == p.Name {
			chosen = append(chosen, p)
		}
	}
	out := make([]*diag.Run, len(chosen))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(c.workers, len(chosen)) {
		workers.Go(func() {
			judge := c.NewVerifier()
			for i := range next {
				c.slots <- struct{}{}
				out[i] = c.one(ctx, req, chosen[i], judge)
				c.explain(req, obj, out[i], src)
				<-c.slots
			}
		})
	}
	for i := range chosen {
		next <- i
	}
	close(next)
	workers.Wait()
	return out
}

// one verifies one program. The first run keeps no log, so its time is that of verification alone. A second run records
// what is to be explained or shown. It ends the same way, because verification is deterministic.
func (c *Checker) one(ctx context.Context, req Request, p *program.Program, judge Verifier) *diag.Run {
	r := &diag.Run{Object: filepath.Base(req.File), Program: p, TimeUS: -1, Flags: p.Flags | req.Flags}
	if r.Skip = p.Unloadable(); r.Skip != "" {
		return r
	}
	cancelled := func() bool { return ctx.Err() != nil }
	o := verifier.Options{LogLevel: logStats, Flags: req.Flags, CPUs: req.CPUs, Unprivileged: req.Unprivileged,
		Target: c.target, Cancel: cancelled}
	start := c.Now()
	r.Result = judge.guarded(p, o)
	r.TimeUS = c.Now().Sub(start).Microseconds()
	rejected := r.Result.Verdict == verifier.Rejected
	level := (req.LogLevel | p.LogLevel) & logPaths
	if rejected || req.LogLevel&logPaths != 0 || req.Budget {
		stats := r.Result.Stats
		o.LogLevel, o.Record = max(level, 1)|logStats, rejected
		o.Budget = req.Budget || rejected && r.Result.Reports[0].Code.Category() == catalog.VerifierLimit
		r.Result = judge.guarded(p, o)
		r.Result.Stats = stats
	}
	r.Skip = spoiled(p, &r.Result)
	r.Beyond = judge.beyond(p, o, &r.Result)
	o.Budget = false
	r.Further = judge.further(p, o, &r.Result)
	return r
}

// spoiled reports whether a rejection concerns a call that the loader inserted because the target kernel lacks a
// function, one that the loader must replace because no helper has a negative number, or a license that another part of
// the object has.
func spoiled(p *program.Program, r *verifier.Result) string {
	if r.Verdict != verifier.Rejected || len(r.Reports) == 0 {
		return ""
	}
	row := catalog.Lookup(r.Reports[0].Code)
	if row.MapKind && p.AssumesInner() {
		return "it depends on the inner map that user space sets"
	}
	if row.Code == catalog.OutOfBounds && p.OwnLoaderMaps() {
		return "it depends on the size of a map that only its own loader creates"
	}
	if p.LicenseElsewhere && row.License {
		return "the object is a part of a larger one, which has the license"
	}
	if call, ok := fault.Get[fault.NumberedCall](r.Reports[0].Fault); ok && call.ID < 0 {
		return fmt.Sprintf("it calls a helper with the number %d, which none can have: its loader must put "+
			"something else there", call.ID)
	}
	return p.Poisoned(r.Reports[0].PC)
}

// guarded turns a panic of the verifier into a verdict: one program must not end an editor's server.
func (judge Verifier) guarded(p *program.Program, o verifier.Options) (r verifier.Result) {
	defer func() {
		if err := recover(); err != nil {
			r = verifier.Result{Verdict: verifier.InternalBug, Reason: panicReason(err)}
		}
	}()
	return judge(p, o)
}

// explain makes the diagnostics of a run. It is guarded against panics in the same way.
func (c *Checker) explain(req Request, obj *program.Object, r *diag.Run, src *Source) {
	s := diag.Subject{Object: obj, Program: r.Program, Lines: dwarfmap.New(r.Program), Read: src.Read}
	defer func() {
		if err := recover(); err != nil {
			s.Read = nil
			bug := verifier.Result{Verdict: verifier.InternalBug, Reason: panicReason(err)}
			r.Diagnostics = explain.Result(s, &bug)
		}
	}()
	switch {
	case r.Skip != "" && r.Result.Verdict == verifier.Rejected && r.Program.Poisoned(r.Result.Reports[0].PC) != "":
		r.Diagnostics = explain.Poison(s, r.Result.Reports[0].PC)
	case r.Skip != "" && r.Program.LoadError != nil && r.Program.LoadError.Fatal:
		r.Diagnostics = explain.LoadErrors(s)
	case r.Skip != "":
		r.Diagnostics = explain.Skip(s, r.Skip)
	default:
		r.Diagnostics = explain.Result(s, &r.Result)
		r.Diagnostics = append(r.Diagnostics, explain.Guess(s)...)
		r.Diagnostics = append(r.Diagnostics, explain.Relocations(s, r.Beyond, r.Diagnostics)...)
		r.Diagnostics = append(r.Diagnostics, furtherDiagnostics(s, r)...)
	}
	if req.Budget {
		r.Budget = explain.Budget(s, &r.Result)
	}
	r.Result.Budget = nil // it is large
	if r.Skip == "" {
		r.Judged = []diag.Judgement{{Release: c.target.String(), Verdict: r.Result.Verdict}}
	}
	r.Summary = explain.Summary(s, r)
	if r.Program.Static {
		r.Diagnostics = append(r.Diagnostics, explain.Static(s))
	}
}
