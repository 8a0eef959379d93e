// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Functions that kernels have, with parameters that none gives them.
const (
	plainKfunc = "bpf_strlen"             // takes what its prototype says
	castKfunc  = "bpf_cast_to_kern_ctx"   // makes a kernel object of the context
	mapKfunc   = "bpf_map_sum_elem_count" // relies on its arguments
	iterKfunc  = "bpf_iter_bits_new"      // makes an iterator
	foundKfunc = "bpf_xdp_ct_lookup"      // acquires what it returns
)

// kfuncCalls is where the calls of text lead: "call 1000" to the first function
// of spec, and so on.
const kfuncCalls = 1000

// callingKfuncs is a program that calls functions of a kernel with those types.
func callingKfuncs(t *testing.T, spec *btf.Spec, text string, names []string, maps ...*program.Map) *program.Program {
	t.Helper()
	p := newProgram(t, text, maps...)
	p.KernelBTF = spec
	for i := range p.Insns {
		if in := &p.Insns[i]; in.IsHelperCall() && in.Imm >= kfuncCalls {
			in.Src, in.Imm = isa.PseudoKfuncCall, int32(typeIDOf(t, spec, names[in.Imm-kfuncCalls]))
		}
	}
	return p
}

// No kernel is built with such functions. The texts are those of its source.
func TestKernelFunctionsOfAnyType(t *testing.T) {
	const (
		leave = "\nr0 = 0\nexit"
		// silent and unknown are answers without words, and none.
		silent, unknown = "-", "?"
	)
	number := &btf.Int{Name: "int", Size: 4, Encoding: btf.Signed}
	void := &btf.Void{}
	structOf := func(name string, members ...btf.Member) *btf.Struct {
		return &btf.Struct{Name: name, Size: uint32(8 * max(len(members), 1)), Members: members}
	}
	to := func(typ btf.Type) btf.Type { return &btf.Pointer{Target: typ} }
	param := func(name string, typ btf.Type) btf.FuncParam { return btf.FuncParam{Name: name, Type: typ} }
	fn := func(name string, result btf.Type, params ...btf.FuncParam) *btf.Func {
		return &btf.Func{Name: name, Type: &btf.FuncProto{Return: result, Params: params}}
	}
	i := param("i", number)
	other := structOf("other", btf.Member{Name: "p", Type: to(void)})
	cast := fn(castKfunc, to(void), param("obj", to(void)))
	buffer := structOf("xdp_buff", btf.Member{Name: "n", Type: number})
	connection := func(members ...btf.Member) *btf.Func {
		return fn(foundKfunc, to(structOf("nf_conn", members...)))
	}
	row := &program.Map{Name: "m", FullName: "m", Type: facts.MapArray, KeySize: 4, ValueSize: 8, MaxEntries: 1}
	for _, c := range []struct {
		name   string
		types  []btf.Type
		text   string
		kernel string
	}{
		{"five", []btf.Type{fn(plainKfunc, number, i, i, i, i, i)},
			"r1 = 0\nr2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\ncall 1000" + leave, ""},
		{"six", []btf.Type{fn(plainKfunc, number, i, i, i, i, i, i)},
			"r1 = 0\nr2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\ncall 1000" + leave,
			"Function bpf_strlen has 6 > 5 args"},
		{"struct", []btf.Type{fn(plainKfunc, number, param("s", other))}, "call 1000" + leave,
			"Unrecognized arg#0 type STRUCT"},

		{"returned size", []btf.Type{fn(plainKfunc, to(number), param("rdonly_buf_size", number))},
			"r1 = 8\ncall 1000\nr1 = *(u64 *)(r0 +0)" + leave, ""},
		{"returned size, written", []btf.Type{fn(plainKfunc, to(number), param("rdonly_buf_size", number))},
			"r1 = 8\ncall 1000\n*(u64 *)(r0 +0) = 1" + leave,
			"R0 cannot write into rdonly_mem"},
		{"returned size of any number", []btf.Type{fn(plainKfunc, to(number), param("rdwr_buf_size", number))},
			"r1 = *(u32 *)(r1 +12)\ncall 1000" + leave,
			"R1 is not a const"},
		{"two returned sizes", []btf.Type{fn(plainKfunc, to(number), param("rdonly_buf_size", number),
			param("rdwr_buf_size", number))}, "r1 = 8\nr2 = 8\ncall 1000" + leave,
			"2 or more rdonly/rdwr_buf_size parameters for kfunc"},

		{"iterator", []btf.Type{fn(plainKfunc, number,
			param("it__iter", to(structOf("bpf_iter_num",
				btf.Member{Name: "n", Type: number}))))}, "r1 = r10\nr1 += -8\ncall 1000" + leave,
			"expected an initialized iter_num as arg #0"},
		{"iterator that is a number", []btf.Type{fn(iterKfunc, number, param("it", to(number)))},
			"r1 = r10\nr1 += -8\ncall 1000" + leave,
			"expected valid iter pointer as arg #0"},

		{"context", []btf.Type{cast, buffer}, "call 1000\nr1 = *(u32 *)(r0 +0)" + leave, ""},
		{"context of no type", []btf.Type{cast}, "call 1000" + leave, silent},
		{"context of no type, passed", []btf.Type{fn(plainKfunc, number, param("ctx", to(structOf("xdp_md"))))},
			"call 1000" + leave, ""},
		{"context that is no map", []btf.Type{cast, buffer, fn(mapKfunc, number, param("map__map", to(void))),
			structOf("bpf_map")}, "call 1000\nr1 = r0\ncall 1001" + leave,
			"kernel function bpf_map_sum_elem_count args#0 expected pointer to STRUCT bpf_map but R1 has a pointer to STRUCT xdp_buff"},

		{"map", []btf.Type{fn(plainKfunc, number, param("m", to(structOf("bpf_map"))))},
			"r1 = map[0] ll\ncall 1000" + leave, ""},
		{"map of no type", []btf.Type{fn(plainKfunc, number, param("m", to(other)))},
			"r1 = map[0] ll\ncall 1000" + leave, unknown},

		{"connection", []btf.Type{connection(btf.Member{Name: "mark", Type: number})},
			"call 1000\nif r0 == 0 goto +1\n*(u32 *)(r0 +0) = 1" + leave,
			"Unreleased reference id=2 alloc_insn=0"},
		{"connection without a mark", []btf.Type{connection(btf.Member{Name: "m", Type: number})},
			"call 1000\nif r0 == 0 goto +1\n*(u32 *)(r0 +0) = 1" + leave,
			"no write support to nf_conn at off 0"},
		{"no connections", []btf.Type{cast, buffer}, "call 1000\n*(u32 *)(r0 +0) = 1" + leave, silent},
	} {
		spec := specOf(t, c.types)
		var names []string
		for _, typ := range c.types {
			if f, ok := typ.(*btf.Func); ok {
				names = append(names, f.Name)
			}
		}
		var maps []*program.Map
		if strings.Contains(c.text, "map[0]") {
			maps = append(maps, row)
		}
		p := callingKfuncs(t, spec, c.text, names, maps...)
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
			t.Errorf("%s: %q %s, want %q", c.name, said, res.Reason, c.kernel)
		}
	}
}

// Only programs that iterate over maps have memory that may not be written, but
// is not a record or packet.
func TestBufferPassedToKernelFunction(t *testing.T) {
	number := &btf.Int{Name: "int", Size: 4, Encoding: btf.Signed}
	meta := &btf.Pointer{Target: &btf.Struct{Name: "bpf_iter_meta", Size: 8,
		Members: []btf.Member{{Name: "n", Type: number}}}}
	memory := &btf.Pointer{Target: &btf.Void{}}
	spec := specOf(t, []btf.Type{
		&btf.Func{Name: "bpf_iter_bpf_map_elem", Type: &btf.FuncProto{Return: number, Params: []btf.FuncParam{
			{Name: "meta", Type: meta}, {Name: "map", Type: memory}, {Name: "key", Type: memory}, {Name: "value",
				Type: memory},
		}}},
		&btf.Func{Name: plainKfunc, Type: &btf.FuncProto{Return: number,
			Params: []btf.FuncParam{{Name: "b", Type: memory}, {Name: "b__sz", Type: number}}}},
	})
	for _, c := range []struct{ at, kernel string }{
		{"16", "R1 cannot write into rdonly_buf"},
		{"24", ""},
	} {
		p := callingKfuncs(t, spec, "r1 = *(u64 *)(r1 +"+c.at+")\nr2 = 4\nif r1 == 0 goto +1\ncall 1000\nr0 = 0\nexit",
			[]string{plainKfunc})
		p.Type, p.Attach, p.AttachTo, p.AttachBTFID = facts.ProgTracing, facts.AttachTraceIter, "bpf_map_elem",
			typeIDOf(t, spec, "bpf_iter_bpf_map_elem")
		requireKernelSays(t, c.at, Verify(p, Options{}), c.kernel)
	}
}

// A program may call so many kernel functions, each as often as it likes.
func TestManyKernelFunctions(t *testing.T) {
	types, names := []btf.Type{}, []string{}
	for i := range maxKfuncs + 1 {
		names = append(names, "f"+strconv.Itoa(i))
		types = append(types, &btf.Func{Name: names[i], Type: &btf.FuncProto{Return: &btf.Void{}}})
	}
	spec := specOf(t, types)
	for _, c := range []struct {
		last   int
		kernel string
	}{
		{0, "calling kernel function f0 is not allowed"},
		{maxKfuncs, "too many different kernel function calls"},
	} {
		var text strings.Builder
		for i := range maxKfuncs {
			fmt.Fprintf(&text, "call %d\n", kfuncCalls+i)
		}
		fmt.Fprintf(&text, "call %d\nr0 = 0\nexit", kfuncCalls+c.last)
		res := Verify(callingKfuncs(t, spec, text.String(), names), Options{})
		if res.Verdict != Rejected || res.Reports[0].Kernel != c.kernel {
			t.Errorf("%d: %v %s %+v, want %q", c.last, res.Verdict, res.Reason, res.Reports, c.kernel)
		}
	}
}
