// SPDX-License-Identifier: GPL-2.0-only

package verifier

// acquireRef takes a pointer reference at pc and returns its id.
//
// kernel: acquire_reference
func (v *verifier) acquireRef(pc int) uint32 { return 0 }

// releaseRef gives a reference back and invalidates all its copies.
//
// kernel: release_reference
func (v *verifier) releaseRef(id uint32) *Rejection { return nil }

// requireNoLeak wants nothing to be held that what, the way of leaving,
// cannot leave with.
//
// kernel: check_resource_leak
func (v *verifier) requireNoLeak(exception, checkLock bool, what string) *Rejection { return nil }

// invalidatePackets forgets every packet pointer: the packet may have moved.
//
// kernel: clear_all_pkt_pointers
func (v *verifier) invalidatePackets() {}

// invalidateCallerSaved forgets what a call may overwrite, R0 to R5.
//
// kernel: clear_caller_saved_regs
func (v *verifier) invalidateCallerSaved() {}
