// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Arguments of the function that a program is attached to, and members of the
// kernel's structs that it may write.

// addMissingArgument says how many arguments the hook has, at the parameter of
// the program that would be one more.
func (f *finding) addMissingArgument() {
	known, ok := fault.Get[fault.ContextArgument](f.report.Fault)
	if !ok || known.Proto == "" {
		return
	}
	f.facts["proto"] = catalog.Quote(known.Proto)
	f.facts["hookcall"] = catalog.Call(known.Hook)
	if f.Prog.Attach == facts.AttachTraceRawTp {
		f.facts["hookcall"] = "the tracepoint " + catalog.Quote(known.Hook)
	}
	f.facts["count"] = fmt.Sprintf("%d arguments", known.Count)
	if known.Count == 1 {
		f.facts["count"] = "1 argument"
	}
	switch f.Prog.Attach {
	case facts.AttachTraceFExit, facts.AttachModifyReturn, facts.AttachLSMMac, facts.AttachLSMCgroup:
		f.facts["result"] = "then its result"
	}
	f.facts["arg"] = cmp.Or(catalog.Ordinal(known.Nth), fmt.Sprint("number ", known.Nth))
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil {
		return
	}
	for _, macro := range []string{"BPF_PROG", "BPF_PROG2"} {
		// The macro's first argument is the name of the program.
		if text, r, ok := file.Argument(macro, known.Nth, pos.Line, max(pos.Col, 1)); ok {
			s := source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r)
			f.instead = &s
			f.facts["param"] = catalog.Quote(text)
			return
		}
	}
}

// addContextMember names the member of the context that is accessed, and says
// who may access it, or what may be written instead.
func (f *finding) addContextMember() {
	access, ok := fault.Get[fault.Access](f.report.Fault)
	of, isStruct := strings.CutPrefix(f.Prog.Type.Info().Ctx, "struct ")
	in := f.insn()
	if !ok || !isStruct || f.facts["proto"] != "" || f.Prog.KernelBTF == nil || in == nil {
		return
	}
	var ctx *btf.Struct
	if f.Prog.KernelBTF.TypeByName(of, &ctx) != nil {
		return
	}
	member := memberAt(ctx, access.Off)
	if member == nil {
		return
	}
	size, err := btf.Sizeof(member.Type)
	if err != nil || size != int(access.Size) || int64(member.Offset.Bytes()) != access.Off {
		return // a part of it: the width is what is wrong
	}
	q := f.query()
	own := facts.CtxOf(q.Prog, q.Attach, q.Caps, q.Kernel)
	f.facts["member"], f.facts["object"] = catalog.Quote(member.Name), catalog.Quote("struct "+of)
	writes := f.accessWords() == "written"
	switch readable := accessible(own, member, false); {
	case writes && readable:
		var names []string
		for i := range ctx.Members {
			if m := &ctx.Members[i]; m.Name != "" && accessible(own, m, true) {
				names = append(names, m.Name)
			}
		}
		if f.set("settable", catalog.AllOf(names)); len(names) == 0 {
			f.facts["readonly"] = f.facts["member"]
		}
	case !readable:
		f.set("others", f.typesWith(member, of, writes))
	}
}

// memberAt is the member of a struct at an offset, nil if none begins there.
func memberAt(s *btf.Struct, off int64) *btf.Member {
	for i := range s.Members {
		if m := &s.Members[i]; int64(m.Offset.Bytes()) == off && m.Name != "" {
			return m
		}
	}
	return nil
}

// accessible reports whether a whole member of a context may be accessed.
func accessible(c *facts.Ctx, m *btf.Member, write bool) bool {
	size, err := btf.Sizeof(m.Type)
	if c == nil || err != nil || size > 8 {
		return false
	}
	_, ok := c.Access(int32(m.Offset.Bytes()), uint8(size), write, false)
	return ok
}

// typesWith lists the program types with the same context that may access a
// member.
func (f *finding) typesWith(m *btf.Member, of string, write bool) string {
	var names []string
	for t := facts.ProgUnspec + 1; t < facts.NumProgTypes; t++ {
		c := facts.CtxOf(t, 0, facts.CapsRoot, facts.Of(facts.Default).Kernel)
		if t.Info().Ctx == "struct "+of && accessible(c, m, write) {
			names = append(names, t.String())
		}
	}
	return catalog.AnyOf(names)
}

// addWritable lists the members that may be written.
func (f *finding) addWritable() {
	known, ok := fault.Get[fault.FixedMember](f.report.Fault)
	if !ok || known.Writable == "" {
		return
	}
	f.facts["writable"] = catalog.AllOf(strings.Split(known.Writable, ", "))
	f.facts["name"] = catalog.Quote("struct " + known.Struct)
	if file, pos, ok := f.sourceAt(); ok {
		if r, ok := file.Expression(pos.Line, max(pos.Col, 1)); ok {
			text := file.Text(r)
			if i := strings.Index(text, "->"); i > 0 {
				member, _, _ := strings.Cut(text[i+2:], " ")
				f.set("member", catalog.Quote(member))
			}
		}
	}
}
