// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"encoding/binary"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Limits of what is read for one program. A compiler stays far below.
const (
	maxFields  = 16 << 20 // attributes looked at
	maxEntries = 1 << 20  // entries of range and location lists
	maxDepth   = 512      // nested scopes
	maxUnits   = 1 << 12
)

// scope is a function, a block of one, or a function that was inlined.
type scope struct {
	name    string // of a function
	inlined bool
	call    callSite // of an inlined function
	ranges  [][2]uint64
	vars    []variable
	inner   []*scope
}

// callSite is where an inlined function was called.
type callSite struct {
	file      string
	line, col int
}

// variable is a variable or parameter of a scope.
type variable struct {
	name  string
	param bool
	typ   dwarf.Offset // 0 if it is not known
	decl  Pos          // where it is declared; its line is 0 if that is not known
	where []stretch
	// folded is its value if the compiler made it a constant everywhere.
	folded *int64
}

// debugInfo is what debug information says about the functions of a program.
type debugInfo struct {
	data  *dwarf.Data
	funcs []*scope
}

func (s *scope) contains(addr uint64) bool {
	for _, r := range s.ranges {
		if addr >= r[0] && addr < r[1] {
			return true
		}
	}
	return false
}

// builder reads the scopes of the functions of one program.
type builder struct {
	prog    *program.Program
	data    *dwarf.Data
	info    *debugInfo
	unit    listUnit
	files   []string
	fields  int
	entries int
	origins map[dwarf.Offset]origin
}

// origin is what an entry takes over from one that it refers to.
type origin struct {
	name string
	typ  dwarf.Offset
	decl Pos
}

// readDebug reads the debug information of a program, nil if there is none.
// Broken information gives what could be read before it broke.
func readDebug(p *program.Program) (info *debugInfo) {
	if p.Debug == nil {
		return nil
	}
	data := p.Debug.Data()
	if data == nil {
		return nil
	}
	info = &debugInfo{data: data}
	// debug/dwarf promises errors, not panics, but the sections are whatever
	// the file has.
	defer func() {
		if recover() != nil {
			info = nil
		}
	}()
	b := &builder{prog: p, data: data, info: info, fields: maxFields, entries: maxEntries, origins: map[dwarf.Offset]origin{}}
	b.read()
	for _, f := range info.funcs {
		f.settleFrame(p, info)
	}
	return info
}

// read goes over all units.
func (b *builder) read() {
	headers := unitHeaders(b.prog.Debug.Section("info"))
	lists := map[bool][]byte{true: b.prog.Debug.Section("loclists"), false: b.prog.Debug.Section("loc")}
	addrs := b.prog.Debug.Section("addr")
	lines := lineSections{b.prog.Debug.Section("line"), b.prog.Debug.Section("line_str"), b.prog.Debug.Section("str")}
	r := b.data.Reader()
	for _, h := range headers {
		r.Seek(h.first)
		unit, err := r.Next()
		if err != nil || unit == nil {
			return
		}
		if unit.Tag != dwarf.TagCompileUnit || !unit.Children || h.wide || r.AddressSize() != 8 {
			continue
		}
		b.unit = listUnit{version: h.version, lists: lists[h.version >= 5], left: &b.entries}
		b.unit.base, _ = unit.Val(dwarf.AttrLowpc).(uint64)
		if off, ok := unit.Val(dwarf.AttrLoclistsBase).(int64); ok && off >= 0 {
			b.unit.offsets = uint64(off)
		}
		if off, ok := unit.Val(dwarf.AttrAddrBase).(int64); ok && off >= 0 && off <= int64(len(addrs)) {
			b.unit.addrs = addrs[off:]
		}
		b.files = nil
		if off, ok := unit.Val(dwarf.AttrStmtList).(int64); ok && off >= 0 {
			dir, _ := unit.Val(dwarf.AttrCompDir).(string)
			b.files = lines.files(uint64(off), dir)
		}
		b.entriesOf(r)
	}
}

// unitHeader is the beginning of a unit of .debug_info.
type unitHeader struct {
	first   dwarf.Offset // of its first entry
	version int
	wide    bool // in the 64-bit format, which no BPF compiler writes
}

// unitHeaders finds the units. debug/dwarf keeps their versions to itself.
func unitHeaders(info []byte) []unitHeader {
	var out []unitHeader
	for at := 0; len(info)-at >= 12 && len(out) < maxUnits; {
		size := binary.LittleEndian.Uint32(info[at:])
		if size == 0xffffffff || uint64(size) > uint64(len(info)-at-4) {
			break
		}
		h := unitHeader{version: int(binary.LittleEndian.Uint16(info[at+4:]))}
		// Before version 5: abbreviations, size of addresses. Since then: the
		// kind of unit comes before these, in the other order.
		h.first = dwarf.Offset(at + 11)
		if h.version >= 5 {
			h.first++
		}
		out = append(out, h)
		at += 4 + int(size)
	}
	return out
}

// entriesOf reads the entries below a unit. It keeps what encloses the next
// entry itself: the depth that a damaged file nests to must not become that of
// the stack.
func (b *builder) entriesOf(r *dwarf.Reader) {
	open := []*scope{nil} // nil for entries whose children do not matter
	for len(open) > 0 && len(open) < maxDepth {
		e, err := r.Next()
		if err != nil || e == nil {
			return
		}
		if b.fields -= 1 + len(e.Field); b.fields < 0 {
			return
		}
		if e.Tag == 0 {
			open = open[:len(open)-1]
			continue
		}
		parent := open[len(open)-1]
		var s *scope
		switch e.Tag {
		case dwarf.TagSubprogram:
			if len(open) == 1 {
				s = b.function(e)
			}
		case dwarf.TagInlinedSubroutine, dwarf.TagLexDwarfBlock:
			if parent != nil {
				s = b.block(e)
				parent.inner = append(parent.inner, s)
			}
		case dwarf.TagVariable, dwarf.TagFormalParameter:
			if parent != nil {
				b.variable(e, parent)
			}
		}
		if e.Children {
			open = append(open, s)
		}
	}
}

// function is the scope of a function that the program has, nil for others.
func (b *builder) function(e *dwarf.Entry) *scope {
	s := b.block(e)
	for _, sym := range b.prog.Symbols {
		if s.contains(sym.Addr) {
			b.info.funcs = append(b.info.funcs, s)
			return s
		}
	}
	return nil
}

// block makes a scope of an entry.
func (b *builder) block(e *dwarf.Entry) *scope {
	s := &scope{ranges: b.ranges(e), inlined: e.Tag == dwarf.TagInlinedSubroutine}
	s.name = b.described(e).name
	if s.inlined {
		line, _ := e.Val(dwarf.AttrCallLine).(int64)
		col, _ := e.Val(dwarf.AttrCallColumn).(int64)
		file, ok := e.Val(dwarf.AttrCallFile).(int64)
		s.call = callSite{line: int(line), col: int(col)}
		if ok && file >= 0 && file < int64(len(b.files)) {
			s.call.file = b.files[file]
		}
	}
	return s
}

func (b *builder) ranges(e *dwarf.Entry) [][2]uint64 {
	if b.entries < 0 {
		return nil
	}
	ranges, err := b.data.Ranges(e)
	if err != nil {
		return nil
	}
	b.entries -= 1 + len(ranges)
	if b.entries < 0 {
		return nil
	}
	return ranges
}

// variable adds a variable to its scope.
func (b *builder) variable(e *dwarf.Entry, to *scope) {
	v := variable{param: e.Tag == dwarf.TagFormalParameter}
	o := b.described(e)
	v.name, v.typ, v.decl = o.name, o.typ, o.decl
	if v.name == "" {
		return
	}
	if f := e.AttrField(dwarf.AttrLocation); f != nil && len(to.ranges) > 0 {
		b.unit.anywhere = [2]uint64{0, 1<<64 - 1}
		v.where = b.unit.locations(f, true)
	}
	if n, ok := e.Val(dwarf.AttrConstValue).(int64); ok {
		v.folded = &n
	}
	to.vars = append(to.vars, v)
}

// described is the name, type and declaration of an entry, which may be those of
// the one that it is an instance of.
func (b *builder) described(e *dwarf.Entry) origin {
	out := b.own(e)
	for range 4 {
		if out.name != "" {
			break
		}
		next, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		if !ok {
			if next, ok = e.Val(dwarf.AttrSpecification).(dwarf.Offset); !ok {
				break
			}
		}
		if o, known := b.origins[next]; known {
			return o
		}
		r := b.data.Reader()
		r.Seek(next)
		o, err := r.Next()
		if err != nil || o == nil {
			break
		}
		b.fields -= len(o.Field)
		out = b.own(o)
		b.origins[next] = out
		e = o
	}
	return out
}

// own is what an entry itself says of name, type and declaration.
func (b *builder) own(e *dwarf.Entry) (o origin) {
	o.name, _ = e.Val(dwarf.AttrName).(string)
	o.typ, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	o.decl, _ = declared(e, b.files)
	return o
}
