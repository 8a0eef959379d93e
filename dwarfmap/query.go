// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"path"
	"sort"
)

// Var is a C variable that can be seen at an instruction.
type Var struct {
	// Name is as C writes it: "e", or "tuple.ipv4" for a part of a variable.
	Name  string
	Param bool
	// Function is the function that has the variable, and Outer counts the
	// inlined calls between that and the code at the instruction: 0 is the
	// innermost function.
	Function string
	Outer    int
}

// Call says that a function was inlined, and where it was called.
type Call struct {
	Function string // the inlined function
	Into     string // the function that it was inlined into
	Site     Pos    // of the call
}

// debug reads the debug information when it is first asked for: programs
// without faults never need it.
func (ix *Index) debug() *debugInfo {
	ix.once.Do(func() { ix.info = readDebug(ix.prog) })
	return ix.info
}

// address is where an instruction is in the debug information.
func (ix *Index) address(pc int) (uint64, bool) {
	for _, s := range ix.prog.Symbols {
		if start := int(s.InsnOff); pc >= start && pc < start+int(s.Len) {
			return s.Addr + uint64(pc-start)*8, true
		}
	}
	return 0, false
}

// chain are the scopes that hold an instruction, outermost first.
func (ix *Index) chain(pc int) ([]*scope, uint64) {
	addr, ok := ix.address(pc)
	if !ok {
		return nil, 0
	}
	d := ix.debug()
	if d == nil {
		return nil, 0
	}
	var out []*scope
	for at := within(d.funcs, addr); at != nil; at = within(at.inner, addr) {
		out = append(out, at)
	}
	return out, addr
}

func within(scopes []*scope, addr uint64) *scope {
	for _, s := range scopes {
		if s.contains(addr) {
			return s
		}
	}
	return nil
}

// found is a variable at an instruction with where it is.
type found struct {
	Var
	v     *variable
	scope int // depth of its scope
	since uint64
	place place
}

// visible calls do for each variable of the scopes of an instruction and each
// place that holds it, innermost scope first; the place is nowhere if it is
// not known.
func (ix *Index) visible(pc int, do func(found)) {
	chain, addr := ix.chain(pc)
	outer := 0
	for i := len(chain) - 1; i >= 0; i-- {
		s := chain[i]
		for j := range s.vars {
			v := &s.vars[j]
			f := found{Var: Var{Name: v.name, Param: v.param, Function: function(chain[:i+1]), Outer: outer}, v: v, scope: i}
			w := v.at(addr)
			if w == nil || len(w.places) == 0 {
				do(f)
				continue
			}
			f.since = w.lo
			for _, p := range w.places {
				f.place = p
				do(f)
			}
		}
		if s.inlined {
			outer++
		}
	}
}

// function is the name of the function that the innermost of some scopes is of.
func function(chain []*scope) string {
	for i := len(chain) - 1; i >= 0; i-- {
		if chain[i].name != "" {
			return chain[i].name
		}
	}
	return ""
}

// at is the stretch that holds an address.
func (v *variable) at(addr uint64) *stretch {
	for i := range v.where {
		if w := &v.where[i]; addr >= w.lo && addr < w.hi {
			return w
		}
	}
	return nil
}

// Variables are the variables that can be seen at an instruction, innermost
// scope first, whether their values are still anywhere or not.
func (ix *Index) Variables(pc int) []Var {
	var out []Var
	last := (*variable)(nil)
	ix.visible(pc, func(f found) {
		if f.v != last {
			out = append(out, f.Var)
		}
		last = f.v
	})
	return out
}

// Held are the variables whose value a register has before the instruction
// runs: those of inner functions and scopes first, then those that got the
// value last.
func (ix *Index) Held(pc int, reg uint8) []Var {
	var all []found
	ix.visible(pc, func(f found) {
		if f.place.kind == inReg && f.place.reg == reg && ix.nameParts(&f) {
			all = append(all, f)
		}
	})
	sort.SliceStable(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		switch {
		case a.Outer != b.Outer:
			return a.Outer < b.Outer
		case a.place.loose != b.place.loose:
			return b.place.loose
		case a.scope != b.scope:
			return a.scope > b.scope
		}
		return a.since > b.since
	})
	out := make([]Var, len(all))
	for i := range all {
		out[i] = all[i].Var
	}
	return out
}

// nameParts gives a part of a variable its name in C; false if it has none.
func (ix *Index) nameParts(f *found) bool {
	if f.place.size == 0 {
		return true
	}
	path, ok := ix.info.part(f.v.typ, f.place.at, f.place.size)
	f.Name += path
	return ok
}

// Variable returns the variable whose value a register has before the
// instruction runs.
func (ix *Index) Variable(pc int, reg uint8) (Var, bool) {
	if held := ix.Held(pc, reg); len(held) > 0 {
		return held[0], true
	}
	return Var{}, false
}

// SlotVariable returns the variable that lies at an offset from R10 in the
// frame of the instruction's function, and how many bytes before it begins.
func (ix *Index) SlotVariable(pc, off int) (Var, int, bool) {
	f, at, ok := ix.slot(pc, int64(off))
	return f.Var, int(at), ok
}

// SlotPart is SlotVariable with the name of the member or element that the
// offset lies in: "key.port" or "buf[3]".
func (ix *Index) SlotPart(pc, off int) (string, bool) {
	f, at, ok := ix.slot(pc, int64(off))
	if !ok {
		return "", false
	}
	path, ok := ix.info.part(f.v.typ, at, 0)
	return f.Name + path, ok
}

// slot finds the variable at an offset in the frame, and which of its bytes is
// there.
func (ix *Index) slot(pc int, off int64) (out found, at uint64, ok bool) {
	ix.visible(pc, func(f found) {
		if ok || f.place.kind != inFrame || off < f.place.off {
			return
		}
		size := f.place.size
		if size == 0 {
			size = max(ix.info.size(f.v.typ), 1)
		}
		if rest := uint64(off - f.place.off); rest < size {
			out, at, ok = f, f.place.at+rest, true
		}
	})
	return out, at, ok
}

// Inlined are the inlined calls that the instruction's code came through,
// innermost first; none if it is code of the function itself.
func (ix *Index) Inlined(pc int) []Call {
	chain, _ := ix.chain(pc)
	var out []Call
	into := ""
	for _, s := range chain {
		if s.inlined {
			out = append([]Call{{Function: s.name, Into: into, Site: ix.site(s.call)}}, out...)
		}
		if s.name != "" {
			into = s.name
		}
	}
	return out
}

// site is a call's place with the text of its line and the name of its file as
// BTF has them, if it has.
func (ix *Index) site(c callSite) Pos {
	pos := Pos{File: c.file, Line: c.line, Col: c.col}
	clean := path.Clean(c.file)
	for i := range ix.lines {
		l := &ix.lines[i]
		if l.File == pos.File || path.Clean(l.File) == clean {
			pos.File = l.File
			if int(l.Line) == c.line {
				pos.Text = l.Text
				break
			}
		}
	}
	return pos
}

// Shifted reports whether a variable is, before the instruction runs, what a register has
// plus a number: the compiler left an addition of a constant to what uses it.
func (ix *Index) Shifted(pc int, name string) bool {
	shifted := false
	ix.visible(pc, func(f found) {
		shifted = shifted || f.Name == name && f.Outer == 0 && f.place.kind == fromReg && f.place.off != 0
	})
	return shifted
}
