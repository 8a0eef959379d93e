// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// CO-RE gives accesses the offsets of the target kernel, also accesses to copies:
// memory that has the size of the object's own, smaller type. There the offset of
// the kernel may lie outside.

// addMoved explains an access outside of a copy by the relocation that moved it.
func (f *finding) addMoved() {
	r := f.moved()
	pointer := history.Known(f.result, len(f.result.History), f.place())
	if r == nil || pointer == nil || pointer.IsNumber() {
		return
	}
	name, _, _ := strings.Cut(r.Struct, "___")
	what := catalog.Quote(strings.TrimPrefix(r.Member, "."))
	f.facts["moved"] = f.state(diag.Claim{Kind: diag.ClaimMoved, Event: diag.AtFault, Low: int64(r.Declared), High: int64(r.Kernel)},
		"%s is at offset %d of `struct %s` as it is declared here, but at %d in the target kernel", what, r.Declared, r.Struct, r.Kernel)
	if name != r.Struct {
		f.facts["moved"] += fmt.Sprintf("'s `struct %s`", name)
	}
	if pointer.Type.Base() == regtype.PtrToStack {
		f.addCopy()
	} else if size, ok := f.report.Fault.Int("object"); ok && f.facts["place"] != "" {
		f.facts["copy"] = "in " + f.facts["place"] + f.state(f.about(diag.ClaimObject, size, size), " has %s", catalog.Bytes(fmt.Sprint(size)))
	}
	f.adviseMember(r, what)
}

// adviseMember suggests to read a member from the object itself. What was copied from it
// as a whole has the layout of the target kernel: without relocation an access to such a
// copy would read another member.
func (f *finding) adviseMember(r *program.Relocated, what string) {
	text := f.statementText()
	m := copiedRE.FindStringSubmatch(text)
	if m == nil {
		f.advise(catalog.AdviseReadMember, catalog.Facts{"member": what})
		return
	}
	pc, ok := f.copierOf(m[1])
	if !ok {
		f.advise(catalog.AdviseReadOwnCopy, catalog.Facts{"member": what})
		return
	}
	others := f.otherMembers(m[1], what)
	from, _, ok := f.Argument(pc, 3)
	from = withoutCasts(from)
	part := partRE.FindStringSubmatch(from)
	if callee := f.Callee(pc); !ok || !isVariable(from) && part == nil || strings.Contains(callee, "_user") || strings.HasSuffix(callee, "_str") {
		f.advise(catalog.AdviseReadMember, catalog.Facts{"member": what, "members": others})
		return
	}
	read := ""
	if part != nil {
		read = fmt.Sprintf("BPF_CORE_READ(%s, %s.%s)", part[1], part[2], strings.Trim(what, "`"))
	} else {
		if f.pointsTo(from) != r.Struct {
			from = fmt.Sprintf("(struct %s *)%s", r.Struct, from)
		}
		read = fmt.Sprintf("BPF_CORE_READ(%s, %s)", from, strings.Trim(what, "`"))
	}
	f.advise(catalog.AdviseReadFrom, catalog.Facts{"check": catalog.Quote(read), "members": others})
	f.detail(pc, "the copy is made here")
	f.proposeRead(read)
}

// partRE is the address of a member that is an object itself.
var partRE = regexp.MustCompile(`^&([A-Za-z_]\w*)->([A-Za-z_][\w.]*)$`)

// otherMembers lists the members of a copy that the function reads besides one, "" if there
// are none.
func (f *finding) otherMembers(name, but string) string {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return ""
	}
	re := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `(?:\.|->)([A-Za-z_]\w*)`)
	var others []string
	for n := fn.Body.Line; n <= fn.Body.EndLine; n++ {
		for _, m := range re.FindAllStringSubmatch(file.Code(n), -1) {
			if catalog.Quote(m[1]) != but && !slices.Contains(others, m[1]) {
				others = append(others, m[1])
			}
		}
	}
	return catalog.AllOf(others)
}

// copiedRE is an access to a member of a variable or of what one points to.
var copiedRE = regexp.MustCompile(`^([A-Za-z_]\w*)(?:->|\.)`)

// copierOf is the last call on the path that filled the memory of a variable, or what it
// points to, with a copy of other memory.
func (f *finding) copierOf(name string) (pc int, ok bool) {
	for _, at := range slices.Backward(f.path()) {
		pc := int(at)
		callee := f.Callee(pc)
		if !strings.HasPrefix(callee, "bpf_probe_read") && !strings.HasPrefix(callee, "bpf_copy_from_user") {
			continue
		}
		if to, _, ok := f.Argument(pc, 1); ok && strings.TrimPrefix(withoutCasts(to), "&") == name {
			return pc, true
		}
	}
	return 0, false
}

// addCopy says which size the variable has that the pointer of the fault leads to.
// The access itself may be behind the last instruction at which it can be seen.
func (f *finding) addCopy() {
	off, _, ok := f.frameOffset(f.path(), f.reg)
	if !ok {
		return
	}
	path := f.path()
	for i := len(path) - 1; i >= max(len(path)-maxBlock, 0); i-- {
		object, ok := f.Index.SlotObject(int(path[i]), off)
		if ok && !fromMacro(object.Name) && mentions(f.lineText(f.report.PC), object.Name) {
			f.facts["copy"] = f.stateSize(f.place(), object.Name, object.Size) + f.declaredIn(object.Decl.File, object.Decl.Line, object.Name)
			return
		}
	}
}

// moved is the relocation that gave the access of the fault its offset, nil if none
// did: that of the access, or of a constant that was added to its pointer.
func (f *finding) moved() *program.Relocated {
	at := func(pc int) *program.Relocated {
		i := slices.IndexFunc(f.Prog.Relocated, func(r program.Relocated) bool { return r.PC == pc })
		if i < 0 || f.Prog.Relocated[i].Kernel <= f.Prog.Relocated[i].Declared {
			return nil
		}
		return &f.Prog.Relocated[i]
	}
	if r := at(f.report.PC); r != nil || f.reg < 0 || f.reg > 9 {
		return r
	}
	o := lineage(f.Prog.Insns, f.path(), uint8(f.reg))
	for _, e := range o.edits {
		if r := at(e.pc); r != nil {
			return r
		}
		added := lineage(f.Prog.Insns, f.path()[:e.step+1], f.Prog.Insns[e.pc].Src)
		if r := at(added.pc); r != nil && added.kind == originConst {
			return r
		}
	}
	return nil
}
