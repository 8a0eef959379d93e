// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// walkOf walks a program with its values recorded, and compares states wherever it can.
func walkOf(t *testing.T, text string) *record.Walk {
	t.Helper()
	r := Verify(newProgram(t, text, callMaps()...), Options{Walk: true, Flags: program.FlagTestStateFreq})
	if r.Verdict != Accepted || r.Walk == nil {
		t.Fatalf("%v %s %+v", r.Verdict, r.Reason, r.Reports)
	}
	return r.Walk
}

// The path through the second assignment ends where the first one had been, because
// nothing depends on the number. What follows was walked with the first number alone.
func TestWalkKnowsPathsThatEndEarly(t *testing.T) {
	for _, c := range []struct {
		name, text string
		pc         int
		reg        uint8
		min, max   int64
	}{
		{"a copy", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nr7 = r6\nr0 = 0\nexit", 5, isa.R7, 1, 9},
		{"before the next", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\nr7 = r6\nr0 = 0\nexit", 6, isa.R7, 1, 9},
		{"arithmetic", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\nr6 *= 2\nr6 += 1\nr0 = 0\nexit", 7, isa.R6, 3, 19},
		{"a narrowing", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 900\nif r0 > 7 goto +0\nif r6 > 10 goto +1\nr7 = r6\nr0 = 0\nexit", 7, isa.R7, 1, 1},
		{"the stack", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\n*(u64 *)(r10 -8) = r6\nif r0 > 8 goto +0\nr7 = *(u64 *)(r10 -8)\nr0 = 0\nexit", 8, isa.R7, 1, 9},
		{"a function", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\nr1 = r6\ncall pc+2\nr0 = 0\nexit\nr0 = r1\nr0 += 1\nexit", 7, isa.R0, 2, 10},
		{"the frame of a caller", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\n*(u64 *)(r10 -8) = r6\nr1 = r10\nr1 += -8\ncall pc+2\nr0 = 0\nexit\nr0 = *(u64 *)(r1 +0)\nexit",
			12, isa.R0, -1 << 63, 1<<63 - 1},
		// The other number of a comparison, what is linked to it, and a link of the covering path alone.
		{"what is compared with it", "call 7\nr8 = r0\ncall 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 900\nif r0 > 7 goto +0\nif r8 > r6 goto +1\nr7 = r8\nr0 = 0\nexit",
			9, isa.R7, 0, 900},
		{"what is linked to that", "call 7\nw8 = w0\nr9 = r8\ncall 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 900\nif r0 > 7 goto +0\nif r8 > r6 goto +1\nr7 = r9\nr0 = 0\nexit",
			10, isa.R7, 0, 1<<32 - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := walkOf(t, c.text)
			// Whether it is set on all paths, and may be no number, is not asked.
			known := record.Known{Kinds: w.Register(c.pc, c.reg).Kinds}
			if k, ok := known.Only(); !ok || k.Min != c.min || k.Max != c.max {
				t.Errorf("%+v, want %d to %d", known, c.min, c.max)
			}
		})
	}
}

// A program's values are those of a walk that never ends a path early: what this one
// knows at any instruction is within what was recorded.
func TestWalkCoversWalkWithoutPruning(t *testing.T) {
	compared, values := 0, 0
	for _, dir := range []string{"objects", "helpers", "walk", "rules"} {
		files, err := filepath.Glob(filepath.Join("../testdata", dir, "*.o"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			obj, err := program.Load(data, program.Options{Name: file})
			if err != nil {
				continue
			}
			for _, p := range obj.Programs {
				if p.Unloadable() != "" {
					continue
				}
				if n := compareWithUnpruned(t, file, p); n > 0 {
					compared++
					values += n
				}
			}
		}
	}
	t.Logf("%d programs, %d values", compared, values)
	if compared < 300 {
		t.Errorf("only %d programs were compared", compared)
	}
}

func compareWithUnpruned(t *testing.T, file string, p *program.Program) (values int) {
	r := Verify(p, Options{Walk: true})
	often := Verify(p, Options{Walk: true, Flags: program.FlagTestStateFreq})
	if r.Verdict != Accepted || often.Verdict != Accepted {
		return 0
	}
	v := newVerifier(p, Options{Walk: true}, new(workspace))
	never := *v.profile
	v.profile = &never
	v.limits.insns = 50_000
	v.covers = func(*verifier, *state.State, *state.State, comparing) bool { return false }
	if v.requirePrivileges() != nil || v.verify() != nil {
		return 0
	}
	all := v.record.Walk()
	return requireCovers(t, file, p.Name, r.Walk, all) + requireCovers(t, file, p.Name, often.Walk, all)
}

// requireCovers requires that the values of w are those of all at least, and counts them.
func requireCovers(t *testing.T, file, name string, w, all *record.Walk) (values int) {
	for pc := range all.Walked {
		if all.Walked[pc] == 0 {
			continue
		}
		for n := range uint8(isa.R10) {
			have, want := w.Register(pc, n), all.Register(pc, n)
			values += len(want.Kinds)
			requireWithin(t, file, name, pc, int(n), &have, &want)
		}
		for i := range state.MaxStack / state.SlotBytes {
			have, want := w.Slot(pc, i), all.Slot(pc, i)
			values += len(want.Kinds)
			requireWithin(t, file, name, pc, 11+i, &have, &want)
			if have.Zero&^want.Zero != 0 || have.Written&^want.Written != 0 ||
				have.Span > want.Span && len(want.Kinds) > 0 {
				t.Errorf("%s %s: slot %d at %d: %+v, want %+v", filepath.Base(file), name, i, pc, have, want)
			}
		}
	}
	return values
}

func requireWithin(t *testing.T, file, name string, pc, where int, have, want *record.Known) {
	t.Helper()
	if have.Others || len(have.Kinds) == 0 && have.Unset {
		return
	}
	for i := range want.Kinds {
		if w := &want.Kinds[i]; !hasKind(have, w) {
			t.Errorf("%s %s: place %d at %d: a path has %+v, recorded is %+v",
				filepath.Base(file), name, where, pc, *w, *have)
		}
	}
	if want.Unset && len(have.Kinds) > 0 && !have.Unset {
		t.Errorf("%s %s: place %d at %d is not set on a path: %+v", filepath.Base(file), name, where, pc, *want)
	}
}

func hasKind(have *record.Known, w *record.Kind) bool {
	for i := range have.Kinds {
		h := &have.Kinds[i]
		isNull := w.IsNumber() && w.IsConst() && w.Bits == 0
		if h.Type.MayBeNull() && (w.Type == h.Type&^regtype.MaybeNull || isNull) {
			return true // as much was not known yet
		}
		if h.Type != w.Type || h.Map != w.Map || h.Struct != w.Struct ||
			h.Size != w.Size || h.Outer != w.Outer || h.Object != w.Object {
			continue
		}
		if h.Type == regtype.Scalar {
			if h.Min <= w.Min && h.Max >= w.Max && h.UMin <= w.UMin && h.UMax >= w.UMax &&
				w.Mask&^h.Mask == 0 && w.Bits&^h.Mask == h.Bits {
				return true
			}
			continue
		}
		if h.Low <= w.Low && h.High >= w.High && h.Packet <= w.Packet {
			return true
		}
	}
	return false
}
