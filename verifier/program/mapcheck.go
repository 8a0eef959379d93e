// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"math/bits"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// What the kernel requires of a map before it creates it. The sizes, entries and
// flags of each type are facts; the rest is here:
//
//	hash, stack trace  no more entries than can have buckets
//	map of CPUs        no more entries than the kernel is built for CPUs
//	any                types are those of 6.18, two flags do not contradict each other
//	hash               key and value together fit into an allocation
//	stack trace        values of 32 bytes a frame with BPF_F_STACK_BUILD_ID
//	arena              at most 4 GB, map_extra is the address of a page
//	bloom filter       map_extra counts up to 15 hash functions
//	map of maps        its template is there, and neither a map of maps nor of programs nor cgroup storage
//	local storage      has types of key and value
//
// What a definition leaves out, user space may still set.

// MapProblem is why the kernel creates no map of a definition.
type MapProblem uint8

// The problems of map definitions.
const (
	MapUnknownType MapProblem = iota + 1
	MapKeySize
	MapValueSize
	MapEntries
	MapForbiddenFlag
	MapMissingFlag
	MapOpposedFlags
	MapExtra
	MapElementSize
	MapWithoutTypes
	MapWithoutInner
	MapNested
	MapInnerType
	MapTooMany
)

// MapFault says what the kernel refuses of a definition.
type MapFault struct {
	Problem MapProblem
	Member  string // of the definition: "key", "max_entries"
	Have    uint64
	Most    uint64 // possible, of MapTooMany
	Flags   uint32 // concerned, by Problem
	// Open says that something is left out which user space may set.
	Open bool
	// Describes says that the map has no values of the size of their type, which
	// says what a buffer's records are: libbpf hands its size to the kernel,
	// which refuses the map; cilium/ebpf makes types of it for user space, and
	// creates the map without.
	Describes bool
}

// Limits of what maps hold.
const (
	MaxHashElement    = 4194255 // bytes of a key and a value
	MaxArenaPages     = 1 << 20
	MaxBloomFunctions = 0xf
	MaxTraceFrames    = 127 // kernel.perf_event_max_stack, unless the administrator changed it
	buildIDBytes      = 32  // of a frame in a stack trace
	// MaxBuckets are those of a hash: their number is a power of two, and their size has 32 bits.
	MaxBuckets = 1 << 27
	// MaxRounded is the largest number of entries with a power of two above it.
	MaxRounded = 1 << 31
	// MaxCPUs is the highest number of CPUs that any kernel is built for.
	MaxCPUs = 8192
)

// cpus is how many CPUs the kernel is built for, as far as that is known.
func (o *Options) cpus() uint64 {
	if n, err := strconv.ParseUint(o.Kconfig["CONFIG_NR_CPUS"], 10, 32); err == nil && n > 0 {
		return n
	}
	return MaxCPUs
}

// mostEntries is how many entries maps of a type can have, 0 if only memory limits them.
func mostEntries(t MapType, cpus uint64) uint64 {
	switch {
	case t.Has(facts.MapOfCPUs):
		return cpus
	case t.Has(facts.MapRoundsEntries):
		return MaxRounded
	case t.Has(facts.MapHasBuckets):
		return MaxBuckets
	}
	return 0
}

// opposedFlags are pairs of flags of which a map can have one.
var opposedFlags = [...]uint32{
	MapFlagRdOnly | MapFlagWrOnly,
	MapFlagRdOnlyProg | MapFlagWrOnlyProg,
	MapFlagNoCommonLRU | MapFlagNUMANode,
}

// neededFlags are flags that some types require.
var neededFlags = [...]struct {
	need facts.MapNeeds
	flag uint32
}{
	{facts.MapNeedsNoPrealloc, MapFlagNoPrealloc},
	{facts.MapNeedsMmapable, MapFlagMmapable},
}

// defined says which members a definition has.
type defined map[string]bool

// first is the first of some members that is there, or else the first.
func (d defined) first(names ...string) string {
	for _, n := range names {
		if d[n] {
			return n
		}
	}
	return names[0]
}

// faults are the reasons for which the kernel would not create the map.
//
// kernel: map_create
func (m *Map) faults(d defined, cpus uint64) []MapFault {
	info := m.Type.Info()
	if m.Type.CName() == "" || m.Type == facts.MapUnspec {
		return []MapFault{{Problem: MapUnknownType, Member: "type", Have: uint64(m.Type)}}
	}
	var out []MapFault
	add := func(f MapFault) { out = append(out, f) }
	if key := d.first("key", "key_size"); !info.Key.Allows(m.KeySize) {
		add(MapFault{Problem: MapKeySize, Member: key, Have: uint64(m.KeySize), Open: !d[key]})
	}
	if value := d.first("value", "value_size", "values"); !m.valueFits(info) {
		add(MapFault{Problem: MapValueSize, Member: value, Have: uint64(m.ValueSize), Open: !d[value],
			Describes: value == "value" && m.Type.Has(facts.MapHasRecords)})
	} else if m.Type.Has(facts.MapIsHash) && uint64(m.KeySize)+uint64(m.ValueSize) > MaxHashElement {
		add(MapFault{Problem: MapElementSize, Member: value, Have: uint64(m.KeySize) + uint64(m.ValueSize)})
	}
	if !m.entriesFit(info) {
		add(MapFault{Problem: MapEntries, Member: "max_entries", Have: uint64(m.MaxEntries), Open: m.MaxEntries == 0})
	} else if most := mostEntries(m.Type, cpus); most != 0 && uint64(m.MaxEntries) > most {
		add(MapFault{Problem: MapTooMany, Member: "max_entries", Have: uint64(m.MaxEntries), Most: most})
	}
	out = append(out, m.flagFaults(info)...)
	if !m.extraFits() {
		add(MapFault{Problem: MapExtra, Member: "map_extra", Have: m.Extra})
	}
	if info.Needs&facts.MapNeedsBTF != 0 && (m.KeyTypeID == 0 || m.ValueTypeID == 0) {
		add(MapFault{Problem: MapWithoutTypes, Member: d.first("key_size", "value_size", "key")})
	}
	switch inner := m.Inner; {
	case info.Needs&facts.MapNeedsInner == 0:
	case inner == nil:
		add(MapFault{Problem: MapWithoutInner, Member: "values", Open: true})
	case inner.Type.Info().Needs&facts.MapNeedsInner != 0:
		add(MapFault{Problem: MapNested, Member: "values"})
	case inner.Type.Has(facts.MapNeverInner):
		add(MapFault{Problem: MapInnerType, Member: "values"})
	}
	return out
}

func (m *Map) valueFits(info *facts.MapInfo) bool {
	if m.Flags&info.Flags&MapFlagStackBuildID != 0 {
		return m.ValueSize > 0 && m.ValueSize%buildIDBytes == 0 && m.ValueSize/buildIDBytes <= MaxTraceFrames
	}
	return info.Value.Allows(m.ValueSize)
}

func (m *Map) entriesFit(info *facts.MapInfo) bool {
	switch n := m.MaxEntries; info.Entries {
	case facts.EntriesZero:
		return n == 0
	case facts.EntriesOne:
		return n == 1
	case facts.EntriesPositive:
		return n > 0
	case facts.EntriesArenaPages:
		return n > 0 && n <= MaxArenaPages
	case facts.EntriesPages:
		return n%pageSize == 0 && bits.OnesCount32(n) == 1
	}
	return true
}

func (m *Map) flagFaults(info *facts.MapInfo) []MapFault {
	var out []MapFault
	add := func(p MapProblem, flags uint32) {
		out = append(out, MapFault{Problem: p, Member: "map_flags", Have: uint64(m.Flags), Flags: flags})
	}
	if bad := m.Flags &^ info.Flags; bad != 0 {
		add(MapForbiddenFlag, bad)
	}
	for _, pair := range opposedFlags {
		if m.Flags&info.Flags&pair == pair {
			add(MapOpposedFlags, pair)
		}
	}
	for _, n := range neededFlags {
		if info.Needs&n.need != 0 && m.Flags&n.flag == 0 {
			add(MapMissingFlag, n.flag)
		}
	}
	return out
}

func (m *Map) extraFits() bool {
	switch m.Type.Info().Extra {
	case facts.ExtraHashes:
		return m.Extra <= MaxBloomFunctions
	case facts.ExtraPage:
		return m.Extra%pageSize == 0
	}
	return m.Extra == 0
}
