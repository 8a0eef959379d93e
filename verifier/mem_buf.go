// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Memory objects and buffers. The size of a memory object is known; untrusted
// read-only memory is read by loads that survive a fault and needs no bounds.
// The size of a buffer is only known when the program is attached, so the
// verifier asks for a fixed offset that is not negative and the kernel compares
// the highest one later.

// stepMemAccess checks a load or store through a memory object pointer.
func (v *verifier) stepMemAccess(a *access, r *state.Reg) *Rejection {
	readOnly := r.Type.IsReadOnlyMem()
	switch {
	case r.Type.MayBeNull():
		return v.rejectDereference(a.base, r)
	case a.mode == accessWrite && readOnly:
		return v.rejectReadOnly(a.base, r)
	}
	if rej := v.requireNoPointerStored(a, "mem"); rej != nil {
		return rej
	}
	if !readOnly || r.Type&regtype.Untrusted == 0 {
		if rej := v.requireInRegion(region{reg: a.base, off: a.off, size: a.size, limit: r.MemSize()}); rej != nil {
			return rej
		}
	}
	v.applyLoadUnknown(a)
	return nil
}

// stepTracepointBufferAccess checks an access to a writable tracepoint's
// buffer.
//
// kernel: check_tp_buffer_access
func (v *verifier) stepTracepointBufferAccess(a *access, r *state.Reg) *Rejection {
	if rej := v.requireInBuffer(a.base, r, a.off, a.size, "tracepoint"); rej != nil {
		return rej
	}
	v.applyLoadUnknown(a)
	return nil
}

// stepBufAccess checks a load or store through a buffer pointer.
func (v *verifier) stepBufAccess(a *access, r *state.Reg) *Rejection {
	if a.mode == accessWrite && r.Type.IsReadOnlyMem() {
		return v.rejectReadOnly(a.base, r)
	}
	if rej := v.requireInBuf(a.base, r, a.off, a.size); rej != nil {
		return rej
	}
	v.applyLoadUnknown(a)
	return nil
}

// kernel: check_buffer_access
func (v *verifier) requireInBuf(n uint8, r *state.Reg, off int32, size int) *Rejection {
	kind := "rdwr"
	if r.Type.IsReadOnlyMem() {
		kind = "rdonly"
	}
	return v.requireInBuffer(n, r, off, size, kind)
}

// requireInBuffer requires a fixed offset that is not negative; kind is the
// buffer in the log's words.
//
// kernel: __check_buffer_access
func (v *verifier) requireInBuffer(n uint8, r *state.Reg, off int32, size int, kind string) *Rejection {
	if off >= 0 && r.Var.Equals(0) {
		return nil
	}
	access := fault.BufferAccess{KindAccess: fault.KindAccess{Access: accessed(n, off, size), Kind: r.Type},
		Buffer: kind, Bits: r.Var}
	if off < 0 {
		return v.reject(eacces, fault.NegativeBufferOffset.Of(access))
	}
	return v.reject(eacces, fault.VariableBufferOffset.Of(access))
}
