// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// maxNear is how many names are suggested for one that does not exist.
const maxNear = 3

// nearest are the names that someone who wrote name may have meant, the nearest
// first: those within a third of its length in letters that were left out, added,
// changed or swapped, and those that are the name and another word, such as
// i_atime_sec for i_atime and __state for state.
func nearest(name string, names iter.Seq[string]) []string {
	type near struct {
		name string
		cost int
	}
	limit := min(max(len(name)/3, 1), 4)
	var found []near
	for n := range names {
		if name != "" && (strings.HasPrefix(n, name+"_") || n == "_"+name || n == "__"+name) {
			found = append(found, near{n, 1})
			continue
		}
		if n == name || len(n)-len(name) > limit || len(name)-len(n) > limit {
			continue
		}
		if cost := distance(name, n, limit); cost <= limit {
			found = append(found, near{n, cost})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost),
			strings.Compare(a.name, b.name))
	})
	var out []string
	for _, f := range found {
		// What is twice as far as the first is no better guess than none.
		if len(out) < maxNear && f.cost <= 2*found[0].cost && !slices.Contains(out, f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

// distance is the number of letters to leave out, add, change or swap to make b
// of a; more than limit if it is more.
func distance(a, b string, limit int) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return least
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// named are the names of the types of a kind that begin with prefix, without it.
func (v *btfView) named(kind btfKind, prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for id := uint32(1); id < v.count(); id++ {
			if v.kind(id) != kind {
				continue
			}
			if name, ok := strings.CutPrefix(v.name(id), prefix); ok && name != "" && !yield(name) {
				return
			}
		}
	}
}

// members are the names of a struct's members.
func (v *btfView) members(id uint32) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range v.vlen(id) {
			if !yield(v.memberName(id, i)) {
				return
			}
		}
	}
}
