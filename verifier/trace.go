// SPDX-License-Identifier: GPL-2.0-only

package verifier

// tracer writes the kernel's log.
type tracer struct{ level uint32 }

func (t *tracer) printf(format string, args ...any) {}
func (t *tracer) scratchAll()                       {}
func (t *tracer) scratchReg(n uint8)                {}
func (t *tracer) scratchSlot(spi int)               {}
