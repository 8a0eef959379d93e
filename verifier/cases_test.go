// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What differs by the path that was taken is told apart at the head where the paths meet,
// and behind it.
func TestWalkTellsCasesApart(t *testing.T) {
	for _, c := range []struct {
		name, text string
		pc         int
		reg        uint8
		head       int
		want       string
	}{
		{"where they meet", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 14\nr7 = r6\nr0 = r7\nexit",
			4, isa.R6, 4, "14 from [3], 0 from [2]"},
		{"a copy", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 14\nr7 = r6\nr0 = r7\nexit",
			5, isa.R7, 4, "14 from [3], 0 from [2]"},
		{"behind other branches", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 14\ncall 7\nif r0 > 9 goto +1\nr1 = 0\nr7 = r6\nr0 = r7\nexit",
			8, isa.R7, 4, "14 from [3], 0 from [2]"},
		{"a spill", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 14\n*(u64 *)(r10 -8) = r6\ncall 7\nr7 = *(u64 *)(r10 -8)\nr0 = r7\nexit",
			7, isa.R7, 4, "14 from [3], 0 from [2]"},
		{"a path that ends early", "call 7\nr6 = 1\nif r0 > 5 goto +1\nr6 = 9\nif r0 > 7 goto +0\nr7 = r6\nr0 = 0\nexit",
			6, isa.R7, 4, "9 from [3], 1 from [2]"},
		{"numbers side by side", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 1\nr7 = r6\nr0 = r7\nexit", 5, isa.R7, 0, ""},
		{"the same by both ways", "call 7\nr6 = 0\nif r0 > 5 goto +1\nr6 = 14\nif r0 > 8 goto +1\nr6 = 0\nr7 = r6\nr0 = r7\nexit",
			7, isa.R7, 0, ""},
		// The second round copies what the first one had.
		{"an earlier pass", "r9 = 0\nr8 = 0\nr7 = 0\nr6 = 0\ncall 7\nif r0 > 5 goto +1\nr6 = 14\nr8 = r7\nr7 = r6\nr9 += 1\nif r9 < 3 goto -8\nr0 = r8\nexit",
			11, isa.R8, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := walkOf(t, c.text)
			head, cases := w.RegisterCases(c.pc, c.reg)
			got := ""
			for i, one := range cases {
				if i > 0 {
					got += ", "
				}
				got += fmt.Sprint(one.Kinds[0].Min, " from ", one.From)
			}
			if len(cases) > 0 && head != c.head || got != c.want {
				t.Errorf("at %d %q, want at %d %q", head, got, c.head, c.want)
			}
		})
	}
}

// On each path of a walk that ends none early, a place that has cases holds what they say
// of the way that the path took last.
func TestCasesHoldOnEachPath(t *testing.T) {
	held := 0
	for _, dir := range []string{"objects", "helpers", "walk", "rules", "explain"} {
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
				if p.Unloadable() == "" {
					held += holdCases(t, filepath.Base(file)+" "+p.Name, p)
				}
			}
		}
	}
	t.Logf("%d values were of the case of their path", held)
	if held < 1000 {
		t.Errorf("only %d values have cases", held)
	}
}

// holdCases compares the cases of a program with the states of an unpruned walk.
func holdCases(t *testing.T, name string, p *program.Program) (held int) {
	r := Verify(p, Options{Walk: true})
	if r.Verdict != Accepted || r.Walk.Full {
		return 0
	}
	v := newVerifier(p, Options{}, new(workspace))
	never := *v.profile
	v.profile = &never
	v.limits.insns = 3_000
	v.testStateFreq = true
	known := map[*state.State]bool{}
	v.covers = func(v *verifier, old, cur *state.State, _ comparing) bool {
		for _, st := range []*state.State{old, cur} {
			if !known[st] || st == cur {
				known[st] = true
				held += v.holdIn(t, name, r.Walk, st)
			}
		}
		return false
	}
	if v.requirePrivileges() == nil {
		_ = v.verify()
	}
	return held
}

// holdIn checks the cases of all places before the instruction that a state is at.
func (v *verifier) holdIn(t *testing.T, name string, w *record.Walk, st *state.State) (held int) {
	var path []int
	pc := st.PC
	check := func(place string, head int, cases []record.Case, has func(*record.Walk) record.Known) {
		if len(cases) == 0 {
			return
		}
		if path == nil {
			path = pathTo(v, st)
		}
		from := -1
		for i, at := range path[:max(len(path)-1, 0)] {
			if at == head {
				from = path[i+1]
				break
			}
		}
		rec := record.New(record.Tables{
			Insns: v.insns, Map: func(m state.MapRef) string { return v.mapOf(m).Name }, Struct: v.btfName,
		}, record.Wanted{Walk: true}, new(record.Scratch))
		rec.Before(st, pc)
		have := has(rec.Walk())
		for _, c := range cases {
			for _, f := range c.From {
				if f != from {
					continue
				}
				held++
				for i := range have.Kinds {
					if k := (record.Known{Kinds: c.Kinds}); !hasKind(&k, &have.Kinds[i]) {
						t.Errorf("%s: %s at %d holds %+v, of the way from %d to %d %+v",
							name, place, pc, have.Kinds[i], from, head, c.Kinds)
					}
				}
			}
		}
	}
	for n := range uint8(isa.R10) {
		head, cases := w.RegisterCases(pc, n)
		check(fmt.Sprint("r", n), head, cases, func(w *record.Walk) record.Known { return w.Register(pc, n) })
	}
	for i := range st.Frame().Stack.Len() {
		head, cases := w.SlotCases(pc, i)
		check(fmt.Sprint("slot ", i), head, cases, func(w *record.Walk) record.Known { return w.Slot(pc, i) })
	}
	return held
}

// pathTo is the path to a state, backwards.
func pathTo(v *verifier, st *state.State) []int {
	path := []int{st.PC}
	for ; st != nil; st = st.Parent {
		n, more := len(st.History), true
		for pc := st.LastPC; more && pc >= 0; pc, more = previousPC(st, pc, &n) {
			if pc == 0 || !v.insns[pc-1].IsLdImm64() {
				path = append(path, pc)
			}
		}
	}
	return path
}
