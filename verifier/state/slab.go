// SPDX-License-Identifier: GPL-2.0-only

package state

// minSlab and maxSlab bound how many objects a slab allocates at once: few at first, since
// most programs are small.
const minSlab, maxSlab = 2, 16

// slab hands out objects of one type and takes them back. It allocates many at
// once, which spares the garbage collector the work of one object each.
type slab[T any] struct {
	free []*T
	// fresh are objects that were never handed out.
	fresh []T
	size  int
}

// get returns an object: a new one is zero, another one as it was put back.
func (s *slab[T]) get() *T {
	if n := len(s.free); n > 0 {
		x := s.free[n-1]
		s.free = s.free[:n-1]
		return x
	}
	if len(s.fresh) == 0 {
		s.size = min(max(s.size*2, minSlab), maxSlab)
		s.fresh = make([]T, s.size)
	}
	x := &s.fresh[0]
	s.fresh = s.fresh[1:]
	return x
}

func (s *slab[T]) put(x *T) { s.free = append(s.free, x) }
