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

// Fields of kernel objects that programs may set:
//
//	programs            object      fields
//	TC, XDP             nf_conn     mark
//	congestion control  tcp_sock    pacing, congestion window and private data
//	queueing            Qdisc       limit, length and statistics
//	                    sk_buff     time stamp, private data in cb
//	scheduler           task_struct slice, virtual time and disallow, of its sched_ext_entity
//	dummy_ops           its state   all
//
// A store to one of the first four must begin where the field begins, or anywhere
// in an array or struct, and stay inside the field; the scheduler's fields take
// any store inside. Other struct_ops types have rules that are not modelled.

// writableFields are the fields of one kind of object that one kind of program
// may set.
type writableFields struct {
	object string
	fields []writableField
}

// writableField is a field by its path from the struct that declares it; that
// struct begins the object.
type writableField struct {
	path []string
	// part is the path of the part of the field that may be set, from a struct
	// that the field holds; nil for all of it.
	part []string
}

// names are the fields as a store writes them, after the structs that begin
// the object.
func (w *writableFields) names() string {
	names := make([]string, len(w.fields))
	for i := range w.fields {
		names[i] = strings.Join(w.fields[i].path[1:], ".")
	}
	return strings.Join(names, ", ")
}

var (
	conntrackFields = []writableFields{{"nf_conn", []writableField{{path: []string{"nf_conn", "mark"}}}}}
	tcpFields       = []writableFields{{"tcp_sock", []writableField{
		{path: []string{"sock", "sk_pacing_rate"}},
		{path: []string{"sock", "sk_pacing_status"}},
		{path: []string{"inet_connection_sock", "icsk_ca_priv"}},
		{path: []string{"inet_connection_sock", "icsk_ack", "pending"}},
		{path: []string{"tcp_sock", "snd_cwnd"}},
		{path: []string{"tcp_sock", "snd_cwnd_cnt"}},
		{path: []string{"tcp_sock", "snd_cwnd_stamp"}},
		{path: []string{"tcp_sock", "snd_ssthresh"}},
		{path: []string{"tcp_sock", "ecn_flags"}},
		{path: []string{"tcp_sock", "app_limited"}},
	}}}
	qdiscFields = []writableFields{
		{"sk_buff", []writableField{
			{path: []string{"sk_buff", "tstamp"}},
			{path: []string{"sk_buff", "cb"}, part: []string{"qdisc_skb_cb", "data"}},
		}},
		{"Qdisc", []writableField{
			{path: []string{"Qdisc", "limit"}},
			{path: []string{"Qdisc", "q", "qlen"}},
			{path: []string{"Qdisc", "qstats"}},
		}},
	}
	schedulerFields = []writableFields{{"task_struct", []writableField{
		{path: []string{"task_struct", "scx", "slice"}},
		{path: []string{"task_struct", "scx", "dsq_vtime"}},
		{path: []string{"task_struct", "scx", "disallow"}},
	}}}
)

// mayWriteKernelFields reports whether the program type may set fields of kernel
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

// requireFieldWrite requires a store to a kernel object to set such a field.
func (v *verifier) requireFieldWrite(a *access, r *state.Reg) *Rejection {
	if v.prog.Type != facts.ProgStructOps {
		if _, ok := v.structID(conntrackFields[0].object); !ok {
			return v.reject(eacces, fault.StructNeverWritable.Of(fault.StructAccess{Access: a.fault()}))
		}
		return v.requireWritableField(a, r, conntrackFields)
	}
	switch ops, _, _ := strings.Cut(v.prog.AttachTo, ":"); ops {
	case "tcp_congestion_ops":
		return v.requireWritableField(a, r, tcpFields)
	case "Qdisc_ops":
		return v.requireWritableField(a, r, qdiscFields)
	case "sched_ext_ops":
		return v.requireInsideWritable(a, r, schedulerFields)
	case "bpf_dummy_ops":
		return v.requireDummyState(a, r)
	default:
		return v.unsupported("sets fields of kernel objects in struct %s", ops)
	}
}

// writableOf are the fields of the object that a register points to, nil if none
// may be set.
func (v *verifier) writableOf(r *state.Reg, objects []writableFields) *writableFields {
	name := v.btfName(r.BTFType())
	for i := range objects {
		if w := &objects[i]; name == w.object || name == w.object+"___init" {
			return w
		}
	}
	return nil
}

// kernel: bpf_tcp_ca_btf_struct_access, _nf_conntrack_btf_struct_access,
// bpf_qdisc_btf_struct_access
func (v *verifier) requireWritableField(a *access, r *state.Reg, objects []writableFields) *Rejection {
	w := v.writableOf(r, objects)
	if w == nil {
		return v.reject(eacces, fault.BTFWrite.Of(fault.StructAccess{Access: a.fault(),
			Struct: v.btfName(r.BTFType())}))
	}
	for i := range w.fields {
		off, size, wide, ok := v.writableRange(&w.fields[i])
		inside := wide && uint32(a.off) > off && uint32(a.off) < off+size
		if !ok || uint32(a.off) != off && !inside {
			continue
		}
		if uint32(a.off)+uint32(a.size) > off+size {
			known := fault.StructAccess{Access: a.fault(), Struct: w.object}
			beyond := fault.StructWrite{StructAccess: known, End: int64(off + size)}
			return v.reject(eacces, fault.WriteBeyondMember.Of(beyond))
		}
		return nil
	}
	known := fault.StructAccess{Access: a.fault(), Struct: w.object}
	return v.reject(eacces, fault.MemberNotWritable.Of(fault.FixedMember{StructAccess: known, Writable: w.names()}))
}

// requireInsideWritable requires a store to set nothing but one field of those.
//
// kernel: bpf_scx_btf_struct_access
func (v *verifier) requireInsideWritable(a *access, r *state.Reg, objects []writableFields) *Rejection {
	w := v.writableOf(r, objects)
	if w == nil {
		return v.reject(eacces, fault.StructNeverWritable.Of(fault.StructAccess{Access: a.fault()}))
	}
	for i := range w.fields {
		off, size, _, ok := v.writableRange(&w.fields[i])
		if ok && a.off >= 0 && uint32(a.off) >= off && uint32(a.off)+uint32(a.size) <= off+size {
			return nil
		}
	}
	known := fault.StructAccess{Access: a.fault(), Struct: w.object}
	return v.reject(eacces, fault.MemberNeverWritable.Of(fault.FixedMember{StructAccess: known, Writable: w.names()}))
}

// writableRange is where a field lies that may be set. A wide one has parts of
// its own.
func (v *verifier) writableRange(f *writableField) (off, size uint32, wide, ok bool) {
	off, size, wide, ok = v.fieldRange(f.path)
	if ok && f.part != nil {
		var at uint32
		at, size, wide, ok = v.fieldRange(f.part)
		off += at
	}
	return off, size, wide, ok
}

// fieldRange finds a field by its path in the kernel's BTF, and whether it is an
// array or a struct.
func (v *verifier) fieldRange(path []string) (off, size uint32, wide, ok bool) {
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
	_, isArray := t.(*btf.Array)
	_, isStruct := t.(*btf.Struct)
	return off, size, isArray || isStruct, ok
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
