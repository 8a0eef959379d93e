// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

var update = flag.Bool("update", false, "compile the test objects and rewrite what they are expected to link to")

// objectDir holds the C sources of the test objects, the objects, and how they
// are expected to be linked.
const objectDir = "../../testdata/loader"

// testObjects are loaded for the built-in kernel, but for shapes, whose kernel is
// one made up.
var testObjects = []string{"linking", "maps", "core", "sections", "shapes", "parts"}

const madeUpKernel = "shapes_kernel"

// functionsOnly is an object without programs.
const functionsOnly = "functions"

// buildFlags make objects that do not depend on where they were built.
var buildFlags = []string{"-target", "bpf", "-mcpu=v3", "-O2", "-gdwarf-5", "-gembed-source", "-Wall",
	"-fdebug-compilation-dir=/src"}

func readTestObject(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(objectDir, name+".o"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func loadTestObject(t testing.TB, name string, o Options) *Object {
	t.Helper()
	o.Name = name + ".bpf.o"
	obj, err := Load(readTestObject(t, name), o)
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

// buildTestObject compiles one of the C sources.
func buildTestObject(t *testing.T, name string) {
	t.Helper()
	cmd := exec.CommandContext(deadline.Context(t, "clang"), clang(t),
		append(buildFlags, "-c", name+".c", "-o", name+".o")...)
	cmd.Dir = objectDir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestLinkedPrograms(t *testing.T) {
	if *update {
		buildTestObject(t, madeUpKernel)
		buildTestObject(t, functionsOnly)
	}
	small, err := NewKernel(readTestObject(t, madeUpKernel), "")
	if err != nil {
		t.Fatal(err)
	}
	kernels := map[string]*Kernel{"shapes": small}
	for _, name := range testObjects {
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join(objectDir, name+".golden")
			if *update {
				buildTestObject(t, name)
			}
			got := dump(loadTestObject(t, name, Options{Kernel: kernels[name]}))
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("linked differently (-want +got):\n%s", diff)
			}
		})
	}
}

// dump writes all of an object as text.
func dump(o *Object) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "license %q, version %#x, compiled in %q\n", o.License, o.KernelVersion, o.CompDir)
	for i, m := range o.Maps {
		fmt.Fprintf(&out, "map %d ", i)
		dumpMap(&out, o, m)
	}
	for _, p := range o.Programs {
		dumpProgram(&out, o, p)
	}
	return out.Bytes()
}

func dumpMap(out *bytes.Buffer, o *Object, m *Map) {
	fmt.Fprintf(out, "%s (%s): %s key %d, value %d, entries %d, flags %#x", m.Name, m.FullName, m.Type, m.KeySize,
		m.ValueSize, m.MaxEntries, m.Flags)
	if m.Extra != 0 {
		fmt.Fprintf(out, ", extra %#x", m.Extra)
	}
	for _, id := range []uint32{m.KeyTypeID, m.ValueTypeID} {
		if id != 0 {
			fmt.Fprintf(out, ", type %s", typeName(o.BTF, id))
		}
	}
	if m.KernelValueTypeID != 0 {
		fmt.Fprintf(out, ", kernel type %s", typeName(o.KernelBTF, m.KernelValueTypeID))
	}
	for _, b := range []struct {
		is   bool
		name string
	}{{m.Pinned, "pinned"}, {m.Frozen, "frozen"}, {m.ReadOnlyProg, "read-only"}, {m.Data, "data"}} {
		if b.is {
			out.WriteString(", " + b.name)
		}
	}
	if m.Contents != nil {
		fmt.Fprintf(out, ", contents %x", m.Contents)
	}
	out.WriteByte('\n')
	if m.Inner != nil {
		out.WriteString("  inner ")
		dumpMap(out, o, m.Inner)
	}
	for _, s := range m.Slots {
		name := s.Program
		if s.Map != nil {
			name = s.Map.Name
		}
		fmt.Fprintf(out, "  slot %d: %s\n", s.Index, name)
	}
}

func dumpProgram(out *bytes.Buffer, o *Object, p *Program) {
	fmt.Fprintf(out, "\nprogram %s: section %q, %s", p.Name, p.Section, p.Type)
	if s := p.Attach.String(); s != "" {
		fmt.Fprintf(out, ", attach %s", s)
	}
	if p.AttachTo != "" {
		fmt.Fprintf(out, ", to %q", p.AttachTo)
	}
	if p.AttachBTFID != 0 {
		fmt.Fprintf(out, ", to kernel type %s", typeName(o.KernelBTF, p.AttachBTFID))
	}
	fmt.Fprintf(out, ", flags %#x, log level %d, GPL %v, autoload %v\n", p.Flags, p.LogLevel, p.GPL, p.Autoload)
	for _, e := range p.LoadErrors {
		fmt.Fprintf(out, "  error (fatal %v): %v\n", e.Fatal, e)
	}
	for _, f := range p.Funcs {
		fmt.Fprintf(out, "  function at %d: %s, %s\n", f.InsnOff, f.Name, f.Linkage)
	}
	var text isa.Names
	lines := p.Lines
	for pc := 0; pc < len(p.Insns); pc++ {
		for len(lines) > 0 && int(lines[0].InsnOff) <= pc {
			fmt.Fprintf(out, "  ; %s @ %s:%d:%d\n", strings.TrimSpace(lines[0].Text), lines[0].File, lines[0].Line,
				lines[0].Col)
			lines = lines[1:]
		}
		in := &p.Insns[pc]
		fmt.Fprintf(out, "  %d: %s", pc, text.Append(nil, p.Insns, pc))
		if in.IsLdImm64() && pc+1 < len(p.Insns) {
			pc++
			switch in.Src {
			case isa.PseudoMapIdx, isa.PseudoMapIdxValue:
				fmt.Fprintf(out, " ; map %s + %d", p.Maps[in.Imm].Name, p.Insns[pc].Imm)
			case isa.PseudoBTFID:
				fmt.Fprintf(out, " ; %s", typeName(o.KernelBTF, uint32(in.Imm)))
			}
		}
		if in.IsKfuncCall() {
			fmt.Fprintf(out, " ; %s", typeName(o.KernelBTF, uint32(in.Imm)))
		}
		out.WriteByte('\n')
	}
}
