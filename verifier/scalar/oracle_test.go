// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

var update = flag.Bool("update", false, "rewrite testdata/kernel.sum; needs BPF_LSP_KERNEL_SRC")

// question is one record of testdata/kernel.c.
type question struct {
	Kind, Arg uint32
	A, B      Scalar
}

type answer struct {
	Result int64
	A, B   Scalar
}

// oracleKinds are the questions, numbered as in testdata/kernel.c, with the
// arguments to ask them with and our own answer.
var oracleKinds = []struct {
	name string
	args []uint32
	ours func(q question) answer
}{
	{"sync", make([]uint32, 30), func(q question) answer {
		q.A.Sync()
		return answer{A: q.A, B: q.B}
	}},
	{"alu", aluArgs(), func(q question) answer {
		op, is64 := uint8(q.Arg)&0xf0, q.Arg&7 == 7
		if op == 0xd0 {
			ByteSwap(&q.A, int(q.Arg>>8), is64 || q.Arg&8 != 0)
		} else {
			Apply(op, is64, &q.A, q.B)
		}
		return answer{A: q.A, B: q.B}
	}},
	{"branch", jumpArgs(false), func(q question) answer {
		return answer{Result: int64(BranchTaken(&q.A, &q.B, uint8(q.Arg), q.Arg>>8 != 0)), A: q.A, B: q.B}
	}},
	{"refine", jumpArgs(true), func(q question) answer {
		Refine(&q.A, &q.B, uint8(q.Arg), q.Arg>>8 != 0)
		return answer{A: q.A, B: q.B}
	}},
	{"zext", []uint32{0}, func(q question) answer {
		q.A.ZeroExtend32()
		return answer{A: q.A, B: q.B}
	}},
	{"cast", []uint32{1, 2, 4}, func(q question) answer {
		q.A.CoerceToSize(int(q.Arg))
		return answer{A: q.A, B: q.B}
	}},
	{"sext64", []uint32{1, 2, 4}, func(q question) answer {
		q.A.CoerceSignExtend64(int(q.Arg))
		return answer{A: q.A, B: q.B}
	}},
	{"sext32", []uint32{1, 2}, func(q question) answer {
		q.A.CoerceSignExtend32(int(q.Arg))
		return answer{A: q.A, B: q.B}
	}},
	{"sanity", []uint32{0}, func(q question) answer {
		r := q.A.Violation()
		if r != Consistent {
			q.A.MarkUnbounded()
		}
		return answer{Result: int64(r), A: q.A, B: q.B}
	}},
	{"contain", aluArgs(), func(q question) answer {
		var r int64
		if RangeWithin(&q.A, &q.B) {
			r |= 1
		}
		if q.A.Var.Contains(q.B.Var) {
			r |= 2
		}
		if op := uint8(q.Arg) & 0xf0; op == 0xd0 || Computable(op, q.Arg&7 == 7, &q.B) {
			r |= 4
		}
		return answer{Result: r, A: q.A, B: q.B}
	}},
	{"step", []uint32{0}, func(q question) answer {
		return answer{Result: int64(q.A.Var.Step(q.B.umin)), A: q.A, B: q.B}
	}},
	{"opposite", jumpArgs(true), func(q question) answer {
		return answer{Result: int64(FlipOp(uint8(q.Arg&0xf0)))<<8 | int64(RevOp(uint8(q.Arg))), A: q.A, B: q.B}
	}},
}

// aluArgs is the opcodes of both widths, and the width of a byte swap above.
func aluArgs() (args []uint32) {
	for _, class := range []uint32{4, 7} {
		for op := uint32(0); op <= 0xc0; op += 0x10 {
			if op != 0xb0 {
				args = append(args, op|class)
			}
		}
		for _, width := range []uint32{16, 32, 64} {
			args = append(args, width<<8|0xd0|class, width<<8|0xd8|class)
		}
	}
	return args
}

func jumpArgs(reverse bool) (args []uint32) {
	for op := uint32(0x10); op <= 0xd0; op += 0x10 {
		if op != 0x80 && op != 0x90 {
			args = append(args, op, op|1<<8)
		}
	}
	if reverse {
		args = append(args, NotJset, NotJset|1<<8)
	}
	return args
}

// questions is the same list every time: each kind with each argument, on
// scalars in every state of repair.
func questions(perArg int) []question {
	g := newGenerator(1)
	var qs []question
	for kind := range oracleKinds {
		for _, arg := range oracleKinds[kind].args {
			for i := range perArg {
				q := question{Kind: uint32(kind), Arg: arg}
				q.A, _ = g.scalar()
				q.B, _ = g.scalar()
				switch i % 8 {
				case 0:
					q.A, q.B = g.garbage(), g.garbage()
				case 1:
					v := g.number()
					q.A, q.B = g.around(v), g.around(v)
				case 3: // facts of two sources, not yet reconciled
					v := g.number()
					q.A, q.B = g.around(v), g.around(v)
					q.A.Sync()
					Refine(&q.A, &q.B, opJeq, g.IntN(2) == 0)
				case 2: // amounts for the shifts
					q.B = Known(g.Uint64() % 65)
				}
				qs = append(qs, q)
			}
		}
	}
	return qs
}

// TestKernelSums compares our answers with the sums of the kernel's, which
// TestKernelOracle recorded.
func TestKernelSums(t *testing.T) {
	file := filepath.Join("testdata", "kernel.sum")
	var got strings.Builder
	sum := fnv.New64a()
	qs := questions(1000)
	for i, q := range qs {
		if err := binary.Write(sum, binary.LittleEndian, oracleKinds[q.Kind].ours(q)); err != nil {
			t.Fatal(err)
		}
		if i+1 == len(qs) || qs[i+1].Kind != q.Kind {
			fmt.Fprintf(&got, "%s %#016x\n", oracleKinds[q.Kind].name, sum.Sum64())
			sum.Reset()
		}
	}
	if *update {
		askKernel(t, kernelTree(t), qs)
		if t.Failed() {
			return
		}
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wantLines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(wantLines) || line != wantLines[i] {
			t.Errorf("answers differ from the kernel's: %q; run with BPF_LSP_KERNEL_SRC to see where", line)
		}
	}
}

// TestKernelOracle asks the kernel's functions, compiled from the tree that
// BPF_LSP_KERNEL_SRC names, and compares every answer.
func TestKernelOracle(t *testing.T) {
	tree := kernelTree(t)
	askKernel(t, tree, questions(20000))
}

func kernelTree(t *testing.T) string {
	t.Helper()
	tree := os.Getenv("BPF_LSP_KERNEL_SRC")
	if tree == "" {
		t.Skip("BPF_LSP_KERNEL_SRC does not name a Linux 6.18 tree")
	}
	return tree
}

func askKernel(t *testing.T, tree string, qs []question) {
	t.Helper()
	cmd := exec.CommandContext(deadline.Context(t, "the kernel's functions"), buildOracle(t, tree))
	var in, out bytes.Buffer
	if err := binary.Write(&in, binary.LittleEndian, qs); err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	answers := make([]answer, len(qs))
	if err := binary.Read(&out, binary.LittleEndian, answers); err != nil {
		t.Fatal(err)
	}
	reported := make([]int, len(oracleKinds))
	for i, q := range qs {
		kind := &oracleKinds[q.Kind]
		if ours := kind.ours(q); ours != answers[i] {
			if reported[q.Kind]++; reported[q.Kind] <= 3 {
				t.Errorf("%s %#x\na      %+v\nb      %+v\nours   %+v\nkernel %+v", kind.name, q.Arg, q.A, q.B, ours,
					answers[i])
			}
		}
	}
	t.Logf("%d answers compared", len(qs))
}

// oracleFunctions are cut out of kernel/bpf/verifier.c in this order, which is
// the order of their definition there.
var oracleFunctions = strings.Fields(`
	___mark_reg_known __mark_reg_known __mark_reg32_known __mark_reg_unbounded
	__mark_reg64_unbounded __mark_reg32_unbounded __update_reg32_bounds
	__update_reg64_bounds __update_reg_bounds __reg32_deduce_bounds
	__reg64_deduce_bounds __reg_deduce_mixed_bounds __reg_deduce_bounds
	__reg_bound_offset reg_bounds_sync reg_bounds_sanity_check __reg32_bound_s64
	__reg_assign_32_into_64 __mark_reg_unknown_imprecise __mark_reg_unknown
	is_reg_const reg_const_value zext_32_to_64 coerce_reg_to_size
	set_sext64_default_val coerce_reg_to_size_sx set_sext32_default_val
	coerce_subreg_to_size_sx scalar32_min_max_add scalar_min_max_add
	scalar32_min_max_sub scalar_min_max_sub scalar32_min_max_mul
	scalar_min_max_mul scalar32_min_max_and scalar_min_max_and
	scalar32_min_max_or scalar_min_max_or scalar32_min_max_xor
	scalar_min_max_xor __scalar32_min_max_lsh scalar32_min_max_lsh
	__scalar64_min_max_lsh scalar_min_max_lsh scalar32_min_max_rsh
	scalar_min_max_rsh scalar32_min_max_arsh scalar_min_max_arsh
	scalar_byte_swap is_safe_to_compute_dst_reg_range
	adjust_scalar_min_max_vals is_scalar_branch_taken flip_opcode rev_opcode
	regs_refine_cond_op range_within`)

func buildOracle(t *testing.T, tree string) string {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(tree, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	source := read("kernel/bpf/verifier.c")
	var cut strings.Builder
	for _, name := range oracleFunctions {
		re := regexp.MustCompile(`(?m)^static [a-z0-9_ ]+\b` + name + `\([^;{]*\)\n\{\n(?s:.*?)\n\}\n`)
		body := re.FindString(source)
		if body == "" {
			t.Fatalf("no function %s in the kernel tree", name)
		}
		cut.WriteString(body)
	}
	include := regexp.MustCompile(`(?m)^#include.*$`)
	tnum := include.ReplaceAllString(read("include/linux/tnum.h")+read("kernel/bpf/tnum.c"), "")

	dir := t.TempDir()
	binary := filepath.Join(dir, "oracle")
	for name, text := range map[string]string{"kernel.inc": cut.String(), "tnum.inc": tnum} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cc := exec.CommandContext(deadline.Context(t, "cc"), "cc", "-O1", "-fwrapv", "-w", "-I", dir, "-o", binary,
		filepath.Join("testdata", "kernel.c"))
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
