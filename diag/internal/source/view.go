// SPDX-License-Identifier: GPL-2.0-only

package source

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// driftLines is how far from its line a changed file is searched for the text
// that the object was built from.
const driftLines = 20

// View answers questions about one program's places in the source.
type View struct {
	compDir string
	Prog    *program.Program
	Object  *program.Object // nil if it is not known
	Index   *dwarfmap.Index
	Read    diag.SourceReader
	files   map[string]*csource.File
	decls   *dwarfmap.Decls // see declarations
	moved   map[int]dwarfmap.Pos
}

// New returns the view of a program. It makes an index of the lines if the
// subject has none.
func New(s diag.Subject) *View {
	v := &View{Prog: s.Program, Object: s.Object, Index: s.Lines, Read: s.Read, files: map[string]*csource.File{}}
	if s.Object != nil {
		v.compDir = s.Object.CompDir
	}
	if v.Index == nil {
		v.Index = dwarfmap.New(s.Program)
	}
	return v
}

// Absolute makes the compiler's name of a file absolute if the directory it ran
// in is known.
func (v *View) Absolute(file string) string {
	if file == "" || filepath.IsAbs(file) || v.compDir == "" {
		return file
	}
	return filepath.Join(v.compDir, file)
}

// File returns the scanned source: the file, or if it cannot be read the
// lines of it that the object carries.
func (v *View) File(name string) *csource.File {
	raw := name
	name = v.Absolute(name)
	f, known := v.files[name]
	if known {
		return f
	}
	if v.Read != nil {
		if text, ok := v.Read(name); ok {
			f = csource.Scan(text)
		}
	}
	if f == nil {
		known := map[int]string{}
		for _, l := range v.Prog.Lines {
			if l.File == raw || v.Absolute(l.File) == name {
				known[int(l.Line)] = l.Text
			}
		}
		f = csource.ScanLines(known)
	}
	v.files[name] = f
	return f
}

// At returns the place of an instruction, moved to where the line is now if
// the file has changed, and the scanned file, which is nil if it is not there
// or no longer holds the line.
func (v *View) At(pc int) (dwarfmap.Pos, *csource.File, bool) {
	if pos, ok := v.moved[pc]; ok {
		return pos, v.File(pos.File), true
	}
	pos, ok := v.Index.At(pc)
	pos, f, ok := v.Current(pos, ok)
	if ok && f != nil && pc >= 0 && pc < len(v.Prog.Insns) && v.Prog.Insns[pc].Class() == isa.ClassLDX && pos.Col > 0 {
		// The compiler notes what a macro is given at the macro.
		if r, ok := f.InMacro(pos.Line, pos.Col); ok {
			pos.Line, pos.Col = r.Line, r.Col
		}
	}
	return pos, f, ok
}

// From is at for the place that a jump to pc leads to.
func (v *View) From(pc int) (dwarfmap.Pos, *csource.File, bool) {
	if pos, ok := v.Index.From(pc); ok {
		return v.Current(pos, ok)
	}
	return v.At(pc)
}

func (v *View) Current(pos dwarfmap.Pos, ok bool) (dwarfmap.Pos, *csource.File, bool) {
	if !ok {
		return pos, nil, false
	}
	f := v.File(pos.File)
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

// Move places instructions elsewhere than the compiler did, in terms of the source as it is; nil undoes it.
func (v *View) Move(places map[int]dwarfmap.Pos) { v.moved = places }

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

// Span is the extent of what the compiler meant by the place of an
// instruction.
func (v *View) Span(pc int) diag.Span {
	pos, f, ok := v.At(pc)
	if !ok {
		return v.fallback()
	}
	return v.SpanOf(pos, f, v.Callee(pc))
}

// SpanOf is span for a place; callee is the function that is called there, if
// any.
func (v *View) SpanOf(pos dwarfmap.Pos, f *csource.File, callee string) diag.Span {
	s := diag.Span{File: v.Absolute(pos.File), Line: pos.Line, Col: pos.Col}
	if f == nil {
		return v.WholeLine(s, pos.Text)
	}
	if callee != "" {
		if r, ok := f.Call(Spelled(callee, f, pos.Line), pos.Line, max(pos.Col, 1)); ok {
			return WithRange(s, r)
		}
	}
	if pos.Col > 0 {
		if r, ok := f.Expression(pos.Line, pos.Col); ok {
			return WithRange(s, r)
		}
	}
	return v.WholeLine(s, f.Line(pos.Line))
}

// fallback is the place of a program without line information: its file is
// unknown, so the object's first known file has to do.
func (v *View) fallback() diag.Span {
	for _, l := range v.Prog.Lines {
		if l.File != "" {
			return diag.Span{File: v.Absolute(l.File), Line: max(int(l.Line), 1)}
		}
	}
	return diag.Span{}
}

// WholeLine covers a line's text without its indentation.
func (v *View) WholeLine(s diag.Span, text string) diag.Span {
	trimmed := strings.TrimLeft(text, " \t")
	s.Col = len(text) - len(trimmed) + 1
	s.EndLine, s.EndCol = s.Line, s.Col+len(strings.TrimRight(trimmed, " \t\r"))
	if trimmed == "" {
		s.Col, s.EndLine, s.EndCol = 0, 0, 0
	}
	return s
}

// WithRange returns a range of the file of a span.
func WithRange(s diag.Span, r csource.Range) diag.Span {
	return diag.Span{File: s.File, Line: r.Line, Col: r.Col, EndLine: r.EndLine, EndCol: r.EndCol}
}

// Callee is the name of the function that a call instruction calls, "" for
// other instructions: a helper with bpf_, a kernel function, a function of
// the program.
func (v *View) Callee(pc int) string {
	if pc < 0 || pc >= len(v.Prog.Insns) {
		return ""
	}
	in := &v.Prog.Insns[pc]
	switch {
	case in.IsHelperCall():
		return facts.HelperLogName(in.Imm)
	case in.IsKfuncCall():
		return v.kfunc(in)
	case in.IsSubprogCall():
		if f, ok := v.Index.Function(pc + 1 + int(in.Imm)); ok {
			return f.Name
		}
	}
	return ""
}

func (v *View) kfunc(in *isa.Insn) string {
	if v.Prog.KernelBTF == nil || in.Off != 0 || in.Imm <= 0 {
		return ""
	}
	typ, err := v.Prog.KernelBTF.TypeByID(btf.TypeID(in.Imm))
	if err != nil {
		return ""
	}
	return typ.TypeName()
}

// Spelled is a kernel function's name as the C code has it: most call a macro
// that hides an _impl.
func Spelled(name string, f *csource.File, line int) string {
	if strings.Contains(f.Line(line), name) {
		return name
	}
	return catalog.CName(name)
}

// Argument is the C text and extent of argument n, from 1, of the call at pc.
func (v *View) Argument(pc, n int) (string, diag.Span, bool) {
	name := v.Callee(pc)
	pos, f, ok := v.At(pc)
	if name == "" || n < 1 || !ok || f == nil {
		return "", diag.Span{}, false
	}
	text, r, ok := f.Argument(Spelled(name, f, pos.Line), n-1, pos.Line, max(pos.Col, 1))
	if !ok {
		return "", diag.Span{}, false
	}
	return text, WithRange(diag.Span{File: v.Absolute(pos.File)}, r), true
}

// FunctionAt names the function that begins at pc, with parentheses; "" if it
// has no name.
func (v *View) FunctionAt(pc int) string {
	if fn, ok := v.Index.Function(pc); ok && fn.Start == pc {
		return catalog.Call(fn.Name)
	}
	return ""
}

// Parameter is the name of parameter n, from 1, of the function that begins at
// pc, "" if it is not known.
func (v *View) Parameter(pc, n int) string {
	if v.Prog.BTF == nil {
		return ""
	}
	for i := range v.Prog.Funcs {
		f := &v.Prog.Funcs[i]
		if int(f.InsnOff) != pc {
			continue
		}
		typ, err := v.Prog.BTF.TypeByID(f.TypeID)
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

// Signature is the line where the program's function is declared.
func (v *View) Signature() diag.Span { return v.Declaration(0) }

// Declaration is the line where the function that holds an instruction is
// declared.
func (v *View) Declaration(pc int) diag.Span {
	name := v.Prog.Name
	if fn, ok := v.Index.Function(pc); ok {
		pc = fn.Start
		if pc > 0 {
			name = fn.Name
		}
	}
	pos, f, ok := v.At(pc)
	if !ok {
		return v.fallback()
	}
	s := diag.Span{File: v.Absolute(pos.File), Line: pos.Line}
	if f == nil {
		return v.WholeLine(s, pos.Text)
	}
	// The first instruction may be of the first statement.
	if line, ok := f.Definition(name); ok {
		s.Line = line
	}
	return v.WholeLine(s, f.Line(s.Line))
}

// Declarations reads those of the object once.
func (v *View) Declarations() *dwarfmap.Decls {
	if v.decls == nil {
		v.decls = dwarfmap.NewDecls(v.Prog.Debug)
	}
	return v.decls
}

// Query asks the tables of functions about the program.
func (v *View) Query() facts.HelperQuery {
	q := facts.HelperQuery{
		Prog: v.Prog.Type, Attach: v.Prog.Attach, Sleepable: v.Prog.Flags&program.FlagSleepable != 0,
		Caps: facts.CapsRoot, Kernel: facts.Of(facts.Default).Kernel(v.Prog.KernelBuilt),
	}
	if v.Prog.Type == facts.ProgStructOps {
		q.StructOps, q.Member, _ = strings.Cut(v.Prog.AttachTo, ":")
	}
	if v.Prog.KernelBTF != nil && v.Prog.AttachBTFID != 0 {
		if t, err := v.Prog.KernelBTF.TypeByID(btf.TypeID(v.Prog.AttachBTFID)); err == nil {
			q.Hook = t.TypeName()
		}
	}
	return q
}

// MapNamed is the first map of a name in the log, nil if there is none.
func (v *View) MapNamed(name string) *program.Map {
	i := slices.IndexFunc(v.Prog.Maps, func(m *program.Map) bool { return m.Name == name && name != "" })
	if i < 0 {
		return nil
	}
	return v.Prog.Maps[i]
}

// NameSpan is a name on the line of its declaration.
func (v *View) NameSpan(pos dwarfmap.Pos, name string) diag.Span {
	s := diag.Span{File: v.Absolute(pos.File), Line: pos.Line}
	f := v.File(pos.File)
	if r, ok := f.Name(name, pos.Line, pos.Line); ok {
		return WithRange(s, r)
	}
	return v.WholeLine(s, f.Line(pos.Line))
}

// Edits are changes of a file.
func Edits(file string, changes []csource.Change) (out []diag.Edit) {
	for _, c := range changes {
		out = append(out, diag.Edit{Span: WithRange(diag.Span{File: file}, c.Range), Text: c.Text})
	}
	return out
}

// Proto is the type of a function of some types, nil if they have none of that name.
func Proto(types *btf.Spec, function string) *btf.FuncProto {
	var fn *btf.Func
	if types == nil || types.TypeByName(function, &fn) != nil {
		return nil
	}
	proto, _ := fn.Type.(*btf.FuncProto)
	return proto
}
