// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Sockets and flow keys. A socket pointer shows the fields of the kind of
// socket it is known to be (facts.SocketOf), for loads only. Flow keys are a
// plain struct that a flow dissector fills in.

// flowKeysSize is sizeof(struct bpf_flow_keys).
const flowKeysSize = 56

// requireSocketAccess checks a load through a socket pointer.
func (v *verifier) requireSocketAccess(a *access, r *state.Reg) *Rejection {
	if a.mode == accessWrite {
		return v.rejectReadOnly(a.base, r)
	}
	if rej := v.requireSocketField(a, r); rej != nil {
		return rej
	}
	v.applyLoadUnknown(a)
	return nil
}

// kernel: check_sock_access
func (v *verifier) requireSocketField(a *access, r *state.Reg) *Rejection {
	if r.Smin < 0 {
		return v.rejectNegativeIndex(a.base, r)
	}
	if rules := facts.SocketOf(r.Type); rules != nil {
		if _, ok := rules.Access(a.off, uint8(a.size), false, false); ok {
			return nil
		}
	}
	args := accessArgs(a.base, a.off, a.size)
	args.Type = r.Type.String()
	return v.reject(catalog.SocketAccess, eacces, args, "R%d invalid %s access off=%d size=%d", a.base, r.Type, a.off, a.size)
}

// requireFlowKeysAccess checks a load or store through a flow keys pointer.
func (v *verifier) requireFlowKeysAccess(a *access) *Rejection {
	if rej := v.requireNoPointerStored(a, "flow keys"); rej != nil {
		return rej
	}
	if a.off < 0 || int(a.off)+a.size > flowKeysSize {
		args := accessArgs(a.base, a.off, a.size)
		args.Has |= HasObject
		args.Object = flowKeysSize
		args.Type = regtype.Reg(regtype.PtrToFlowKeys).String()
		return v.reject(catalog.FlowKeysAccess, eacces, args, "invalid access to flow keys off=%d size=%d", a.off, a.size)
	}
	v.applyLoadUnknown(a)
	return nil
}
