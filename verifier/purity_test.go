// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

const modulePath = "github.com/bpf-lsp/bpf-lsp/verifier"

// statePackages hold what a path knows; what their types hold is the state.
var statePackages = []string{modulePath + "/scalar", modulePath + "/state"}

// walkFields are the fields of the walk itself that belong to the path. Checks
// of the whole program set pc, to where they found a fault.
var walkFields = []string{"cur", "prevPC", "idGen"}

// scratchFields are what a require may write in a state: marks that say how a
// value was used, and never what is known of it.
//
//	Precise       pruning must compare the value exactly
//	SubregDef     no instruction needs to clear the upper half
var scratchFields = []string{"Precise", "SubregDef"}

// markers are functions that a require may call although they write more than
// scratch fields: marks of precision reach slots of stacks that states share.
var markers = []string{"markPrecise"}

// TestRequireChangesNothing holds require… and covers… to the law that they
// judge and change nothing: neither they nor what they call writes the state of
// the path, and none calls a function whose name says that it does.
func TestRequireChangesNothing(t *testing.T) {
	w := loadWriters(t)
	judges := 0
	for _, fn := range w.funcs {
		name := fn.obj.Name()
		if fn.obj.Pkg().Path() != modulePath || !hasPrefix(name, "require") && !hasPrefix(name, "covers") {
			continue
		}
		judges++
		for _, e := range fn.effects {
			t.Errorf("%s changes the state: %s", name, e)
		}
		for _, c := range fn.calls {
			for _, prefix := range []string{"apply", "invalidate", "set", "step", "push"} {
				if hasPrefix(c.callee.Name(), prefix) && c.callee.Pkg().Path() == modulePath {
					t.Errorf("%s calls %s", name, c.callee.Name())
				}
			}
		}
	}
	if judges < 100 {
		t.Errorf("only %d functions were looked at", judges)
	}
}

// TestWritersAreFound holds the search itself: a function of each way to write
// a state is found, and one that only reads, or changes a copy, is not.
func TestWritersAreFound(t *testing.T) {
	w := loadWriters(t)
	writes := map[string]bool{
		"stepOverwrite":   true, // a register, through a method of its own
		"stepAccess":      true, // through the rules of a region
		"growStack":       true, // the frame of a pointer
		"forgetSlot":      true, // a slot passed
		"pushBranch":      true, // another state
		"readableByCall":  true, // a slot that Own returned
		"markInsnZext":    false,
		"requireReadable": false,
		"frameOf":         false,
	}
	for _, fn := range w.funcs {
		want, asked := writes[fn.obj.Name()]
		if !asked || fn.obj.Pkg().Path() != modulePath {
			continue
		}
		delete(writes, fn.obj.Name())
		if got := len(fn.effects) != 0; got != want {
			t.Errorf("%s writes the state: %t, want %t", fn.obj.Name(), got, want)
		}
	}
	for name := range writes {
		t.Errorf("no function %s", name)
	}
}

// hasPrefix reports whether name is prefix and another word.
func hasPrefix(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z'
}

// writers knows, for each function of the verifier and its packages, what it
// writes of a state.
type writers struct {
	fset  *token.FileSet
	info  *types.Info
	funcs []*writer
	byObj map[*types.Func]*writer
}

// writer is one function. Effects are by what they reach the state through:
// a parameter of the function, or nil for anything else.
type writer struct {
	obj     *types.Func
	calls   []call
	effects map[*types.Var]string
	// origins are the expressions that local pointers were set to.
	origins map[*types.Var][]ast.Expr
}

// call is a call of a function whose source is known.
type call struct {
	callee *types.Func
	site   *ast.CallExpr
}

// loadWriters reads the verifier and what it imports of this module.
func loadWriters(t *testing.T) *writers {
	t.Helper()
	w := &writers{fset: token.NewFileSet(), byObj: map[*types.Func]*writer{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
	}}
	var (
		out []byte
		err error
	)
	deadline.Building(t, "go list -export", func(ctx context.Context) {
		out, err = exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-json=ImportPath,Dir,GoFiles,Export",
			".").Output()
	})
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	checked := map[string]*types.Package{}
	compiled := importer.ForCompiler(w.fset, "gc",
		func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	conf := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) {
		if p := checked[path]; p != nil {
			return p, nil
		}
		return compiled.Import(path)
	})}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir, Export string
			GoFiles                 []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if !strings.HasPrefix(p.ImportPath, modulePath) {
			continue
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(w.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		if checked[p.ImportPath], err = conf.Check(p.ImportPath, w.fset, files, w.info); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			w.collect(f)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range w.funcs {
			for _, c := range fn.calls {
				changed = w.propagate(fn, c) || changed
			}
		}
	}
	return w
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// collect reads the functions of a file.
func (w *writers) collect(f *ast.File) {
	for _, d := range f.Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok || decl.Body == nil {
			continue
		}
		fn := &writer{obj: w.info.Defs[decl.Name].(*types.Func), effects: map[*types.Var]string{},
			origins: map[*types.Var][]ast.Expr{}}
		w.funcs = append(w.funcs, fn)
		w.byObj[fn.obj] = fn
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			if s, ok := n.(*ast.AssignStmt); ok && len(s.Lhs) == len(s.Rhs) {
				for i, lhs := range s.Lhs {
					if v := w.variable(lhs); v != nil {
						fn.origins[v] = append(fn.origins[v], s.Rhs[i])
					}
				}
			}
			return true
		})
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, lhs := range n.Lhs {
					w.write(fn, lhs)
				}
			case *ast.IncDecStmt:
				w.write(fn, n.X)
			case *ast.CallExpr:
				if callee := w.callee(n); callee != nil {
					fn.calls = append(fn.calls, call{callee, n})
				}
			}
			return true
		})
	}
}

// variable is the variable that e names, nil if it is anything else.
func (w *writers) variable(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := w.info.ObjectOf(id).(*types.Var)
	return v
}

// callee is the function that a call names; nil for function values.
func (w *writers) callee(c *ast.CallExpr) *types.Func {
	fun := ast.Unparen(c.Fun)
	if ix, ok := fun.(*ast.IndexExpr); ok {
		fun = ix.X
	}
	var id *ast.Ident
	switch fun := fun.(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	f, _ := w.info.Uses[id].(*types.Func)
	if f == nil || f.Pkg() == nil {
		return nil
	}
	return f.Origin()
}

// write notes an assignment to lhs, if it changes a state.
func (w *writers) write(fn *writer, lhs ast.Expr) {
	sel, _ := ast.Unparen(lhs).(*ast.SelectorExpr)
	at := w.fset.Position(lhs.Pos())
	what := fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
	if sel != nil {
		if slices.Contains(scratchFields, sel.Sel.Name) {
			return
		}
		if slices.Contains(walkFields, sel.Sel.Name) && pointeeName(w.info.TypeOf(sel.X)) == modulePath+".verifier" {
			fn.effects[nil] = what
			return
		}
	}
	through := w.lastPointer(lhs)
	if through == nil || !isState(w.info.TypeOf(through)) {
		return
	}
	w.reach(fn, through, what)
}

// lastPointer is the pointer or slice that decides which memory an assignment
// to e changes, nil for a variable itself.
func (w *writers) lastPointer(e ast.Expr) ast.Expr {
	for {
		var inner ast.Expr
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			inner = x.X
		case *ast.IndexExpr:
			inner = x.X
		case *ast.StarExpr:
			return x.X
		default:
			return nil
		}
		switch t := w.info.TypeOf(inner); t.Underlying().(type) {
		case *types.Pointer, *types.Slice, *types.Map:
			return inner
		}
		e = inner
	}
}

// isState reports whether a pointer of type t points to a part of a state.
func isState(t types.Type) bool {
	var elem types.Type
	switch p := t.Underlying().(type) {
	case *types.Pointer:
		elem = p.Elem()
	case *types.Slice:
		elem = p.Elem()
	default:
		return false
	}
	for {
		switch e := elem.(type) {
		case *types.Pointer:
			elem = e.Elem()
			continue
		case *types.Array:
			elem = e.Elem()
			continue
		}
		break
	}
	n, ok := elem.(*types.Named)
	return ok && n.Obj().Pkg() != nil && slices.Contains(statePackages, n.Obj().Pkg().Path())
}

// reach notes that memory behind the pointer p is changed.
func (w *writers) reach(fn *writer, p ast.Expr, what string) bool {
	changed := false
	for _, v := range w.roots(fn, p, nil) {
		if v == local {
			continue
		}
		if _, known := fn.effects[v]; !known {
			fn.effects[v] = what
			changed = true
		}
	}
	return changed
}

// local stands for memory of the function's own.
var local = new(types.Var)

// roots are the parameters that p may point into: local if it is memory of
// the function itself, nil if it may be anything.
func (w *writers) roots(fn *writer, p ast.Expr, seen []*types.Var) []*types.Var {
	switch p := ast.Unparen(p).(type) {
	case *ast.UnaryExpr: // &x
		if inner := w.lastPointer(p.X); inner != nil {
			return w.roots(fn, inner, seen)
		}
		return []*types.Var{local}
	case *ast.Ident:
		v := w.variable(p)
		if v == nil { // nil
			return []*types.Var{local}
		}
		if slices.Contains(seen, v) {
			return nil
		}
		sig := fn.obj.Signature()
		if v == sig.Recv() {
			return []*types.Var{v}
		}
		for i := range sig.Params().Len() {
			if v == sig.Params().At(i) {
				return []*types.Var{v}
			}
		}
		origins := fn.origins[v]
		if len(origins) == 0 {
			return []*types.Var{nil}
		}
		var all []*types.Var
		for _, o := range origins {
			all = append(all, w.roots(fn, o, append(seen, v))...)
		}
		return all
	case *ast.CallExpr:
		if id, ok := ast.Unparen(p.Fun).(*ast.Ident); ok && (id.Name == "new" || id.Name == "make") {
			return []*types.Var{local}
		}
	case *ast.CompositeLit:
		return []*types.Var{local}
	}
	return []*types.Var{nil}
}

// propagate makes what a call changes a change of the caller.
func (w *writers) propagate(fn *writer, c call) bool {
	callee := w.byObj[c.callee]
	if callee == nil || slices.Contains(markers, c.callee.Name()) {
		return false
	}
	sig := callee.obj.Signature()
	changed := false
	for param, what := range callee.effects {
		what = c.callee.Name() + " → " + what
		switch {
		case param == nil:
			if _, known := fn.effects[nil]; !known {
				fn.effects[nil] = what
				changed = true
			}
		case param == sig.Recv():
			sel, ok := ast.Unparen(c.site.Fun).(*ast.SelectorExpr)
			if !ok {
				break
			}
			if slices.Contains(scratchFields, fieldName(sel.X)) {
				break
			}
			through := sel.X
			if _, isPointer := w.info.TypeOf(through).Underlying().(*types.Pointer); !isPointer {
				if through = w.lastPointer(sel.X); through == nil {
					break
				}
			}
			if isState(w.info.TypeOf(through)) {
				changed = w.reach(fn, through, what) || changed
			}
		default:
			for i := range sig.Params().Len() {
				if sig.Params().At(i) == param && i < len(c.site.Args) {
					changed = w.reach(fn, c.site.Args[i], what) || changed
				}
			}
		}
	}
	return changed
}

func fieldName(e ast.Expr) string {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return ""
}

// pointeeName is the named type that t is or points to.
func pointeeName(t types.Type) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.String()
}
