// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"encoding/binary"
	"hash/fnv"
)

// Types of several objects are equal if all that they say is, and so are the types
// that they refer to. Classes of equal types are found by refining: at first all
// types with the same words are in one, then they part by the classes of those they
// refer to, until none parts any more. A declaration of a struct counts as the
// struct, if there is one of that name only.

// findSame fills in same. alias are types that stand for others by name.
//
// kernel: btf__dedup
func (t *typeTable) findSame(alias map[uint32]uint32) {
	n := len(t.local)
	local, refs := make([]uint64, n), make([][]uint32, n)
	for i := 1; i < n; i++ {
		local[i], refs[i] = t.own(uint32(i))
	}
	class := make([]uint64, n)
	for {
		refine(class, local, refs, alias)
		if !t.declared(class, alias) {
			break
		}
	}
	first := make(map[uint64]uint32)
	for i := uint32(1); i < uint32(n); i++ {
		_, ok := first[class[i]]
		if _, standsFor := alias[i]; !ok && (!standsFor || alias[i] == i) {
			first[class[i]] = i
		}
	}
	t.same = make([]uint32, n)
	for i := 1; i < n; i++ {
		t.same[i] = first[class[i]]
	}
}

// own hashes what a type says by itself, and lists the types that it refers to.
func (t *typeTable) own(n uint32) (hash uint64, refs []uint32) {
	p, id := t.parts[n], t.local[n]
	refWords, nameWords := p.btf.refs(id)
	words := make([]uint32, p.btf.words(id))
	for i := range words {
		words[i] = p.btf.word(id, i)
	}
	h := fnv.New64a()
	for _, i := range refWords {
		if words[i] != 0 && words[i] < p.btf.count() {
			refs = append(refs, p.first+words[i])
		} else {
			refs = append(refs, 0)
		}
		words[i] = 0
	}
	for _, i := range nameWords {
		h.Write(p.btf.strBytes(words[i]))
		h.Write([]byte{0})
		words[i] = 0
	}
	if k := p.btf.kind(id); k == kindVar || k == kindDatasec {
		words = append(words, n) // two variables are never one
	}
	var b [4]byte
	for _, w := range words {
		binary.LittleEndian.PutUint32(b[:], w)
		h.Write(b[:])
	}
	return h.Sum64(), refs
}

// refine finds the classes.
func refine(class, local []uint64, refs [][]uint32, alias map[uint32]uint32) {
	stand := func(n uint32) uint32 {
		if to, ok := alias[n]; ok {
			return to
		}
		return n
	}
	copy(class, local)
	next := make([]uint64, len(class))
	for before := 0; ; {
		seen := make(map[uint64]struct{}, before)
		for i := 1; i < len(class); i++ {
			at := stand(uint32(i))
			sum := local[at]
			for _, r := range refs[at] {
				sum = mix(sum, class[stand(r)])
			}
			next[i] = sum
			seen[sum] = struct{}{}
		}
		copy(class, next)
		if len(seen) <= before {
			return
		}
		before = len(seen)
	}
}

func mix(sum, with uint64) uint64 {
	sum ^= with + 0x9e3779b97f4a7c15 + sum<<6 + sum>>2
	sum *= 0xff51afd7ed558ccd
	return sum ^ sum>>33
}

// declared finds declarations of structs that are defined once, and reports whether
// there were further ones.
//
// kernel: btf_dedup_resolve_fwds
func (t *typeTable) declared(class []uint64, alias map[uint32]uint32) bool {
	type named struct {
		name string
		kind btfKind
	}
	whole := make(map[named]uint32) // 0 if there are several
	for n := 1; n < len(t.local); n++ {
		v, id := t.parts[n].btf, t.local[n]
		name := named{v.name(id), v.kind(id)}
		if !v.isComposite(id) || name.name == "" {
			continue
		}
		if before, ok := whole[name]; !ok {
			whole[name] = uint32(n)
		} else if before != 0 && class[before] != class[n] {
			whole[name] = 0
		}
	}
	more := false
	for n := 1; n < len(t.local); n++ {
		v, id := t.parts[n].btf, t.local[n]
		if v.kind(id) != kindFwd || alias[uint32(n)] != 0 {
			continue
		}
		kind := kindStruct
		if v.kflag(id) {
			kind = kindUnion
		}
		if to := whole[named{v.name(id), kind}]; to != 0 {
			alias[uint32(n)], more = to, true
		}
	}
	return more
}
