// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// sectionKind is what a section's name says about its programs.
type sectionKind struct {
	typ   ProgType
	flags uint32
	btf   bool // attached by BTF id
}

// typePrograms works out each program's type and target from its section.
//
// kernel: bpf_object_init_progs, libbpf_prepare_prog_load
func (l *loader) typePrograms() {
	for _, fn := range l.functions {
		if l.isSubprog(fn) {
			continue
		}
		sec, ok := facts.FindSection(fn.section)
		if !ok {
			l.guessSection(fn)
			continue
		}
		fn.kind = sectionKind{typ: sec.Type, btf: sec.Flags&facts.SectionAttachBTF != 0}
		fn.attach = sec.Attach
		if sec.Flags&facts.SectionSleepable != 0 {
			fn.kind.flags |= FlagSleepable
		}
		if sec.Flags&facts.SectionXDPFrags != 0 {
			fn.kind.flags |= FlagXDPHasFrags
		}
		if sec.Flags&facts.SectionUSDT != 0 {
			fn.attach = facts.AttachTraceUprobeMulti
		}
		if sec.Prefix && sec.Type != facts.ProgStructOps {
			_, fn.attachTo, _ = strings.Cut(fn.section, "/")
		}
	}
}

// guessSection types a program whose section libbpf does not know by the longest
// name that the section begins with, as other loaders do: SEC("xdp_drop").
func (l *loader) guessSection(fn *function) {
	var best facts.Section
	for _, sec := range facts.Sections {
		if strings.HasPrefix(fn.section, sec.Name) && len(sec.Name) > len(best.Name) {
			best = sec
		}
	}
	how := "which other loaders take it for"
	if best.Name == "" || best.Flags&facts.SectionAttachBTF != 0 || best.Type == facts.ProgStructOps {
		near := nearestSections(fn.section)
		var ok bool
		if best, ok = l.sectionByContext(fn); !ok || len(near) > 0 {
			fn.failNear(UnknownSection, fn.section, "section '"+fn.section+"' tells no program type", near, "")
			return
		}
		how = "whose context it takes"
	}
	fn.kind.typ, fn.attach = best.Type, best.Attach
	message := "it is checked as one of SEC(\"" + best.Name + "\"), " + how
	fn.errors = append(fn.errors, &LoadError{Kind: UnknownSection, PC: -1, Symbol: fn.section, Message: message,
		Near: []string{best.Name}})
}

// sectionByContext finds the section for the type of a program's parameter, if programs of one type only get that
// context, and how they are attached does not matter: then one name begins all others.
func (l *loader) sectionByContext(fn *function) (facts.Section, bool) {
	ctx := l.contextOf(fn.name)
	var found []facts.Section
	for _, sec := range facts.Sections {
		if ctx != "" && sec.Type.Info().Ctx == ctx && sec.Type != facts.ProgStructOps {
			found = append(found, sec)
		}
	}
	if len(found) == 0 {
		return facts.Section{}, false
	}
	first := slices.MinFunc(found, func(a, b facts.Section) int { return len(a.Name) - len(b.Name) })
	differs := func(sec facts.Section) bool {
		return sec.Type != first.Type || !strings.HasPrefix(sec.Name, first.Name)
	}
	return first, !slices.ContainsFunc(found, differs)
}

// contextOf returns the type that the only parameter of a function points to, "" for other functions.
func (l *loader) contextOf(name string) string {
	if l.btf == nil {
		return ""
	}
	id := l.btf.find(name, kindFunc)
	if id == 0 {
		return ""
	}
	proto := l.btf.ref(id)
	if l.btf.kind(proto) != kindFuncProto || l.btf.vlen(proto) != 1 {
		return ""
	}
	ptr := l.btf.skip(l.btf.entry(proto, 0).a)
	if l.btf.kind(ptr) != kindPtr {
		return ""
	}
	to := l.btf.skip(l.btf.ref(ptr))
	if k := l.btf.kind(to); k != kindStruct && k != kindFwd || l.btf.name(to) == "" {
		return ""
	}
	return "struct " + l.btf.name(to)
}

// nearestSections are sections that someone who wrote another name may have
// meant: known names, whose target stays as it is, or those with the same end.
func nearestSections(section string) []string {
	var whole, kinds, sameEnd []string
	kind, target, hasTarget := strings.Cut(section, "/")
	for _, sec := range facts.Sections {
		if sec.Prefix {
			kinds = append(kinds, sec.Name)
		} else {
			whole = append(whole, sec.Name)
		}
		if strings.HasSuffix(sec.Name, "/"+section) {
			sameEnd = append(sameEnd, sec.Name)
		}
	}
	if near := nearest(section, slices.Values(whole)); near != nil {
		return near
	}
	near := nearest(kind, slices.Values(kinds))
	for i := range near {
		if hasTarget {
			near[i] += "/" + target
		}
	}
	if near == nil {
		return sameEnd[:min(len(sameEnd), maxNear)]
	}
	return near
}

// findTargets resolves what BTF-attached programs attach to.
//
// kernel: libbpf_find_attach_btf_id
func (l *loader) findTargets() {
	for _, fn := range l.functions {
		if !fn.kind.btf {
			continue
		}
		switch {
		case fn.attachTo == "":
			fn.fail(MissingTarget, -1, "", "the section names no target: write SEC(\""+fn.section+"/target\")")
		case fn.kind.typ == facts.ProgExtension:
			// bindExtensions finds it among linked programs.
		default:
			l.findTarget(fn)
		}
	}
}

// kernel: find_kernel_btf_id
func (l *loader) findTarget(fn *function) {
	prefix, kind := "", kindFunc
	switch fn.attach {
	case facts.AttachTraceRawTp:
		prefix, kind = "btf_trace_", kindTypedef
	case facts.AttachLSMMac, facts.AttachLSMCgroup:
		prefix = "bpf_lsm_"
	case facts.AttachTraceIter:
		prefix = "bpf_iter_"
	}
	name := fn.attachTo
	if module, rest, ok := strings.Cut(name, ":"); ok {
		if !strings.HasPrefix("vmlinux", module) {
			fn.fail(MissingTarget, -1, name, "the target is in kernel module '"+module+"', whose BTF is not known")
			return
		}
		name = rest
	}
	if fn.attachBTFID = l.kernel.types.find(prefix+name, kind); fn.attachBTFID == 0 {
		fn.failNear(MissingTarget, name, "the kernel has no '"+prefix+name+"' to attach to",
			nearest(name, l.kernel.types.named(kind, prefix)), "")
	}
}
