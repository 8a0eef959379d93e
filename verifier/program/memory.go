// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"math/bits"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// What maps take when they are created, before user space or a program puts anything into them, at least:
//
//	hash      an element for each entry, unless BPF_F_NO_PREALLOC is set, and the buckets
//	array     a value for each entry, in a multiple of 8 bytes
//	per CPU   a pointer for each entry and a value for each entry and CPU
//	queue     a value for each entry
//	buffer    its pages
//
// The kernel refuses with ENOMEM what the machine or the control group of the loader does not have. How much that is,
// is not known here, so only objects that take much are noted.

// MuchMemory is how many bytes are worth a note.
const MuchMemory = 1 << 30

// Bytes that the kernel keeps for each element and bucket of a hash, besides key and value, and for each pointer.
const (
	hashElementBytes = 48
	hashBucketBytes  = 16
	pointerBytes     = 8
)

// Memory is what a map takes in bytes, Each of it for each CPU.
type Memory struct{ Fixed, Each uint64 }

// With is what a map takes on a machine with so many CPUs, or the highest number.
func (m Memory) With(cpus uint64) uint64 { return sum(m.Fixed, product(m.Each, cpus)) }

// Memory is how much a map takes at least once it is created.
//
// kernel: array_map_mem_usage, htab_map_mem_usage, queue_stack_map_mem_usage, ringbuf_map_mem_usage
func (m *Map) Memory() Memory {
	n, value := uint64(m.MaxEntries), rounded(m.ValueSize)
	var each uint64
	if m.Type.Has(facts.MapPerCPU) {
		each, value = product(n, value), pointerBytes
	}
	switch {
	case m.Type.Has(facts.MapIsHash):
		buckets := uint64(1) << bits.Len64(max(n, 1)-1) * hashBucketBytes
		if m.Flags&MapFlagNoPrealloc != 0 {
			return Memory{Fixed: buckets}
		}
		return Memory{sum(buckets, product(n, hashElementBytes+rounded(m.KeySize)+value)), each}
	case m.Type.Has(facts.MapAllocated):
		return Memory{product(n, value), each}
	case m.Type.Has(facts.MapPacked):
		return Memory{Fixed: product(n, uint64(m.ValueSize))}
	case m.Type.Info().Entries == facts.EntriesPages:
		return Memory{Fixed: n}
	}
	return Memory{}
}

// rounded is the multiple of 8 that a size takes.
func rounded(size uint32) uint64 { return (uint64(size) + 7) &^ 7 }

// product is the product of two numbers, or the highest number.
func product(a, b uint64) uint64 {
	if high, low := bits.Mul64(a, b); high == 0 {
		return low
	}
	return 1<<64 - 1
}

// sum is the sum of two numbers, or the highest number.
func sum(a, b uint64) uint64 {
	if low, carry := bits.Add64(a, b, 0); carry == 0 {
		return low
	}
	return 1<<64 - 1
}

// reportMemory notes that the object's maps take much memory, and which takes most.
func (l *loader) reportMemory() {
	var total, each, most uint64
	var largest *mapInfo
	for _, m := range l.maps {
		if m.broken {
			continue
		}
		size := m.Memory()
		total, each = sum(total, size.With(1)), sum(each, size.Each)
		if size.With(1) > most {
			most, largest = size.With(1), m
		}
	}
	if largest != nil && total >= MuchMemory {
		l.fault(Fault{Kind: MapMemory, Name: largest.FullName, Member: "max_entries", Map: &largest.Map,
			Memory: &MemoryUse{Total: total, Each: each, Most: most}})
	}
}
