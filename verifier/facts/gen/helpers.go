// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"fmt"
	"regexp"
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

func emitProtos(g *generator) {
	allowed := map[string]string{"": "AllowedAlways", "bpf_d_path_allowed": "AllowedDPath",
		"bpf_ima_inode_hash_allowed": "AllowedIMAHash", "bpf_sk_storage_tracing_allowed": "AllowedSkStorageTracing"}
	g.printf("import \"github.com/bpf-lsp/bpf-lsp/verifier/regtype\"\n\nvar protos = [...]Proto{\n")
	for _, r := range g.sheets["protos"].rows {
		ret, retBTF := typeCell(r, "ret", "Ret")
		g.printf("{Symbol: %q, Ret: %s, ", r.str("proto"), ret)
		if retBTF != "" {
			g.printf("RetBTF: %q, ", retBTF)
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
			g.printf("Args: [5]Arg{%s}, ", strings.TrimSuffix(args, ", "))
		}
		g.printf("GPLOnly: %t, PktAccess: %t, MightSleep: %t, AllowFastcall: %t, Allowed: %s},\n", r.yes("gpl_only"),
			r.yes("pkt_access"), r.yes("might_sleep"), r.yes("allow_fastcall"), r.one("allowed", allowed))
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
	options := map[string]string{}
	for _, c := range configs {
		options[c] = "Config" + camel(c)
	}
	needs := map[string]string{"": "0", "sleepable": "needSleepable", "kernel_readable": "needKernelReadable",
		"user_writable": "needUserWritable"}
	protoIndex := map[string]int{}
	for i, r := range g.sheets["protos"].rows {
		protoIndex[r.str("proto")] = i
	}
	setIndex := map[string]int{}
	helperNames := map[string]bool{}
	for _, r := range g.sheets["helpers"].rows {
		helperNames[r.str("name")] = true
	}
	g.printf("// Build options that decide which helpers, kernel functions and context fields exist.\nconst (\n")
	for i, c := range configs {
		g.printf("Config%s Config = 1 << %d // CONFIG_%s\n", camel(c), i, c)
	}
	g.printf(")\n\n// configNames are the options by bit.\nvar configNames = [...]string{\n")
	for _, c := range configs {
		g.printf("%q,\n", c)
	}
	g.printf("}\n\nvar accessSets = [...][]accessRow{\n")
	last := ""
	for _, r := range g.sheets["access"].rows {
		if set := r.str("set"); set != last {
			if _, seen := setIndex[set]; seen {
				r.fail("rows of set %s are not together", set)
			}
			if last != "" {
				g.printf("},\n")
			}
			g.printf("%d: { // %s\n", len(setIndex), set)
			setIndex[set], last = len(setIndex), set
		}
		proto := -1
		if name := r.str("proto"); name != "" {
			i, ok := protoIndex[name]
			if !ok {
				r.fail("unknown prototype %q", name)
			}
			proto = i
		}
		if !helperNames[r.str("helper")] {
			r.fail("unknown helper %q", r.str("helper"))
		}
		g.printf("{helper: %s, proto: %d, progs: %s, attaches: %s", funcName(r.str("helper")), proto,
			g.mask(r, "prog", "prog_not"), g.mask(r, "attach", "attach_not"))
		for _, f := range []struct{ name, expr string }{
			{"caps", r.one("cap", capNames)}, {"config", r.flags("config", options)}, {"needs",
				r.one("needs", needs)}} {
			if f.expr != "0" {
				g.printf(", %s: %s", f.name, f.expr)
			}
		}
		g.printf("%s", g.span(r))
		if hooks := r.list("hooks"); hooks != nil {
			g.printf(", hooks: %#v", hooks)
		}
		if m := r.str("member_not"); m != "" {
			g.printf(", notMember: %q", m)
		}
		g.printf("},\n")
	}
	g.printf("},\n}\n\nvar accessChains = [...]accessChain{\n")
	for _, r := range g.sheets["chains"].rows {
		g.printf("{prog: %s, structOps: %q, sets: []uint8{", r.one("prog_type", g.names), r.str("struct_ops"))
		for i, set := range r.list("sets") {
			n, ok := setIndex[set]
			if !ok {
				r.fail("unknown set %q", set)
			}
			if i > 0 {
				g.printf(", ")
			}
			g.printf("%d", n)
		}
		g.printf("}},\n")
	}
	g.printf("}\n")
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
