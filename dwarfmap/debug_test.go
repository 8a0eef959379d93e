// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"bytes"
	"debug/elf"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

const testDir = "../testdata/dwarf/"

func readObject(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(testDir + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func loadObject(t testing.TB, data []byte) *program.Object {
	t.Helper()
	obj, err := program.Load(data, program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

// expected are names in a comment: // holds a b.c
var expected = regexp.MustCompile(`// (holds|lies) ([^/\n]+)`)

// TestVariables wants what the comments of the sources say to be found at an
// instruction of their lines.
func TestVariables(t *testing.T) {
	for _, object := range []string{"variables.bpf.o", "variables4.bpf.o"} {
		t.Run(object, func(t *testing.T) {
			have := map[string][]string{} // by kind, file and line
			for _, p := range loadObject(t, readObject(t, object)).Programs {
				ix := New(p)
				for pc := range p.Insns {
					at, ok := ix.At(pc)
					if !ok {
						continue
					}
					base := fmt.Sprintf(" %s:%d", at.File[strings.LastIndexByte(at.File, '/')+1:], at.Line)
					for reg := range uint8(10) {
						for _, v := range ix.Held(pc, reg) {
							have["holds"+base] = append(have["holds"+base], v.Name)
						}
					}
					for off := -512; off < 0; off++ {
						if v, _, ok := ix.SlotVariable(pc, off); ok {
							part, _ := ix.SlotPart(pc, off)
							have["lies"+base] = append(have["lies"+base], v.Name, part)
						}
					}
				}
			}
			for _, source := range []string{"variables.bpf.c", "record.h"} {
				for i, line := range strings.Split(string(readObject(t, source)), "\n") {
					for _, m := range expected.FindAllStringSubmatch(line, -1) {
						key := fmt.Sprintf("%s %s:%d", m[1], source, i+1)
						for _, name := range strings.Fields(m[2]) {
							if !slices.Contains(have[key], name) {
								t.Errorf("%s: no %s among %q", key, name, slices.Compact(slices.Sorted(slices.Values(have[key]))))
							}
						}
					}
				}
			}
		})
	}
}

func TestInlined(t *testing.T) {
	for _, object := range []string{"variables.bpf.o", "variables4.bpf.o"} {
		programs := loadObject(t, readObject(t, object)).Programs
		p := programs[slices.IndexFunc(programs, func(p *program.Program) bool { return p.Name == "inlined" })]
		ix := New(p)
		for pc := range p.Insns {
			if at, _ := ix.At(pc); !strings.HasSuffix(at.File, "record.h") || p.Insns[pc].Class() != isa.ClassSTX {
				continue
			}
			var got []string
			for _, c := range ix.Inlined(pc) {
				file := c.Site.File[strings.LastIndexByte(c.Site.File, '/')+1:]
				got = append(got, fmt.Sprintf("%s into %s at %s:%d:%d", c.Function, c.Into, file, c.Site.Line, c.Site.Col))
			}
			want := []string{"fill into complete at record.h:33:9", "complete into inlined at variables.bpf.c:30:6"}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", object, got, want)
			}
			if held := ix.Held(pc, p.Insns[pc].Dst); len(held) != 3 || held[0].Name != "rec" || held[0].Outer != 0 || held[2].Name != "r" || held[2].Outer != 2 {
				t.Errorf("%s: the pointer is %+v", object, held)
			}
			if all := ix.Variables(pc); !slices.ContainsFunc(all, func(v Var) bool { return v.Name == "limit" && v.Param }) {
				t.Errorf("%s: there is no parameter limit in %+v", object, all)
			}
			return
		}
		t.Errorf("%s: no store in the inlined function", object)
	}
}

// TestWithoutDWARF asks a program that has BTF only.
func TestWithoutDWARF(t *testing.T) {
	for _, p := range loadObject(t, readObject(t, "stripped.bpf.o")).Programs {
		ix := New(p)
		for pc := range p.Insns {
			if _, ok := ix.Variable(pc, 6); ok || ix.Inlined(pc) != nil || ix.Variables(pc) != nil {
				t.Fatalf("%d has DWARF", pc)
			}
		}
		if !ix.HasLines() {
			t.Error("the lines are gone too")
		}
	}
	ix := New(sample())
	if _, _, ok := ix.SlotVariable(1, -8); ok {
		t.Error("a program without an object has DWARF")
	}
}

// TestUnread wants lines and functions to cost no reading of DWARF.
func TestUnread(t *testing.T) {
	ix := New(loadObject(t, readObject(t, "variables.bpf.o")).Programs[0])
	ix.At(0)
	ix.From(0)
	ix.Function(0)
	if ix.info != nil {
		t.Error("DWARF was read")
	}
	if ix.Variables(0); ix.info == nil {
		t.Error("DWARF was not read")
	}
}

// askAll asks everything, which must neither panic nor take long.
func askAll(obj *program.Object) {
	for _, p := range obj.Programs {
		ix := New(p)
		for pc := range p.Insns {
			ix.Held(pc, 1)
			ix.SlotPart(pc, -16)
			ix.Inlined(pc)
		}
	}
}

// debugSections are the offsets of the debug sections in an object file.
func debugSections(t testing.TB, data []byte) [][2]uint64 {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]uint64
	for _, s := range f.Sections {
		if strings.Contains(s.Name, ".debug_") && s.Size > 0 {
			out = append(out, [2]uint64{s.Offset, s.Size})
		}
	}
	return out
}

// damage overwrites bytes of the debug sections.
func damage(data []byte, sections [][2]uint64, seed int64, n int) []byte {
	rnd := rand.New(rand.NewSource(seed))
	out := bytes.Clone(data)
	for range n {
		s := sections[rnd.Intn(len(sections))]
		out[s[0]+uint64(rnd.Int63n(int64(s[1])))] = [...]byte{0, 0xff, 0x80, byte(rnd.Intn(256))}[rnd.Intn(4)]
	}
	return out
}

func TestDamaged(t *testing.T) {
	for _, object := range []string{"variables.bpf.o", "variables4.bpf.o"} {
		data := readObject(t, object)
		sections := debugSections(t, data)
		for seed := range int64(200) {
			askAll(loadObject(t, damage(data, sections, seed, 1+int(seed%20))))
		}
		for _, s := range sections {
			for _, keep := range []uint64{0, s[1] / 2, s[1] - 1} {
				cut := bytes.Clone(data)
				clear(cut[s[0]+keep : s[0]+s[1]])
				askAll(loadObject(t, cut))
			}
		}
	}
}

func FuzzDamaged(f *testing.F) {
	f.Add(int64(1), uint16(3))
	data := readObject(f, "variables.bpf.o")
	sections := debugSections(f, data)
	f.Fuzz(func(t *testing.T, seed int64, n uint16) {
		askAll(loadObject(t, damage(data, sections, seed, int(n%500))))
	})
}

func FuzzLists(f *testing.F) {
	f.Add(list5)
	f.Fuzz(func(t *testing.T, list []byte) {
		testUnit(5, list).list(0, true)
		testUnit(4, list).list4(0, true)
		places(list, true)
	})
}
