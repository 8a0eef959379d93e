// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
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
		if hook := f.nearestHook(hooks); hook != "" {
			f.facts["section"] = catalog.Quote(`SEC("fentry/`+hook+`")`) + " and BPF_PROG()"
		}
	case facts.AllowedIMAHash:
		f.facts["gate"] = "in LSM programs at hooks that may sleep"
	case facts.AllowedSkStorageTracing:
		f.facts["gate"] = "in iterators, tp_btf programs, and fentry and fexit programs at functions other than those of the storage itself"
	}
}

// nearestHook is the one of some functions that the program is attached to in another
// way or, if it is at none, the first that is given what the helper takes.
func (f *finding) nearestHook(hooks []string) string {
	own := f.Prog.AttachTo
	if own == "" {
		own = f.Prog.Section[strings.LastIndexByte(f.Prog.Section, '/')+1:]
	}
	if slices.Contains(hooks, own) {
		return own
	}
	in := f.insn()
	if in == nil || f.Prog.KernelBTF == nil {
		return ""
	}
	_, proto := facts.OfferedTo(in.Imm)
	if proto == nil {
		return ""
	}
	given := f.pointeesOf(own)
	for _, hook := range hooks {
		if first := f.pointeesOf(hook); len(given) > 0 && len(first) > 0 && first[0] == given[0] && given[0] != "" {
			return hook // it is given the object that the program uses
		}
	}
	if len(given) > 0 && given[0] != "" {
		return "" // what the program uses is given to none
	}
	for _, hook := range hooks {
		var fn *btf.Func
		if f.Prog.KernelBTF.TypeByName(hook, &fn) != nil {
			continue
		}
		p, ok := fn.Type.(*btf.FuncProto)
		if !ok {
			continue
		}
		for _, a := range proto.Args[:proto.NumArgs()] {
			if a.BTF != "" && len(p.Params) > 0 && pointee(p.Params[0].Type) == a.BTF {
				return hook
			}
		}
	}
	return ""
}

// pointeesOf are the structures that the arguments of a function of the kernel point to,
// "" for others.
func (f *finding) pointeesOf(function string) []string {
	var fn *btf.Func
	if f.Prog.KernelBTF.TypeByName(function, &fn) != nil {
		return nil
	}
	p, ok := fn.Type.(*btf.FuncProto)
	if !ok {
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
	return name
}

// addLoader names the function by which the program copies packet bytes.
func (f *finding) addLoader() {
	q := f.Query()
	f.set("loader", catalog.Calls(facts.HelpersLike(&q, func(name string) bool { return shapeOf(name) == "bpf_*_load_bytes" })))
}
