// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Members of contexts and of sockets that are there, but cannot be accessed so:
//
//	in part, or with more bytes    which numbers of bytes do
//	written, and only readable     which members can be written, what changes this one
//	in other programs only         the types of programs that have it
//	in full sockets only           how to get one

// shown is a member of a structure that programs see.
type shown struct {
	name      string
	off, size int64
}

// memberOver is the member of a structure that holds the byte at an offset; its
// name is "" if there is none.
func memberOver(s *btf.Struct, off int64) shown {
	for i := range s.Members {
		m := &s.Members[i]
		size, err := btf.Sizeof(m.Type)
		start := int64(m.Offset.Bytes())
		if err != nil || off < start || off >= start+int64(size) {
			continue
		}
		if m.Name != "" {
			return shown{m.Name, start, int64(size)}
		}
		// Pointers are members of a union that gives them their size.
		switch inner := btf.UnderlyingType(m.Type).(type) {
		case *btf.Struct:
			return memberOver(inner, off-start).after(start)
		case *btf.Union:
			return memberOver(&btf.Struct{Members: inner.Members}, off-start).after(start)
		}
	}
	return shown{}
}

// after is the member as one of a structure that has its own at an offset.
func (m shown) after(off int64) shown {
	m.off += off
	return m
}

// allMembers are the members that have names, also inside of those that have none.
func allMembers(s *btf.Struct) []shown {
	var out []shown
	for off := int64(0); off < int64(s.Size); {
		m := memberOver(s, off)
		if m.name == "" {
			off++
			continue
		}
		out = append(out, m)
		off = m.off + m.size
	}
	return out
}

// widths are the numbers of bytes that can be accessed at the start of a member.
func widths(c *facts.Ctx, m shown, write bool) []int64 {
	var out []int64
	for _, size := range []int64{1, 2, 4, 8} {
		if _, ok := c.Access(int32(m.off), uint8(size), write, false); ok {
			out = append(out, size)
		}
	}
	return out
}

// structNamed is a structure of the kernel or, if that lacks it, of the object.
func (w *where) structNamed(name string) *btf.Struct {
	for _, types := range []*btf.Spec{w.Prog.KernelBTF, w.Prog.BTF} {
		var s *btf.Struct
		if types != nil && name != "" && types.TypeByName(name, &s) == nil {
			return s
		}
	}
	return nil
}

// addContextMember names the member of the context that is accessed, and says
// who may access it, or what may be done instead.
func (f *finding) addContextMember() {
	f.addMacro()
	access, ok := fault.Get[fault.Access](f.report.Fault)
	of, isStruct := strings.CutPrefix(f.Prog.Type.Info().Ctx, "struct ")
	if hook, _ := fault.Get[fault.ContextArgument](f.report.Fault); hook.Proto != "" {
		return // addMissingArgument explains it
	}
	if !ok || !isStruct || f.insn() == nil {
		return
	}
	ctx := f.structNamed(of)
	if ctx == nil {
		return
	}
	member := memberOver(ctx, access.Off)
	if member.name == "" {
		return
	}
	q := f.Query()
	own := facts.CtxOf(q.Prog, q.Attach, q.Caps, q.Kernel)
	f.facts["member"], f.facts["object"] = catalog.Quote(member.name), catalog.Quote("struct "+of)
	writes := f.accessWords() == "written"
	switch able := widths(own, member, writes); {
	case len(able) > 0:
		f.addWidths(member, able, writes)
	case writes && len(widths(own, member, false)) > 0:
		f.addSettable(ctx, own, of, member.name)
	default:
		f.addElsewhere(member, of, writes)
		if strings.HasPrefix(member.name, "data") && !writes {
			f.addLoader()
		}
	}
}

// addElsewhere says where a member of the context can be accessed: at other hooks of
// the same type of program, or in programs of other types.
func (f *finding) addElsewhere(member shown, of string, writes bool) {
	q := f.Query()
	var sections []string
	for i := range facts.Sections {
		s := &facts.Sections[i]
		if s.Type != f.Prog.Type || s.Flags&facts.SectionSleepable != 0 || len(sections) == mostHooks {
			continue
		}
		if len(widths(facts.CtxOf(s.Type, s.Attach, q.Caps, q.Kernel), member, writes)) > 0 {
			sections = append(sections, `SEC("`+s.Name+`")`)
		}
	}
	switch {
	case len(sections) > 0:
		f.facts["hooks"] = catalog.OneOf(sections)
	case writes:
		f.set("writers", f.typesWith(member, of, true))
	default:
		f.set("others", f.typesWith(member, of, false))
	}
}

// mostHooks is how many sections are listed.
const mostHooks = 4

// addMacro says that the program gets its arguments by a macro for another kind of
// program.
func (f *finding) addMacro() {
	switch f.Prog.Type {
	case facts.ProgTracing, facts.ProgLSM, facts.ProgStructOps:
	default:
		return
	}
	fn, file, _, ok := f.functionHere()
	if !ok {
		return
	}
	uses := regexp.MustCompile(`\b(BPF_(?:KPROBE|KRETPROBE|UPROBE|URETPROBE|KSYSCALL|KPROBE_SYSCALL))\s*\(\s*` + regexp.QuoteMeta(f.Prog.Name) + `\b`)
	for n := max(fn.Body.Line-4, 1); n <= fn.Body.Line; n++ {
		if m := uses.FindStringSubmatch(file.Line(n)); m != nil {
			f.facts["macro"] = m[1] + "()"
		}
	}
}

// addSettable lists the members of the context that can be written, and names the
// helper that changes the one that cannot.
func (f *finding) addSettable(ctx *btf.Struct, own *facts.Ctx, of, member string) {
	var names []string
	for _, m := range allMembers(ctx) {
		if len(widths(own, m, true)) > 0 {
			names = append(names, m.name)
		}
	}
	q := f.Query()
	f.set("changer", catalog.Calls(facts.HelpersLike(&q, func(name string) bool { return name == catalog.ChangerOf(of, member) })))
	if f.set("settable", catalog.AllOf(names)); len(names) == 0 {
		f.facts["readonly"] = catalog.Quote(member)
	}
}

// addWidths says which numbers of bytes of a member can be accessed.
func (f *finding) addWidths(m shown, able []int64, writes bool) {
	if size, _ := f.report.Fault.Int("size"); slices.Contains(able, size) {
		return // it is not the width, but the access begins inside of the member
	}
	words := make([]string, len(able))
	for i, n := range able {
		words[i] = fmt.Sprint(n)
	}
	f.facts["widths"] = "with " + catalog.AnyOf(words) + " bytes"
	if len(able) == 1 && able[0] == m.size {
		f.facts["widths"] = "whole, with its " + catalog.Bytes(words[0])
	} else if len(able) == 1 {
		f.facts["widths"] = "with " + catalog.Bytes(words[0])
	}
	f.facts["widths"] = f.state(f.about(diag.ClaimKernel, able[0], able[len(able)-1]), "%s", f.facts["widths"])
	known := catalog.Facts{"member": catalog.Quote(m.name)}
	switch {
	case writes:
		f.advise(catalog.AdviseWriteWhole, known)
	case f.readsWhole():
		f.advise(catalog.AdviseKeepWhole, known)
	default:
		f.advise(catalog.AdviseReadWhole, known)
	}
}

// readsWhole reports whether the source reads a member as such, so that it is the
// compiler which reads less of it.
func (f *finding) readsWhole() bool {
	file, pos, ok := f.sourceAt()
	if !ok || pos.Col == 0 {
		return false
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	return ok && lvalueRE.MatchString(file.Text(r))
}

// typesWith lists the program types with the same context that may access a
// member.
func (f *finding) typesWith(m shown, of string, write bool) string {
	var names []string
	for t := facts.ProgUnspec + 1; t < facts.NumProgTypes; t++ {
		c := facts.CtxOf(t, 0, facts.CapsRoot, f.Query().Kernel)
		if t.Info().Ctx == "struct "+of && len(widths(c, m, write)) > 0 {
			names = append(names, t.String())
		}
	}
	return catalog.AnyOf(names)
}

// addSocketMember names the member of a socket that is accessed, and says how it
// can be.
func (f *finding) addSocketMember() {
	access, ok := fault.Get[fault.KindAccess](f.report.Fault)
	rules := facts.SocketOf(access.Kind)
	if !ok || rules == nil {
		return
	}
	s := f.structNamed(rules.Struct)
	if s == nil {
		return
	}
	member := memberOver(s, access.Off)
	if member.name == "" {
		return
	}
	f.facts["member"], f.facts["object"] = catalog.Quote(member.name), catalog.Quote("struct "+rules.Struct)
	if able := widths(rules, member, false); len(able) > 0 {
		f.addWidths(member, able, false)
		return
	}
	full := facts.SocketOf(regtype.PtrToSocket)
	if access.Kind != regtype.PtrToSockCommon || len(widths(full, member, false)) == 0 {
		return
	}
	f.facts["fullsock"] = catalog.Quote(member.name)
	q := f.Query()
	if len(facts.HelpersLike(&q, func(name string) bool { return name == "bpf_sk_fullsock" })) == 0 {
		return
	}
	f.facts["advice"] = string(catalog.AdviseFullSocket)
	name := strings.Trim(f.facts["value"], "`")
	if !isVariable(name) || len(f.open()) > 0 || f.checkedHere() {
		return
	}
	leave := strings.Trim(f.leaving("!"+name), "`")
	check := catalog.Quote(fmt.Sprintf("%s = bpf_sk_fullsock(%s); %s", name, name, leave))
	f.advise(catalog.AdviseInsert, catalog.Facts{"check": check, "braces": f.bracesHere(check)})
	f.proposeBefore(f.Span(f.report.PC), nullCheck, check)
}

// checkedHere reports whether the pointer of the fault was found not to be NULL on the
// line of the fault: it may be NULL before that.
func (f *finding) checkedHere() bool {
	for i, e := range slices.Backward(f.result.History) {
		for _, c := range e.Learnt {
			if c.Old.Type.MayBeNull() && !c.New.Type.MayBeNull() && c.New.Type.Base() == c.Old.Type.Base() {
				return f.lineOf(f.result.History[i].PC) == f.lineOf(f.report.PC)
			}
		}
	}
	return false
}
