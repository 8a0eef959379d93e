// SPDX-License-Identifier: GPL-2.0-only

package program

// Map is a map as libbpf would create it for the object.
type Map struct {
	Name string // as the kernel shows it: at most 15 bytes
	// FullName is the C variable, or the ELF section of a data section's map.
	FullName   string
	Type       MapType
	KeySize    uint32 // bytes
	ValueSize  uint32 // bytes
	MaxEntries uint32
	Flags      uint32 // BPF_F_* of map creation
	Extra      uint64 // map_extra: hash functions of a bloom filter, address of an arena
	// KeyTypeID and ValueTypeID are types in Object.BTF, 0 if unknown. The
	// value of a data section's map is the section's Datasec.
	KeyTypeID, ValueTypeID uint32
	// KernelValueTypeID is the value's type in Object.KernelBTF, of
	// struct_ops maps only.
	KernelValueTypeID uint32
	Inner             *Map // template of a map of maps, else nil
	// Assumed maps stand for the template that user space sets: neither type nor
	// sizes are known.
	Assumed bool
	// OwnLoader says that the definition is in a section that only the project's own
	// loader reads, which may give the map other sizes.
	OwnLoader bool
	Pinned    bool // LIBBPF_PIN_BY_NAME

	// Frozen maps cannot be written from user space any more; if they are
	// ReadOnlyProg (BPF_F_RDONLY_PROG) too, the verifier knows their contents.
	Frozen, ReadOnlyProg bool
	// Contents are the first value's initial bytes, nil if none. Data section
	// maps have ValueSize bytes.
	Contents []byte
	// Data marks the maps that libbpf makes of data sections.
	Data bool
	// Slots are the maps or programs that the object puts in by a "values"
	// member, by index.
	Slots []Slot
}

// Slot is one initial element of a map of maps or of a program array.
type Slot struct {
	Index   uint32
	Map     *Map   // in maps of maps
	Program string // in program arrays: name of the program
}

// Map creation flags (BPF_F_*).
const (
	MapFlagNoPrealloc   = 1 << 0
	MapFlagNoCommonLRU  = 1 << 1
	MapFlagNUMANode     = 1 << 2
	MapFlagRdOnly       = 1 << 3
	MapFlagWrOnly       = 1 << 4
	MapFlagStackBuildID = 1 << 5
	MapFlagZeroSeed     = 1 << 6
	MapFlagRdOnlyProg   = 1 << 7
	MapFlagWrOnlyProg   = 1 << 8
	MapFlagMmapable     = 1 << 10
	MapFlagInnerMap     = 1 << 12
	MapFlagLink         = 1 << 13
	MapFlagSegvOnFault  = 1 << 17
	MapFlagNoUserConv   = 1 << 18
)
