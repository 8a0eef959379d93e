// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const linkedDir = "../../testdata/linked"

// linkFiles links objects of testdata/linked.
func linkFiles(t testing.TB, names ...string) *Object {
	t.Helper()
	var parts []Part
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(linkedDir, name))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, Part{Name: "/src/" + name, ELF: data})
	}
	obj, err := LoadLinked(parts, Options{Name: "whole.o"})
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

// TestLinkedAsBpftoolDoes compares the programs and maps of objects linked here with those of the object that bpftool
// made of them, which the kernel loads as a whole.
func TestLinkedAsBpftoolDoes(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(linkedDir, "whole.o"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := Load(data, Options{Name: "whole.o"})
	if err != nil {
		t.Fatal(err)
	}
	got := linkFiles(t, "main.o", "other.o")
	for _, f := range got.Faults {
		t.Errorf("fault: %s: %s", f.Name, f.Message)
	}
	if len(got.Programs) != len(want.Programs) || len(got.Programs) != 2 {
		t.Fatalf("%d programs, %d in bpftool's object", len(got.Programs), len(want.Programs))
	}
	for i, p := range got.Programs {
		q := want.Programs[i]
		if p.Name != q.Name || p.LoadError != nil || !reflect.DeepEqual(p.Insns, q.Insns) {
			t.Errorf("%s (%v) has other instructions than %s", p.Name, p.LoadError, q.Name)
		}
		if len(p.Funcs) != len(q.Funcs) || len(p.Lines) != len(q.Lines) {
			t.Errorf("%s: %d functions and %d lines, not %d and %d", p.Name, len(p.Funcs), len(p.Lines), len(q.Funcs),
				len(q.Lines))
		}
	}
	maps := func(o *Object) (out []string) {
		for _, m := range o.Maps {
			out = append(out,
				fmt.Sprintln(m.FullName, m.Type, m.KeySize, m.ValueSize, m.MaxEntries, m.Flags, m.Contents))
		}
		return out
	}
	if a, b := maps(got), maps(want); !reflect.DeepEqual(a, b) {
		t.Errorf("maps %q, not %q", a, b)
	}
	answers, err := os.ReadFile(filepath.Join(linkedDir, "whole-6.18.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Object, Refused string }
	if _, line, _ := bytes.Cut(answers, []byte("\n")); json.Unmarshal(line, &answer) != nil ||
		answer.Object != "whole.o" || answer.Refused != "" {
		t.Errorf("the kernel's answer is %s", answers)
	}
}

// Each function is known to be of its file, and lines are of the files that the parts were compiled of.
func TestLinkedPartsAreKnown(t *testing.T) {
	first := linkFiles(t, "main.o", "other.o").Programs[0]
	var parts []string
	for _, s := range first.Symbols {
		parts = append(parts, s.Name+" of "+filepath.Base(s.Part))
	}
	if got, want := strings.Join(parts, ", "),
		"first of main.o, twice of main.o, add of other.o, choose of other.o"; got != want {
		t.Errorf("functions %s, not %s", got, want)
	}
	files := map[string]bool{}
	for _, l := range first.Lines {
		files[l.File] = true
	}
	if !files["/bpf-lsp/testdata/linked/main.c"] || !files["/bpf-lsp/testdata/linked/other.c"] {
		t.Errorf("lines of %v", files)
	}
}

// A struct that one part only declares is the one that the other part defines, and types that are equal are one.
func TestLinkedTypesAreOne(t *testing.T) {
	obj := linkFiles(t, "main.o", "other.o")
	seen := map[string]int{}
	for typ, err := range obj.BTF.All() {
		if err != nil {
			t.Fatal(err)
		}
		if name := typ.TypeName(); name != "" {
			seen[fmt.Sprintf("%T %s", typ, name)]++
		}
	}
	for _, name := range []string{"*btf.Struct entry", "*btf.Struct __sk_buff", "*btf.Func twice", "*btf.Func choose"} {
		if seen[name] != 1 {
			t.Errorf("%d of %s", seen[name], name)
		}
	}
	if seen["*btf.Fwd entry_tail"] != 0 {
		t.Error("the declaration of struct entry_tail is left")
	}
}

// TestLinkConflicts has what bpftool refuses to link, each for one symbol.
func TestLinkConflicts(t *testing.T) {
	for which, want := range map[int][2]string{
		1: {"add", "both other.o and conflict1.o define it"},
		2: {"add", "4 and 8 bytes"},
		3: {"entries", "its values"},
		4: {"limit", "4 and 8 bytes"},
		5: {"license", "the objects have different licenses"},
	} {
		obj := linkFiles(t, "other.o", fmt.Sprintf("conflict%d.o", which))
		if len(obj.Faults) != 1 || obj.Faults[0].Kind != LinkConflict || !obj.Faults[0].Fatal ||
			obj.Faults[0].Name != want[0] || !strings.Contains(obj.Faults[0].Message, want[1]) {
			for _, f := range obj.Faults {
				t.Errorf("%d: %+v", which, f)
			}
			t.Errorf("%d: %d faults, want one of %q", which, len(obj.Faults), want)
		}
	}
}

// FuzzLinked links a damaged object to a whole one.
func FuzzLinked(f *testing.F) {
	whole, err := os.ReadFile(filepath.Join(linkedDir, "main.o"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{"other.o", "conflict3.o", "main.o"} {
		data, err := os.ReadFile(filepath.Join(linkedDir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		a, b := Part{Name: "main.o", ELF: whole}, Part{Name: "damaged.o", ELF: data}
		_, _ = LoadLinked([]Part{a, b}, Options{Name: "whole.o"})
		_, _ = LoadLinked([]Part{b, a}, Options{Name: "whole.o"})
	})
}
