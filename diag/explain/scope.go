// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// contexts are what events call the regions of the catalogue.
var contexts = [...]record.Context{
	catalog.RCU:           record.ContextRCU,
	catalog.Preempt:       record.ContextPreempt,
	catalog.IRQ:           record.ContextIRQ,
	catalog.Lock:          record.ContextLock,
	catalog.ResilientLock: record.ContextResLock,
}

// lockContexts are the regions that locks open, which nest in each other.
var lockContexts = []record.Context{record.ContextLock, record.ContextResLock}

// contextsOf are the contexts of regions.
func contextsOf(regions []catalog.Region) []record.Context {
	var all []record.Context
	for _, r := range regions {
		all = append(all, contexts[r])
	}
	return all
}

// regions are the contexts that the story of the fault may be about.
func (f *finding) regions() []record.Context { return contextsOf(f.entry.Story.Regions) }

// sleepless are the regions that forbid sleeping, in the order in which the
// kernel blames them.
var sleepless = [][]record.Context{{record.ContextRCU}, {record.ContextPreempt}, {record.ContextIRQ}, lockContexts}

// scope is what the story of a fault is about; false if it has none.
func (f *finding) scope() (history.Scope, bool) {
	if ref, held := f.reference(); held {
		return history.OfReference(ref.ID), true
	}
	switch f.entry.Story.About {
	case catalog.AboutSleep:
		for _, kinds := range sleepless {
			if history.Depth(f.result.History, kinds...) > 0 {
				return history.OfRegion(kinds...), true
			}
		}
	case catalog.AboutRegion:
		return history.OfRegion(f.regions()...), true
	case catalog.AboutOpenRegion:
		return history.OfRegion(f.regions()...), true
	case catalog.AboutValue:
		if f.reg >= 0 && f.reg <= 9 {
			return history.OfValue(f.place()), true
		}
	}
	return history.Scope{}, false
}

// place is the register that the fault is about.
func (f *finding) place() record.Place {
	return record.Place{
		Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: uint8(f.reg),
	}
}

// activeLock is the event that took the lock which is in the way, nil if the
// fault is not about locks.
func (f *finding) activeLock() *record.Event {
	if f.entry.Story.About != catalog.AboutHeldLock {
		return nil
	}
	return history.Innermost(f.result.History, lockContexts...)
}
