// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// fillDynptr makes a dynptr at the top of a frame's stack, as its first or
// second one.
func fillDynptr(v *verifier, f *state.Frame, nth int, kind state.DynptrKind, ref uint32) (id uint32) {
	f.GrowStack(16 * (nth + 1))
	id = v.newID()
	for i, slot := range [...]*state.Slot{f.Stack.Own(2*nth + 1), f.Stack.Own(2 * nth)} {
		for j := range slot.Bytes {
			slot.Bytes[j] = state.SlotDynptr
		}
		setDynptr(&slot.Spilled, kind, i == 0, id)
		slot.Spilled.RefObjID = ref
	}
	return id
}

func setSlice(r *state.Reg, dynptr uint32) {
	r.SetKnown(0)
	r.Type = regtype.PtrToMem | regtype.ReadOnly
	r.SetDynptrID(dynptr)
}

func isDynptr(f *state.Frame, nth int) bool { return f.Stack.At(2 * nth).Bytes[0] == state.SlotDynptr }

// TestDynptrEndsWithItsObject releases a packet that dynptrs were made of in
// two functions, next to a dynptr of something else.
func TestDynptrEndsWithItsObject(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	v.profile = profileOf(Linux73)
	caller := v.frame()
	packet := v.acquireRef(0)
	of := fillDynptr(v, caller, 0, state.DynptrSkb, packet)
	other := fillDynptr(v, caller, 1, state.DynptrLocal, 0)
	v.cur.Frames[1] = v.pool.NewFrame()
	v.cur.Cur = 1
	v.initFrame(v.frame(), 0, 1, 0)
	clone := fillDynptr(v, v.frame(), 0, state.DynptrSkb, packet)
	setSlice(&caller.Regs[6], of)
	setSlice(&caller.Regs[7], other)
	setSlice(&v.frame().Regs[6], clone)

	if r := v.stepEndObject(packet); r != nil {
		t.Fatal(r.report.Kernel)
	}
	for what, ended := range map[string]bool{
		"the reference":          len(v.cur.Refs) == 0,
		"the dynptr":             !isDynptr(caller, 0),
		"the clone":              !isDynptr(v.frame(), 0),
		"the slice":              caller.Regs[6].Type == regtype.Scalar,
		"the slice of the clone": v.frame().Regs[6].Type == regtype.Scalar,
	} {
		if !ended {
			t.Errorf("%s goes on", what)
		}
	}
	if !isDynptr(caller, 1) || caller.Regs[7].Type == regtype.Scalar {
		t.Error("the other dynptr or its slice ended too")
	}
}

func TestObjectWithAChildStays(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	v.profile = profileOf(Linux73)
	file := v.acquireRef(3)
	child := v.acquireChild(5, file)
	fillDynptr(v, v.frame(), 0, state.DynptrFile, child)
	r := v.stepEndObject(file)
	if r == nil || r.report.Code != catalog.ReleaseWithLiveChild {
		t.Fatalf("got %+v", r)
	}
	if ref, _ := fault.Get[fault.Reference](r.report.Fault); ref.Site != 5 {
		t.Errorf("the child was acquired at %d", ref.Site)
	}
	v.acquireRef(7)
	if r := v.stepEndObject(child); r != nil || isDynptr(v.frame(), 0) || len(v.cur.Refs) != 1 {
		t.Errorf("the child: %+v, %v held", r, v.cur.Refs)
	}
}

// TestHelperEndsAnObject has a helper release what a dynptr was made of, then
// what another reference was made of.
func TestHelperEndsAnObject(t *testing.T) {
	release := isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: facts.FuncSkRelease}
	for _, c := range []struct {
		name string
		made func(v *verifier, socket uint32)
		code catalog.Code
	}{
		{"dynptr", func(v *verifier, socket uint32) { fillDynptr(v, v.frame(), 0, state.DynptrSkb, socket) }, ""},
		{"reference", func(v *verifier, socket uint32) { v.acquireChild(0, socket) }, catalog.ReleaseWithLiveChild},
	} {
		v := newBranchVerifier(release)
		v.profile = profileOf(Linux73)
		v.contracts = []*contract{new(contract)}
		v.contracts[0].resolveHelper(&release, &facts.HelperQuery{Prog: facts.ProgSchedCLS, Caps: facts.CapsRoot})
		socket := v.acquireRef(0)
		v.reg(isa.R1).SetKnown(0)
		v.reg(isa.R1).Type, v.reg(isa.R1).RefObjID = regtype.PtrToSocket, socket
		c.made(v, socket)
		r := v.stepHelperCall(&release)
		if (r == nil) != (c.code == "") || r != nil && r.report.Code != c.code {
			t.Errorf("%s: %+v", c.name, r)
		}
		if v.frame().Stack.Len() > 0 && isDynptr(v.frame(), 0) {
			t.Errorf("the %s goes on", c.name)
		}
	}
}

func TestDynptrHolders(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	v.profile = profileOf(Linux73)
	f := v.frame()
	ref := v.acquireRef(0)
	fillDynptr(v, f, 0, state.DynptrRingbuf, ref)
	fillDynptr(v, f, 1, state.DynptrRingbuf, ref)
	for _, want := range []struct {
		spi  int
		code catalog.Code
	}{{1, ""}, {3, catalog.DynptrOverwrite}} {
		r := v.destroyDynptr(f, want.spi)
		if (r == nil) != (want.code == "") || r != nil && r.report.Code != want.code {
			t.Errorf("slot %d: %+v", want.spi, r)
		}
	}
	if isDynptr(f, 0) || !isDynptr(f, 1) || len(v.cur.Refs) != 1 {
		t.Errorf("%v %v %v", isDynptr(f, 0), isDynptr(f, 1), v.cur.Refs)
	}
}

// TestNoIteratorOfAnUnknownType says why no program is warned of one: what the
// rule looks at is the prototype of the kernel's function, and each of those
// names its struct.
func TestNoIteratorOfAnUnknownType(t *testing.T) {
	kernel, err := program.EmbeddedKernel()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for typ, err := range kernel.BTF.All() {
		if err != nil {
			t.Fatal(err)
		}
		fn, ok := typ.(*btf.Func)
		if !ok {
			continue
		}
		known, ok := facts.Of(Linux618).Kfunc(fn.Name)
		if !ok {
			continue
		}
		k := kfunc{flags: known.Flags}
		for i, p := range fn.Type.(*btf.FuncProto).Params {
			if !(k.isIter() && i == 0) && !strings.HasSuffix(p.Name, "__iter") {
				continue
			}
			seen++
			ptr, ok := skipModifiers(p.Type).(*btf.Pointer)
			if !ok {
				t.Errorf("%s: parameter %d is no pointer", fn.Name, i)
				continue
			}
			if name, ok := structName(skipModifiers(ptr.Target)); !ok || iterName(name) == name {
				t.Errorf("%s: parameter %d points to %s", fn.Name, i, skipModifiers(ptr.Target))
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d iterators looked at", seen)
	}
}
