// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"slices"
	"strings"
)

// Who may call a function, for those who explain why a program may not. The
// tables are asked for every type of program and attach type, for a loader with
// all capabilities and a kernel with all options.

// OfferedTo are the program types that may call a helper with some attach type,
// and the prototype that the first of them gets.
func OfferedTo(id int32) (types []ProgType, proto *Proto) {
	types = offered(func(q *HelperQuery) bool {
		p, ok := LookupProto(id, q)
		if ok && proto == nil {
			proto = p
		}
		return ok
	})
	return types, proto
}

// OfferedTo are the program types that may call the kfunc with some attach
// type.
func (k *Kfunc) OfferedTo() []ProgType {
	return offered(func(q *HelperQuery) bool {
		if q.Prog == ProgStructOps {
			// Which members may is a condition on them, not on the type.
			q.StructOps, q.Member = "Qdisc_ops", "enqueue"
			if k.Allowed(q) {
				return true
			}
			q.StructOps, q.Member = "", ""
		}
		return k.Allowed(q)
	})
}

// offered are the program types for which may holds with some attach type.
func offered(may func(*HelperQuery) bool) []ProgType {
	var types []ProgType
	for t := ProgUnspec + 1; t < NumProgTypes; t++ {
		if t == ProgExtension {
			continue // as its target
		}
		for a := range AttachType(NumAttachTypes) {
			if may(&HelperQuery{Prog: t, Attach: a, Sleepable: t.MaySleep(a), Caps: CapsRoot}) {
				types = append(types, t)
				break
			}
		}
	}
	return types
}

// NearestFirst sorts program types by how many sets of helpers they share with
// another one.
func NearestFirst(types []ProgType, to ProgType) {
	own := (&HelperQuery{Prog: to}).sets()
	shared := func(t ProgType) int {
		n := 0
		for _, set := range (&HelperQuery{Prog: t}).sets() {
			if slices.Contains(own, set) {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(types, func(a, b ProgType) int { return shared(b) - shared(a) })
}

// KfuncsWith are the kfuncs that have all the flags and that a program may
// call.
func KfuncsWith(flags KfuncFlags, q *HelperQuery) []*Kfunc {
	var found []*Kfunc
	for i := range kfuncs {
		if k := &kfuncs[i]; k.Flags&flags == flags && k.Allowed(q) {
			found = append(found, k)
		}
	}
	return found
}

// HelperNamed is the number of a helper, with "bpf_" in front.
func HelperNamed(name string) (id int32, ok bool) {
	for i := range helpers {
		if helpers[i].name == name {
			return int32(i), true
		}
	}
	return 0, false
}

// HelpersLike are the names of the helpers that a program may call and that
// match.
func HelpersLike(q *HelperQuery, match func(name string) bool) []string {
	var names []string
	for i := range helpers {
		if name := helpers[i].name; match(name) {
			if _, ok := LookupProto(int32(i), q); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// NamedProto is the prototype of a helper by the helper's name.
type NamedProto struct {
	Name  string
	Proto *Proto
}

// HelpersReturning are the helpers that a program may call and that return a
// pointer to an object of a structure of the kernel.
func HelpersReturning(q *HelperQuery, object string) []NamedProto {
	var found []NamedProto
	for i := range helpers {
		if p, ok := LookupProto(int32(i), q); ok && p.RetBTF == object {
			found = append(found, NamedProto{helpers[i].name, p})
		}
	}
	return found
}

// Names are the names in the set.
func (s NameSet) Names() []string {
	var names []string
	for _, n := range nameSets {
		if n.set == s {
			names = append(names, n.name)
		}
	}
	return names
}

// TakenBy are the map types that a helper works on, if that is limited
// by either; nil if it takes any.
func TakenBy(id int32) []MapType {
	var types []MapType
	limited := false
	for t := MapUnspec + 1; int(t) < len(mapInfos); t++ {
		switch {
		case !HelperTakesMap(id, t):
			limited = true
		case t.TakesHelper(id):
			types = append(types, t)
		}
	}
	if !limited {
		return nil
	}
	return types
}

// HelpersOf are the names of the helpers that a map type is limited to, nil if
// it is not.
func (t MapType) HelpersOf() []string {
	if !t.Info().limited {
		return nil
	}
	var names []string
	for i := range helpers {
		if t.TakesHelper(int32(i)) && HelperTakesMap(int32(i), t) {
			names = append(names, helpers[i].name)
		}
	}
	slices.Sort(names)
	return names
}

// SectionOf is the name that programs of a type have in front of their target, ""
// if none is known: of libbpf's table the plainest, which sets no attach type or
// option if there is such a one.
func (t ProgType) SectionOf() string {
	best, least := "", 0
	for i := range Sections {
		s := &Sections[i]
		if s.Type != t || s.Flags&SectionSleepable != 0 {
			continue
		}
		extras := 2*(strings.Count(s.Name, "/")+strings.Count(s.Name, ".")) + 1
		if s.Attach != 0 {
			extras++
		}
		if best == "" || extras < least {
			best, least = s.Name, extras
		}
	}
	return best
}
