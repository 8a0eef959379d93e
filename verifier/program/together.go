// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"slices"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// What must agree for an object to be loaded as a whole, although each of its
// programs can be loaded alone:
//
//	maps that hold programs   the first program that is loaded with the map, or put into it, decides:
//	(program array,           all others have its type, its XDP fragments, its function prototype where that is
//	device map, CPU map)      what they attach to, and its cgroup storage, unless they use none and call no others
//	program array             and its attach type; what is put in has been loaded
//	any of them               no user overrides a function's return value
//	map of maps               what is put in is like the template
//
// Programs are loaded in the object's order, and elements are put in when all of
// them are. What is said about a map does not depend on which programs are accepted.

// Disagreement is why a map refuses a program or another map.
type Disagreement uint8

// The disagreements, in the order in which the kernel looks for them.
const (
	OverridesReturn Disagreement = iota + 1
	OtherType
	OtherFrags
	OtherAttach
	OtherStorage
	WithoutStorage
	OtherPrototype
	// NotLoaded is an element that is a program which is not loaded.
	NotLoaded
	// OtherTemplate is an element that is not like the template of inner maps.
	OtherTemplate
)

// Sharing says which program or map cannot share a map with one that came first.
type Sharing struct {
	Why Disagreement
	// Program is refused: it uses the map at PC, or is put into it if PC is -1.
	Program *Program
	PC      int
	// First is what decided, at FirstPC likewise; nil of disagreements with none.
	First   *Program
	FirstPC int
	// Slot is the element that is refused, nil if a program is for its code.
	Slot *Slot
	// Storage is the cgroup storage that only one of the two has.
	Storage *Map
	// More are the programs after Program that are refused for the same.
	More []*Program
}

// user is a program that uses a map or is put into it.
type user struct {
	prog *Program
	pc   int // -1 if it is put in
	slot *Slot
}

// reportSharing notes maps that programs or other maps cannot share.
//
// kernel: bpf_object__load_progs, bpf_object_init_prog_arrays
func (o *Object) reportSharing() {
	var loaded []*Program
	for _, p := range o.Programs {
		if p.joins() {
			loaded = append(loaded, p)
		}
	}
	for _, m := range o.Maps {
		switch {
		case m.Type.Has(facts.MapHoldsPrograms):
			o.shareAmong(m, loaded)
		case m.Inner != nil && !m.Inner.Assumed:
			o.fillWithMaps(m)
		}
	}
}

// joins reports whether a program is loaded with the object, and it is known as
// what. An extension is loaded after the program that it extends.
func (p *Program) joins() bool {
	if !p.Autoload || p.Unloadable() != "" || p.Replaces != nil {
		return false
	}
	for _, e := range p.LoadErrors {
		if e.Kind == UnknownSection {
			return false
		}
	}
	return true
}

// shareAmong compares the users of a map with the first of them. Of several that
// differ from it in the same, one fault is noted.
func (o *Object) shareAmong(m *Map, loaded []*Program) {
	var users []user
	for _, p := range loaded {
		if pc := p.firstUse(m); pc >= 0 {
			users = append(users, user{prog: p, pc: pc})
		}
	}
	for i := range m.Slots {
		p := o.program(m.Slots[i].Program)
		switch {
		case p == nil:
		case p.joins():
			users = append(users, user{p, -1, &m.Slots[i]})
		case !p.Autoload:
			o.Faults = append(o.Faults, &Fault{Kind: MapShared, Name: m.FullName, Map: m, Member: "values",
				OnlyLibbpf: true,
				Shared:     &Sharing{Why: NotLoaded, Program: p, PC: -1, Slot: &m.Slots[i]}})
		}
	}
	var first *user
	told := map[Disagreement]*Sharing{}
	for i := range users {
		u := &users[i]
		s := &Sharing{Program: u.prog, PC: u.pc, Slot: u.slot}
		switch {
		case u.prog.overridesReturn():
			s.Why = OverridesReturn
		case first == nil:
			first = u
			continue
		default:
			s.Why, s.Storage = disagree(m.Type, first.prog, u.prog)
			s.First, s.FirstPC = first.prog, first.pc
		}
		if s.Why == 0 {
			continue
		}
		if before := told[s.Why]; before != nil && (before.Slot == nil) == (u.slot == nil) {
			before.More = append(before.More, u.prog)
			continue
		}
		told[s.Why] = s
		f := &Fault{Kind: MapShared, Fatal: true, Name: m.FullName, Map: m, Shared: s}
		if u.slot != nil {
			f.Member = "values"
		}
		o.Faults = append(o.Faults, f)
	}
}

func (o *Object) program(name string) *Program {
	for _, p := range o.Programs {
		if p.Name == name && name != "" {
			return p
		}
	}
	return nil
}

// firstUse is where a program first uses a map: the call that gets it, if that
// is near, else where it is loaded. -1 if it does not use the map.
func (p *Program) firstUse(m *Map) int {
	for i := 0; i < len(p.Insns); i++ {
		if p.mapAt(i) != m || m == nil {
			continue
		}
		for j := i + 2; j < len(p.Insns); j++ {
			in := &p.Insns[j]
			if in.IsHelperCall() {
				return j
			}
			if c := in.Class(); c == isa.ClassJMP || c == isa.ClassJMP32 || in.IsLdImm64() {
				break
			}
		}
		return i
	}
	return -1
}

// overridesReturn reports whether a program replaces the result of the function
// that it is attached to, which none with a map of programs may. A call that the
// verifier may find dead because of a constant of the object does not count.
func (p *Program) overridesReturn() bool {
	for i := range p.Insns {
		if m := p.mapAt(i); m != nil && m.Frozen && m.ReadOnlyProg {
			return false
		}
	}
	return p.calls(facts.FuncOverrideReturn)
}

// calls reports whether the program has a call of a helper.
func (p *Program) calls(helper int32) bool {
	for i := 0; i < len(p.Insns); i++ {
		in := &p.Insns[i]
		if in.IsLdImm64() {
			i++
		} else if in.IsHelperCall() && in.Imm == helper {
			return true
		}
	}
	return false
}

// disagree says in what a program differs from the first user of a map so that
// the kernel refuses it, 0 if in nothing.
//
// kernel: bpf_prog_map_compatible
func disagree(t MapType, first, p *Program) (why Disagreement, storage *Map) {
	switch {
	case first.Type != p.Type:
		return OtherType, nil
	case (first.Flags^p.Flags)&FlagXDPHasFrags != 0:
		return OtherFrags, nil
	case t == facts.MapProgramArray && first.Attach != p.Attach:
		return OtherAttach, nil
	}
	for _, kind := range [...]MapType{facts.MapCGroupStorage, facts.MapPerCPUCGroupStorage} {
		switch s, before := p.storage(kind), first.storage(kind); {
		case s == before:
		case s != nil:
			return OtherStorage, s
		case p.calls(facts.FuncTailCall):
			return WithoutStorage, before
		}
	}
	switch p.Type {
	case facts.ProgTracing, facts.ProgLSM, facts.ProgStructOps:
		if a, b := first.prototype(), p.prototype(); a != nil && b != nil && a != b {
			return OtherPrototype, nil
		}
	}
	return 0, nil
}

// storage is the cgroup storage of a type that a program has.
func (p *Program) storage(t MapType) *Map {
	for i := range p.Insns {
		if m := p.mapAt(i); m != nil && m.Type == t {
			return m
		}
	}
	return nil
}

// prototype is the type of the function that a program is attached to, or of the
// member that it implements; nil if it is not known. Of tracepoints it is the
// type of what is traced: functions of different ones differ if these do.
func (p *Program) prototype() *btf.FuncProto {
	if p.KernelBTF == nil || p.AttachBTFID == 0 {
		return nil
	}
	t, err := p.KernelBTF.TypeByID(btf.TypeID(p.AttachBTFID))
	if err != nil {
		return nil
	}
	if s, ok := t.(*btf.Struct); ok && int(p.Attach) < len(s.Members) {
		t = s.Members[p.Attach].Type
	}
	for range 8 {
		switch x := t.(type) {
		case *btf.FuncProto:
			return x
		case *btf.Func:
			t = x.Type
		case *btf.Typedef:
			t = x.Type
		case *btf.Pointer:
			t = x.Target
		default:
			return nil
		}
	}
	return nil
}

// fillWithMaps compares what is put into a map of maps with its template.
func (o *Object) fillWithMaps(m *Map) {
	for i := range m.Slots {
		s := &m.Slots[i]
		if s.Map == nil || s.Map.like(m.Inner) || o.unfinished(m) || o.unfinished(s.Map) {
			continue
		}
		o.Faults = append(o.Faults, &Fault{Kind: MapShared, Fatal: true, Name: m.FullName, Map: m, Member: "values",
			Shared: &Sharing{Why: OtherTemplate, PC: -1, Slot: s}})
		return
	}
}

// unfinished reports whether a map has a fault of its own, or lacks what user
// space has to set.
func (o *Object) unfinished(m *Map) bool {
	return slices.ContainsFunc(o.Faults, func(f *Fault) bool { return f.Name == m.FullName && f.Kind != MapFields })
}

// like reports whether a map can be put where a template is.
//
// kernel: bpf_map_meta_equal, array_map_meta_equal
func (m *Map) like(template *Map) bool {
	if m.Type != template.Type || m.KeySize != template.KeySize || m.ValueSize != template.ValueSize ||
		m.Flags != template.Flags {
		return false
	}
	return !m.Type.Has(facts.MapSized) || template.Flags&MapFlagInnerMap != 0 || m.MaxEntries == template.MaxEntries
}
