// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

func TestRequireSane(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(v *verifier, st *state.State)
		want   string
	}{
		{"nothing", func(*verifier, *state.State) {}, ""},
		{"frame missing", func(_ *verifier, st *state.State) { st.Cur = 1 }, "frame 1 of 1 is there: false"},
		{"frame left over", func(v *verifier, st *state.State) { st.Frames[1] = v.pool.NewFrame() },
			"frame 1 of 0 is there: true"},
		{"frame pointer moved", func(_ *verifier, st *state.State) { st.Frames[0].Regs[isa.R10].Off = 8 },
			"frame pointer of frame 0 is fp+8 of frame 0"},
		{"stack of a frame that is gone", func(_ *verifier, st *state.State) {
			r := &st.Frames[0].Regs[isa.R1]
			r.Type, r.Frame = regtype.PtrToStack, 1
		}, "R1 points to the stack of a frame that is gone"},
		{"no map", func(_ *verifier, st *state.State) { st.Frames[0].Regs[isa.R2].Type = regtype.PtrToMapValue },
			"R2 points to no map"},
		{"contradiction", func(_ *verifier, st *state.State) {
			st.Frames[0].Regs[isa.R3].Var = scalar.Tnum{Value: 1, Mask: 1}
		}, "R3 has bits that are known and unknown"},
		{"resource of no kind", func(_ *verifier, st *state.State) { st.Refs = []state.Ref{{ID: 1}} },
			"resource 0 has no kind"},
		{"finished parent", func(_ *verifier, st *state.State) { st.Parent = &state.State{} },
			"the state before has no path left"},
	} {
		v := newVerifier(newProgram(t, "r0 = 0\nexit"), Options{}, new(workspace))
		if r := v.requireSubprogs(); r != nil {
			t.Fatal(r.report.Kernel)
		}
		v.cur = v.pool.NewState()
		v.cur.Frames[0] = v.pool.NewFrame()
		v.initFrame(v.cur.Frames[0], entryCallSite, 0, 0)
		c.damage(v, v.cur)
		r := v.requireSane()
		switch {
		case r == nil && c.want != "":
			t.Errorf("%s: no complaint, want %q", c.name, c.want)
		case r != nil && (c.want == "" || !strings.Contains(r.report.Kernel, c.want)):
			t.Errorf("%s: %q, want %q", c.name, r.report.Kernel, c.want)
		}
	}
}
