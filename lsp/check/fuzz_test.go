// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// objectDirs hold the objects that are mutated.
var objectDirs = []string{"rules", "objects", "loader", "helpers", "lifetime", "dwarf"}

// fuzzBound is how long one mutated object may take, on a busy machine.
const fuzzBound = time.Minute

func testObjects(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	for _, dir := range objectDirs {
		names, err := filepath.Glob(filepath.Join("..", "..", "testdata", dir, "*.o"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, text)
		}
	}
	return out
}

// mustJudge runs everything after the compiler on an object. The object may be refused or verified with any result, but
// nothing may panic or take long.
func mustJudge(t *testing.T, c *Checker, data []byte) {
	t.Helper()
	kernel, err := c.kernel.load()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), fuzzBound)
	defer cancel()
	src := NewSource(nil)
	began := time.Now()
	obj, err := c.loadAs(program.Options{Name: "fuzz.o", Kernel: kernel},
		func(o program.Options) (*program.Object, error) { return c.Load(data, o) })
	if took := time.Since(began); took > fuzzBound {
		t.Errorf("loading took %v", took)
	}
	if err != nil {
		if fault := loadFault(err, "fuzz.c"); fault.Code == catalog.InternalBug {
			t.Errorf("the loader panicked: %s", fault.Reason)
		}
		return
	}
	r := Report{File: "fuzz.c", Object: obj, Source: src}
	r.Programs = c.programs(ctx, Request{File: "fuzz.c"}, obj, obj.Programs, src)
	for _, d := range r.Diagnostics() {
		if d.Code == catalog.InternalBug {
			t.Errorf("%s: %s", d.Program, d.Reason)
		}
	}
	c.Recorded(ctx, &r)
	if took := time.Since(began); took > fuzzBound+fuzzBound/2 {
		t.Errorf("a cancelled check took %v", took)
	}
}

// mutated changes an object: numbers become larger, smaller or extreme, mostly in headers, symbols, relocations and
// types, where a random byte is likely to have an effect.
func mutated(data []byte, seed uint64) []byte {
	rnd := rand.New(rand.NewPCG(seed, seed))
	out := bytes.Clone(data)
	type extent struct{ off, size uint64 }
	spans := []extent{{0, 64}, {0, uint64(len(out))}}
	if f, err := elf.NewFile(bytes.NewReader(data)); err == nil {
		table := uint64(f.Section(".strtab").Offset + f.Section(".strtab").Size)
		if table < uint64(len(out)) {
			spans = append(spans, extent{table, uint64(len(out)) - table})
		}
		for _, s := range f.Sections {
			if s.Type != elf.SHT_NOBITS && s.FileSize > 0 && s.Offset+s.FileSize <= uint64(len(out)) &&
				!strings.HasPrefix(s.Name, ".debug") {
				spans = append(spans, extent{s.Offset, s.FileSize}, extent{s.Offset, min(s.FileSize, 64)})
			}
		}
	}
	for range 1 + rnd.IntN(8) {
		s := spans[rnd.IntN(len(spans))]
		at := s.off + rnd.Uint64N(s.size)
		switch width := rnd.IntN(4); width {
		case 0:
			out[at] = byte(rnd.Uint32())
		case 1:
			out[at] ^= 1 << rnd.IntN(8)
		case 2:
			if at &^= 3; at+4 <= uint64(len(out)) {
				values := []uint32{0, 1, 1 << 31, 1<<32 - 1, 1<<31 - 1, 1 << 16, rnd.Uint32() % 64, uint32(len(out)),
					binary.LittleEndian.Uint32(out[at:]) + rnd.Uint32()%16 - 8}
				binary.LittleEndian.PutUint32(out[at:], values[rnd.IntN(len(values))])
			}
		default:
			if at &^= 7; at+8 <= uint64(len(out)) {
				values := []uint64{0, 1 << 63, 1<<64 - 1, 1<<63 - 1, 1 << 32, 1 << 40, uint64(len(out)), rnd.Uint64()}
				binary.LittleEndian.PutUint64(out[at:], values[rnd.IntN(len(values))])
			}
		}
	}
	if rnd.IntN(16) == 0 {
		out = out[:rnd.IntN(len(out))]
	}
	return out
}

// TestMutatedObjects checks objects as a damaged disk or an attacker might produce them.
func TestMutatedObjects(t *testing.T) {
	c := New(Settings{})
	for i, data := range testObjects(t) {
		if i%8 == 0 {
			seed := uint64(i)
			t.Run(fmt.Sprint(seed), func(t *testing.T) { mustJudge(t, c, mutated(data, seed)) })
		}
	}
}

// FuzzMutated continues where that test ends.
func FuzzMutated(f *testing.F) {
	objects := testObjects(f)
	for i := range objects {
		f.Add(uint16(i), uint64(i))
	}
	c := New(Settings{Workers: 1})
	f.Fuzz(func(t *testing.T, which uint16, seed uint64) {
		mustJudge(t, c, mutated(objects[int(which)%len(objects)], seed))
	})
}

// FuzzObject mutates the bytes themselves.
func FuzzObject(f *testing.F) {
	for i, data := range testObjects(f) {
		if i%16 == 0 {
			f.Add(data)
		}
	}
	c := New(Settings{Workers: 1})
	f.Fuzz(func(t *testing.T, data []byte) { mustJudge(t, c, data) })
}
