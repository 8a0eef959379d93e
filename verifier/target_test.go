// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// kernelTypes are types of a kernel that has functions as none is built with.
func kernelTypes(t *testing.T) *btf.Spec {
	t.Helper()
	number := &btf.Int{Name: "int", Size: 4, Encoding: btf.Signed}
	word := &btf.Int{Name: "long", Size: 8, Encoding: btf.Signed}
	wide := &btf.Int{Name: "__int128", Size: 16, Encoding: btf.Signed}
	some := &btf.Enum{Name: "some", Size: 4, Values: []btf.EnumValue{{Name: "SOME_A"}}}
	words := func(name string, n uint32) *btf.Struct {
		return &btf.Struct{Name: name, Size: n * 8, Members: []btf.Member{
			{Name: "words", Type: &btf.Array{Index: number, Type: word, Nelems: n}},
		}}
	}
	proto := func(result btf.Type, params ...btf.Type) *btf.FuncProto {
		p := &btf.FuncProto{Return: result}
		for _, typ := range params {
			p.Params = append(p.Params, btf.FuncParam{Name: "p", Type: typ})
		}
		return p
	}
	fn := func(name string, typ btf.Type) btf.Type { return &btf.Func{Name: name, Type: typ} }
	numbers := func(n int) []btf.Type { return slices.Repeat([]btf.Type{number}, n) }
	meta := &btf.Pointer{Target: &btf.Struct{Name: "bpf_iter_meta", Size: 8,
		Members: []btf.Member{{Name: "seq", Type: word}}}}
	ops := func(name string, members ...string) btf.Type {
		s := &btf.Struct{Name: name}
		for _, m := range members {
			s.Members = append(s.Members, btf.Member{Name: m, Type: &btf.Pointer{Target: proto(number, number)},
				Offset: btf.Bits(s.Size * 8)})
			s.Size += 8
		}
		s.Members = append(s.Members, btf.Member{Name: "name", Type: word, Offset: btf.Bits(s.Size * 8)})
		s.Size += 8
		return s
	}
	variable := func(name string, typ btf.Type) *btf.Var {
		return &btf.Var{Name: name, Type: typ, Linkage: btf.GlobalVar}
	}
	elsewhere := &btf.Fwd{Name: "elsewhere"}
	each, unsized := variable("each", number), variable("unsized", elsewhere)
	packet := &btf.Pointer{Target: words("sk_buff", 2)}
	types := []btf.Type{
		fn("plain", proto(number, number)),
		fn("twelve", proto(number, numbers(12)...)),
		fn("thirteen", proto(number, numbers(13)...)),
		fn("returns_struct", proto(words("one", 1))),
		fn("takes_pair", proto(number, words("pair", 2))),
		fn("takes_three", proto(number, words("three", 3))),
		fn("takes_forward", proto(number, &btf.Fwd{Name: "forward"})),
		fn("takes_nothing_first", proto(number, &btf.Void{}, number)),
		fn("takes_user", proto(number, &btf.Pointer{Target: &btf.TypeTag{Type: words("theirs", 1), Value: "user"}})),
		fn("takes_percpu", proto(number, &btf.Pointer{Target: &btf.TypeTag{Type: words("many", 1), Value: "percpu"}})),
		fn("takes_enum", proto(number, some)),
		fn("takes_wide", proto(number, wide)),
		fn("security_wide", proto(wide)),
		fn("security_void", proto(&btf.Void{})),
		fn("__x64_sys_some", proto(word, word)),
		fn("should_failslab", proto(number, number)),
		fn("should_fail_bio", proto(number, number)),
		fn("bpf_lsm_unknown", proto(number)),
		fn("untyped", number),
		fn("bpf_iter_some", proto(number, meta)),
		fn("bpf_iter_thirteen", proto(number, append([]btf.Type{meta}, numbers(12)...)...)),
		fn("bpf_iter_number", proto(number, number)),
		fn("bpf_iter_none", proto(number)),
		fn("iter_meta", proto(number, meta)),
		variable("number", number), variable("words", words("four", 4)), variable("afar", elsewhere), each, unsized,
		&btf.Datasec{Name: ".data..percpu", Size: 4,
			Vars: []btf.VarSecinfo{{Type: each, Size: 4}, {Type: unsized, Offset: 4}}},
		&btf.Typedef{Name: "btf_trace_some", Type: &btf.Pointer{Target: proto(&btf.Void{},
			&btf.Pointer{Target: &btf.Void{}}, word)}},
		&btf.Typedef{Name: "btf_trace_untyped", Type: number},
		&btf.Typedef{Name: "other", Type: number},
		ops("bpf_dummy_ops", "test_1", "test_sleepable"), ops("tcp_congestion_ops", "init", "get_info"), ops("own_ops",
			"open"),
		&btf.Struct{Name: "Qdisc_ops", Size: 8, Members: []btf.Member{{Name: "dequeue",
			Type: &btf.Pointer{Target: proto(packet, packet)}}}},
		fn("Qdisc_ops__dequeue", &btf.FuncProto{Return: packet,
			Params: []btf.FuncParam{{Name: "skb__ref", Type: packet}}}),
		fn("bpf_cgroup_from_id", proto(&btf.Pointer{Target: number}, word)),
		fn("bpf_get_kmem_cache", proto(&btf.Pointer{Target: elsewhere}, word)),
	}
	return specOf(t, types)
}

// specOf are types as a kernel or an object has them.
func specOf(t *testing.T, types []btf.Type) *btf.Spec {
	t.Helper()
	b, err := btf.NewBuilder(types, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := b.Marshal(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := btf.LoadSpecFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// typeIDOf is the number of a type by its name.
func typeIDOf(t *testing.T, spec *btf.Spec, name string) uint32 {
	t.Helper()
	typ, err := spec.AnyTypeByName(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	id, err := spec.TypeID(typ)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(id)
}

// No kernel is built with such functions. The texts are those of its source.
func TestTargetsOfAnyType(t *testing.T) {
	const (
		leave   = "r0 = 0\nexit"
		first   = "r2 = *(u64 *)(r1 +0)\nr0 = 0\nexit"
		next    = "r2 = *(u64 *)(r1 +8)\nr0 = 0\nexit"
		through = "r2 = *(u64 *)(r1 +0)\nr3 = *(u64 *)(r2 +0)\nr0 = 0\nexit"
		// silent and unknown are answers without words, and none.
		silent, unknown = "-", "?"
	)
	spec := kernelTypes(t)
	of := func(typ facts.ProgType, attach facts.AttachType) func(*program.Program) {
		return func(p *program.Program) { p.Type, p.Attach = typ, attach }
	}
	sleeping := func(set func(*program.Program)) func(*program.Program) {
		return func(p *program.Program) { set(p); p.Flags |= program.FlagSleepable }
	}
	implements := func(member string) func(*program.Program) {
		return func(p *program.Program) { p.Type, p.AttachTo = facts.ProgStructOps, p.AttachTo+":"+member }
	}
	entry, leaving := of(facts.ProgTracing, facts.AttachTraceFEntry), of(facts.ProgTracing, facts.AttachTraceFExit)
	modify := of(facts.ProgTracing, facts.AttachModifyReturn)
	iter, raw := of(facts.ProgTracing, facts.AttachTraceIter), of(facts.ProgTracing, facts.AttachTraceRawTp)
	hook := of(facts.ProgLSM, facts.AttachLSMMac)
	proprietary := func(set func(*program.Program)) func(*program.Program) {
		return func(p *program.Program) { set(p); p.GPL = false }
	}
	for _, c := range []struct {
		target string
		kind   func(*program.Program)
		text   string
		kernel string
	}{
		{"plain", entry, leave, ""},
		{"", entry, leave, "Tracing programs must provide btf_id"},
		{"plain", func(p *program.Program) { entry(p); p.AttachBTFID = 9999 }, leave, "attach_btf_id 9999 is invalid"},
		{"plain", of(facts.ProgTracing, 0), leave, silent},
		{"plain", of(facts.ProgExtension, 0), leave, unknown},
		{"other", entry, leave, "attach_btf_id # is not a function"},
		{"other", iter, leave, "attach_btf_id # is not a function"},
		{"twelve", entry, leave, ""},
		{"thirteen", entry, leave, "The function thirteen has 13 arguments. Too many."},
		{"returns_struct", entry, leave, "The function returns_struct return type STRUCT is unsupported."},
		{"takes_pair", entry, leave, ""},
		{"takes_three", entry, leave, "The function takes_three arg0 type STRUCT is unsupported."},
		{"takes_forward", entry, leave, "The function takes_forward arg0 type FWD is unsupported."},
		{"takes_nothing_first", entry, leave, "The function takes_nothing_first has malformed void argument."},
		{"plain", sleeping(entry), leave, "plain is not sleepable"},
		{"untyped", entry, leave, silent},
		{"should_failslab", sleeping(entry), leave, "should_failslab is not sleepable"},
		{"should_fail_bio", sleeping(entry), leave, unknown},
		{"__x64_sys_some", sleeping(entry), leave, ""},
		{"__x64_sys_some", modify, leave, ""},

		{"bpf_iter_some", iter, leave, ""},
		{"bpf_iter_some", sleeping(iter), leave, ""},
		{"bpf_iter_thirteen", iter, leave, "The function bpf_iter_thirteen has 13 arguments. Too many."},
		{"bpf_iter_number", iter, leave, silent},
		{"bpf_iter_none", iter, leave, silent},
		{"iter_meta", iter, leave, silent},
		{"btf_trace_some", raw, leave, ""},
		{"btf_trace_some", raw, first, ""},
		{"btf_trace_untyped", raw, first, unknown},
		{"plain", raw, leave, "attach_btf_id # is not a typedef"},
		{"other", raw, leave, "attach_btf_id # points to wrong type name other"},
		{"btf_trace_some", sleeping(raw), leave, "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable"},
		{"bpf_lsm_unknown", hook, leave, "attach_btf_id # points to wrong type name bpf_lsm_unknown"},
		{"plain", hook, leave, "attach_btf_id # points to wrong type name plain"},
		{"bpf_lsm_unknown", proprietary(hook), leave, "LSM programs must have a GPL compatible license"},
		{"", of(facts.ProgSyscall, 0), leave, "Syscall programs can only be sleepable"},
		{"", sleeping(of(facts.ProgXDP, 0)), leave,
			"Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable"},

		{"takes_enum", entry, first, ""},
		{"takes_pair", entry, first, ""},
		{"takes_user", entry, first, ""},
		{"takes_user", entry, through, "R2 is ptr_theirs access user memory: off=0"},
		{"takes_percpu", entry, through, "R2 is ptr_many access percpu memory: off=0"},
		{"takes_pair", leaving, "r2 = *(u64 *)(r1 +16)\nr0 = 0\nexit", ""},
		{"takes_wide", entry, first, "func 'takes_wide' arg0 '__int128' has type INT. Only pointer access is allowed"},
		{"twelve", entry, "r2 = *(u64 *)(r1 +88)\nr0 = 0\nexit", ""},
		{"plain", leaving, "r2 = *(u64 *)(r1 +16)\nr0 = 0\nexit", "func 'plain' doesn't have 3-th argument"},
		{"plain", entry, next, "func 'plain' doesn't have 2-th argument"},
		{"security_wide", modify, first, "ret type INT not allowed for fmod_ret"},
		{"security_void", modify, first, "func 'security_void' doesn't have 2-th argument"},

		{"bpf_dummy_ops", implements("test_1"), leave, ""},
		{"", implements("test_1"), leave, silent},
		{"own_ops", implements("open"), leave, unknown},
		{"bpf_dummy_ops", implements("nothing"), leave,
			"attach to invalid member nothing(@idx 0) of struct bpf_dummy_ops"},
		{"bpf_dummy_ops", implements("name"), leave, "attach to invalid member name(@idx 0) of struct bpf_dummy_ops"},
		{"bpf_dummy_ops", sleeping(implements("test_sleepable")), leave, ""},
		{"bpf_dummy_ops", sleeping(implements("test_1")), leave,
			"attach to unsupported member test_1 of struct bpf_dummy_ops"},
		{"tcp_congestion_ops", sleeping(implements("init")), leave, ""},
		{"tcp_congestion_ops", implements("get_info"), leave,
			"attach to unsupported member get_info of struct tcp_congestion_ops"},
		{"Qdisc_ops", implements("dequeue"), "r0 = *(u64 *)(r1 +0)\nexit", ""},
		{"Qdisc_ops", implements("dequeue"), "r0 = *(u64 *)(r1 +0)\nr0 += 8\nexit",
			"dereference of modified trusted_ptr_ ptr R0 off=8 disallowed"},
	} {
		p := newProgram(t, c.text)
		p.KernelBTF, p.AttachTo = spec, c.target
		if c.target != "" {
			p.AttachBTFID = typeIDOf(t, spec, c.target)
			c.kernel = strings.Replace(c.kernel, "#", strconv.FormatUint(uint64(p.AttachBTFID), 10), 1)
		}
		c.kind(p)
		res := Verify(p, Options{})
		said := unknown
		switch res.Verdict {
		case Accepted:
			said = ""
		case Rejected:
			if said, _, _ = strings.Cut(res.Reports[0].Kernel, "\n"); said == "" {
				said = silent
			}
		}
		if said != c.kernel {
			t.Errorf("%s, %q: %q %s, want %q", p.AttachTo, c.text, said, res.Reason, c.kernel)
		}
	}
}

// Kernels describe the variables of a processor alone, most of them.
func TestVariablesOfAnyType(t *testing.T) {
	const unknown = "?"
	spec := kernelTypes(t)
	for _, c := range []struct {
		variable, then string
		high           int32
		kernel         string
	}{
		{"number", "", 0, ""},
		{"number", "", 1, unknown},
		{"number", "r2 = *(u32 *)(r1 +0)", 0, ""},
		{"number", "r2 = *(u64 *)(r1 +0)", 0, "invalid access to memory, mem_size=4 off=0 size=8"},
		{"number", "*(u32 *)(r1 +0) = 1", 0, "R1 cannot write into rdonly_mem"},
		{"words", "r2 = *(u64 *)(r1 +24)", 0, ""},
		{"words", "r2 = *(u64 *)(r1 +32)", 0, "access beyond struct four at off 32 size 8"},
		{"afar", "", 0, "ldimm64 unable to resolve the size of type 'elsewhere': -22"},
		{"each", "", 0, ""},
		{"each", "r2 = *(u32 *)(r1 +0)", 0, "R1 is ptr_int access percpu memory: off=0"},
		{"unsized", "call 154", 0, "unable to resolve the size of type 'elsewhere': -22"},
		{"plain", "", 0, ""},
		{"plain", "r2 = *(u32 *)(r1 +0)", 0, "invalid access to memory, mem_size=0 off=0 size=4"},
		{"bpf_iter_meta", "", 0, "pseudo btf_id # in ldimm64 isn't KIND_VAR or KIND_FUNC"},
	} {
		p := newProgram(t, "r1 = 0 ll\n"+c.then+"\nr0 = 0\nexit")
		id := typeIDOf(t, spec, c.variable)
		p.KernelBTF = spec
		p.Insns[0].Src, p.Insns[0].Imm, p.Insns[1].Imm = isa.PseudoBTFID, int32(id), c.high
		res := Verify(p, Options{})
		said := unknown
		switch res.Verdict {
		case Accepted:
			said = ""
		case Rejected:
			said, _, _ = strings.Cut(res.Reports[0].Kernel, "\n")
		}
		if want := strings.Replace(c.kernel, "#", strconv.FormatUint(uint64(id), 10), 1); said != want {
			t.Errorf("%s, %q: %q %s, want %q", c.variable, c.then, said, res.Reason, want)
		}
	}
}

// The kernel asks nobody for privileges before a program reads its variables.
func TestVariableWithoutPrivileges(t *testing.T) {
	spec := kernelTypes(t)
	p := newProgram(t, "r1 = 0 ll\nr0 = *(u64 *)(r1 +0)\nr0 = 0\nexit")
	p.Type, p.KernelBTF = facts.ProgSocketFilter, spec
	p.Insns[0].Src, p.Insns[0].Imm = isa.PseudoBTFID, int32(typeIDOf(t, spec, "words"))
	if res := Verify(p, Options{}); res.Verdict != Accepted {
		t.Errorf("with privileges: %v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
	const message = "'struct four' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"
	if res := Verify(p, Options{Unprivileged: true}); res.Verdict != Rejected || res.Reports[0].Kernel != message {
		t.Errorf("without: %v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

// A kernel without the types that helpers return.
func TestObjectOfNoType(t *testing.T) {
	p := newProgram(t, "call 158\nr1 = *(u64 *)(r0 +0)\nr0 = 0\nexit")
	p.Type, p.KernelBTF = facts.ProgKprobe, kernelTypes(t)
	if res := Verify(p, Options{}); res.Verdict != Unsupported {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

// A function of a struct may give back to the kernel what it acquired.
func TestReferenceReturnedToTheKernel(t *testing.T) {
	word := &btf.Int{Name: "long", Size: 8, Encoding: btf.Signed}
	task := &btf.Pointer{Target: &btf.Struct{Name: "task_struct", Size: 8,
		Members: []btf.Member{{Name: "pid", Type: word}}}}
	member := &btf.Pointer{Target: &btf.FuncProto{Return: task, Params: []btf.FuncParam{{Name: "p", Type: word}}}}
	spec := specOf(t, []btf.Type{
		&btf.Struct{Name: "bpf_dummy_ops", Size: 8, Members: []btf.Member{{Name: "test_1", Type: member}}},
		&btf.Func{Name: "bpf_task_from_pid", Type: &btf.FuncProto{Return: task,
			Params: []btf.FuncParam{{Name: "pid", Type: word}}}},
	})
	for _, c := range []struct{ text, kernel string }{
		{"r1 = 1\ncall 1000\nif r0 != 0 goto +1\nr0 = 0\nexit", ""},
		{"r1 = 1\ncall 1000\nr6 = r0\nif r0 != 0 goto +0\nr0 = 0\nexit", "Unreleased reference id=2 alloc_insn=1"},
		{"r1 = 1\ncall 1000\nr6 = r0\nr1 = 2\ncall 1000\nif r0 != 0 goto +1\nr0 = 0\nexit",
			"Unreleased reference id=2 alloc_insn=1"},
	} {
		p := callingKfuncs(t, spec, c.text, []string{"bpf_task_from_pid"})
		p.Type, p.AttachTo, p.AttachBTFID = facts.ProgStructOps, "bpf_dummy_ops:test_1", typeIDOf(t, spec,
			"bpf_dummy_ops")
		requireKernelSays(t, c.text, Verify(p, Options{}), c.kernel)
	}
}

// The loader gives no program such a map.
func TestMapOfFunctionsIsNotForPrograms(t *testing.T) {
	p := newProgram(t, "r1 = map[0] ll\nr0 = 0\nexit",
		&program.Map{Name: "ops", FullName: "ops", Type: facts.MapStructOpsMap, KeySize: 4, ValueSize: 8,
			MaxEntries: 1})
	if res := Verify(p, Options{}); res.Verdict != Rejected ||
		res.Reports[0].Kernel != "bpf_struct_ops map cannot be used in prog" {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}
