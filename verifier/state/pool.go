// SPDX-License-Identifier: GPL-2.0-only

package state

// Pool recycles states and frames within one verification, so that copying a
// state costs the copy and no allocation. It is not safe for concurrent use.
type Pool struct {
	states []*State
	frames []*Frame
}

// NewState returns an empty state without frames.
func (p *Pool) NewState() *State {
	n := len(p.states)
	if n == 0 {
		return &State{}
	}
	s := p.states[n-1]
	p.states = p.states[:n-1]
	return s
}

// NewFrame returns a frame whose registers and stack are to be set.
func (p *Pool) NewFrame() *Frame {
	n := len(p.frames)
	if n == 0 {
		return &Frame{}
	}
	f := p.frames[n-1]
	p.frames = p.frames[:n-1]
	return f
}

// FreeFrame gives a frame back; the caller must not use it again.
func (p *Pool) FreeFrame(f *Frame) {
	*f = Frame{Stack: f.Stack[:0]}
	p.frames = append(p.frames, f)
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
	p.states = append(p.states, s)
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
			frames[i] = p.NewFrame()
			fallthrough
		default:
			frames[i].copyFrom(src.Frames[i])
		}
	}
	dst.Frames = frames
}
