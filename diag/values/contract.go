// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What a helper, a kfunc or a map is, from the tables of facts, the kernel's types and
// the object.

// mostTypes is how many program types are listed; all are more than a reader wants.
const mostTypes = 8

func (w *walked) ContractAt(file string, line, col int) (c diag.Contract, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.File(file)
	if f.KeywordAt(line, col) == "return" {
		return w.returnContract(f, file, line, col)
	}
	m, ok := f.MentionAt(line, col)
	switch {
	case !ok || m.Path != "" && m.Name != m.Root:
		return c, false
	case m.Path != "":
		return w.declared(f, file, line, col)
	}
	if m.Called {
		if id, ok := facts.HelperNamed(m.Name); ok {
			return w.helper(m.Name, id), true
		}
		if c, ok = w.kfunc(m.Name); ok {
			return c, true
		}
		if c, ok = w.functionContract(file, m.Name); ok {
			if text := w.resultOn(diag.Line{File: file, Line: line}, m.Name); text != "" {
				c.Notes = append(c.Notes, catalog.FunctionResult.With(catalog.Facts{"value": text}))
			}
			return c, true
		}
	}
	for _, p := range w.Prog.Maps {
		if p.FullName == m.Name && !p.Data {
			return w.mapContract(p), true
		}
	}
	return w.declared(f, file, line, col)
}

// helper is the contract of a helper: the prototype that this program gets, else that of
// the first program type that gets one.
func (w *walked) helper(name string, id int32) diag.Contract {
	c := diag.Contract{Name: name}
	types, proto := facts.OfferedTo(id)
	q := w.Query()
	own, offered := facts.LookupProto(id, &q)
	if offered {
		proto = own
	}
	add := func(text catalog.Wording, f catalog.Facts) { c.Notes = append(c.Notes, text.With(f)) }
	class := facts.ClassOf(id)
	if proto != nil {
		c.Definition = name + "(" + strings.Join(parameters(proto), ", ") + ")"
		if kind := resultWords(proto); kind != "" {
			text := catalog.ContractReturns
			if proto.Ret.MayBeNull() {
				text = catalog.ContractReturnsMaybe
			}
			add(text, catalog.Facts{"kind": kind})
		}
	}
	if class.Has(facts.HelperAcquire) {
		add(catalog.ContractAcquires, catalog.Facts{"releaser": catalog.Calls(catalog.AcquiredBy(name).Releasers)})
	}
	if proto != nil {
		for n := range proto.NumArgs() {
			if proto.Args[n].Type.Flags()&regtype.ObjRelease != 0 {
				add(catalog.ContractReleasesArg, catalog.Facts{"arg": catalog.Ordinal(n + 1)})
			}
		}
		if proto.MightSleep {
			add(catalog.ContractSleeps, nil)
		}
		if proto.GPLOnly {
			add(catalog.ContractGPL, nil)
		}
	}
	if class.Has(facts.HelperChangesPacket) {
		add(catalog.ContractMoves, nil)
	}
	if maps := facts.TakenBy(id); len(maps) > 0 && len(maps) <= mostTypes {
		names := make([]string, len(maps))
		for i, t := range maps {
			names[i] = t.CName()
		}
		add(catalog.ContractMaps, catalog.Facts{"takes": catalog.AllOf(names)})
	}
	w.addOffered(&c, types, offered)
	return c
}

func (w *walked) addOffered(c *diag.Contract, types []facts.ProgType, offered bool) {
	var all []string
	for _, t := range types {
		all = append(all, t.String())
	}
	every := int(facts.NumProgTypes) - 2 // without the unspecified one, and extensions of others
	switch {
	case len(types) >= every:
		c.Notes = append(c.Notes, catalog.ContractOfferedAll.With(nil))
	case len(types) > 0 && len(types) <= mostTypes:
		c.Notes = append(c.Notes, catalog.ContractOffered.With(catalog.Facts{"offered": catalog.AllOf(all)}))
	}
	if !offered && w.Prog.Type != facts.ProgUnspec {
		c.Notes = append(c.Notes, catalog.ContractNotOffered.With(catalog.Facts{"progtype": catalog.Quote(w.Prog.Type.String())}))
	}
}

// parameters describe what a helper takes.
func parameters(p *facts.Proto) (out []string) {
	for n := range p.NumArgs() {
		arg := &p.Args[n]
		text := catalog.ParameterWords(arg.Type)
		if arg.BTF != "" && arg.BTF != facts.AnyBTF {
			text = "struct " + arg.BTF + " *"
		}
		out = append(out, text)
	}
	return out
}

func resultWords(p *facts.Proto) string {
	if p.RetBTF != "" && p.RetBTF != facts.AnyBTF {
		return catalog.Quote("struct " + p.RetBTF + " *")
	}
	return catalog.ResultWords(p.Ret)
}

// kfunc is the contract of a kernel function.
func (w *walked) kfunc(name string) (c diag.Contract, ok bool) {
	k, release := kfuncNamed(name)
	if k == nil {
		return c, false
	}
	c = diag.Contract{Name: name, Definition: w.prototype(k.Name)}
	add := func(flag facts.KfuncFlags, text catalog.Wording, f catalog.Facts) {
		if k.Flags&flag != 0 {
			c.Notes = append(c.Notes, text.With(f))
		}
	}
	add(facts.KfRetNull, catalog.ContractReturnsNull, nil)
	a := catalog.AcquiredBy(k.Name)
	releaser := catalog.Calls(a.Releasers)
	add(facts.KfAcquire, catalog.ContractAcquires, catalog.Facts{"releaser": releaser})
	if k.Flags&facts.KfAcquire == 0 && a.Holder > 0 {
		c.Notes = append(c.Notes, catalog.ContractAcquiresArg.With(catalog.Facts{"arg": catalog.Ordinal(a.Holder), "releaser": releaser}))
	}
	add(facts.KfRelease, catalog.ContractReleases, nil)
	add(facts.KfSleepable, catalog.ContractSleeps, nil)
	add(facts.KfTrustedArgs, catalog.ContractTrusted, nil)
	add(facts.KfRCU, catalog.ContractRCU, nil)
	add(facts.KfRCUProtected, catalog.ContractUnderRCU, nil)
	add(facts.KfDestructive, catalog.ContractDestructive, nil)
	if release != facts.Default {
		c.Notes = append(c.Notes, catalog.ContractSince.With(catalog.Facts{"limit": release.String()}))
	}
	q := w.Query()
	w.addOffered(&c, k.OfferedTo(), k.Allowed(&q))
	return c, true
}

// kfuncNamed finds a kernel function and the first release that has it; nil if none has. A
// macro may hide the end of its name.
func kfuncNamed(name string) (*facts.Kfunc, facts.Release) {
	for _, spelling := range []string{name, name + "_impl"} {
		for r := facts.Default; int(r) < len(facts.ReleaseNames()); r++ {
			if k, ok := facts.Of(r).Kfunc(spelling); ok {
				return k, r
			}
		}
	}
	return nil, 0
}

// prototype is a function of the kernel as its types declare it, "" if they do not.
func (w *walked) prototype(name string) string {
	proto := source.Proto(w.Prog.KernelBTF, name)
	if proto == nil {
		return ""
	}
	var params []string
	for i := range proto.Params {
		params = append(params, declaration(proto.Params[i].Type, proto.Params[i].Name))
	}
	return declaration(proto.Return, name) + "(" + strings.Join(params, ", ") + ")"
}

// declaration is a C declaration of a name.
func declaration(t btf.Type, name string) string {
	typ := typeName(t, 0)
	if typ == "" || strings.HasSuffix(typ, "*") || name == "" {
		return typ + name
	}
	return typ + " " + name
}

func typeName(t btf.Type, depth int) string {
	if depth > 8 {
		return "void"
	}
	switch t := t.(type) {
	case nil, *btf.Void:
		return "void"
	case *btf.Pointer:
		to := typeName(t.Target, depth+1)
		if strings.HasSuffix(to, "*") {
			return to + "*"
		}
		return to + " *"
	case *btf.Const:
		return "const " + typeName(t.Type, depth+1)
	case *btf.Struct:
		return "struct " + t.Name
	case *btf.Union:
		return "union " + t.Name
	case *btf.Enum:
		return "enum " + t.Name
	case *btf.Volatile:
		return "volatile " + typeName(t.Type, depth+1)
	case *btf.Array:
		return fmt.Sprintf("%s[%d]", typeName(t.Type, depth+1), t.Nelems)
	case *btf.Restrict:
		return typeName(t.Type, depth+1)
	}
	if name := t.TypeName(); name != "" {
		return name
	}
	return "void"
}

// mapContract is what a map is.
func (w *walked) mapContract(m *program.Map) diag.Contract {
	c := diag.Contract{Name: m.FullName, Definition: m.Type.CName()}
	add := func(text catalog.Wording, f catalog.Facts) { c.Notes = append(c.Notes, text.With(f)) }
	if m.KeySize > 0 || m.ValueSize > 0 {
		add(catalog.MapSizes, catalog.Facts{"min": w.sized(m.KeyTypeID, m.KeySize), "max": w.sized(m.ValueTypeID, m.ValueSize)})
	}
	switch entries := uint64(m.MaxEntries); {
	case entries == 0:
	case m.Type.Info().Entries == facts.EntriesPages:
		add(catalog.MapBuffer, catalog.Facts{"size": bytesOf(int64(entries))})
	default:
		add(catalog.MapEntries, catalog.Facts{"count": strconv.FormatUint(entries, 10)})
		if size := entries * uint64(m.KeySize+m.ValueSize); m.ValueSize > 0 && entries > 1 && !m.Type.Has(facts.MapAlwaysFilled) {
			add(catalog.MapMemory, catalog.Facts{"size": bytesOf(int64(size))})
		}
	}
	var flags []string
	for bit := range 32 {
		if flag := uint32(1) << bit; m.Flags&flag != 0 {
			if name := facts.MapFlagName(flag); name != "" {
				flags = append(flags, name)
			}
		}
	}
	if len(flags) > 0 {
		add(catalog.MapFlags, catalog.Facts{"name": catalog.AllOf(flags)})
	}
	if m.Inner != nil {
		add(catalog.MapInner, catalog.Facts{"map": catalog.Quote(m.Inner.FullName)})
	}
	if m.Pinned {
		add(catalog.MapPinned, nil)
	}
	if users := w.usersOf(m); len(users) > 0 && len(users) <= mostTypes {
		add(catalog.MapUsers, catalog.Facts{"program": catalog.AllOf(users)})
	}
	if pos, ok := w.Declarations().Global(m.FullName); ok {
		c.Place = w.NameSpan(pos, m.FullName)
	}
	return c
}

// usersOf are the programs of the object whose code names a map.
func (w *walked) usersOf(m *program.Map) (names []string) {
	if w.Object == nil {
		return nil
	}
	for _, p := range w.Object.Programs {
		for pc := range p.Insns {
			in := &p.Insns[pc]
			if in.IsLdImm64() && (in.Src == isa.PseudoMapIdx || in.Src == isa.PseudoMapIdxValue) && int(in.Imm) < len(p.Maps) &&
				p.Maps[in.Imm].FullName == m.FullName {
				names = append(names, p.Name)
				break
			}
		}
	}
	return names
}

// sized is the type of a key or value, and its size.
func (w *walked) sized(id uint32, size uint32) string {
	text := bytesOf(int64(size))
	if w.Prog.BTF == nil || id == 0 {
		return text
	}
	t, err := w.Prog.BTF.TypeByID(btf.TypeID(id))
	if err != nil {
		return text
	}
	if name := typeName(t, 0); name != "void" && !slices.Contains([]string{"struct ", "union ", "enum "}, name) {
		return fmt.Sprintf("%s (%s)", catalog.Quote(name), text)
	}
	return text
}
