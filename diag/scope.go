// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/history"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// What the story of a fault is about:
//
//	a leaked reference                the reference
//	a region that is open, or that
//	is left without being open        the region
//	a call that may sleep             the region that forbids it: RCU, preempt,
//	                                  interrupts or lock, the first that is open
//	a lock taken or released wrongly  none: the lock that is held says it all
//	a value of the wrong kind, range  the value
//	anything else                     none

// lockContexts are the regions that locks open, which nest in each other.
var lockContexts = []verifier.Context{verifier.ContextLock, verifier.ContextResLock}

// regionOf are the codes about regions, besides those of openContext.
var regionOf = map[catalog.Code][]verifier.Context{
	catalog.IRQFlagFamilyMismatch:  {verifier.ContextIRQ},
	catalog.IRQRestoreOutOfOrder:   {verifier.ContextIRQ},
	catalog.UnmatchedRCUUnlock:     {verifier.ContextRCU},
	catalog.UnmatchedPreemptEnable: {verifier.ContextPreempt},
}

// sleepless are the regions that forbid sleeping, in the order in which the
// kernel blames them.
var sleepless = [][]verifier.Context{{verifier.ContextRCU}, {verifier.ContextPreempt}, {verifier.ContextIRQ}, lockContexts}

// scope is what the story of a fault is about; false if it has none.
func (f *finding) scope() (history.Scope, bool) {
	code := f.entry.Code
	if ref, held := f.reference(); held {
		return history.OfReference(ref.ID), true
	}
	switch code {
	case catalog.SleepableHelper, catalog.SleepableKfunc, catalog.SleepableFunction, catalog.SleepableMap:
		for _, kinds := range sleepless {
			if history.Depth(f.result.History, kinds...) > 0 {
				return history.OfRegion(kinds...), true
			}
		}
		return history.Scope{}, false
	}
	if f.activeLock() != nil {
		return history.Scope{}, false
	}
	if kinds, ok := regionOf[code]; ok {
		return history.OfRegion(kinds...), true
	}
	if kinds, ok := openContext[code]; ok {
		if slices.Contains(kinds, verifier.ContextLock) {
			kinds = lockContexts
		}
		return history.OfRegion(kinds...), true
	}
	if f.reg >= 0 && f.reg <= 9 && f.dependsOnValue() {
		return history.OfValue(f.place()), true
	}
	return history.Scope{}, false
}

// dependsOnValue tells faults that another value in the register might not be.
// Of memory, those are the faults about offsets: what may be done with a kind
// of memory at all does not depend on the path.
func (f *finding) dependsOnValue() bool {
	switch f.entry.Category() {
	case catalog.RegisterType, catalog.CallType:
		return true
	}
	switch f.entry.Code {
	case catalog.NegativeOffset, catalog.OutOfBounds, catalog.UnboundedOffset, catalog.PacketOutOfBounds, catalog.StackOutOfBounds,
		catalog.VariableStackOffset, catalog.Misaligned, catalog.BufferAccess:
		return true
	}
	return false
}

// place is the register that the fault is about.
func (f *finding) place() verifier.Place {
	return verifier.Place{
		Kind: verifier.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: uint8(f.reg),
	}
}

// activeLock is the event that took the lock which is in the way, nil if the
// fault is none of locks.
func (f *finding) activeLock() *verifier.Event {
	switch f.entry.Code {
	case catalog.NestedSpinLock, catalog.RecursiveLock, catalog.UnlockDifferentLock, catalog.UnlockOutOfOrder:
		return history.Innermost(f.result.History, lockContexts...)
	}
	return nil
}
