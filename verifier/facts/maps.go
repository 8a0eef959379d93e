// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"math/bits"
	"strings"
)

// MapInfo is what holds for all maps of a type.
type MapInfo struct {
	Name          string // the kernel's name in lower case, such as "percpu_array"
	Sleepable     bool   // usable from sleepable programs
	SockmapUpdate bool   // map_update_elem and map_delete_elem only where ProgInfo.Sockmap allows
	Key, Value    SizeRule
	Entries       EntriesRule
	Needs         MapNeeds
	Flags         uint32 // of map creation that it may have
	Types         MapTypes
	Extra         ExtraRule
	Struct        string // the kernel's own struct of the map, "" if programs cannot read it
	Element       MapElement
	Traits        MapTraits

	fields  Fields // special fields that values may hold
	limited bool
	helpers [(NumHelpers + 63) / 64]uint64
}

// SizeRule bounds a key or value size in bytes.
type SizeRule struct{ Min, Max, Step uint32 }

// Allows reports whether a size fits.
func (s SizeRule) Allows(n uint32) bool {
	return n >= s.Min && n <= s.Max && (s.Step == 0 || n%s.Step == 0)
}

// EntriesRule bounds max_entries.
type EntriesRule uint8

// The rules for max_entries.
const (
	EntriesAny EntriesRule = iota
	EntriesZero
	EntriesOne
	EntriesPositive
	EntriesPages      // bytes: a power of two and a multiple of the page size
	EntriesArenaPages // pages: as many as an arena can have
	EntriesCPUs       // as many as there are CPUs, where there are none
)

// MapTypes says which BTF types of key and value a map is created with.
type MapTypes uint8

// The rules for types.
const (
	TypesAny       MapTypes = iota
	TypesNone               // none: the loader gives none
	TypesIntKey             // the key must be an integer of 4 bytes
	TypesStructKey          // the key must be a struct
	TypesNoKey              // there must be no type of the key
)

// ExtraRule says what map_extra is.
type ExtraRule uint8

// The rules for map_extra.
const (
	ExtraNone   ExtraRule = iota // 0
	ExtraHashes                  // a number of hash functions
	ExtraPage                    // the address of a page
)

// MapElement is what a lookup in a map gives.
type MapElement uint8

// What lookups give.
const (
	ElementValue MapElement = iota
	ElementSocket
	ElementXDPSock
)

// MapTraits are what else rules ask of a map type.
type MapTraits uint16

// The traits.
const (
	MapDirectValue   MapTraits = 1 << iota // an instruction can load the address of its value
	MapAlwaysFilled                        // each index below max_entries has a value
	MapForEach                             // bpf_for_each_map_elem visits it
	MapIsHash                              // key and value are bounded together
	MapHasRecords                          // its content is not a value of a fixed size
	MapOnePerProgram                       // a program can use one map of the type
	MapKernelValues                        // what a lookup gives cannot be written
	MapHoldsPrograms                       // its values have programs; kernel: map_type_contains_progs
	MapNeverInner                          // it cannot be in a map of maps
	MapSized                               // what takes the place of an inner map must have as many entries
	MapHasBuckets                          // its entries are rounded up to a power of two of buckets
	MapRoundsEntries                       // its entries are rounded up to a power of two
	MapOfCPUs                              // it has no more entries than the kernel is built for CPUs
	MapPerCPU                              // each CPU has its own value
	MapAllocated                           // all values are allocated with the map, each in a multiple of 8 bytes
	MapPacked                              // all values are allocated with the map, without gaps
)

// Has reports whether the type has the trait.
func (t MapType) Has(trait MapTraits) bool { return t.Info().Traits&trait != 0 }

// MapNeeds are further demands on a map definition.
type MapNeeds uint8

// The demands.
const (
	MapNeedsNoPrealloc MapNeeds = 1 << iota // BPF_F_NO_PREALLOC
	MapNeedsMmapable                        // BPF_F_MMAPABLE
	MapNeedsBTF                             // BTF types of key and value
	MapNeedsInner                           // a template of the inner map
	MapNeedsCapability                      // a loader with CAP_BPF or CAP_NET_ADMIN
)

// Info returns the facts of a map type; an unknown type has none.
func (t MapType) Info() *MapInfo {
	if int(t) < len(mapInfos) {
		return &mapInfos[t]
	}
	return &mapInfos[MapUnspec]
}

// MapFlagName is the C name of a flag of map creation, "" if maps of object
// files have no such flag.
func MapFlagName(flag uint32) string {
	if bit := bits.TrailingZeros32(flag); bit < len(mapFlagNames) {
		return mapFlagNames[bit]
	}
	return ""
}

// CName is the type as C has it, "" for a type that 6.18 does not know.
func (t MapType) CName() string {
	if int(t) >= len(mapInfos) {
		return ""
	}
	return "BPF_MAP_TYPE_" + strings.ToUpper(t.Info().Name)
}

// TakesHelper reports whether a map of this type may be given to a helper, as
// far as the map is concerned. Maps with SockmapUpdate also take
// map_update_elem and map_delete_elem from some programs.
//
// kernel: check_map_func_compatibility, first half
func (t MapType) TakesHelper(id int32) bool {
	m := t.Info()
	return !m.limited || id >= 0 && id < NumHelpers && m.helpers[id/64]>>(id%64)&1 != 0
}

// HelperTakesMap reports whether a helper works on a map type, where the
// helper is concerned.
//
// kernel: check_map_func_compatibility, second half
func HelperTakesMap(id int32, t MapType) bool {
	if id < 0 || id >= NumHelpers {
		return false
	}
	maps := helpers[id].maps
	return maps == 0 || maps>>t&1 != 0
}

// Fields is a set of special fields, in the kernel's bits.
type Fields uint32

// Sets of special fields.
const (
	FieldsKptr      = FieldKptrUnref | FieldKptrRef | FieldKptrPerCPU
	FieldsGraphNode = FieldListNode | FieldRbNode
	FieldsGraphRoot = FieldListHead | FieldRbRoot
)

// SpecialField is a kind of field that the kernel manages inside map values
// and allocated objects.
type SpecialField struct {
	Field       Fields // one bit
	Name        string // struct, or type tag of the pointer
	Size, Align uint32 // bytes
	Once        bool   // at most one in a value
}

// InMap reports whether values of a map type may hold the field.
func (f *SpecialField) InMap(t MapType) bool { return t.Info().fields&f.Field != 0 }

// Info returns the facts of one field; f must have exactly one known bit.
func (f Fields) Info() *SpecialField {
	for i := range SpecialFields {
		if SpecialFields[i].Field == f {
			return &SpecialFields[i]
		}
	}
	return nil
}

// SpecialStruct finds the field that a struct of this name is, if any.
func SpecialStruct(name string) (*SpecialField, bool) {
	for i := range SpecialFields {
		if f := &SpecialFields[i]; f.Name == name && f.Field&(FieldsKptr|FieldUptr) == 0 {
			return f, true
		}
	}
	return nil, false
}
