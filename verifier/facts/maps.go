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

	limited bool
	helpers [(NumHelpers + 63) / 64]uint64
}

// SizeRule bounds a key or value size in bytes.
type SizeRule struct{ Min, Max, Step uint32 }

// Allows tells whether a size fits.
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
	EntriesPages // bytes: a power of two and a multiple of the page size
)

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

// TakesHelper tells whether a map of this type may be given to a helper, as
// far as the map is concerned. Maps with SockmapUpdate also take
// map_update_elem and map_delete_elem from some programs.
//
// kernel: check_map_func_compatibility, first half
func (t MapType) TakesHelper(id int32) bool {
	m := t.Info()
	return !m.limited || id >= 0 && id < NumHelpers && m.helpers[id/64]>>(id%64)&1 != 0
}

// HelperTakesMap tells whether a helper works on a map type, as far as the
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
	maps        uint64
}

// InMap tells whether values of a map type may hold the field.
func (f *SpecialField) InMap(t MapType) bool { return f.maps>>t&1 != 0 }

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
