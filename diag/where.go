// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"path/filepath"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// SourceReader returns the current text of a source file, and false if there
// is none. Editors give what is in their buffers.
type SourceReader func(file string) ([]byte, bool)

// driftLines is how far from its line a changed file is searched for the text
// that the object was built from.
const driftLines = 20

// where answers questions about one program's places in the source.
type where struct {
	compDir string
	prog    *program.Program
	ix      *dwarfmap.Index
	read    SourceReader
	files   map[string]*csource.File
	calls   map[int][]dwarfmap.Call // see inlined
	decls   *dwarfmap.Decls         // see declarations
	targets map[int]bool            // see joins
}

func newWhere(obj *program.Object, p *program.Program, ix *dwarfmap.Index, read SourceReader) *where {
	w := &where{prog: p, ix: ix, read: read, files: map[string]*csource.File{}, calls: map[int][]dwarfmap.Call{}}
	if obj != nil {
		w.compDir = obj.CompDir
	}
	if w.ix == nil {
		w.ix = dwarfmap.New(p)
	}
	return w
}

// absolute makes the compiler's name of a file absolute if the directory it ran
// in is known.
func (w *where) absolute(file string) string {
	if file == "" || filepath.IsAbs(file) || w.compDir == "" {
		return file
	}
	return filepath.Join(w.compDir, file)
}

// file returns the scanned source: the file, or if it cannot be read the
// lines of it that the object carries.
func (w *where) file(name string) *csource.File {
	raw := name
	name = w.absolute(name)
	f, known := w.files[name]
	if known {
		return f
	}
	if w.read != nil {
		if text, ok := w.read(name); ok {
			f = csource.Scan(text)
		}
	}
	if f == nil {
		known := map[int]string{}
		for _, l := range w.prog.Lines {
			if l.File == raw || w.absolute(l.File) == name {
				known[int(l.Line)] = l.Text
			}
		}
		f = csource.ScanLines(known)
	}
	w.files[name] = f
	return f
}

// at returns the place of an instruction, moved to where the line is now if
// the file has changed, and the scanned file, which is nil if it is not there
// or no longer holds the line.
func (w *where) at(pc int) (dwarfmap.Pos, *csource.File, bool) {
	pos, ok := w.ix.At(pc)
	return w.current(pos, ok)
}

// from is at for the place that a jump to pc leads to.
func (w *where) from(pc int) (dwarfmap.Pos, *csource.File, bool) {
	if pos, ok := w.ix.From(pc); ok {
		return w.current(pos, ok)
	}
	return w.at(pc)
}

func (w *where) current(pos dwarfmap.Pos, ok bool) (dwarfmap.Pos, *csource.File, bool) {
	if !ok {
		return pos, nil, false
	}
	f := w.file(pos.File)
	if f == nil {
		return pos, nil, true
	}
	line, ok := relocate(f, pos.Line, pos.Text)
	if !ok {
		return pos, nil, true
	}
	pos.Line = line
	if pos.Text == "" {
		// A compiler that does not find the file by its noted name leaves it out.
		pos.Text = f.Line(line)
	}
	return pos, f, true
}

// relocate finds the line of a text near to where it was.
func relocate(f *csource.File, line int, text string) (int, bool) {
	want := strings.TrimSpace(text)
	if want == "" || strings.TrimSpace(f.Line(line)) == want {
		return line, true
	}
	for d := 1; d <= driftLines; d++ {
		for _, n := range []int{line - d, line + d} {
			if strings.TrimSpace(f.Line(n)) == want {
				return n, true
			}
		}
	}
	return line, false
}

// span is the extent of what the compiler meant by the place of an
// instruction.
func (w *where) span(pc int) Span {
	pos, f, ok := w.at(pc)
	if !ok {
		return w.fallback()
	}
	return w.spanOf(pos, f, w.callee(pc))
}

// spanOf is span for a place; callee is the function that is called there, if
// any.
func (w *where) spanOf(pos dwarfmap.Pos, f *csource.File, callee string) Span {
	s := Span{File: w.absolute(pos.File), Line: pos.Line, Col: pos.Col}
	if f == nil {
		return w.wholeLine(s, pos.Text)
	}
	if callee != "" {
		if r, ok := f.Call(spelled(callee, f, pos.Line), pos.Line, max(pos.Col, 1)); ok {
			return withRange(s, r)
		}
	}
	if pos.Col > 0 {
		if r, ok := f.Expression(pos.Line, pos.Col); ok {
			return withRange(s, r)
		}
	}
	return w.wholeLine(s, f.Line(pos.Line))
}

// fallback is the place of a program without line information: its file is
// unknown, so the object's first known file has to do.
func (w *where) fallback() Span {
	for _, l := range w.prog.Lines {
		if l.File != "" {
			return Span{File: w.absolute(l.File), Line: max(int(l.Line), 1)}
		}
	}
	return Span{}
}

// wholeLine covers a line's text without its indentation.
func (w *where) wholeLine(s Span, text string) Span {
	trimmed := strings.TrimLeft(text, " \t")
	s.Col = len(text) - len(trimmed) + 1
	s.EndLine, s.EndCol = s.Line, s.Col+len(strings.TrimRight(trimmed, " \t\r"))
	if trimmed == "" {
		s.Col, s.EndLine, s.EndCol = 0, 0, 0
	}
	return s
}

func withRange(s Span, r csource.Range) Span {
	return Span{File: s.File, Line: r.Line, Col: r.Col, EndLine: r.EndLine, EndCol: r.EndCol}
}

// callee is the name of the function that a call instruction calls, "" for
// other instructions: a helper with bpf_, a kernel function, a function of
// the program.
func (w *where) callee(pc int) string {
	if pc < 0 || pc >= len(w.prog.Insns) {
		return ""
	}
	in := &w.prog.Insns[pc]
	switch {
	case in.IsHelperCall():
		return facts.HelperLogName(in.Imm)
	case in.IsKfuncCall():
		return w.kfunc(in)
	case in.IsSubprogCall():
		if f, ok := w.ix.Function(pc + 1 + int(in.Imm)); ok {
			return f.Name
		}
	}
	return ""
}

func (w *where) kfunc(in *isa.Insn) string {
	if w.prog.KernelBTF == nil || in.Off != 0 || in.Imm <= 0 {
		return ""
	}
	typ, err := w.prog.KernelBTF.TypeByID(btf.TypeID(in.Imm))
	if err != nil {
		return ""
	}
	return typ.TypeName()
}

// spelled is a kernel function's name as the C code has it: most call a macro
// that hides an _impl.
func spelled(name string, f *csource.File, line int) string {
	if strings.Contains(f.Line(line), name) {
		return name
	}
	return catalog.CName(name)
}

// call is a function's name as messages show it.
func call(name string) string {
	if name == "" || name == "unknown" || name == "bpf_unspec" {
		return ""
	}
	return catalog.CName(name) + "()"
}

// argument is the C text and extent of argument n, from 1, of the call at pc.
func (w *where) argument(pc, n int) (string, Span, bool) {
	name := w.callee(pc)
	pos, f, ok := w.at(pc)
	if name == "" || n < 1 || !ok || f == nil {
		return "", Span{}, false
	}
	text, r, ok := f.Argument(spelled(name, f, pos.Line), n-1, pos.Line, max(pos.Col, 1))
	if !ok {
		return "", Span{}, false
	}
	return text, withRange(Span{File: w.absolute(pos.File)}, r), true
}

// quote shows C text in a message.
func quote(code string) string {
	if code == "" {
		return ""
	}
	return "`" + code + "`"
}

// functionAt names the function that begins at pc, with parentheses; "" if it
// has no name.
func (w *where) functionAt(pc int) string {
	if fn, ok := w.ix.Function(pc); ok && fn.Start == pc {
		return call(fn.Name)
	}
	return ""
}

// parameter is the name of parameter n, from 1, of the function that begins at
// pc, "" if it is not known.
func (w *where) parameter(pc, n int) string {
	if w.prog.BTF == nil {
		return ""
	}
	for i := range w.prog.Funcs {
		f := &w.prog.Funcs[i]
		if int(f.InsnOff) != pc {
			continue
		}
		typ, err := w.prog.BTF.TypeByID(f.TypeID)
		if err != nil {
			return ""
		}
		fn, ok := typ.(*btf.Func)
		if !ok {
			return ""
		}
		proto, ok := fn.Type.(*btf.FuncProto)
		if !ok || n < 1 || n > len(proto.Params) {
			return ""
		}
		return proto.Params[n-1].Name
	}
	return ""
}
