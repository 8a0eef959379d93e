// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// refused names what a fault says is refused, as the recorded answers do.
func refused(f *Fault) string {
	switch s := f.Shared; {
	case s.Slot != nil:
		return fmt.Sprintf("%s[%d]", f.Name, s.Slot.Index)
	default:
		return s.Program.Name
	}
}

// TestLoadedTogether holds what is said of whole objects against a kernel that
// was given all maps and programs of them.
func TestLoadedTogether(t *testing.T) {
	const dir = "../../testdata/faults"
	recorded, err := filepath.Glob(filepath.Join(dir, "whole-*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	for _, name := range recorded {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, data...)
	}
	asked := 0
	for line := range bytes.Lines(lines) {
		var answer struct{ Object, Refused, Errno, Skip string }
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Object == "" || answer.Skip != "" {
			continue // the build, or no answer
		}
		asked++
		data, err := os.ReadFile(filepath.Join(dir, answer.Object))
		if err != nil {
			t.Fatal(err)
		}
		obj, err := Load(data, Options{Name: answer.Object})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, f := range obj.Faults {
			if f.Kind != MapShared {
				t.Errorf("%s: fault of kind %d: %s", answer.Object, f.Kind, f.Message)
				continue
			}
			said = append(said, refused(f))
		}
		if answer.Refused == "" && len(said) > 0 || answer.Refused != "" && !slices.Contains(said, answer.Refused) {
			t.Errorf("%s: the kernel refuses %q (%s), the faults say %q", answer.Object, answer.Refused, answer.Errno,
				said)
		}
	}
	if asked < 18 {
		t.Errorf("the kernel was asked of %d objects", asked)
	}
}

// usersOf makes programs that use one map, each with further calls.
func usersOf(m *Map, calls ...[]int32) []*Program {
	var all []*Program
	for i, helpers := range calls {
		p := &Program{Name: fmt.Sprint("p", i), Autoload: true, Type: facts.ProgKprobe, Maps: []*Map{m}}
		p.Insns = append(p.Insns, isa.Insn{Op: isa.ClassLD | isa.SizeDW | isa.ModeIMM, Dst: 2, Src: isa.PseudoMapIdx},
			isa.Insn{})
		for _, h := range helpers {
			p.Insns = append(p.Insns, isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: h})
		}
		all = append(all, p)
	}
	return all
}

// Whoever overrides a result is refused even alone, and decides nothing for
// others.
func TestOverrideWithProgramArray(t *testing.T) {
	array := &Map{FullName: "steps", Type: facts.MapProgramArray}
	overriding := []int32{facts.FuncTailCall, facts.FuncOverrideReturn}
	o := &Object{Maps: []*Map{array}, Programs: usersOf(array, overriding, []int32{facts.FuncTailCall}, overriding)}
	o.Programs[0].Type = facts.ProgTracing
	o.reportSharing()
	if len(o.Faults) != 1 || o.Faults[0].Shared.Why != OverridesReturn || o.Faults[0].Shared.Program != o.Programs[0] ||
		len(o.Faults[0].Shared.More) != 1 {
		t.Errorf("faults: %+v", o.Faults)
	}
}

// A program counts that is loaded, and is known as what.
func TestOnlyLoadedProgramsShare(t *testing.T) {
	array := &Map{FullName: "steps", Type: facts.MapProgramArray}
	call := []int32{facts.FuncTailCall}
	for name, change := range map[string]func(p *Program){
		"not loaded":   func(p *Program) { p.Autoload = false },
		"type unknown": func(p *Program) { p.Type = facts.ProgUnspec },
		"type guessed": func(p *Program) { p.LoadErrors = []*LoadError{{Kind: UnknownSection, PC: -1}} },
		"not linked": func(p *Program) {
			p.LoadError = &LoadError{Kind: MissingSymbol, Fatal: true, Message: "missing"}
			p.LoadErrors = []*LoadError{p.LoadError}
		},
	} {
		o := &Object{Maps: []*Map{array}, Programs: usersOf(array, call, call)}
		o.Programs[1].Type = facts.ProgXDP
		if o.reportSharing(); len(o.Faults) != 1 {
			t.Errorf("%d faults of programs of two types", len(o.Faults))
		}
		o.Faults = nil
		change(o.Programs[0])
		if o.reportSharing(); len(o.Faults) != 0 {
			t.Errorf("%s: %s", name, refused(o.Faults[0]))
		}
	}
}
