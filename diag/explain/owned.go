// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// What a variable holds at each step of a function's text, on any path:
//
//	the resource, or NULL       behind the statement that acquires it
//	the resource                where a condition found it not to be NULL
//	NULL                        where one found that, and behind an assignment of it
//	nothing to be given back    before all that, and behind a release
//
// A statement that gives a resource back fits where only the first three are possible,
// and where nothing behind it uses the variable.

// holding is a set of what a variable may hold.
type holding uint8

const (
	holdsMaybe holding = 1 << iota // the resource, or NULL
	holdsIt                        // the resource
	holdsNull                      // NULL
	holdsNone                      // what must not be given back
)

const holdsAny = holdsMaybe | holdsIt

// owning follows a variable through the text of a function.
type owning struct {
	file *csource.File
	flow *csource.Flow
	// names are the variable and those that it is assigned to, as it is or as the
	// object around it.
	names []string
	// base is the variable that it is a member of, if it is one: who has that may give it
	// back.
	base string
	// acquires are the steps that give the variable a resource; with none the function
	// is given it.
	acquires []int
	nullable bool
	release  releasing
	depth    int // of the calls that led into the function
	// what declares the variable, assigns to it where it is a member, and its value
	declaresRE, assignsRE, valueRE *regexp.Regexp
	in                             []holding
	atEnd                          holding
}

// releasing tells what calls do to a resource.
type releasing struct {
	file      *csource.File
	functions []string
}

// effect is what a call may do to a resource that it is passed.
type effect uint8

const (
	keeps effect = iota
	mayGive
	gives
)

// takers are kernel functions that take over any object that they are passed.
var takers = []string{
	"bpf_kptr_xchg", "bpf_list_push_front", "bpf_list_push_back", "bpf_rbtree_add",
	"bpf_list_push_front_impl", "bpf_list_push_back_impl", "bpf_rbtree_add_impl",
}

// maxNesting is how deep calls are followed within the source.
const maxNesting = 4

// follow finds what the variable holds at each step.
func (o *owning) follow() {
	o.names = o.aliases(o.names[0])
	if m := baseRE.FindStringSubmatch(o.names[0]); m != nil {
		o.base = m[1]
	}
	name := regexp.QuoteMeta(o.names[0])
	o.declaresRE = regexp.MustCompile(`^(?:const |volatile |static )*(?:(?:struct|union|unsigned) )?\w+[ *]+(?:[\w *]+, ?)*\*? ?` + name + `\s*(?:,|$)`)
	o.assignsRE = regexp.MustCompile(`(?:^|[^\w.>])` + name + `\s*=[^=]`)
	o.valueRE = regexp.MustCompile(`\b` + name + `\s*=\s*([^;,]*)`)
	o.in = make([]holding, len(o.flow.Steps))
	entry := holdsNone
	if len(o.acquires) == 0 {
		entry = o.acquired()
	}
	o.pass(o.flow.Entry, entry)
}

// pass adds what the variable may hold before a step, and follows it from there.
func (o *owning) pass(step int, what holding) {
	if step < 0 {
		o.atEnd |= what
		return
	}
	added := what &^ o.in[step]
	if added == 0 {
		return
	}
	o.in[step] |= added
	for i, way := range o.flow.Steps[step].Ways {
		o.pass(way.To, o.behind(step, i, added))
	}
}

// acquired is what the variable holds once the resource was acquired.
func (o *owning) acquired() holding {
	if o.nullable {
		return holdsMaybe
	}
	return holdsIt
}

// behind is what the variable holds on a way that leads away from a step.
func (o *owning) behind(step, way int, what holding) holding {
	switch {
	case slices.Contains(o.acquires, step):
		what = o.acquired()
	case o.assigns(step):
		what = holdsNone
		if o.setsNull(step) {
			what = holdsNull
		}
	default:
		switch o.effectOf(step) {
		case gives:
			what = holdsNone
		case mayGive:
			what |= holdsNone
		}
	}
	return o.tested(step, way, what)
}

// tested narrows what the variable holds by the condition of a step.
func (o *owning) tested(step, way int, what holding) holding {
	s := &o.flow.Steps[step]
	if !o.nullable || len(s.Ways) != 2 || s.Keyword == "switch" {
		return what
	}
	operands, op := o.flow.Operands(step)
	holds := way == 0
	if op == "&&" && !holds || op == "||" && holds {
		return what // any of them may decide
	}
	for _, operand := range operands {
		isNull, ok := nullTest(operand, o.names[0])
		switch {
		case !ok:
		case isNull == holds:
			what = what&(holdsNull|holdsNone) | nullOf(what&holdsMaybe)
		default:
			what = what&(holdsIt|holdsNone) | itOf(what&holdsMaybe)
		}
	}
	return what
}

func nullOf(maybe holding) holding {
	if maybe != 0 {
		return holdsNull
	}
	return 0
}

func itOf(maybe holding) holding {
	if maybe != 0 {
		return holdsIt
	}
	return 0
}

// likelyRE is the hint of a condition to the compiler.
var likelyRE = regexp.MustCompile(`^(?:un)?likely\s*\((.*)\)$`)

// nullTest reports whether a condition holds where a variable is NULL, or where it is
// not; ok is false for other conditions.
func nullTest(text, name string) (isNull, ok bool) {
	text = strings.TrimSpace(text)
	if m := likelyRE.FindStringSubmatch(text); m != nil {
		return nullTest(m[1], name)
	}
	if rest, negated := strings.CutPrefix(text, "!"); negated {
		isNull, ok = nullTest(rest, name)
		return !isNull, ok
	}
	if m := equalsNullRE.FindStringSubmatch(text); m != nil {
		isNull, ok = nullTest(m[1], name)
		return isNull != (m[2] == "=="), ok
	}
	if inside, found := strings.CutPrefix(text, "("); found && strings.HasSuffix(inside, ")") {
		inside = strings.TrimSpace(strings.TrimSuffix(inside, ")"))
		if inside == name {
			return false, true
		}
		rest, found := strings.CutPrefix(inside, name)
		rest = strings.TrimSpace(rest)
		return false, found && strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==")
	}
	return false, text == name
}

var equalsNullRE = regexp.MustCompile(`^(.*\S)\s*(==|!=)\s*(?:NULL|0)$`)

// baseRE is a member, and the variable that it is one of.
var baseRE = regexp.MustCompile(`^([A-Za-z_]\w*)(?:\.|->|\[)`)

// assigns reports whether a step gives the variable another value.
func (o *owning) assigns(step int) bool {
	if o.base == "" {
		return o.flow.Assigns(step, o.names[0]) || o.declares(step)
	}
	return o.assignsRE.MatchString(o.flow.Text(step)) || o.flow.Assigns(step, o.base)
}

// declares reports whether a step declares the variable without a value.
func (o *owning) declares(step int) bool {
	return o.flow.Steps[step].Keyword == "" && o.declaresRE.MatchString(o.flow.Text(step))
}

// setsNull reports whether a step assigns NULL to the variable.
func (o *owning) setsNull(step int) bool {
	m := o.valueRE.FindStringSubmatch(o.flow.Text(step))
	return m != nil && nullRE.MatchString(strings.TrimSpace(m[1]))
}

// aliases are a variable and those that are assigned its value, or the object that it
// is a member of.
func (o *owning) aliases(name string) []string {
	names := []string{name}
	for n := 0; n < len(names); n++ {
		re := regexp.MustCompile(`\b([A-Za-z_]\w*)\s*=\s*(?:\([^()]*\)\s*)*(?:container_of\(\s*)?(?:\([^()]*\)\s*)*` + regexp.QuoteMeta(names[n]) + `\s*(?:;|,|$)`)
		for step := range o.flow.Steps {
			for _, m := range re.FindAllStringSubmatch(o.flow.Text(step), -1) {
				if !slices.Contains(names, m[1]) {
					names = append(names, m[1])
				}
			}
		}
	}
	return names
}

// namesIt reports whether a step names the variable, or another one for the same.
func (o *owning) namesIt(step int) bool {
	if o.base != "" && (mentions(o.flow.Text(step), o.names[0]) || o.passesBase(step)) {
		return true
	}
	return slices.ContainsFunc(o.names, func(name string) bool { return o.flow.Names(step, name) })
}

// passesBase reports whether a step passes on all that the variable is a member of.
func (o *owning) passesBase(step int) bool {
	for _, c := range o.flow.Calls(step) {
		if slices.ContainsFunc(c.Arguments, func(text string) bool { return strings.TrimPrefix(inner(text), "&") == o.base }) {
			return true
		}
	}
	return false
}

// effectOf is what a step may do to the resource.
func (o *owning) effectOf(step int) effect {
	most := keeps
	if o.base != "" && o.passesBase(step) {
		most = mayGive
	}
	for _, c := range o.flow.Calls(step) {
		for i, text := range c.Arguments {
			if slices.ContainsFunc(o.names, func(name string) bool { return mentions(text, name) }) {
				most = max(most, o.release.of(&c, i, o.names, o.depth))
			}
		}
	}
	return most
}

// of is what a call does to the resource that its argument i, from 0, names.
func (r *releasing) of(c *csource.Call, i int, names []string, depth int) effect {
	text := strings.TrimPrefix(inner(c.Arguments[i]), "&")
	whole := slices.Contains(names, text)
	switch {
	case slices.Contains(r.functions, strings.TrimSuffix(c.Function, "_impl")), slices.Contains(takers, c.Function):
		return gives
	case strings.HasPrefix(c.Function, "bpf_"), strings.HasPrefix(c.Function, "__"), c.Function == "container_of", likelyRE.MatchString(c.Function + "(x)"):
		return keeps
	case depth >= maxNesting:
		return mayGive
	}
	if body, ok := r.file.Macro(c.Function); ok {
		if slices.ContainsFunc(r.functions, func(f string) bool { return mentions(body, f) || mentions(body, f+"_impl") }) {
			return gives
		}
		if slices.ContainsFunc(r.functions, func(f string) bool { return mentions(c.Arguments[i], f) }) {
			return mayGive
		}
		return keeps
	}
	if !whole {
		return keeps // a member, or something computed
	}
	if c.Function == strings.ToUpper(c.Function) {
		return keeps // a macro of a header
	}
	fn, param, ok := r.parameter(c.Function, i)
	if !ok {
		return mayGive
	}
	flow, ok := r.file.Flow(fn)
	if !ok {
		return mayGive
	}
	return r.within(flow, param, depth+1)
}

// parameter is parameter i, from 0, of a function that the source defines.
func (r *releasing) parameter(function string, i int) (fn csource.Function, name string, ok bool) {
	if fn, ok = r.file.FunctionNamed(function); !ok {
		return fn, "", false
	}
	params := r.file.Parameters(fn)
	if i >= len(params) {
		return fn, "", false
	}
	return fn, params[i], true
}

// within is what a function does to the resource in its parameter.
func (r *releasing) within(flow *csource.Flow, param string, depth int) effect {
	o := owning{file: r.file, flow: flow, names: []string{param}, nullable: true, release: *r, depth: depth}
	o.names = o.aliases(param)
	found := keeps
	for step := range flow.Steps {
		for _, c := range flow.Calls(step) {
			for i, text := range c.Arguments {
				if slices.ContainsFunc(o.names, func(name string) bool { return mentions(text, name) }) {
					found = max(found, r.of(&c, i, o.names, depth))
				}
			}
		}
	}
	if found != gives || depth >= maxNesting {
		return found
	}
	o.follow()
	if o.atEnd&holdsAny != 0 {
		return mayGive
	}
	return gives
}

// fits reports whether a release fits where the variable holds that and step runs next,
// and whether it needs a check for NULL.
func (o *owning) fits(what holding, next int) (guarded, ok bool) {
	if what&holdsAny == 0 || what&holdsNone != 0 || o.usedFrom(next) {
		return false, false
	}
	return what&(holdsMaybe|holdsNull) != 0, true
}

// usedFrom reports whether a step that may run from one on uses what the variable
// holds there.
func (o *owning) usedFrom(step int) bool {
	seen := map[int]bool{}
	var look func(int) bool
	look = func(step int) bool {
		if step < 0 || seen[step] {
			return false
		}
		seen[step] = true
		if o.assigns(step) {
			return false
		}
		if o.namesIt(step) {
			return true
		}
		return slices.ContainsFunc(o.flow.Steps[step].Ways, func(w csource.Way) bool { return look(w.To) })
	}
	return look(step)
}

// wrapper is a function of the source that does nothing but give back the resource
// that it is passed, with the release that is suggested otherwise; "" if there is none.
func (o *owning) wrapper(a catalog.Acquisition) string {
	if len(a.Releasers) == 0 {
		return ""
	}
	for step := range o.flow.Steps {
		for _, c := range o.flow.Calls(step) {
			if len(c.Arguments) != 1 || !slices.Contains(o.names, inner(c.Arguments[0])) || strings.HasPrefix(c.Function, "bpf_") {
				continue
			}
			fn, _, ok := o.release.parameter(c.Function, 0)
			if !ok || o.release.of(&c, 0, o.names, 0) != gives {
				continue
			}
			flow, ok := o.file.Flow(fn)
			if ok && flow.HasCall(a.Releasers[0]) {
				return c.Function
			}
		}
	}
	return ""
}
