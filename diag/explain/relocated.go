// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
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
	}
	f.advise(catalog.AdviseReadMember, catalog.Facts{"member": what})
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
