// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Claims about sizes of objects and functions, and about how often loops run.

// objectOf is how many bytes the object has that a pointer leads into: that of a
// map, else as the kernel's message says.
func (j *numberJudge) objectOf(v *record.Value) (n int64, known bool) {
	for _, m := range j.p.Maps {
		switch {
		case m.Name != v.Map || v.Map == "":
		case v.Type.Base() == regtype.PtrToMapValue:
			return int64(m.ValueSize), true
		case v.Type.Base() == regtype.PtrToMapKey:
			return int64(m.KeySize), true
		}
	}
	if m := saysObjectRE.FindStringSubmatch(j.d.Kernel); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		return n, err == nil
	}
	return 0, false
}

var saysObjectRE = regexp.MustCompile(`(?:mem|value|key)_size=(\d+)`)

// operandHolds judges the constant of a subtraction, and what it wraps to.
func (j *numberJudge) operandHolds(c *diag.Claim) (holds, judged bool) {
	e := &j.r.History[c.Event]
	in := &j.p.Insns[e.PC]
	if in.SrcKind() != isa.SrcK {
		return false, false
	}
	n := int64(in.Imm)
	if in.Code() == isa.OpSub {
		n = -n
	}
	if c.Kind == diag.ClaimOperand {
		return n == c.Low || -n == c.Low, true
	}
	made := uint64(c.High + n)
	if c.Width < 64 {
		made &= 1<<c.Width - 1
	}
	old := j.valueAt(c.Event, c.Place)
	return (made == uint64(c.Low) || c.Low == 0) && old != nil && (uint64(c.High) == old.UMin || uint64(c.High) == uint64(old.UMin32)), old != nil
}

// sizeHolds judges the size of a variable.
func (j *numberJudge) sizeHolds(c *diag.Claim) (holds, judged bool) {
	if c.Place.Kind == record.NoPlace {
		if n, ok := j.ix.NumberOf(j.d.PC, c.Text); ok {
			return n.Size == c.Low, true
		}
		if part, ok := j.ix.PartOf(j.d.PC, c.Text); ok {
			return part.Size == c.Low, true
		}
		v, found := j.global(c.Text)
		if !found {
			return false, false
		}
		n, err := btf.Sizeof(v.Type)
		return int64(n) == c.Low, err == nil
	}
	v := j.valueAt(j.before(c), c.Place)
	if v == nil || !v.IsStack() || !v.IsConst() {
		return false, false
	}
	off := int(v.Off) + int(int64(v.Bits))
	for _, pc := range slices.Backward(j.r.Path) {
		if object, ok := j.ix.SlotObject(int(pc), off); ok && object.Name == c.Text {
			return object.Size == c.Low && (c.High == c.Low || object.At == c.High), true
		}
	}
	return false, false
}

// localHolds judges the size of a local variable, wherever debug information has it.
func (j *numberJudge) localHolds(c *diag.Claim) (holds, judged bool) {
	for pc := range j.p.Insns {
		for off := -8; off >= -maxFrame; off -= 8 {
			if o, ok := j.ix.SlotObject(pc, off); ok && o.Name == c.Text {
				judged = true
				holds = holds || o.Size == c.Low
			}
		}
	}
	return holds, judged
}

// global is the global variable of a name.
func (j *numberJudge) global(name string) (*btf.Var, bool) {
	var v *btf.Var
	if j.p.BTF == nil || j.p.BTF.TypeByName(name, &v) != nil {
		return nil, false
	}
	return v, true
}

// elementsHold judges how many elements an array has: one of the program's types
// or variables has the name, or an element of the map value has none.
func (j *numberJudge) elementsHold(c *diag.Claim) (holds, judged bool) {
	name := c.Text[strings.LastIndexAny(c.Text, ".>")+1:]
	if n, ok := j.ix.Elements(j.d.PC, c.Text); ok {
		return n == c.Low, true
	}
	if j.p.BTF == nil {
		return false, false
	}
	note := func(t btf.Type) {
		for a, ok := btf.UnderlyingType(t).(*btf.Array); ok; a, ok = btf.UnderlyingType(a.Type).(*btf.Array) {
			judged = true
			holds = holds || int64(a.Nelems) == c.Low
		}
	}
	for t, err := range j.p.BTF.All() {
		if err != nil {
			break
		}
		switch t := t.(type) {
		case *btf.Var:
			if t.Name == name {
				note(t.Type)
			}
		case *btf.Struct:
			for _, m := range t.Members {
				if m.Name == name {
					note(m.Type)
				}
			}
		case *btf.Array:
			if name == "" {
				note(t)
			}
		}
	}
	return holds, judged
}

// depthAt is how many regions are open behind an event: as it says, or interrupt
// states that are saved and not restored.
func (j *numberJudge) depthAt(n int) (depth int64) {
	if e := &j.r.History[n]; e.Object != record.ObjectIRQFlag {
		return int64(e.Depth)
	}
	for i := range j.r.History[:n+1] {
		switch e := &j.r.History[i]; {
		case e.Object != record.ObjectIRQFlag:
		case e.Kind == record.EventCreate:
			depth++
		case e.Kind == record.EventDestroy:
			depth--
		}
	}
	return depth
}

// frameHolds judges how much stack a function takes, by the statistics.
func (j *numberJudge) frameHolds(c *diag.Claim) (holds, judged bool) {
	depths := strings.Split(j.r.Stats.StackDepth, "+")
	if len(depths) != len(j.p.Symbols) {
		return false, false
	}
	for i, s := range j.p.Symbols {
		n, err := strconv.ParseInt(depths[i], 10, 64)
		if s.Name == c.Text && err == nil {
			return c.Low >= n && c.Low < n+16 && c.Low%16 == 0, true
		}
	}
	return false, false
}

// roundsHold judges how many rounds loops run together, by the constants that the
// conditions have.
func roundsHold(c *diag.Claim) bool {
	rounds := int64(1)
	for _, m := range loopsRE.FindAllStringSubmatch(c.Text, -1) {
		n, err := strconv.ParseInt(m[2], 0, 64)
		if err != nil {
			return false
		}
		if m[1] == "<=" {
			n++
		}
		rounds *= n
	}
	return rounds == c.Low
}

var loopsRE = regexp.MustCompile("`[^`]*?(<=?) (\\w+)`")
