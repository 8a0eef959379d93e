// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Kernel functions that do what the program wants, found by the name of what it uses:
//
//	the same name for another kind of packet     bpf_dynptr_from_xdp() of bpf_dynptr_from_skb()
//	the same name, for memory to write           bpf_dynptr_slice_rdwr() of bpf_dynptr_slice()
//	the name of the member that was read         bpf_get_task_exe_file() of `task->mm->exe_file`

// kfuncsLike are the names of the kernel functions that the program may call and that match.
func (w *where) kfuncsLike(match func(name string) bool) []string {
	q := w.Query()
	var names []string
	for _, k := range facts.KfuncsWith(0, &q) {
		if match(k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

// kfuncCounterparts are the kernel functions that the program may call and that differ from
// the one named in what they work on.
func (w *where) kfuncCounterparts(name string) []string {
	shape := shapeOf(name)
	if shape == name {
		return nil
	}
	return w.kfuncsLike(func(other string) bool { return other != name && shapeOf(other) == shape })
}

// writableSuffix ends the names of kernel functions that return memory which may be written,
// where the function without it returns memory to read.
const writableSuffix = "_rdwr"

// addSibling names the function that returns the same memory to write, of what the program
// got from another one.
func (f *finding) addSibling() {
	o := f.origin()
	if o.kind != originCall {
		return
	}
	in := &f.Prog.Insns[o.pc]
	name := f.Callee(o.pc)
	switch f.Prog.Type.Info().Packet {
	case facts.PacketNone, facts.PacketRead:
		return // the verifier lets only those get such memory that may write to packets
	}
	if !in.IsKfuncCall() || len(f.kfuncsLike(func(other string) bool { return other == name+writableSuffix })) == 0 {
		return
	}
	f.facts["reader"] = catalog.Call(name)
	f.facts["writer"] = catalog.Call(name+writableSuffix) + f.lineWords(o.pc)
	if buffer, _, ok := f.Argument(o.pc, 3); ok && buffer != "NULL" && buffer != "0" {
		f.facts["given"] = catalog.Quote(buffer)
	}
}

// lastMemberRE is a member that is read through others, behind a variable.
var lastMemberRE = regexp.MustCompile(`^([A-Za-z_]\w*)(?:(?:->|\.)\w+)*->(\w+)$`)

// addMemberGetter finds the kernel function that gives a reference to what the program read
// from a member: it is named after the member, and takes the object that the read begins at.
func (f *finding) addMemberGetter() {
	v := f.passed(f.arg)
	m := lastMemberRE.FindStringSubmatch(trimQuotes(f.originWords(f.origin())))
	if v == nil || v.Struct == "" || m == nil || f.Prog.KernelBTF == nil {
		return
	}
	q := f.Query()
	for _, k := range facts.KfuncsWith(facts.KfAcquire, &q) {
		if !strings.HasSuffix(k.Name, "_"+m[2]) {
			continue
		}
		proto := source.Proto(f.Prog.KernelBTF, k.Name)
		if proto == nil || pointee(proto.Return) != v.Struct || len(proto.Params) != 1 {
			continue
		}
		takes, releasers := pointee(proto.Params[0].Type), catalog.AcquiredBy(k.Name).Releasers
		if typ, _, typed := f.Index.Pointee(f.report.PC, m[1]); !typed || strings.TrimPrefix(typ, "struct ") != takes || len(releasers) == 0 || !f.readThroughTrusted(takes) {
			continue
		}
		f.facts["member"] = catalog.Quote(m[0])
		f.facts["object"] = catalog.Quote("struct " + v.Struct)
		f.facts["owner"] = catalog.Quote(k.Name + "(" + m[1] + ")")
		f.facts["drop"] = catalog.Call(releasers[0])
		return
	}
}

// addOwnedByMap explains the release of an object that was read from a pointer in the value of
// a map, which owns it still.
func (f *finding) addOwnedByMap() bool {
	o := f.origin()
	name := trimQuotes(f.facts["value"])
	if o.kind != originLoad || catalog.Ends(f.Callee(f.report.PC)) == "" || !isVariable(name) {
		return false
	}
	p := record.Place{Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: f.Prog.Insns[o.pc].Src}
	v := history.Known(f.result, f.lastEvent(o.pc), p)
	member := trimQuotes(f.originWords(o))
	if v == nil || !inMapValue(v) || !lvalueRE.MatchString(member) || !strings.Contains(member, "->") {
		return false
	}
	f.facts["owned"] = catalog.Quote(member)
	f.facts["check"] = catalog.Quote(fmt.Sprintf("%s = bpf_kptr_xchg(&%s, NULL);", name, member))
	f.facts["line"] = strconv.Itoa(f.lineOf(o.pc))
	return true
}

// readThroughTrusted reports whether the argument of the fault was read through a trusted
// pointer to an object of a structure of the kernel, directly or through further ones.
func (f *finding) readThroughTrusted(object string) bool {
	path := f.path()
	for o := f.origin(); o.kind == originLoad; {
		base := f.Prog.Insns[o.pc].Src
		p := record.Place{Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: base}
		v := history.Known(f.result, f.lastEvent(o.pc), p)
		if v != nil && v.Struct == object {
			return v.Type&regtype.Trusted != 0 || v.Ref != 0
		}
		path = path[:lastIndex(path, o.pc)+1]
		o = lineage(f.Prog.Insns, path, base)
	}
	return false
}
