// SPDX-License-Identifier: GPL-2.0-only

package state

// chunkSlots is how many slots are shared or copied together. Between two
// copies of a state a path changes a few slots that lie close to each other.
const chunkSlots = 4

const maxChunks = MaxStack / SlotBytes / chunkSlots

// chunk is a piece of one or more stacks.
type chunk struct {
	slots [chunkSlots]Slot
	// users is how many stacks it is part of.
	users int32
}

// Stack is the slots of a frame that were touched so far: slot i is at
// r10-8*(i+1). Copies of a stack share what neither of them has changed since,
// because a program that keeps much on its stack changes little of it between
// two branches, and most states are never looked at again.
type Stack struct {
	chunks [maxChunks]*chunk
	pool   *Pool
	slots  int
}

// Len is the number of slots.
func (s *Stack) Len() int { return s.slots }

// At is slot i to be read: the slot may be part of other states. It is not to
// be used any more once Own was called for a slot of the same stack.
func (s *Stack) At(i int) *Slot { return &s.chunks[i/chunkSlots].slots[i%chunkSlots] }

// Own is slot i to be changed, before the stack is copied again.
func (s *Stack) Own(i int) *Slot {
	at := &s.chunks[i/chunkSlots]
	if c := *at; c.users > 1 {
		own := s.pool.newChunk()
		own.slots = c.slots
		c.users--
		*at = own
	}
	return &(*at).slots[i%chunkSlots]
}

// AppendTo appends the slots to a slice.
func (s *Stack) AppendTo(to []Slot) []Slot {
	for i := range s.slots {
		to = append(to, *s.At(i))
	}
	return to
}

// grow makes the stack n slots long; new slots are invalid.
func (s *Stack) grow(n int) {
	for i := (s.slots + chunkSlots - 1) / chunkSlots; i < (n+chunkSlots-1)/chunkSlots; i++ {
		s.chunks[i] = s.pool.untouched()
	}
	s.slots = max(s.slots, n)
}

// retain counts s as a user of its chunks, after it was assigned from another
// stack.
func (s *Stack) retain() {
	for _, c := range s.used() {
		c.users++
	}
}

// drop ends the use of the chunks, before s is assigned.
func (s *Stack) drop() {
	for _, c := range s.used() {
		if c.users--; c.users == 0 {
			s.pool.chunks.put(c)
		}
	}
}

func (s *Stack) used() []*chunk { return s.chunks[:(s.slots+chunkSlots-1)/chunkSlots] }

// ChunkSlots is how many slots are kept or compared together by Kept.
const ChunkSlots = chunkSlots

// Kept is the slots of a stack as they were when it was last looked at. A stack that
// shares them copies those that it changes, so a chunk that is still the same one has not
// changed. The zero value keeps nothing.
type Kept struct {
	chunks [maxChunks]*chunk
	pool   *Pool
}

// Same reports whether s has chunk i as it is kept.
func (k *Kept) Same(s *Stack, i int) bool { return k.chunks[i] == s.chunks[i] }

// Slots are the slots of chunk i that are kept, nil if it is not kept.
func (k *Kept) Slots(i int) *[ChunkSlots]Slot {
	if k.chunks[i] == nil {
		return nil
	}
	return &k.chunks[i].slots
}

// Keep keeps chunk i of s in place of what was kept.
func (k *Kept) Keep(s *Stack, i int) {
	s.chunks[i].users++
	k.drop(i)
	k.chunks[i], k.pool = s.chunks[i], s.pool
}

// Drop keeps nothing from chunk i on.
func (k *Kept) Drop(i int) {
	for ; i < maxChunks && k.chunks[i] != nil; i++ {
		k.drop(i)
	}
}

func (k *Kept) drop(i int) {
	c := k.chunks[i]
	if c == nil {
		return
	}
	if c.users--; c.users == 0 {
		k.pool.chunks.put(c)
	}
	k.chunks[i] = nil
}
