// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// role says what a condition has to do with a rejection.
type role string

const (
	// guards: where it is true, the program may be rejected.
	guards role = "guards"
	// exempts: where it is true, a rejection further down is passed by.
	exempts role = "exempts"
	// handsOn: it is true where a rule that was called rejects.
	handsOn role = "hands on"
)

// condition is an operand of "||" in the condition of an if, or in a case of a
// switch without a tag.
type condition struct {
	place
	role role
	end  int
}

// site is a statement that rejects.
type site struct {
	place
	start int
}

// place is where something is in the source. What and in do not change when
// lines above them do.
type place struct {
	file string
	line int
	in   string
	what string
}

// sources are the files of the package with rules.
type sources struct {
	dir   string
	text  map[string][]byte
	files []parsed
	// rules are the functions that may reject, by name.
	rules      map[string]bool
	conditions []condition
	sites      []site
}

// parsed is a file of a package.
type parsed struct {
	name string
	set  *token.FileSet
	tree *ast.File
}

// readSources finds the conditions and the rejections of a package.
func readSources(root, pkg string) (*sources, error) {
	s := &sources{dir: filepath.Join(root, pkg), text: map[string][]byte{}}
	names, err := filepath.Glob(filepath.Join(s.dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := s.parse(filepath.Base(name), text); err != nil {
			return nil, err
		}
	}
	s.find()
	return s, nil
}

func (s *sources) parse(file string, text []byte) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s.text[file] = text
	s.files = append(s.files, parsed{file, set, tree})
	return nil
}

// find notes the conditions and the rejections of all files.
func (s *sources) find() {
	s.findRules()
	s.eachFunc(func(file *parsed, fn *ast.FuncDecl) {
		f := &finder{s: s, set: file.set, file: file.name, fn: fn}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if rejects(n) {
				f.last = n.Pos()
			}
			return true
		})
		ast.Inspect(fn.Body, f.visit)
	})
}

// findRules finds the functions that may reject, themselves or through others.
func (s *sources) findRules() {
	s.rules = map[string]bool{}
	for grown := true; grown; {
		grown = false
		s.eachFunc(func(_ *parsed, fn *ast.FuncDecl) {
			// Where the kernel's own verifier fails is not a rule.
			if name := declared(fn); !s.rules[name] && fn.Name.Name != "kernelFault" && s.callsRule(fn.Body) {
				s.rules[name], grown = true, true
			}
		})
	}
}

// callsRule reports whether there is a call in n of what may reject, where
// that is known already.
func (s *sources) callsRule(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		found = found || ok && (rejects(call) || s.rules[called(call)])
		return !found
	})
	return found
}

func (s *sources) eachFunc(f func(*parsed, *ast.FuncDecl)) {
	for i := range s.files {
		for _, d := range s.files[i].tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				f(&s.files[i], fn)
			}
		}
	}
}

// finder looks through one function.
type finder struct {
	s    *sources
	set  *token.FileSet
	file string
	fn   *ast.FuncDecl
	// last is where the function's last rejection is.
	last token.Pos
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		f.visitIf(n)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			f.visitSwitch(n)
		}
	case *ast.BlockStmt:
		f.findSites(n.List)
	case *ast.CaseClause:
		f.findSites(n.Body)
	}
	return true
}

func (f *finder) visitIf(n *ast.IfStmt) {
	switch {
	case mayReject(n.Body):
		f.add(n.Cond, guards)
	case handsRejectionOn(f.fn, n):
		if n.Init != nil && !f.s.callsRule(n.Init) {
			return // What was called fails by faults of the verifier alone.
		}
		f.add(n.Cond, handsOn)
		if n.Init != nil {
			// Which rule it was is what distinguishes such conditions.
			c := &f.s.conditions[len(f.s.conditions)-1]
			c.what = f.place(n.Init).what + "; " + c.what
		}
	case blamesVerifier(n.Body.List):
	case n.Else != nil && mayReject(n.Else), leaves(n.Body.List) && n.End() < f.last:
		f.add(n.Cond, exempts)
	}
}

func (f *finder) visitSwitch(n *ast.SwitchStmt) {
	lastCase := token.NoPos
	for _, c := range n.Body.List {
		if mayReject(c) {
			lastCase = c.Pos()
		}
	}
	for _, c := range n.Body.List {
		c := c.(*ast.CaseClause)
		for _, cond := range c.List {
			switch {
			case mayReject(c):
				f.add(cond, guards)
			case blamesVerifier(c.Body):
			case c.Pos() < lastCase, leaves(c.Body) && n.End() < f.last:
				f.add(cond, exempts)
			}
		}
	}
}

// add notes each operand of the "||" in a condition.
func (f *finder) add(cond ast.Expr, r role) {
	if b, ok := cond.(*ast.BinaryExpr); ok && b.Op == token.LOR {
		f.add(b.X, r)
		f.add(b.Y, r)
		return
	}
	if lit, ok := cond.(*ast.Ident); ok && (lit.Name == "true" || lit.Name == "false") {
		return
	}
	f.s.conditions = append(f.s.conditions, condition{place: f.place(cond), role: r,
		end: f.set.Position(cond.End()).Offset})
}

// findSites notes the statements of a list that reject, but for those that do
// so deeper inside.
func (f *finder) findSites(list []ast.Stmt) {
	for _, stmt := range list {
		switch stmt.(type) {
		case *ast.ReturnStmt, *ast.AssignStmt, *ast.ExprStmt:
			if mayReject(stmt) {
				f.s.sites = append(f.s.sites, site{place: f.place(stmt), start: f.set.Position(stmt.Pos()).Offset})
			}
		}
	}
}

func (f *finder) place(n ast.Node) place {
	var b strings.Builder
	printer.Fprint(&b, f.set, n)
	return place{
		file: f.file, line: f.set.Position(n.Pos()).Line, in: f.fn.Name.Name,
		what: strings.Join(strings.Fields(b.String()), " "),
	}
}

// mayReject reports whether there is a call of a function that rejects in n.
func mayReject(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		found = found || rejects(n)
		return !found
	})
	return found
}

// rejects reports whether n is a call of a function that rejects: these have
// names that begin so.
func rejects(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && strings.HasPrefix(callee(call), "reject")
}

// declared is the name of a function, with its receiver's before those of
// methods: types have methods that are called alike.
func declared(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List[0].Names) == 0 {
		return fn.Name.Name
	}
	return fn.Recv.List[0].Names[0].Name + "." + fn.Name.Name
}

// called is the name of what is called, as declared gives it, since a receiver
// is called the same everywhere: v is the verifier.
func called(call *ast.CallExpr) string {
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return callee(call)
	}
	switch x := fun.X.(type) {
	case *ast.Ident:
		return x.Name + "." + fun.Sel.Name
	case *ast.SelectorExpr:
		return x.Sel.Name + "." + fun.Sel.Name
	}
	return ""
}

// callee is the name of the function or method that is called.
func callee(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// handsRejectionOn reports whether n is "if r != nil { return r }", r being a
// rejection.
func handsRejectionOn(fn *ast.FuncDecl, n *ast.IfStmt) bool {
	cond, ok := n.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ || fn.Type.Results == nil {
		return false
	}
	r, ok := cond.X.(*ast.Ident)
	results := fn.Type.Results.List
	last, isPointer := results[len(results)-1].Type.(*ast.StarExpr)
	if !ok || !isPointer || len(n.Body.List) == 0 {
		return false
	}
	name, isName := last.X.(*ast.Ident)
	ret, leaves := n.Body.List[len(n.Body.List)-1].(*ast.ReturnStmt)
	if !isName || name.Name != "Rejection" || !leaves || len(ret.Results) == 0 {
		return false
	}
	used := false
	ast.Inspect(ret.Results[len(ret.Results)-1], func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		used = used || ok && id.Name == r.Name
		return true
	})
	return used
}

// blamesVerifier reports whether a list of statements ends the walk for a broken
// invariant of the verifier: what leads there exempts no program.
func blamesVerifier(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	ret, ok := list[len(list)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return false
	}
	call, ok := ret.Results[len(ret.Results)-1].(*ast.CallExpr)
	return ok && callee(call) == "bug"
}

// leaves reports whether a list of statements ends by going elsewhere.
func leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch list[len(list)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}
