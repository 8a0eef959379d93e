// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

func typeName(spec *btf.Spec, id uint32) string {
	typ, err := spec.TypeByID(btf.TypeID(id))
	if err != nil {
		return err.Error()
	}
	return typ.TypeName()
}

func programNamed(t *testing.T, o *Object, name string) *Program {
	t.Helper()
	for _, p := range o.Programs {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no program %s", name)
	return nil
}

func kconfigContents(t *testing.T, o *Object) []byte {
	t.Helper()
	for _, m := range o.Maps {
		if m.FullName == secKconfig {
			return m.Contents
		}
	}
	t.Fatal("no .kconfig map")
	return nil
}

func TestKconfig(t *testing.T) {
	tests := []struct {
		name string
		conf map[string]string
		want string // after the kernel version, in the map's order
	}{
		{"unknown", nil, "\x00\x00\x00\x00" + "\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00"},
		{"given", map[string]string{"CONFIG_TRISTATE": "m", "CONFIG_BYTE": "0x41", "CONFIG_TEXT": `"text"`},
			"\x02\x00\x00\x00" + "A" + "text\x00\x00\x00\x00"},
		{"cut", map[string]string{"CONFIG_TRISTATE": "y", "CONFIG_BYTE": "y", "CONFIG_TEXT": `"a text too long"`},
			"\x01\x00\x00\x00" + "y" + "a text \x00"},
		{"unfit", map[string]string{"CONFIG_TRISTATE": "1", "CONFIG_BYTE": "256", "CONFIG_TEXT": "7"},
			"\x00\x00\x00\x00" + "\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := string(kconfigContents(t, loadTestObject(t, "maps", Options{Kconfig: tt.conf})))
			// Alignment first, then size: the two words, the byte, the text.
			words := got[:8]
			if !strings.Contains(words, "\x2c\x12\x06\x00") {
				t.Errorf("no kernel version in %q", words)
			}
			rest := strings.Replace(words, "\x2c\x12\x06\x00", "", 1) + got[8:]
			if rest != tt.want {
				t.Errorf("got %q, want %q", rest, tt.want)
			}
		})
	}
}

func TestReadKconfig(t *testing.T) {
	got, err := ReadKconfig(strings.NewReader("# comment\nCONFIG_A=y\nCONFIG_B=\"x=y\"\n# CONFIG_C is not set\nOTHER=1\n"))
	if err != nil || len(got) != 2 || got["CONFIG_A"] != "y" || got["CONFIG_B"] != `"x=y"` {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDataMapName(t *testing.T) {
	tests := []struct{ file, section, want string }{
		{"probe.bpf.o", ".rodata", "probe.rodata"},
		{"a_long_object_name.o", ".rodata", "a_long_o.rodata"},
		{"a_long_object_name.o", ".bss", "a_long_o.bss"},
		{"a_long_object_name.o", ".kconfig", "a_long_.kconfig"},
		{"probe.o", ".data.private", ".data.private"},
		{"probe.o", ".rodata.abracadabra", ".rodata.abracad"},
		{"dir/with-dash.o", ".data", "with_das.data"},
		{"", ".bss", ".bss"},
	}
	for _, tt := range tests {
		o := Options{Name: tt.file}
		if got := dataMapName(o.objectName(), tt.section); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.file, tt.section, got, tt.want)
		}
	}
}

func TestRingbufBytes(t *testing.T) {
	for n, want := range map[uint32]uint32{
		0: 0, 1: 4096, 4095: 4096, 4096: 4096, 4097: 8192, 8192: 8192, 12288: 16384, 1 << 31: 1 << 31,
		1<<31 + 1: 1<<31 + 1,
	} {
		if got := ringbufBytes(n); got != want {
			t.Errorf("%d: got %d, want %d", n, got, want)
		}
	}
}

func TestEssentialName(t *testing.T) {
	for name, want := range map[string]string{
		"task_struct": "task_struct", "task_struct___v2": "task_struct", "a___b___c": "a___b", "____": "____",
		"a____b": "a____b", "___b": "___b", "a___": "a___",
	} {
		if got := essential(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// Each entry spoils a good object in one way.
func TestLoadErrors(t *testing.T) {
	good := readTestObject(t, "maps")
	machine := bytes.Clone(good)
	machine[18] = byte(elf.EM_X86_64)
	tests := []struct {
		name string
		data []byte
		kind error
		text string
	}{
		{"empty", nil, ErrFormat, "not an ELF file"},
		{"no elf", []byte("int main(void) {}"), ErrFormat, "not an ELF file"},
		{"cut short", good[:len(good)/2], ErrFormat, ""},
		{"other machine", machine, ErrFormat, "-target bpf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(tt.data, Options{})
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}

// Each entry spoils a good object in one way that leaves it its other programs.
func TestFaults(t *testing.T) {
	good := readTestObject(t, "maps")
	rename := func(from, to string) []byte {
		return bytes.ReplaceAll(good, []byte("\x00"+from+"\x00"), []byte("\x00"+to+"\x00"))
	}
	for _, tt := range []struct {
		name   string
		data   []byte
		kind   FaultKind
		member string
		text   string
	}{
		{"no BTF", bytes.ReplaceAll(good, []byte(".BTF\x00"), []byte(".BTX\x00")), NeedsBTF, "", ""},
		{"unknown map attribute", rename("max_entries", "max_entriez"), MapDefinition, "max_entriez",
			"unknown attribute 'max_entriez'"},
		{"values not last", rename("max_entries", "values\x00ries"), MapDefinition, "values",
			"'values' must be the last member"},
		{"no map type", rename("type", "xype"), MapDefinition, "xype", "unknown attribute 'xype'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obj, err := Load(tt.data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(obj.Faults) == 0 {
				t.Fatal("no fault")
			}
			if f := obj.Faults[0]; f.Kind != tt.kind || !f.Fatal || f.Name == "" || f.Member != tt.member ||
				!strings.Contains(f.Message, tt.text) {
				t.Errorf("got %+v", f)
			}
			if e := programNamed(t, obj, "uses_maps").LoadError; e == nil || e.Kind != UnusableMap {
				t.Errorf("a program that uses a map has %v", e)
			}
			if e := programNamed(t, obj, "called").LoadError; tt.kind == MapDefinition && e != nil {
				t.Errorf("a program without maps has %v", e)
			}
		})
	}
	obj, err := Load(rename(".ksyms", ".other"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := programNamed(t, obj, "uses_ksyms").LoadError; e == nil || e.Kind != UndeclaredSymbol ||
		!strings.Contains(e.Message, "only __ksym and __kconfig are known") {
		t.Errorf("got %v", e)
	}
}

// An object with functions only lacks what those call, which its loader links to them.
func TestFunctionsOnly(t *testing.T) {
	_, err := Load(readTestObject(t, functionsOnly), Options{})
	if !errors.Is(err, ErrNoPrograms) || !strings.Contains(err.Error(), "only functions") {
		t.Errorf("got %v", err)
	}
}

// A broken reference concerns its program only.
func TestProgramErrors(t *testing.T) {
	data := bytes.ReplaceAll(readTestObject(t, "maps"), []byte("LINUX_KERNEL_VERSION\x00"),
		[]byte("LINUX_KERNEL_VERSIOM\x00"))
	data = bytes.ReplaceAll(data, []byte("bpf_rcu_read_lock\x00"), []byte("bpf_rcu_read_loch\x00"))
	obj, err := Load(data, Options{Name: "maps.o"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		program string
		kind    LoadErrorKind
		fatal   bool
		text    string
	}{
		{"called", MissingConfig, true, "libbpf knows no __kconfig extern 'LINUX_KERNEL_VERSIOM'"},
		{"uses_ksyms", MissingKfunc, true, "the kernel has no function 'bpf_rcu_read_loch'"},
	} {
		e := programNamed(t, obj, tt.program).LoadError
		if e == nil || e.Kind != tt.kind || e.Fatal != tt.fatal || e.Message != tt.text {
			t.Errorf("%s: got %+v, want %q", tt.program, e, tt.text)
		}
	}
	if e := programNamed(t, obj, "uses_maps").LoadError; e != nil {
		t.Errorf("uses_maps: %v", e)
	}
}

func TestSymbols(t *testing.T) {
	p := programNamed(t, loadTestObject(t, "maps", Options{Symbols: map[string]uint64{"schedule": 0xffffffff81234560}}),
		"uses_ksyms")
	if uint32(p.Insns[0].Imm) != 0x81234560 || uint32(p.Insns[1].Imm) != 0xffffffff {
		t.Errorf("got %#x %#x", p.Insns[0].Imm, p.Insns[1].Imm)
	}
	p = programNamed(t, loadTestObject(t, "maps", Options{Symbols: map[string]uint64{}}), "uses_ksyms")
	if p.LoadError == nil || !p.LoadError.Fatal || p.LoadError.Symbol != "schedule" {
		t.Errorf("got %+v", p.LoadError)
	}
}

func TestTags(t *testing.T) {
	obj := loadTestObject(t, "linking", Options{})
	if got := obj.Tags("with_exception"); len(got) != 4 || got[0] != "exception_callback:on_throw" {
		t.Errorf("got %q", got)
	}
	if got := obj.Tags("leaf"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// An object without BTF still links if nothing in it needs types.
func TestNoBTF(t *testing.T) {
	data := bytes.Replace(readTestObject(t, "linking"), []byte(".BTF\x00"), []byte(".BTX\x00"), 1)
	obj, err := Load(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := programNamed(t, obj, "main_a")
	if obj.BTF != nil || len(p.Funcs) != 0 || len(p.Lines) != 0 {
		t.Errorf("BTF %v, %d functions, %d lines", obj.BTF, len(p.Funcs), len(p.Lines))
	}
	var names []string
	for _, s := range p.Symbols {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "main_a sub_a sub_b leaf" {
		t.Errorf("got %s", got)
	}
}

func TestNewKernel(t *testing.T) {
	k, err := EmbeddedKernel()
	if err != nil {
		t.Fatal(err)
	}
	if k.Version != 6<<16|18<<8|44 {
		t.Errorf("version %#x", k.Version)
	}
	// The object's own BTF serves as a small kernel.
	small, err := NewKernel(readTestObject(t, "core"), "5.10.0-rc1")
	if err != nil {
		t.Fatal(err)
	}
	if small.Version != 5<<16|10<<8 {
		t.Errorf("version %#x", small.Version)
	}
	if _, err := NewKernel([]byte("nothing"), ""); !errors.Is(err, ErrKernelBTF) {
		t.Errorf("got %v", err)
	}
	// Against itself every relocation of the object has a match.
	for _, p := range loadTestObject(t, "core", Options{Kernel: small}).Programs {
		for _, e := range p.LoadErrors {
			if e.Kind == CORERelocation {
				t.Errorf("%s: %v", p.Name, e)
			}
		}
	}
}

func FuzzLoadObject(f *testing.F) {
	for _, name := range testObjects {
		f.Add(readTestObject(f, name))
	}
	faults, err := filepath.Glob("../../testdata/faults/*.o")
	if err != nil || len(faults) == 0 {
		f.Fatalf("%d objects with faults: %v", len(faults), err)
	}
	for _, name := range faults {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	small, err := NewKernel(readTestObject(f, "core"), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		obj, err := Load(data, Options{Name: "fuzz.o", Kernel: small})
		if (obj == nil) == (err == nil) {
			t.Errorf("object %v, error %v", obj, err)
		}
	})
}

func FuzzKernel(f *testing.F) {
	for _, name := range testObjects {
		f.Add(readTestObject(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := NewKernel(data, "")
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := k.WriteHeader(&out); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkEmbeddedKernel(b *testing.B) {
	data, err := decompress(embeddedBTF)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decompress", func(b *testing.B) {
		for b.Loop() {
			if _, err := decompress(embeddedBTF); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("index", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewKernel(data, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(objectDir, "core.o"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(data, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMapOfCPUs holds maps of CPUs to the number of CPUs that the kernel is built for.
func TestMapOfCPUs(t *testing.T) {
	m := &Map{Type: facts.MapCPUMap, KeySize: 4, ValueSize: 4, MaxEntries: 300}
	all := defined{"key": true, "value": true, "max_entries": true}
	for _, c := range []struct {
		config map[string]string
		most   uint64 // 0 if the map is created
	}{
		{nil, 0},
		{map[string]string{"CONFIG_NR_CPUS": "512"}, 0},
		{map[string]string{"CONFIG_NR_CPUS": "300"}, 0},
		{map[string]string{"CONFIG_NR_CPUS": "256"}, 256},
		{map[string]string{"CONFIG_NR_CPUS": "many"}, 0},
	} {
		got := m.faults(all, (&Options{Kconfig: c.config}).cpus())
		if c.most == 0 && len(got) > 0 || c.most != 0 && (len(got) != 1 || got[0].Problem != MapTooMany ||
			got[0].Most != c.most) {
			t.Errorf("%v: %+v", c.config, got)
		}
	}
}

// TestValuesForAddresses links a program that uses the addresses of variables as numbers, for a loader that puts their
// values there.
func TestValuesForAddresses(t *testing.T) {
	obj, err := Load(readTestObject(t, "values"), Options{Name: "values.o"})
	if err != nil {
		t.Fatal(err)
	}
	var loaded []int32
	p := programNamed(t, obj, "measure")
	for i := range p.Insns {
		if in := &p.Insns[i]; in.IsLdImm64() {
			if in.Src != 0 {
				t.Errorf("instruction %d refers to something", i)
			}
			loaded = append(loaded, in.Imm)
		}
	}
	slices.Sort(loaded)
	if loaded = slices.Compact(loaded); !slices.Equal(loaded, []int32{0, 30, 200}) {
		t.Errorf("loads %d", loaded)
	}
	if !programNamed(t, obj, "match").OwnLoaderMaps() || p.OwnLoaderMaps() {
		t.Error("only match uses a map of the loader")
	}
}
