// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"cmp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

func callMaps() []*program.Map {
	return []*program.Map{
		{Name: "hash", Type: facts.MapHash, KeySize: 4, ValueSize: 8, MaxEntries: 4},
		{Name: "ringbuf", Type: facts.MapRingBuf, MaxEntries: 4096},
		{Name: "queue", Type: facts.MapQueue, ValueSize: 8, MaxEntries: 4},
	}
}

// What a diagnostic says about a call comes from the facts of its report.
func TestCallReportFacts(t *testing.T) {
	const reserve = "r1 = map[1] ll\nr2 = 8\nr3 = 0\ncall 131\n"
	for _, c := range []struct {
		name, text string
		kernel     string
		code       catalog.Code
		arg        int64
		call       string
		kind, want string
	}{
		{
			name: "unknown helper", text: "call 9999\nexit",
			kernel: "invalid func unknown#9999", code: catalog.UnknownHelper, call: "unknown",
		},
		{
			name: "helper of other programs", text: "call 70\nexit",
			kernel: "program of this type cannot use helper bpf_sock_hash_update#70", code: catalog.HelperNotAllowed,
			call: "bpf_sock_hash_update",
		},
		{
			name: "number as a map", text: "r1 = 0\nr2 = r10\nr2 += -8\ncall 1\nexit",
			kernel: "R1 type=scalar expected=map_ptr", code: catalog.MapArgument, arg: 1, call: "bpf_map_lookup_elem",
			kind: "scalar", want: "map_ptr",
		},
		{
			name: "maybe-NULL memory", text: reserve + "r1 = r0\nr2 = 0\ncall 132\nr0 = 0\nexit",
			kernel: "R1 type=ringbuf_mem_or_null expected=ringbuf_mem", code: catalog.NullableArgument, arg: 1,
			call: "bpf_ringbuf_submit",
			kind: "ringbuf_mem_or_null", want: "ringbuf_mem",
		},
		{
			name:   "moved pointer released",
			text:   reserve + "if r0 == 0 goto +4\nr1 = r0\nr1 += 4\nr2 = 0\ncall 132\nr0 = 0\nexit",
			kernel: "R1 must have zero offset when passed to release func or trusted arg to kfunc", code: catalog.ReleaseWithOffset,
			arg: 1, call: "bpf_ringbuf_submit",
			kind: "ringbuf_mem",
		},
		{
			name: "size not constant", text: "r0 = *(u32 *)(r1 +12)\nr1 = map[1] ll\nr2 = r0\nr3 = 0\ncall 131\nexit",
			kernel: "R2 is not a known constant'", code: catalog.NonConstantArgument, arg: 2,
			call: "bpf_ringbuf_reserve", kind: "scalar",
		},
		{
			name: "uninitialised argument", text: "r1 = map[0] ll\ncall 1\nexit",
			kernel: "R2 !read_ok", code: catalog.UnreadableRegister, arg: 2, call: "bpf_map_lookup_elem",
		},
		{
			name: "key of no bytes", text: "*(u64 *)(r10 -8) = 0\nr1 = map[2] ll\nr2 = r10\nr2 += -8\ncall 1\nr0 = 0\nexit",
			kernel: "invalid zero-sized read", code: catalog.ZeroSize, arg: 2, call: "bpf_map_lookup_elem",
		},
		{
			name: "map of the wrong type", text: "*(u64 *)(r10 -8) = 0\nr1 = map[0] ll\nr2 = r10\nr2 += -8\nr3 = 0\ncall 87\nr0 = 0\nexit",
			kernel: "cannot pass map_type 1 into func bpf_map_push_elem#87", code: catalog.MapHelperMismatch,
			call: "bpf_map_push_elem",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := Verify(newProgram(t, c.text, callMaps()...), Options{LogLevel: 1})
			if res.Verdict != Rejected {
				t.Fatalf("verdict %d %s\n%s", res.Verdict, res.Reason, res.Log)
			}
			r := &res.Reports[0]
			if r.Kernel != c.kernel || r.Code != c.code {
				t.Errorf("%s %q, want %s %q", r.Code, r.Kernel, c.code, c.kernel)
			}
			facts := r.Fault.Facts()
			call := cmp.Or(facts["callee"], r.Call)
			arg, _ := r.Fault.Int("reg")
			if arg = cmp.Or(arg, int64(r.Arg)); arg != c.arg || call != c.call || facts["type"] != c.kind ||
				facts["want"] != c.want {
				t.Errorf("facts %+v, want argument %d of %s, %q for %q", facts, c.arg, c.call, c.kind, c.want)
			}
		})
	}
}

// TestEveryArgumentKindIsARow requires a row for each argument kind of helpers and
// kfuncs: one without would be refused in every program, or end the walk.
func TestEveryArgumentKindIsARow(t *testing.T) {
	for kind := range regtype.NumArgs {
		switch kind {
		case regtype.ArgDontCare, regtype.ArgAnything: // not asked
		case regtype.ArgArena: // of global functions alone, which judge it apart
		default:
			if len(argRows[kind].accepts) == 0 {
				t.Errorf("no register is an argument of kind %d", kind)
			}
		}
	}
	for kind := paramNull + 1; int(kind) < len(paramRows); kind++ {
		row := &paramRows[kind]
		if row.step == nil || (row.accepts == nil) != (row.refused == nil) {
			t.Errorf("kind %d of a parameter has no step, or refuses without words: %+v", kind, row)
		}
		if row.structName != "" && specialParam(row.structName) != kind {
			t.Errorf("struct %s makes another kind than %d", row.structName, kind)
		}
	}
}

// No helper that changes a dynptr is open to one that can only be read, but for
// those that release it.
func TestConstDynptrIsNotChanged(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	v.call.begin(&undeclared)
	reg := v.reg(isa.R1)
	reg.SetKnown(0)
	reg.Type = regtype.ConstPtrToDynptr
	r := v.stepDynptrArg(isa.R1, regtype.ArgDynptr, dynptrOrigin{})
	if r == nil || r.report.Code != catalog.ConstDynptrArgument {
		t.Errorf("%+v", r)
	}
	if r := v.stepDynptrArg(isa.R1, regtype.ArgDynptr|regtype.ReadOnly, dynptrOrigin{}); r != nil {
		t.Error(r.report.Kernel)
	}
}

// A struct that the target kernel does not have cannot be passed to it.
func TestArgumentOfAnUnknownStruct(t *testing.T) {
	const getTaskStack = "r1 = 0 ll\nr2 = r10\nr2 += -8\nr3 = 8\nr4 = 0\ncall 141\nr0 = 0\nexit"
	spec := kernelTypes(t)
	typ, err := spec.AnyTypeByName("words")
	if err != nil {
		t.Fatal(err)
	}
	id, err := spec.TypeID(typ)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, getTaskStack)
	p.Type, p.KernelBTF = facts.ProgKprobe, spec
	p.Insns[0].Src, p.Insns[0].Imm = isa.PseudoBTFID, int32(id)
	if res := Verify(p, Options{}); res.Verdict != Unsupported {
		t.Errorf("%v %+v", res.Verdict, res.Reports)
	}
}

// libbpf freezes only maps that programs cannot write to either.
func TestConstStringInAMapForPrograms(t *testing.T) {
	p := programNamed(t, loadTestObject(t, walkPrograms+"/call_special.bpf.o"), "format")
	frozen := 0
	for _, m := range p.Maps {
		if m.Frozen {
			frozen++
			m.Flags &^= program.MapFlagRdOnlyProg
		}
	}
	res := Verify(p, Options{})
	if frozen == 0 || res.Verdict != Rejected || res.Reports[0].Kernel != "R3 does not point to a readonly map'" {
		t.Errorf("%d frozen maps, %v %s %+v", frozen, res.Verdict, res.Reason, res.Reports)
	}
}

// Of programs whose context is not a struct, few can be loaded anywhere.
func TestContextParameterOfNoStruct(t *testing.T) {
	p := *programNamed(t, loadTestObject(t, walkPrograms+"/func_ctx.bpf.o"), "packet_other")
	for typ, want := range map[facts.ProgType]string{
		facts.ProgSchedCLS:  "arg#0 should be `struct __sk_buff *`",
		facts.ProgLircMode2: "arg#0 should be void pointer",
	} {
		p.Type = typ
		res := Verify(&p, Options{})
		if res.Verdict != Rejected || !strings.HasPrefix(res.Reports[0].Kernel, want) {
			t.Errorf("%s: %v %s %+v, want %q", typ, res.Verdict, res.Reason, res.Reports, want)
		}
	}
}

// Objects without a reference are borrowed or under RCU, which their type says.
// Should one be neither, its roots are not the program's.
func TestRootInAnObjectOfNobody(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	v.call.begin(&undeclared)
	reg := v.reg(isa.R1)
	reg.SetKnown(0)
	reg.Type = allocObject
	r := v.requireGraphRoot(param{kind: paramListHead, n: isa.R1})
	if r == nil || r.report.Code != catalog.ObjectArgument {
		t.Errorf("%+v", r)
	}
}
