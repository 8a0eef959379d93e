// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"math"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// TestMemory compares what maps take with what a running Linux 6.18 with 2 CPUs said of them (memlock in
// /proc/self/fdinfo): never more, and nearly as much of maps that are not small.
func TestMemory(t *testing.T) {
	for _, m := range []struct {
		typ                        MapType
		key, value, entries, flags uint32
		kernel                     uint64
	}{
		{facts.MapHashOfMaps, 4, 4, 1000, 0, 81360},
		{facts.MapHash, 4, 12, 1000, 0, 89504},
		{facts.MapHash, 20, 12, 1000, 1, 17344},
		{facts.MapArray, 4, 12, 1000, 0, 16312},
		{facts.MapPerCPUHash, 8, 12, 1000, 0, 113344},
		{facts.MapPerCPUArray, 4, 12, 1000, 0, 40312},
		{facts.MapLRUHash, 13, 12, 1000, 0, 97344},
		{facts.MapLRUCPUHash, 4, 12, 1000, 0, 113344},
		{facts.MapQueue, 0, 12, 1000, 0, 12324},
		{facts.MapStack, 0, 12, 1000, 0, 12324},
		{facts.MapHash, 4, 4096, 1000, 0, 4177664},
		{facts.MapHash, 20, 4096, 1000, 1, 17344},
		{facts.MapArray, 4, 4096, 1000, 0, 4096312},
		{facts.MapPerCPUHash, 8, 4096, 1000, 0, 8273344},
		{facts.MapPerCPUArray, 4, 4096, 1000, 0, 8200312},
		{facts.MapLRUHash, 13, 4096, 1000, 0, 4177344},
		{facts.MapLRUCPUHash, 4, 4096, 1000, 0, 8273344},
		{facts.MapQueue, 0, 4096, 1000, 0, 4100408},
		{facts.MapStack, 0, 4096, 1000, 0, 4100408},
		{facts.MapHash, 4, 1, 1025, 0, 99472},
		{facts.MapHash, 20, 1, 1025, 1, 33728},
		{facts.MapArray, 4, 1, 1025, 0, 8512},
		{facts.MapPerCPUHash, 8, 1, 1025, 0, 115728},
		{facts.MapPerCPUArray, 4, 1, 1025, 0, 24912},
		{facts.MapLRUHash, 13, 1, 1025, 0, 107528},
		{facts.MapLRUCPUHash, 4, 1, 1025, 0, 115728},
		{facts.MapQueue, 0, 1, 1025, 0, 1338},
		{facts.MapStack, 0, 1, 1025, 0, 1338},
		{facts.MapHashOfMaps, 4, 4, 1025, 0, 99344},
		{facts.MapHash, 4, 12, 1025, 0, 107688},
		{facts.MapHash, 20, 12, 1025, 1, 33728},
		{facts.MapArray, 4, 12, 1025, 0, 16712},
		{facts.MapPerCPUHash, 8, 12, 1025, 0, 132128},
		{facts.MapPerCPUArray, 4, 12, 1025, 0, 41312},
		{facts.MapLRUHash, 13, 12, 1025, 0, 115728},
		{facts.MapLRUCPUHash, 4, 12, 1025, 0, 132128},
		{facts.MapQueue, 0, 12, 1025, 0, 12624},
		{facts.MapStack, 0, 12, 1025, 0, 12624},
		{facts.MapHash, 4, 100, 1025, 0, 198064},
		{facts.MapHash, 20, 100, 1025, 1, 33728},
		{facts.MapArray, 4, 100, 1025, 0, 106912},
		{facts.MapPerCPUHash, 8, 100, 1025, 0, 312528},
		{facts.MapPerCPUArray, 4, 100, 1025, 0, 221712},
		{facts.MapLRUHash, 13, 100, 1025, 0, 205928},
		{facts.MapLRUCPUHash, 4, 100, 1025, 0, 312528},
		{facts.MapQueue, 0, 100, 1025, 0, 102912},
		{facts.MapStack, 0, 100, 1025, 0, 102912},
		{facts.MapHash, 4, 4096, 1025, 0, 4297848},
		{facts.MapHash, 20, 4096, 1025, 1, 33728},
		{facts.MapArray, 4, 4096, 1025, 0, 4198712},
		{facts.MapPerCPUHash, 8, 4096, 1025, 0, 8496128},
		{facts.MapPerCPUArray, 4, 4096, 1025, 0, 8405312},
		{facts.MapLRUHash, 13, 4096, 1025, 0, 4297728},
		{facts.MapLRUCPUHash, 4, 4096, 1025, 0, 8496128},
		{facts.MapQueue, 0, 4096, 1025, 0, 4202808},
		{facts.MapStack, 0, 4096, 1025, 0, 4202808},
		{facts.MapHash, 4, 1, 65536, 0, 5243984},
		{facts.MapHash, 20, 1, 65536, 1, 1049536},
		{facts.MapArray, 4, 1, 65536, 0, 524600},
		{facts.MapPerCPUHash, 8, 1, 65536, 0, 6292416},
		{facts.MapPerCPUArray, 4, 1, 65536, 0, 1573176},
		{facts.MapLRUHash, 13, 1, 65536, 0, 5768128},
		{facts.MapLRUCPUHash, 4, 1, 65536, 0, 6292416},
		{facts.MapQueue, 0, 1, 65536, 0, 65849},
		{facts.MapStack, 0, 1, 65536, 0, 65849},
		{facts.MapHashOfMaps, 4, 4, 65536, 0, 5243856},
		{facts.MapHash, 4, 12, 65536, 0, 5768288},
		{facts.MapHash, 20, 12, 65536, 1, 1049536},
		{facts.MapArray, 4, 12, 65536, 0, 1048888},
		{facts.MapPerCPUHash, 8, 12, 65536, 0, 7340992},
		{facts.MapPerCPUArray, 4, 12, 65536, 0, 2621752},
		{facts.MapLRUHash, 13, 12, 65536, 0, 6292416},
		{facts.MapLRUCPUHash, 4, 12, 65536, 0, 7340992},
		{facts.MapQueue, 0, 12, 65536, 0, 786756},
		{facts.MapStack, 0, 12, 65536, 0, 786756},
		{facts.MapHash, 4, 100, 65536, 0, 11535632},
		{facts.MapHash, 20, 100, 65536, 1, 1049536},
		{facts.MapArray, 4, 100, 65536, 0, 6816056},
		{facts.MapPerCPUHash, 8, 100, 65536, 0, 18875328},
		{facts.MapPerCPUArray, 4, 100, 65536, 0, 14156088},
		{facts.MapLRUHash, 13, 100, 65536, 0, 12059584},
		{facts.MapLRUCPUHash, 4, 100, 65536, 0, 18875328},
		{facts.MapQueue, 0, 100, 65536, 0, 6554012},
		{facts.MapStack, 0, 100, 65536, 0, 6554012},
		{facts.MapHash, 4, 4096, 65536, 0, 273163328},
		{facts.MapHash, 20, 4096, 65536, 1, 1049536},
		{facts.MapArray, 4, 4096, 65536, 0, 268435768},
		{facts.MapPerCPUHash, 8, 4096, 65536, 0, 542114752},
		{facts.MapPerCPUArray, 4, 4096, 65536, 0, 537395512},
		{facts.MapLRUHash, 13, 4096, 65536, 0, 273679296},
		{facts.MapLRUCPUHash, 4, 4096, 65536, 0, 542114752},
		{facts.MapQueue, 0, 4096, 65536, 0, 268439864},
		{facts.MapStack, 0, 4096, 65536, 0, 268439864},
		{facts.MapRingBuf, 0, 0, 4096, 0, 16728},
		{facts.MapRingBuf, 0, 0, 1048576, 0, 1065288},
		{facts.MapPerCPUArray, 4, 32768, 4096, 0, 268468536},
		{facts.MapPerCPUHash, 4, 32768, 1000, 0, 65617344},
	} {
		def := Map{Type: m.typ, KeySize: m.key, ValueSize: m.value, MaxEntries: m.entries, Flags: m.flags}
		got := def.Memory().With(2)
		if got > m.kernel || m.kernel > 50000 && got < m.kernel/10*9 {
			t.Errorf("%s with %d entries of %d and %d bytes: at least %d bytes, but the kernel has %d", m.typ.CName(),
				m.entries, m.key, m.value, got, m.kernel)
		}
	}
}

// TestMemoryOverflows requires the highest number where sizes exceed 64 bits.
func TestMemoryOverflows(t *testing.T) {
	m := Map{Type: facts.MapArray, KeySize: 4, ValueSize: math.MaxUint32, MaxEntries: math.MaxUint32}
	if got := m.Memory().With(1); got != product(math.MaxUint32, 1<<32) {
		t.Errorf("an array takes %d bytes", got)
	}
	if got := (Memory{Fixed: 1, Each: math.MaxUint64 / 2}).With(3); got != math.MaxUint64 {
		t.Errorf("a map takes %d bytes", got)
	}
}
