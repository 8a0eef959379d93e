// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// A number that is used as a pointer: where it was read decides whose memory it
// leads to, and that which function reads it.
//
//	argument of a system call, register of a uprobe    user space
//	argument of a raw tracepoint, current task         the kernel
//	register of a kprobe, record of a tracepoint,      the kernel if it points to one of
//	what a call read                                   its structs, else unknown
//	map value, packet                                  no pointer at all

// realm is whose memory an address is of.
type realm uint8

const (
	realmUnknown realm = iota
	realmKernel
	realmUser
)

// addForeign says where a number came from that is used as a pointer, and what
// reads the memory there.
func (f *finding) addForeign() {
	if f.facts["null"] != "" || f.facts["lost"] != "" || f.reg < 0 || f.reg > 9 {
		return
	}
	whence, of := f.whence()
	if whence == "" {
		return
	}
	f.facts["whence"] = whence
	switch of {
	case realmUser:
		f.facts["advice"] = string(catalog.AdviseReadUser)
	case realmKernel:
		f.advise(catalog.AdviseReadKernel, catalog.Facts{"check": catalog.Quote(f.coreRead()), "typed": f.typedGetter()})
		f.proposeRead(f.coreRead())
	}
}

// whence says where the number was read, and whose memory it leads to.
func (f *finding) whence() (words string, of realm) {
	made, whole := history.Lineage(f.result, len(f.result.History), f.place())
	if !whole || len(made) == 0 {
		return "", realmUnknown
	}
	first := &f.result.History[made[0]]
	in := &f.Prog.Insns[first.PC]
	switch {
	case first.Reason == record.ReasonCallWrite:
		return f.readByCall(first.PC)
	case first.Reason == record.ReasonWrite && f.isCallAt(first.PC) && !in.IsSubprogCall():
		if from := f.Callee(first.PC); f.typedGetter() != "" {
			return catalog.Call(from) + " returns a number, which the verifier does not follow", realmKernel
		}
	case first.Reason == record.ReasonWrite && in.Class() == isa.ClassLDX:
		base := history.Known(f.result, made[0], record.Place{
			Kind: record.InRegister, Frame: uint8(first.Frame), Activation: first.Activation, Index: in.Src,
		})
		switch {
		case base == nil && in.Src == isa.R1 || base != nil && base.Type.Base() == regtype.PtrToCtx:
			return f.readFromContext()
		case base == nil:
		case inMapValue(base):
			return f.readFromMap(base), realmUnknown
		case base.Type.IsPacket():
			return "it was read from the " + f.packetNoun(base) + ", and what is read from there is a number", realmUnknown
		}
	}
	return "", realmUnknown
}

// readFromMap names the map that a number was read from.
func (f *finding) readFromMap(base *record.Value) string {
	f.advise(catalog.AdvisePointerItself, catalog.Facts{"check": f.lookedUpAgain()})
	if f.Prog.Type.Info().Packet == facts.PacketNone {
		f.facts["advice"] = string(catalog.AdviseReadEither)
	}
	m := f.MapNamed(base.Map)
	switch {
	case m == nil:
		return "it was read from a map value, and what is read from there is a number"
	case m.Data:
		return "it was read from a global variable, and what is read from there is a number"
	}
	return fmt.Sprintf("it was read from the value of map %s, and what is read from there is a number", mapName(m))
}

// readFromContext is about a member of the context.
func (f *finding) readFromContext() (words string, of realm) {
	const user = ", an address in user space, which programs cannot follow themselves"
	const number = ", which is a number to the verifier"
	section, _, _ := strings.Cut(f.Prog.Section, "/")
	switch {
	case isUserProbe(section):
		return "it comes from a function of a process" + user, realmUser
	case strings.Contains(section, "syscall"):
		return "it is an argument of a system call" + user, realmUser
	case f.Prog.Type == facts.ProgTracePoint && strings.HasPrefix(f.Prog.AttachTo, "syscalls/sys_enter_"):
		return "it is an argument of a system call" + user, realmUser
	case f.Prog.Type == facts.ProgTracePoint:
		return "it is a member of the tracepoint's record" + number, f.realmByType()
	case f.Prog.Type == facts.ProgRawTracepoint, f.Prog.Type == facts.ProgRawTracepointWritable:
		return "it is an argument of a raw tracepoint" + number, realmKernel
	case f.Prog.Type == facts.ProgKprobe:
		return "it was read from a register" + number, f.realmByType()
	}
	return "", realmUnknown
}

// isUserProbe reports whether programs of a section are attached to functions of
// processes.
func isUserProbe(section string) bool {
	return strings.HasPrefix(section, "uprobe") || strings.HasPrefix(section, "uretprobe") || strings.HasPrefix(section, "usdt")
}

// readByCall is about a number that the call at pc wrote to the stack.
func (f *finding) readByCall(pc int) (words string, of realm) {
	section, _, _ := strings.Cut(f.Prog.Section, "/")
	callee := f.Callee(pc)
	switch {
	case strings.Contains(callee, "_user"):
		of = realmUser
	case strings.Contains(section, "syscall"):
		return "it is an argument of a system call, an address in user space, which programs cannot follow themselves", realmUser
	default:
		of = f.realmByType()
	}
	if callee == "" {
		return "", realmUnknown
	}
	return fmt.Sprintf("it was copied by %s%s, and what is copied is a number to the verifier", catalog.Call(f.reader(pc)), f.inLine(pc)), of
}

// realmByType decides by the type in C: structs of the kernel are in its memory.
func (f *finding) realmByType() realm {
	base, _, _ := strings.Cut(f.pointedStruct(trimQuotes(f.facts["value"])), "___")
	if base == "" || f.Prog.KernelBTF == nil {
		return realmUnknown
	}
	var s *btf.Struct
	if f.Prog.KernelBTF.TypeByName(base, &s) != nil {
		return realmUnknown
	}
	return realmKernel
}

// pointedStruct is the struct that a variable points to in C, "" for others. What
// DWARF leaves out of an inlined function is in the source.
func (f *finding) pointedStruct(name string) string {
	if typ, isStruct, ok := f.Index.Pointee(f.report.PC, name); ok {
		if isStruct {
			return typ
		}
		return ""
	}
	fn, file, _, ok := f.functionHere()
	if !ok {
		return ""
	}
	return file.PointsTo(fn, name)
}

// typedGetter is the call that returns what the verifier follows in place of the
// number that another one returns, "" if there is none.
func (f *finding) typedGetter() string {
	o := f.origin()
	if o.kind != originCall {
		return ""
	}
	return catalog.Call(f.typedNameOf(o.pc))
}

// typedNameOf is the helper that returns a pointer in place of the number that the one at
// pc returns, "" if the program has none.
func (f *finding) typedNameOf(pc int) string {
	name := f.Callee(pc) + "_btf"
	id, ok := facts.HelperNamed(name)
	if !ok {
		return ""
	}
	q := f.Query()
	if p, ok := facts.LookupProto(id, &q); !ok || p.RetBTF == "" {
		return ""
	}
	return name
}

var chainRE = regexp.MustCompile(`^&?([A-Za-z_]\w*)((?:->[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)+)$`)

// coreRead is the access of the source by BPF_CORE_READ(), "" for other forms.
func (f *finding) coreRead() string {
	m := chainRE.FindStringSubmatch(f.statementText())
	if m == nil {
		return ""
	}
	return fmt.Sprintf("BPF_CORE_READ(%s%s)", m[1], strings.ReplaceAll(m[2], "->", ", "))
}
