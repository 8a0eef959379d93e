// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kindSpelling is how the kernel spells kinds.
var kindSpelling = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)

// kindWords are the words of kinds that Go spells in another way.
var kindWords = map[string]string{"BTF": "BTF", "ID": "ID", "PERCPU": "PerCPU", "TCP": "TCP", "TP": "TP"}

// kindName is the Go constant of a kind: PtrToBTFID of PTR_TO_BTF_ID as a register, with the prefix "Arg" ArgBTFID.
// The compiler rejects one that package regtype does not have.
func kindName(prefix, kind string) string {
	if prefix != "" {
		kind = strings.TrimPrefix(kind, "PTR_TO_")
	}
	name := prefix
	for _, word := range strings.Split(kind, "_") {
		name += cmp.Or(kindWords[word], camel(word))
	}
	return name
}

var typeFlags = map[string]string{
	"PTR_MAYBE_NULL": "MaybeNull", "MEM_RDONLY": "ReadOnly", "MEM_RINGBUF": "Ringbuf", "MEM_USER": "User",
	"MEM_PERCPU":  "PerCPU",
	"OBJ_RELEASE": "ObjRelease", "PTR_UNTRUSTED": "Untrusted", "MEM_UNINIT": "Uninit",
	"DYNPTR_TYPE_LOCAL":   "DynptrLocal",
	"DYNPTR_TYPE_RINGBUF": "DynptrRingbuf", "MEM_FIXED_SIZE": "FixedSize", "MEM_ALLOC": "Alloc",
	"PTR_TRUSTED": "Trusted",
	"MEM_RCU":     "RCU", "NON_OWN_REF": "NonOwning", "DYNPTR_TYPE_SKB": "DynptrSkb", "DYNPTR_TYPE_XDP": "DynptrXDP",
	"MEM_ALIGNED": "Aligned", "MEM_WRITE": "Write", "DYNPTR_TYPE_SKB_META": "DynptrSkbMeta",
}

// typeCell splits "KIND|FLAG|FLAG:detail" into the Go expression of the type
// and the detail.
func typeCell(r row, col, prefix string) (expr, detail string) {
	text, detail, _ := strings.Cut(r.str(col), ":")
	parts := strings.Split(text, "|")
	if !kindSpelling.MatchString(parts[0]) {
		r.fail("%s: %q is not the name of a kind", col, parts[0])
	}
	expr = "regtype." + kindName(prefix, parts[0])
	for _, f := range parts[1:] {
		flag, ok := typeFlags[f]
		if !ok {
			r.fail("%s: unknown flag %q", col, f)
		}
		expr += " | regtype." + flag
	}
	return expr, detail
}

func emitHelpers(g *generator) {
	classes := map[string]string{"acquire": "HelperAcquire", "acquire_socket_map": "HelperAcquireFromSockmap",
		"ptr_cast":    "HelperPtrCast",
		"dynptr_ref":  "HelperDynptrRef",
		"storage_get": "HelperStorageGet", "changes_packet": "HelperChangesPacket", "inlined": "HelperInlined"}
	rows := g.sheets["helpers"].rows
	g.printf("// Helper ids.\nconst (\n")
	for i, r := range rows {
		if r.num("id") != int64(i) {
			r.fail("ids must be dense")
		}
		g.printf("%s = %d\n", funcName(r.str("name")), i)
	}
	g.printf(")\n\n// NumHelpers is one more than the last helper id.\nconst NumHelpers = %d\n\n", len(rows))
	g.printf("var helpers = [NumHelpers]helperInfo{\n")
	for _, r := range rows {
		g.printf("%s: {name: %q, class: %s, maps: %s%s},\n", funcName(r.str("name")), "bpf_"+r.str("name"),
			r.flags("classes", classes), g.bits(r, "maps"), callback(r, "callback"))
	}
	g.printf("}\n")
}

// callback is the field of the callback that "sync:0..1" or "async:any"
// describes, "" for none.
func callback(r row, field string) string {
	if r.str("callback") == "" {
		return ""
	}
	when, returns, _ := strings.Cut(r.str("callback"), ":")
	if when != "sync" && when != "async" {
		r.fail("callback: %q is neither sync nor async", when)
	}
	lo, hi, ok := strings.Cut(returns, "..")
	switch {
	case returns == "any":
		lo, hi = "math.MinInt32", "math.MaxInt32"
	case !ok:
		r.fail("callback: %q is not a range", returns)
	}
	return fmt.Sprintf(", %s: &Callback{Async: %t, Min: %s, Max: %s}", field, when == "async", lo, hi)
}

// funcName is the Go constant of a helper: FuncMapLookupElem.
func funcName(name string) string {
	var b strings.Builder
	b.WriteString("Func")
	for _, word := range strings.Split(name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// bits is a set of enumerators as a uint64 mask.
func (g *generator) bits(r row, col string) string {
	var terms []string
	for _, name := range r.list(col) {
		id, ok := g.names[name]
		if !ok {
			r.fail("%s: unknown name %q", col, name)
		}
		terms = append(terms, "1<<"+id)
	}
	if terms == nil {
		return "0"
	}
	return strings.Join(terms, " | ")
}

// ownProto is how access.tsv calls the prototype that a helper has in helpers.tsv.
const ownProto = "own"

// protoRows are the prototypes in the order of the generated table: those that one helper has alone, then those of
// protos.tsv. index finds one by the name of its helper or by its own.
func (g *generator) protoRows() (rows []row, index map[string]int) {
	index = map[string]int{}
	for _, r := range g.sheets["helpers"].rows {
		if r.str("ret") != "" {
			index[r.str("name")] = len(rows)
			rows = append(rows, r)
		}
	}
	for _, r := range g.sheets["protos"].rows {
		index[r.str("proto")] = len(rows)
		rows = append(rows, r)
	}
	return rows, index
}

func emitProtos(g *generator) {
	allowed := map[string]string{"": "AllowedAlways", "bpf_d_path_allowed": "AllowedDPath",
		"bpf_ima_inode_hash_allowed": "AllowedIMAHash", "bpf_sk_storage_tracing_allowed": "AllowedSkStorageTracing"}
	traits := map[string]string{"gpl_only": "GPLOnly", "pkt_access": "PktAccess", "might_sleep": "MightSleep",
		"allow_fastcall": "AllowFastcall"}
	g.printf("import \"github.com/bpf-lsp/bpf-lsp/verifier/regtype\"\n\nvar protos = [...]Proto{\n")
	rows, _ := g.protoRows()
	for _, r := range rows {
		symbol := ""
		if r.sheet == g.sheets["helpers"] {
			symbol = "bpf_" + r.str("name") + "_proto"
		} else {
			symbol = r.str("proto")
		}
		ret, retBTF := typeCell(r, "ret", "Ret")
		g.printf("{Symbol: %q, Ret: %s", symbol, ret)
		if retBTF != "" {
			g.printf(", RetBTF: %q", retBTF)
		}
		args := ""
		for i := 1; i <= 5 && r.str(fmt.Sprint("arg", i)) != ""; i++ {
			expr, detail := typeCell(r, fmt.Sprint("arg", i), "Arg")
			args += "{Type: " + expr
			if _, err := strconv.Atoi(detail); err == nil {
				args += ", Size: " + detail
			} else if detail != "" {
				args += fmt.Sprintf(", BTF: %q", detail)
			}
			args += "}, "
		}
		if args != "" {
			g.printf(", Args: [5]Arg{%s}", strings.TrimSuffix(args, ", "))
		}
		for _, t := range r.list("traits") {
			name, ok := traits[t]
			if !ok {
				r.fail("traits: unknown name %q", t)
			}
			g.printf(", %s: true", name)
		}
		if r.str("allowed") != "" {
			g.printf(", Allowed: %s", r.one("allowed", allowed))
		}
		g.printf("},\n")
	}
	g.printf("}\n")
}

var capNames = map[string]string{"": "0", "bpf": "CapBPF", "perfmon": "CapPerfmon", "sys_admin": "CapSysAdmin"}

// configs are the build options that decide which helpers, kernel functions and context fields
// exist. UPROBE_CTX_WRITE is not a build option: kernels of one version differ in it.
var configs = []string{"NET", "INET", "CGROUPS", "CGROUP_NET_CLASSID", "SOCK_CGROUP_DATA", "XFRM", "SYN_COOKIES",
	"IPV6_SEG6_BPF", "BPF_KPROBE_OVERRIDE", "ARCH_HAS_NON_OVERLAPPING_ADDRESS_SPACE", "UPROBE_CTX_WRITE",
	"SYSTEM_DATA_VERIFICATION"}

func emitAccess(g *generator) {
	g.printf("// Build options that decide which helpers, kernel functions and context fields exist.\nconst (\n")
	for i, c := range configs {
		g.printf("Config%s Config = 1 << %d // CONFIG_%s\n", camel(c), i, c)
	}
	g.printf(")\n\n// configNames are the options by bit.\nvar configNames = [...]string{\n")
	for _, c := range configs {
		g.printf("%q,\n", c)
	}
	g.printf("}\n\n")
	sets := g.accessSets()
	g.printf("var accessSets = [...][]accessRow{\n")
	for i, set := range sets {
		g.printf("%d: { // %s\n%s},\n", i, set.name, set.rows.String())
	}
	g.printf("}\n\nvar accessChains = [...]accessChain{\n")
	for _, r := range g.sheets["chains"].rows {
		g.printf("{prog: %s, structOps: %q, sets: []uint8{", r.one("prog_type", g.names), r.str("struct_ops"))
		for i, set := range r.list("sets") {
			if i > 0 {
				g.printf(", ")
			}
			g.printf("%d", slices.IndexFunc(sets, func(s *accessSet) bool { return s.name == set }))
		}
		g.printf("}},\n")
	}
	g.printf("}\n")
}

// accessSet is a set of helpers with its generated rows.
type accessSet struct {
	name string
	rows strings.Builder
}

// accessSets are the sets that chains.tsv names, in the order of their first mention. A set has the helpers that
// helpers.tsv offers in it, then the rows of access.tsv.
func (g *generator) accessSets() []*accessSet {
	var sets []*accessSet
	byName := map[string]*accessSet{}
	for _, r := range g.sheets["chains"].rows {
		for _, name := range r.list("sets") {
			if byName[name] == nil {
				byName[name] = &accessSet{name: name}
				sets = append(sets, byName[name])
			}
		}
	}
	find := func(r row, name string) *accessSet {
		if byName[name] == nil {
			r.fail("no chain has the set %q", name)
		}
		return byName[name]
	}
	_, protos := g.protoRows()
	helpers := map[string]bool{}
	for _, r := range g.sheets["helpers"].rows {
		helpers[r.str("name")] = true
		for _, offer := range r.list("offered") {
			name, capability, _ := strings.Cut(offer, ":")
			caps, ok := capNames[capability]
			if !ok {
				r.fail("offered: unknown capability %q", capability)
			}
			proto, ok := protos[r.str("name")]
			if !ok {
				r.fail("offered without a prototype")
			}
			fmt.Fprintf(&find(r, name).rows, "{helper: %s, proto: %d, progs: anyType, attaches: anyType%s},\n",
				funcName(r.str("name")), proto, unlessZero("caps", caps))
		}
	}
	for _, r := range g.sheets["access"].rows {
		if !helpers[r.str("helper")] {
			r.fail("unknown helper %q", r.str("helper"))
		}
		find(r, r.str("set")).rows.WriteString(g.accessRow(r, protos))
	}
	return sets
}

// accessRow is the generated row of a row of access.tsv.
func (g *generator) accessRow(r row, protos map[string]int) string {
	options := map[string]string{}
	for _, c := range configs {
		options[c] = "Config" + camel(c)
	}
	needs := map[string]string{"": "0", "sleepable": "needSleepable", "kernel_readable": "needKernelReadable",
		"user_writable": "needUserWritable"}
	proto := -1
	if name := r.str("proto"); name != "" {
		if name == ownProto {
			name = r.str("helper")
		}
		i, ok := protos[name]
		if !ok {
			r.fail("unknown prototype %q", name)
		}
		proto = i
	}
	var b strings.Builder
	fmt.Fprintf(&b, "{helper: %s, proto: %d, progs: %s, attaches: %s", funcName(r.str("helper")), proto,
		g.mask(r, "prog", "prog_not"), g.mask(r, "attach", "attach_not"))
	b.WriteString(unlessZero("caps", r.one("cap", capNames)))
	b.WriteString(unlessZero("config", r.flags("config", options)))
	b.WriteString(unlessZero("needs", r.one("needs", needs)))
	b.WriteString(g.span(r))
	if hooks := r.list("hooks"); hooks != nil {
		fmt.Fprintf(&b, ", hooks: %#v", hooks)
	}
	if m := r.str("member_not"); m != "" {
		fmt.Fprintf(&b, ", notMember: %q", m)
	}
	b.WriteString("},\n")
	return b.String()
}

// unlessZero is a field of a composite literal, "" where its value is 0.
func unlessZero(field, expr string) string {
	if expr == "0" {
		return ""
	}
	return fmt.Sprintf(", %s: %s", field, expr)
}

// mask is the set of enumerators in the first column that has any, all but
// those in the second, or all.
func (g *generator) mask(r row, in string, notIn ...string) string {
	if r.str(in) != "" {
		return g.bits(r, in)
	}
	for _, col := range notIn {
		if r.str(col) != "" {
			return "^uint64(" + g.bits(r, col) + ")"
		}
	}
	return "anyType"
}

// camel turns an option name such as SYN_COOKIES into SynCookies.
func camel(s string) string {
	var b strings.Builder
	for _, word := range strings.Split(s, "_") {
		b.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return b.String()
}
