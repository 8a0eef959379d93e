// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

func lifetimesOf(t *testing.T, object, name string) (*program.Program, *record.Lifetimes) {
	t.Helper()
	p := programNamed(t, loadTestObject(t, object), name)
	r := Verify(p, Options{Lifetimes: true})
	if r.Verdict != Accepted || r.Lifetimes == nil {
		t.Fatalf("%s: %v %+v", name, r.Verdict, r.Reports)
	}
	return p, r.Lifetimes
}

// steps are the instructions whose set has the site.
func steps(l *record.Lifetimes, site int, set func(*record.Held) record.Sites) (pcs []int) {
	for pc := range l.At {
		if set(&l.At[pc]).Has(site) {
			pcs = append(pcs, pc)
		}
	}
	return pcs
}

func callsOf(p *program.Program, helper int32) (pcs []int) {
	for pc := range p.Insns {
		if in := &p.Insns[pc]; in.IsHelperCall() && in.Imm == helper {
			pcs = append(pcs, pc)
		}
	}
	return pcs
}

const (
	helperSkRelease   = 86
	helperSkcLookup   = 99
	helperRingReserve = 131
	helperRingSubmit  = 132
)

// A socket is looked up, found to be NULL on one side, read, and released.
func TestLifetimeOfSocket(t *testing.T) {
	p, l := lifetimesOf(t, "../testdata/objects/tc_session.bpf.o", "count_sessions")
	if want := callsOf(p, helperSkcLookup); !slices.Equal(l.Sites, want) {
		t.Fatalf("acquired at %v, want %v", l.Sites, want)
	}
	ended := steps(l, 0, func(h *record.Held) record.Sites { return h.Ended })
	release := callsOf(p, helperSkRelease)[0]
	if len(ended) != 2 || ended[1] != release {
		t.Fatalf("ended at %v, released at %d", ended, release)
	}
	if in := &p.Insns[ended[0]]; in.Class() != isa.ClassJMP || in.Code() != isa.OpJeq && in.Code() != isa.OpJne {
		t.Errorf("the NULL side is at %d", ended[0])
	}
	if used := steps(l, 0, func(h *record.Held) record.Sites { return h.Used }); len(used) < 2 ||
		!slices.Contains(used, release) {
		t.Errorf("used at %v, want a load and the release", used)
	}
	held := steps(l, 0, func(h *record.Held) record.Sites { return h.Some })
	if held[0] != l.Sites[0]+1 || slices.Contains(held, release+1) {
		t.Errorf("held at %v", held)
	}
}

// A program that acquires nothing has nothing to report.
func TestNoLifetimes(t *testing.T) {
	_, l := lifetimesOf(t, "../testdata/objects/xdp_port_filter.bpf.o", "port_filter")
	if len(l.Sites) != 0 {
		t.Errorf("acquired at %v", l.Sites)
	}
	for pc := range l.At {
		if at := &l.At[pc]; at.Some|at.Used|at.Ended != 0 || at.Open != 0 {
			t.Errorf("%d: %+v", pc, *at)
		}
	}
}

// Two acquiring calls whose paths meet at one release both end there, though
// the second path is given up where they meet.
func TestLifetimesMeet(t *testing.T) {
	p := newProgram(t, `
		r6 = *(u32 *)(r1 +12)
		r1 = map[0] ll
		r2 = 8
		r3 = 0
		if r6 == 0 goto +2
		call 131
		goto +1
		call 131
		if r0 == 0 goto +3
		r1 = r0
		r2 = 0
		call 132
		r0 = 0
		exit`, &program.Map{Name: "ring", Type: facts.MapRingBuf, MaxEntries: 4096})
	// A state is kept wherever two paths can meet.
	p.Flags |= program.FlagTestStateFreq
	r := Verify(p, Options{Lifetimes: true})
	if r.Verdict != Accepted {
		t.Fatalf("%v %+v %s", r.Verdict, r.Reports, r.Reason)
	}
	sites := callsOf(p, helperRingReserve)
	submit := callsOf(p, helperRingSubmit)[0]
	if len(r.Lifetimes.Sites) != len(sites) {
		t.Fatalf("acquired at %v, want %v", r.Lifetimes.Sites, sites)
	}
	for i := range sites {
		if ended := steps(r.Lifetimes, i, func(h *record.Held) record.Sites { return h.Ended }); !slices.Contains(ended,
			submit) {
			t.Errorf("what %d acquires ends at %v, want %d", r.Lifetimes.Sites[i], ended, submit)
		}
	}
}

// Following lifetimes does not change the walk.
func TestLifetimesDoNotDisturb(t *testing.T) {
	for _, name := range []string{"tc_session.bpf.o", "exec_events.bpf.o", "kprobe_latency.bpf.o"} {
		for _, p := range loadTestObject(t, "../testdata/objects/"+name).Programs {
			with, without := Verify(p, Options{LogLevel: 2 | 4, Lifetimes: true}), Verify(p, Options{LogLevel: 2 | 4})
			if string(with.Log) != string(without.Log) {
				t.Errorf("%s: another log", p.Name)
			}
		}
	}
}
