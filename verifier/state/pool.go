// SPDX-License-Identifier: GPL-2.0-only

package state

// Pool recycles states, frames and stacks within one verification, so that
// copying a state costs the copy and no allocation. It is not safe for
// concurrent use.
type Pool struct {
	states slab[State]
	frames slab[Frame]
	chunks slab[chunk]
	// blank is the chunk of all slots that were never written.
	blank *chunk
}

// NewState returns an empty state without frames.
func (p *Pool) NewState() *State { return p.states.get() }

// NewFrame returns a frame whose registers are to be set. Its stack is empty.
func (p *Pool) NewFrame() *Frame {
	f := p.frames.get()
	f.Stack, f.Call = Stack{pool: p}, Call{}
	return f
}

// FreeFrame gives a frame back; the caller must not use it again.
func (p *Pool) FreeFrame(f *Frame) {
	f.Stack.drop()
	p.frames.put(f)
}

// newChunk returns a chunk of one user whose slots are to be set.
func (p *Pool) newChunk() *chunk {
	c := p.chunks.get()
	c.users = 1
	return c
}

// untouched returns a chunk of invalid slots for one more user. The pool is a
// user too, so that nobody changes it.
func (p *Pool) untouched() *chunk {
	if p.blank == nil {
		p.blank = &chunk{users: 1}
	}
	p.blank.users++
	return p.blank
}

// Free gives a state and its frames back.
//
// kernel: free_verifier_state
func (p *Pool) Free(s *State) {
	for i := range s.Frames {
		if s.Frames[i] != nil {
			p.FreeFrame(s.Frames[i])
		}
	}
	*s = State{Refs: s.Refs[:0], History: s.History[:0]}
	p.states.put(s)
}

// Copy makes dst equal to src, reusing the memory that dst has.
//
// kernel: copy_verifier_state
func (p *Pool) Copy(dst, src *State) {
	frames, refs, history := dst.Frames, dst.Refs, dst.History
	*dst = *src
	dst.Refs = append(refs[:0], src.Refs...)
	dst.History = append(history[:0], src.History...)
	for i := range frames {
		switch {
		case i > src.Cur:
			if frames[i] != nil {
				p.FreeFrame(frames[i])
			}
			frames[i] = nil
		case frames[i] == nil:
			frames[i] = p.frames.get()
			frames[i].assign(src.Frames[i])
		default:
			frames[i].Stack.drop()
			frames[i].assign(src.Frames[i])
		}
	}
	dst.Frames = frames
}
