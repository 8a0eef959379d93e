// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Fields of kernel objects that programs may set. A store must begin where the
// field begins and stay inside it:
//
//	programs            object     fields
//	TC, XDP             nf_conn    mark
//	congestion control  tcp_sock   pacing, congestion window and private data
//	dummy_ops           its state  all
//
// Other struct_ops types have rules that are not modelled.

// writableFields are the fields of one kind of program, by their path from the
// struct that declares them; that struct begins the object.
type writableFields struct {
	object string
	paths  [][]string
}

// names are the fields as a store writes them, behind the structs that begin
// the object.
func (w *writableFields) names() string {
	names := make([]string, len(w.paths))
	for i, path := range w.paths {
		names[i] = strings.Join(path[1:], ".")
	}
	return strings.Join(names, ", ")
}

var (
	conntrackFields = writableFields{"nf_conn", [][]string{{"nf_conn", "mark"}}}
	tcpFields       = writableFields{"tcp_sock", [][]string{
		{"sock", "sk_pacing_rate"},
		{"sock", "sk_pacing_status"},
		{"inet_connection_sock", "icsk_ca_priv"},
		{"inet_connection_sock", "icsk_ack", "pending"},
		{"tcp_sock", "snd_cwnd"},
		{"tcp_sock", "snd_cwnd_cnt"},
		{"tcp_sock", "snd_cwnd_stamp"},
		{"tcp_sock", "snd_ssthresh"},
		{"tcp_sock", "ecn_flags"},
		{"tcp_sock", "app_limited"},
	}}
)

// mayWriteKernelFields tells a program type that may set fields of kernel
// objects.
//
// kernel: bpf_verifier_ops with btf_struct_access
func (v *verifier) mayWriteKernelFields() bool {
	switch v.prog.Type {
	case facts.ProgSchedCLS, facts.ProgSchedACT, facts.ProgXDP, facts.ProgStructOps:
		return true
	}
	return false
}

// requireFieldWrite wants a store to a kernel object to set such a field.
func (v *verifier) requireFieldWrite(a *access, r *state.Reg) *Rejection {
	if v.prog.Type != facts.ProgStructOps {
		if _, ok := v.structID(conntrackFields.object); !ok {
			return v.reject(eacces, fault.StructNeverWritable.Of(fault.StructAccess{Access: a.fault()}))
		}
		return v.requireWritableField(a, r, &conntrackFields)
	}
	switch ops, _, _ := strings.Cut(v.prog.AttachTo, ":"); ops {
	case "tcp_congestion_ops":
		return v.requireWritableField(a, r, &tcpFields)
	case "bpf_dummy_ops":
		return v.requireDummyState(a, r)
	default:
		return v.unsupported("sets fields of kernel objects in struct %s", ops)
	}
}

// kernel: bpf_tcp_ca_btf_struct_access, _nf_conntrack_btf_struct_access
func (v *verifier) requireWritableField(a *access, r *state.Reg, w *writableFields) *Rejection {
	name := v.btfName(r.BTFType())
	if name != w.object && name != w.object+"___init" {
		return v.reject(eacces, fault.BTFWrite.Of(fault.StructAccess{Access: a.fault(), Struct: name}))
	}
	for _, path := range w.paths {
		off, size, isArray, ok := v.fieldRange(path)
		inside := isArray && uint32(a.off) > off && uint32(a.off) < off+size
		if !ok || uint32(a.off) != off && !inside {
			continue
		}
		if uint32(a.off)+uint32(a.size) > off+size {
			return v.reject(eacces, fault.WriteBeyondMember.Of(fault.StructWrite{StructAccess: fault.StructAccess{Access: a.fault(), Struct: w.object}, End: int64(off + size)}))
		}
		return nil
	}
	return v.reject(eacces, fault.MemberNotWritable.Of(fault.FixedMember{StructAccess: fault.StructAccess{Access: a.fault(), Struct: w.object}, Writable: w.names()}))
}

// fieldRange finds a field by its path in the kernel's BTF.
func (v *verifier) fieldRange(path []string) (off, size uint32, isArray, ok bool) {
	var t btf.Type
	if st := program.FirstStruct(v.btfs[state.KernelBTF].spec, path[0]); st != nil {
		t = st
	}
	for _, name := range path[1:] {
		m, at := memberNamed(t, name)
		if m == nil {
			return 0, 0, false, false
		}
		off += at
		t = skipModifiers(m.Type)
	}
	size, ok = typeSize(t)
	_, isArray = t.(*btf.Array)
	return off, size, isArray, ok
}

// memberNamed finds a member, in unnamed structs and unions too, and its offset
// in bytes.
func memberNamed(t btf.Type, name string) (m *btf.Member, off uint32) {
	members, _, _ := membersOf(t)
	for i := range members {
		if members[i].Name == name {
			return &members[i], members[i].Offset.Bytes()
		}
		if members[i].Name == "" {
			if inner, at := memberNamed(skipModifiers(members[i].Type), name); inner != nil {
				return inner, members[i].Offset.Bytes() + at
			}
		}
	}
	return nil, 0
}

// kernel: bpf_dummy_ops_btf_struct_access
func (v *verifier) requireDummyState(a *access, r *state.Reg) *Rejection {
	_, size, _ := membersOf(v.btfType(r.BTFType()))
	switch {
	case v.btfName(r.BTFType()) != "bpf_dummy_ops_state":
		return v.reject(eacces, fault.NotDummyState.Of(fault.StructAccess{Access: a.fault()}))
	case uint32(a.off)+uint32(a.size) > size:
		return v.reject(eacces, fault.DummyStateWrite.Of(fault.StructAccess{Access: a.fault()}))
	}
	return nil
}
