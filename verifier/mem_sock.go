// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Sockets and flow keys. A socket pointer shows the fields of the kind of
// socket it is known to be (facts.SocketOf), for loads only. Flow keys are a
// plain struct that a flow dissector fills in.

// flowKeysSize is sizeof(struct bpf_flow_keys).
const flowKeysSize = 56

// stepSocketAccess checks a load through a socket pointer.
func (v *verifier) stepSocketAccess(a *access, r *state.Reg) *Rejection {
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
	if rules := facts.SocketOf(r.Type); rules != nil {
		if _, ok := rules.Access(a.off, uint8(a.size), false, false); ok {
			return nil
		}
	}
	return v.reject(eacces, fault.SocketAccess.Of(fault.KindAccess{Access: a.fault(), Kind: r.Type}))
}

// stepFlowKeysAccess checks a load or store through a flow keys pointer.
func (v *verifier) stepFlowKeysAccess(a *access) *Rejection {
	if rej := v.requireNoPointerStored(a, "flow keys"); rej != nil {
		return rej
	}
	if a.off < 0 || int(a.off)+a.size > flowKeysSize {
		bounds := fault.Bounds{KindAccess: fault.KindAccess{Access: a.fault(), Kind: regtype.PtrToFlowKeys},
			Object: flowKeysSize}
		return v.reject(eacces, fault.FlowKeysAccess.Of(bounds))
	}
	v.applyLoadUnknown(a)
	return nil
}
