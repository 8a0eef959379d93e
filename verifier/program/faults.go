// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"slices"

	"github.com/cilium/ebpf/btf"
)

// Fault is something of an object, not of one of its programs, that libbpf or
// the kernel refuses. Loading goes on without it: the programs that need it
// have a LoadError, and the others can be verified.
type Fault struct {
	Kind FaultKind
	// Fatal faults keep libbpf from loading any program of the object.
	Fatal bool
	// OnlyLibbpf faults are not faults to other loaders, which take the definition
	// as it is meant.
	OnlyLibbpf bool
	// Name is the C name of the map, extern or function concerned, "" if the
	// fault is of the object.
	Name string
	// Member is the member of a map's definition that is wrong, "" if there is
	// no such.
	Member string
	// Message is a clause for the user, of the kinds that have no more than that.
	Message string
	// Libbpf is what libbpf says of it, "" if that is not known.
	Libbpf string
	// Near are names that may have been meant.
	Near []string
	// Optional says that the symbol comes with an option or a module of the
	// kernel's version, which the target kernel lacks.
	Optional bool

	Map   *Map        // concerned, of MapRefused and MapFields
	Why   MapFault    // of MapRefused
	Field *FieldFault // of MapFields and TypesRefused; nil if that is for a parameter without a name
	// Shared is of MapShared.
	Shared *Sharing
	// Memory is of MapMemory.
	Memory *MemoryUse
}

// MemoryUse is what the maps of an object take in bytes, on a machine with one CPU.
type MemoryUse struct {
	Total uint64
	Each  uint64 // that each further CPU adds
	Most  uint64 // of Total, for the map that takes most
}

// FaultKind sorts faults for who reports them.
type FaultKind uint8

// Kinds of faults.
const (
	// MapDefinition: libbpf cannot read the definition of a map.
	MapDefinition FaultKind = iota + 1
	// MapRefused: the kernel does not create the map.
	MapRefused
	// MapUnsized: the definition lacks what user space may set.
	MapUnsized
	// MapFields: the special fields of a map's value are invalid.
	MapFields
	// TypesRefused: the kernel takes no type of the object, and libbpf goes on
	// without.
	TypesRefused
	// LegacyMap: a map is defined in a section that libbpf no longer supports.
	LegacyMap
	// NeedsBTF: a map or symbol cannot be understood without types.
	NeedsBTF
	// NoBTF: the object has no types.
	NoBTF
	// NoLines: the object does not say which line an instruction belongs to.
	NoLines
	// UnresolvedExtern: a symbol that no program uses is missing.
	UnresolvedExtern
	// MapShared: programs or maps of the object cannot share a map.
	MapShared
	// MapMemory: the maps of the object take much memory.
	MapMemory
	// LinkConflict: the objects that a build links to one contradict each other.
	LinkConflict
)

// fault notes one.
func (l *loader) fault(f Fault) { l.obj.Faults = append(l.obj.Faults, &f) }

// refuseTypes finds out whether the kernel takes the object's types.
func (l *loader) refuseTypes(own *btf.Spec) {
	name, unnamed := unnamedParameter(own)
	field := refusedFields(own, l.kernel.BTF)
	l.obj.btfRefused = unnamed || field != nil
	if !l.obj.btfRefused {
		return
	}
	// Only struct_ops cannot do without types.
	mandatory := slices.ContainsFunc(l.maps, func(m *mapInfo) bool { return m.role == mapStructOps })
	l.fault(Fault{Kind: TypesRefused, Fatal: mandatory, Name: name, Field: field})
}

// reportFields notes maps that lose the special fields of their values.
func (l *loader) reportFields() {
	for _, m := range l.maps {
		if m.broken || l.obj.btfRefused {
			continue
		}
		fields, _, field := m.Fields(l.obj.BTF, l.kernel.BTF)
		if field == nil && fields == nil && m.ValueTypeID != m.typed.ValueTypeID {
			if fields, _, field = m.typed.Fields(l.obj.BTF, l.kernel.BTF); field == nil && len(fields) > 0 {
				field = fields[0].fault(FieldUntyped)
			}
		}
		if field != nil {
			l.fault(Fault{Kind: MapFields, Name: m.FullName, Map: &m.Map, Field: field})
		}
	}
}

// reportTypes notes that the object lacks what its compiler could have said of
// it. Where something needs that, there is a fault of its own.
func (l *loader) reportTypes() {
	needed := slices.ContainsFunc(l.obj.Faults, func(f *Fault) bool { return f.Kind == NeedsBTF })
	switch {
	case len(l.functions) == 0, needed:
	case l.btf == nil:
		l.fault(Fault{Kind: NoBTF})
	case len(l.ext.lines) == 0:
		l.fault(Fault{Kind: NoLines})
	}
}

// reportUnused notes externs that make libbpf refuse the object although no
// program needs them: what a program needs is in its LoadErrors.
func (l *loader) reportUnused() {
	for _, e := range l.externs {
		needed := func(p *Program) bool {
			return slices.ContainsFunc(p.LoadErrors, func(le *LoadError) bool { return le.Symbol == e.name })
		}
		if e.set || e.weak || e.foreign || e.reason == "" || slices.ContainsFunc(l.obj.Programs, needed) {
			continue
		}
		l.fault(Fault{Kind: UnresolvedExtern, Fatal: true, Name: e.name, Message: e.reason, Libbpf: e.libbpf,
			Near: e.near, Optional: e.optional})
	}
}
