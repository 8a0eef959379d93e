// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Types of the programs in TestDamagedPrograms, by id.
const (
	typeInt btf.TypeID = iota + 1
	typeVoidProto
	typeIntProto
	typeMain
	typeIntSub
	typeVoidSub
	typeTaggedOnce
	typeTaggedTwice
	typeTaggedNowhere
	typeTaggedStatic
	typeCatcher
	typeUnknown btf.TypeID = 99
)

func damagedTypes(t *testing.T) *btf.Spec {
	t.Helper()
	number := &btf.Int{Name: "int", Size: 4, Encoding: btf.Signed}
	void := &btf.FuncProto{Return: &btf.Void{}}
	proto := &btf.FuncProto{Return: number}
	fn := func(name string, typ btf.Type, linkage btf.FuncLinkage, tags ...string) btf.Type {
		return &btf.Func{Name: name, Type: typ, Linkage: linkage, Tags: tags}
	}
	const tag = "exception_callback:"
	b, err := btf.NewBuilder([]btf.Type{
		number, void, proto, fn("test", proto, btf.GlobalFunc), fn("sub", proto, btf.StaticFunc), fn("subvoid", void,
			btf.StaticFunc),
		fn("once", proto, btf.GlobalFunc, tag+"catcher"), fn("twice", proto, btf.GlobalFunc, tag+"catcher", tag+"sub"),
		fn("nowhere", proto, btf.GlobalFunc, tag+"nobody"), fn("statics", proto, btf.GlobalFunc,
			tag+"sub"), fn("catcher", proto, btf.GlobalFunc),
	}, nil)
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
	if c, err := spec.TypeByID(typeCatcher); err != nil || c.TypeName() != "catcher" {
		t.Fatalf("type %d is %v, %v", typeCatcher, c, err)
	}
	return spec
}

// No loader of objects makes such programs, so that no kernel can be asked
// about them by one. The texts are those of the kernel's source.
func TestDamagedPrograms(t *testing.T) {
	const (
		single   = "r0 = 0\nexit"
		calling  = "call pc+1\nexit\nr0 = 0\nexit"
		wide     = "r1 = 1 ll\nr0 = 0\nexit"
		lookup   = "r2 = r10\nr2 += -4\n*(u32 *)(r10 -4) = 0\nr1 = map[0] ll\ncall 1\n"
		string2  = lookup + "if r0 == 0 goto +7\nr3 = r0\n*(u64 *)(r10 -8) = 0\nr1 = r10\nr1 += -8\nr2 = 8\ncall 182\nr0 = 0\nexit"
		contents = lookup + "if r0 == 0 goto +1\nr1 = *(u32 *)(r0 +0)\nr0 = 0\nexit"
		fields   = "r1 = map[0] ll\nr0 = *(u32 *)(r1 +0)\nr0 = 0\nexit"
		// silent is an answer without words.
		silent = "-"
	)
	funcs := func(list ...program.Func) func(*program.Program) {
		return func(p *program.Program) { p.Funcs, p.BTF = list, damagedTypes(t) }
	}
	lines := func(offs ...uint32) func(*program.Program) {
		return func(p *program.Program) {
			for _, off := range offs {
				p.Lines = append(p.Lines, program.Line{InsnOff: off})
			}
		}
	}
	loads := func(src uint8, low, high int32, maps ...*program.Map) func(*program.Program) {
		return func(p *program.Program) {
			p.Insns[0].Src, p.Insns[0].Imm, p.Insns[1].Imm = src, low, high
			p.Maps = maps
		}
	}
	// second makes the first instruction of the second function in.
	second := func(in isa.Insn, then func(*program.Program)) func(*program.Program) {
		return func(p *program.Program) {
			p.Insns[2] = in
			if then != nil {
				then(p)
			}
		}
	}
	main := program.Func{TypeID: typeMain, Name: "test", Linkage: btf.GlobalFunc}
	sub := func(id btf.TypeID) program.Func { return program.Func{InsnOff: 2, TypeID: id, Name: "sub"} }
	tagged := func(id btf.TypeID) program.Func {
		return program.Func{TypeID: id, Name: "test", Linkage: btf.GlobalFunc}
	}
	packet := isa.Insn{Op: isa.ClassLD | isa.ModeABS | isa.SizeB}
	tailCall := isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: facts.FuncTailCall}
	rows := &program.Map{Name: "rows", Type: facts.MapArray, KeySize: 4, ValueSize: 8, MaxEntries: 2}
	row := &program.Map{Name: "row", Type: facts.MapArray, KeySize: 4, ValueSize: 8, MaxEntries: 1}
	arena := &program.Map{Name: "arena", Type: facts.MapArena, MaxEntries: 1}
	maps := func(list ...*program.Map) func(*program.Program) {
		return func(p *program.Program) { p.Maps = list }
	}
	frozen := func(typ facts.MapType, entries uint32) *program.Map {
		return &program.Map{
			Name: "frozen", Type: typ, KeySize: 4, ValueSize: 8, MaxEntries: entries,
			Flags: program.MapFlagRdOnlyProg, Frozen: true, Contents: []byte("text\x00\x00\x00\x00"),
		}
	}
	constant, constants, constantTable := frozen(facts.MapArray, 1), frozen(facts.MapArray, 2), frozen(facts.MapHash, 2)
	table := &program.Map{Name: "table", Type: facts.MapHash, KeySize: 4, ValueSize: 8, MaxEntries: 1}
	for _, c := range []struct {
		text   string
		change func(*program.Program)
		kernel string
	}{
		{single, funcs(main), ""},
		{calling, funcs(main, sub(typeIntSub)), ""},
		{calling, funcs(main, program.Func{TypeID: typeIntSub}),
			"same or smaller insn offset (0) than previous func info record (0)"},
		{single, funcs(program.Func{TypeID: typeInt}), "invalid type id 1 in func info"},
		{single, funcs(program.Func{TypeID: typeUnknown}), "invalid type id 99 in func info"},
		{single, func(p *program.Program) { p.Funcs = []program.Func{main} }, "invalid type id 4 in func info"},
		{calling, funcs(main), "number of funcs in func_info doesn't match number of subprogs"},
		{calling, funcs(main, program.Func{InsnOff: 1, TypeID: typeIntSub}),
			"func_info BTF section doesn't match subprog layout in BPF program"},
		{calling, second(packet, funcs(main, sub(typeVoidSub))),
			"LD_ABS is only allowed in functions that return 'int'."},
		{calling, second(tailCall, funcs(main, sub(typeVoidSub))),
			"tail_call is only allowed in functions that return 'int'."},
		{calling, second(packet, nil), "LD_ABS is not allowed in subprogs without BTF"},
		{calling, second(tailCall, nil), "tail_call is not allowed in subprogs without BTF"},

		{single, lines(0, 1), ""},
		{single, lines(0, 0), "Invalid line_info[1].insn_off:0 (prev_offset:0 prog->len:2)"},
		{wide, lines(0, 1), "Invalid insn code at line_info[1].insn_off"},
		{single, lines(1), "missing bpf_line_info for func#0"},
		{calling, lines(0, 3), "missing bpf_line_info for func#1"},
		{calling, lines(0, 1), "missing bpf_line_info for 1 funcs starting from func#1"},

		{calling, funcs(tagged(typeTaggedTwice), sub(typeIntSub)), "multiple exception callback tags for main subprog"},
		{calling, funcs(tagged(typeTaggedNowhere), sub(typeIntSub)),
			"exception callback 'nobody' could not be found in BTF"},
		{calling, funcs(tagged(typeTaggedStatic), sub(typeIntSub)),
			"exception callback 'sub' must have global linkage"},
		{calling, funcs(tagged(typeTaggedOnce), sub(typeIntSub)), "exception callback type id not found in func_info"},
		{calling, funcs(program.Func{TypeID: typeTaggedOnce, Name: "catcher"}, sub(typeIntSub)),
			"invalid exception callback insn_off in func_info: 0"},

		{wide, loads(isa.PseudoMapIdx, 0, 0, row), ""},
		{wide, loads(isa.PseudoMapIdx, 0, 1, row), "unrecognized bpf_ld_imm64 insn"},
		{wide, loads(isa.PseudoMapIdx, -1, 0, row), "fd -1 is not pointing to valid bpf_map"},
		{wide, loads(isa.PseudoMapIdx, 1, 0, row), "fd 1 is not pointing to valid bpf_map"},
		{wide, loads(isa.PseudoMapIdxValue, 0, 7, row), ""},
		{wide, loads(isa.PseudoMapIdxValue, 0, 8, row), "invalid access to map value pointer, value_size=8 off=8"},
		{wide, loads(isa.PseudoMapIdxValue, 0, 1<<29, row), "direct value offset of 536870912 is not allowed"},
		{wide, loads(isa.PseudoMapIdxValue, 0, 0, rows), "invalid access to map value pointer, value_size=8 off=0"},
		{wide, loads(isa.PseudoMapIdxValue, 0, 4096, arena), ""},
		{wide, loads(isa.PseudoMapIdxValue, 0, 4097, arena),
			"invalid access to map value pointer, value_size=0 off=4097"},
		{wide, loads(isa.PseudoMapIdxValue, 0, 0, table), "no direct value access support for this map type"},
		{wide, loads(isa.PseudoBTFID, 1, 0), "kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig."},

		{string2, maps(constant), ""},
		{string2, maps(rows), "R3 does not point to a readonly map'"},
		{string2, maps(constants), "direct value access on string failed"},
		{string2, maps(constantTable), "no direct value access support for this map type"},
		{contents, maps(constant), ""},
		{contents, maps(rows), ""},
		{contents, maps(constantTable), ""},
		{contents, maps(constants), silent},
		{fields, maps(&program.Map{Name: "other", Type: 0, MaxEntries: 1}),
			"map_ptr access not supported for map type 0"},
		{fields, maps(&program.Map{Name: "other", Type: 200, MaxEntries: 1}),
			"map_ptr access not supported for map type 200"},
	} {
		p := newProgram(t, c.text)
		if c.change != nil {
			c.change(p)
		}
		res := Verify(p, Options{})
		switch {
		case c.kernel == "" && res.Verdict != Accepted:
			t.Errorf("%q: %v, want it accepted", c.text, res.Reports)
		case c.kernel != "" && (res.Verdict != Rejected ||
			res.Reports[0].Kernel != strings.TrimPrefix(c.kernel, silent)):
			t.Errorf("%q: verdict %d %s %v, want %q", c.text, res.Verdict, res.Reason, res.Reports, c.kernel)
		}
	}
}
