// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Decls says where what is declared outside of functions is declared: the maps,
// variables, functions and structs of an object.
type Decls struct {
	data    *dwarf.Data
	globals map[string]decl
	structs map[string]decl
}

// decl is a declaration, or the definition if there is one.
type decl struct {
	pos     Pos
	typ     dwarf.Offset // of a variable
	self    dwarf.Offset // of a struct
	files   []string     // of its unit
	defined bool
}

// NewDecls reads the declarations of an object. Without debug information there
// are none.
func NewDecls(d *program.Debug) (all *Decls) {
	all = &Decls{globals: map[string]decl{}, structs: map[string]decl{}}
	if d == nil {
		return all
	}
	if all.data = d.Data(); all.data == nil {
		return all
	}
	// debug/dwarf promises errors, not panics, but the sections are whatever
	// the file has.
	defer func() {
		if recover() != nil {
			all = &Decls{}
		}
	}()
	lines := lineSections{d.Section("line"), d.Section("line_str"), d.Section("str")}
	r := all.data.Reader()
	var files []string
	for fields := maxFields; fields > 0; {
		e, err := r.Next()
		if err != nil || e == nil {
			break
		}
		fields -= 1 + len(e.Field)
		if e.Tag == dwarf.TagCompileUnit {
			files = nil
			if off, ok := e.Val(dwarf.AttrStmtList).(int64); ok && off >= 0 {
				dir, _ := e.Val(dwarf.AttrCompDir).(string)
				files = lines.files(uint64(off), dir)
			}
			continue
		}
		all.add(e, files)
		if e.Children {
			r.SkipChildren()
		}
	}
	return all
}

// add notes an entry of a unit.
func (a *Decls) add(e *dwarf.Entry, files []string) {
	name, _ := e.Val(dwarf.AttrName).(string)
	if name == "" {
		return
	}
	to := a.globals
	switch e.Tag {
	case dwarf.TagVariable, dwarf.TagSubprogram:
	case dwarf.TagStructType, dwarf.TagUnionType:
		to = a.structs
	default:
		return
	}
	pos, ok := declared(e, files)
	if !ok || to[name].defined {
		return
	}
	isDeclaration, _ := e.Val(dwarf.AttrDeclaration).(bool)
	d := decl{pos: pos, self: e.Offset, files: files, defined: !isDeclaration}
	d.typ, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	to[name] = d
}

// declared is the place that an entry names.
func declared(e *dwarf.Entry, files []string) (Pos, bool) {
	file, _ := e.Val(dwarf.AttrDeclFile).(int64)
	line, _ := e.Val(dwarf.AttrDeclLine).(int64)
	if line <= 0 || file < 0 || file >= int64(len(files)) {
		return Pos{}, false
	}
	return Pos{File: files[file], Line: int(line)}, true
}

// Global is where a variable or function is declared.
func (a *Decls) Global(name string) (Pos, bool) {
	d, ok := a.globals[name]
	return d.pos, ok
}

// Struct is where a struct or union is defined.
func (a *Decls) Struct(name string) (Pos, bool) {
	d, ok := a.structs[name]
	return d.pos, ok
}

// MemberOf is where a member of the struct that a variable is, or is an array
// of, is declared.
func (a *Decls) MemberOf(variable, member string) (Pos, bool) {
	d, ok := a.globals[variable]
	if !ok {
		return Pos{}, false
	}
	return a.member(d.typ, member, d.files)
}

// Member is where a member of a struct or union is declared.
func (a *Decls) Member(of, member string) (Pos, bool) {
	d, ok := a.structs[of]
	if !ok {
		return Pos{}, false
	}
	return a.member(d.self, member, d.files)
}

func (a *Decls) member(typ dwarf.Offset, name string, files []string) (pos Pos, ok bool) {
	defer func() {
		if recover() != nil {
			pos, ok = Pos{}, false
		}
	}()
	info := debugInfo{data: a.data}
	e, r := info.resolve(typ)
	if e == nil || !e.Children {
		return Pos{}, false
	}
	for range maxMembers {
		m, err := r.Next()
		if err != nil || m == nil || m.Tag == 0 {
			break
		}
		if n, _ := m.Val(dwarf.AttrName).(string); m.Tag == dwarf.TagMember && n == name {
			return declared(m, files)
		}
		if m.Children {
			r.SkipChildren()
		}
	}
	return Pos{}, false
}
