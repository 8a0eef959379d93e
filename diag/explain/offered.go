// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Where a function that the program may not call can be called, and what the
// program has instead of it: both from the tables of facts.

// mostTypes is how many program types are listed; more say nothing to a reader.
const mostTypes = 6

// addOffered says where the helper or kernel function of the call may be called.
func (f *finding) addOffered() {
	in := f.insn()
	if call, _ := fault.Get[fault.HelperCall](f.report.Fault); in == nil || call.Missing != "" {
		return
	}
	var types []facts.ProgType
	if in.IsHelperCall() {
		var proto *facts.Proto
		types, proto = facts.OfferedTo(in.Imm)
		if proto != nil {
			f.addGate(proto.Allowed)
		}
		name := facts.HelperLogName(in.Imm)
		f.set("near", catalog.Calls(f.counterparts(name)))
		if f.facts["near"] == "" {
			f.set("plain", catalog.Call(f.plainForm(name)))
		}
	} else if k, ok := facts.Of(facts.Default).Kfunc(f.report.Fault.Text("callee")); ok {
		types = k.OfferedTo()
		f.set("near", catalog.Calls(f.kfuncCounterparts(k.Name)))
	}
	if len(types) == 0 {
		return
	}
	facts.NearestFirst(types, f.Prog.Type)
	names := make([]string, 0, mostTypes)
	for _, t := range types[:min(len(types), mostTypes)] {
		names = append(names, t.String())
	}
	f.facts["offered"] = catalog.AnyOf(names)
	if len(types) > mostTypes {
		f.facts["offered"] = strings.Join(names, ", ") + " and others"
	}
	f.addTracedFunction(types)
	if f.facts["section"] == "" && len(types) == 1 && types[0].SectionOf() != "" {
		f.facts["section"] = catalog.Quote(`SEC("` + types[0].SectionOf() + `")`)
	}
}

// addTracedFunction names the section for the function that a kprobe is at, if programs
// that trace functions have what is called: they are given the same arguments.
func (f *finding) addTracedFunction(types []facts.ProgType) {
	section, function, _ := strings.Cut(f.Prog.Section, "/")
	kind := map[string]string{"kprobe": "fentry", "kretprobe": "fexit"}[section]
	if f.facts["section"] != "" || f.facts["gate"] != "" || kind == "" || f.Prog.KernelBTF == nil || !slices.Contains(types, facts.ProgTracing) {
		return
	}
	if f.pointeesOf(function) != nil {
		f.facts["section"] = catalog.Quote(`SEC("`+kind+"/"+function+`")`) + " and BPF_PROG()"
	}
}

// addGate says at which hooks a helper may be called that is not for all hooks
// of its program types.
func (f *finding) addGate(a facts.Allowed) {
	switch a {
	case facts.AllowedDPath:
		hooks := facts.NamesDPath.Names()
		f.facts["gate"] = "in iterators, in LSM programs at hooks that may sleep, and in fentry, fexit and fmod_ret programs at " + catalog.AnyOf(asCalls(hooks))
		f.addNearestHook(hooks)
	case facts.AllowedIMAHash:
		f.facts["gate"] = "in LSM programs at hooks that may sleep"
	case facts.AllowedSkStorageTracing:
		f.facts["gate"] = "in iterators, tp_btf programs, and fentry and fexit programs at functions other than those of the storage itself"
	}
}

// addNearestHook names a place at which the program could be, of some functions and the
// hooks where it may sleep: the one that it is attached to in another way, or one that is
// given the object that the call is about. It names none where that is not known.
func (f *finding) addNearestHook(hooks []string) {
	own := f.Prog.AttachTo
	if own == "" {
		own = f.Prog.Section[strings.LastIndexByte(f.Prog.Section, '/')+1:]
	}
	section := func(text string) { f.facts["section"] = catalog.Quote(text) + " and BPF_PROG()" }
	if slices.Contains(hooks, own) {
		section(`SEC("fentry/` + own + `")`)
		return
	}
	if f.Prog.KernelBTF == nil {
		return
	}
	object, others := f.parameterTypes()
	if object == "" {
		object = f.givenType(own)
	}
	if object == "" {
		return
	}
	best, most := "", 0
	for _, hook := range hooks {
		if n := f.givesTypes(hook, own, object, others); n > most {
			best, most = `SEC("fentry/`+hook+`")`, n
		}
	}
	for _, hook := range f.hooksAbout(object) {
		n := f.givesTypes(hook.Name, own, object, others)
		if hook.Void && n > 0 {
			n += 2 // one that decides nothing is closer to a program that watches
		}
		if n > most {
			best, most = `SEC("lsm/`+strings.TrimPrefix(hook.Name, "bpf_lsm_")+`")`, n
		}
	}
	if best != "" {
		section(best)
	}
}

// givenType is the structure that the argument of the call leads to where it is one that
// the function gives, which the program is attached to.
func (f *finding) givenType(function string) string {
	o := lineage(f.Prog.Insns, f.path(), 1)
	if o.kind != originLoad {
		return ""
	}
	in := &f.Prog.Insns[o.pc]
	base := record.Place{Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: in.Src}
	x := history.Known(f.result, f.lastEvent(o.pc), base)
	given, n := f.pointeesOf(function), int(in.Off)/8
	if x == nil && in.Src != isa.R1 || x != nil && x.Type.Base() != regtype.PtrToCtx || n < 0 || n >= len(given) {
		return ""
	}
	return given[n]
}

// hooksAbout are the security hooks where a program may sleep that are about a structure:
// they are given it first, and are named alike. Those which have no such name in common
// are about different events.
func (f *finding) hooksAbout(object string) []facts.LSMHook {
	family := func(h facts.LSMHook) string {
		word, _, _ := strings.Cut(strings.TrimPrefix(h.Name, "bpf_lsm_"), "_")
		return word
	}
	hooks := slices.DeleteFunc(facts.SleepableHooks(), func(h facts.LSMHook) bool {
		given := f.pointeesOf(h.Name)
		return len(given) == 0 || given[0] != object
	})
	if len(hooks) == 0 || slices.ContainsFunc(hooks, func(h facts.LSMHook) bool { return family(h) != family(hooks[0]) }) {
		return nil
	}
	return hooks
}

// givesTypes says how well a function of the kernel fits a program that is attached to
// another one, by the structures that it is given of those which the program uses, and by
// its name; 0 if it is not given the first of them.
func (f *finding) givesTypes(function, own, object string, others []string) int {
	given := f.pointeesOf(function)
	if !slices.Contains(given, object) {
		return 0
	}
	n := 100
	for _, o := range others {
		if slices.Contains(given, o) {
			n += 20
		}
	}
	if given[0] == object {
		n += 10
	}
	words := strings.Split(function, "_")[1:]
	for _, w := range strings.Split(own, "_")[1:] {
		if slices.Contains(words, w) {
			n++ // what it is about; the first word says where it belongs
		}
	}
	return n
}

// rootRE is the variable that an argument begins with.
var rootRE = regexp.MustCompile(`^[&(*\s]*([A-Za-z_]\w*)`)

// parameterTypes are the structures that the program's parameters point to: that of the one
// which the argument of the call comes from, and those of others that the program uses.
func (f *finding) parameterTypes() (object string, others []string) {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return "", nil
	}
	text, _, ok := f.Argument(f.report.PC, 1)
	parameters := file.Parameters(fn)
	for range parameters {
		m := rootRE.FindStringSubmatch(withoutCasts(text))
		if !ok || m == nil {
			return "", nil
		}
		if slices.Contains(parameters, m[1]) {
			object = file.PointsTo(fn, m[1])
			for _, name := range parameters {
				if other := file.PointsTo(fn, name); name != m[1] && other != "" && file.Uses(name, fn.Body.Line, fn.Body.EndLine) {
					others = append(others, other)
				}
			}
			return object, others
		}
		_, text, ok = file.SoleAssignment(fn, m[1])
	}
	return "", nil
}

// pointeesOf are the structures that the arguments of a function of the kernel point to,
// "" for others.
func (f *finding) pointeesOf(function string) []string {
	p := source.Proto(f.Prog.KernelBTF, function)
	if p == nil {
		return nil
	}
	out := make([]string, len(p.Params))
	for i := range p.Params {
		out[i] = pointee(p.Params[i].Type)
	}
	return out
}

func asCalls(names []string) []string {
	calls := make([]string, len(names))
	for i, n := range names {
		calls[i] = catalog.Call(n)
	}
	return calls
}

// carriers are the parts of names that say what a helper works on: helpers that
// differ in them alone do the same for different program types.
var carriers = []string{"skb", "xdp", "sk", "skc", "msg", "sock", "perf_event"}

// counterparts are the helpers that the program may call and that differ from
// the one named in what they work on.
func (w *where) counterparts(name string) []string {
	q := w.Query()
	shape := shapeOf(name)
	return facts.HelpersLike(&q, func(other string) bool {
		return other != name && shape != name && shapeOf(other) == shape
	})
}

// plainForm is the helper that the program may call and whose name the one named
// makes longer, "" if there is none: bpf_redirect of bpf_redirect_map.
func (w *where) plainForm(name string) string {
	q := w.Query()
	for i := strings.LastIndexByte(name, '_'); i > len("bpf_"); i = strings.LastIndexByte(name[:i], '_') {
		if found := facts.HelpersLike(&q, func(other string) bool { return other == name[:i] }); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// shapeOf is a name with a hole for what it works on.
func shapeOf(name string) string {
	rest, ok := strings.CutPrefix(name, "bpf_")
	if !ok {
		return name
	}
	for _, c := range carriers {
		if after, ok := strings.CutPrefix(rest, c+"_"); ok {
			return "bpf_*_" + after
		}
	}
	for _, c := range carriers {
		if before, ok := strings.CutSuffix(name, "_from_"+c); ok {
			return before + "_from_*"
		}
	}
	return name
}

// addLoader names the function by which the program copies packet bytes.
func (f *finding) addLoader() {
	q := f.Query()
	loaders := facts.HelpersLike(&q, func(name string) bool { return shapeOf(name) == "bpf_*_load_bytes" })
	if f.set("loader", catalog.Calls(loaders)); len(loaders) > 0 && f.isCall() {
		f.advise(catalog.AdviseLoader, catalog.Facts{"loader": f.facts["loader"]})
	}
	if len(loaders) == 1 {
		f.adviseLoader(loaders[0])
	}
}

// adviseLoader says how to copy the bytes of the packet that are passed, if it is known
// which they are and how many.
func (f *finding) adviseLoader(loader string) {
	v := f.passed(f.arg)
	ctx := f.Parameter(0, 1)
	text, _, named := f.Argument(f.report.PC, f.arg)
	fn, file, _, ok := f.functionHere()
	size := f.sizePassed()
	if v == nil || v.Type.Base() != regtype.PtrToPacket || !v.IsConst() || size <= 0 || size > mostCopied || !named || !isVariable(text) || !ok || len(f.around()) > 0 {
		return
	}
	if !f.isVariableHere(ctx) {
		return
	}
	at := int64(v.Off) + int64(v.Bits)
	name := newVariable("copy", file, fn)
	if at < 0 || name == "" {
		return
	}
	leave := f.leaving(fmt.Sprintf("%s(%s, %d, %s, sizeof(%s))", loader, ctx, at, name, name))
	statements := fmt.Sprintf("char %s[%d]; %s", name, size, trimQuotes(leave))
	f.advise(catalog.AdviseLoadCopy, catalog.Facts{"check": catalog.Quote(statements), "given": catalog.Quote(name), "arg": catalog.Ordinal(f.arg)})
	f.proposeCopied(text, name, statements)
}

// mostCopied is how many bytes are copied to the stack at most.
const mostCopied = 128

// sizePassed is how many bytes the call of the fault accesses at its argument, if that is a
// constant; else 0.
func (f *finding) sizePassed() int64 {
	if n := f.wholeArgument(); n > 0 {
		return int64(n)
	}
	in := f.insn()
	q := f.Query()
	p, ok := facts.LookupProto(in.Imm, &q)
	if !ok || !in.IsHelperCall() || f.arg >= p.NumArgs() {
		return 0
	}
	switch p.Args[f.arg].Type.Base() {
	case regtype.ArgConstSize, regtype.ArgConstSizeOrZero:
		if v := f.passed(f.arg + 1); v != nil && v.IsNumber() && v.IsConst() {
			return int64(v.Bits)
		}
	}
	return 0
}
