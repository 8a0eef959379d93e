// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// clang finds a clang for BPF, or skips the test.
func clang(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"clang", "clang-19", "clang-20", "clang-18"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no clang: the generated header is not compiled")
	return ""
}

// assertLayout writes static assertions of the sizes of all named structs and
// unions and of the offsets of their named members.
func assertLayout(out *bytes.Buffer, v *btfView) (n int) {
	h := newHeader(io.Discard, v)
	for id := uint32(1); id < v.count(); id++ {
		name := h.names[id]
		if !v.isComposite(id) || name == "" {
			continue
		}
		typ := v.kind(id).String() + " " + name
		fmt.Fprintf(out, "_Static_assert(sizeof(%s) == %d, \"size of %s\");\n", typ, v.size(id), typ)
		n++
		for i := range v.vlen(id) {
			member := v.memberName(id, i)
			off, width := v.memberBits(id, i)
			if member == "" || width != 0 {
				continue
			}
			fmt.Fprintf(out, "_Static_assert(__builtin_offsetof(%s, %s) == %d, \"%s.%s\");\n", typ, member, off/8, typ,
				member)
			n++
		}
	}
	return n
}

func TestHeaderLayout(t *testing.T) {
	cc := clang(t)
	k, err := EmbeddedKernel()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var src bytes.Buffer
	src.WriteString("#include \"vmlinux.h\"\n")
	n := assertLayout(&src, k.types)
	src.WriteString("long use(struct task_struct *t) { return t->pid + (bpf_task_acquire == 0); }\n")
	var hdr bytes.Buffer
	if err := k.WriteHeader(&hdr); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"vmlinux.h": hdr.Bytes(), "layout.c": src.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(deadline.Context(t, "clang"), cc, "-target", "bpf", "-g", "-O2", "-Wall", "-Werror",
		"-ferror-limit=20",
		"-c", filepath.Join(dir, "layout.c"), "-o", filepath.Join(dir, "layout.o"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d assertions of %d header bytes hold", n, hdr.Len())
}

// A made-up kernel's header has enums and bit fields that the real one lacks.
func TestHeaderRoundTrip(t *testing.T) {
	cc := clang(t)
	k, err := NewKernel(readTestObject(t, madeUpKernel), "")
	if err != nil {
		t.Fatal(err)
	}
	var src bytes.Buffer
	if err := k.WriteHeader(&src); err != nil {
		t.Fatal(err)
	}
	assertLayout(&src, k.types)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kernel.c"), src.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(deadline.Context(t, "clang"), cc, "-target", "bpf", "-g", "-O2", "-Wall", "-Werror",
		"-c", filepath.Join(dir, "kernel.c"), "-o", filepath.Join(dir, "kernel.o"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestHeaderSpelling(t *testing.T) {
	k, err := EmbeddedKernel()
	if err != nil {
		t.Fatal(err)
	}
	var hdr strings.Builder
	if err := k.WriteHeader(&hdr); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"#ifndef __VMLINUX_H__\n",
		"typedef unsigned int __u32;\n",
		"typedef void (*rcu_callback_t)(struct callback_head *);\n",
		"\nextern struct task_struct *bpf_task_acquire(struct task_struct *p) __weak __ksym;\n",
		"\nextern __bpf_fastcall void *bpf_cast_to_kern_ctx(void *obj) __weak __ksym;\n",
		"\nextern void __bpf_arena_pointer *bpf_arena_alloc_pages(void *p__map, void __bpf_arena_pointer *addr__ign, ",
		"\tXDP_PASS = 2,\n",
		"#pragma clang attribute pop\n",
	} {
		if !strings.Contains(hdr.String(), want) {
			t.Errorf("the header lacks %q", want)
		}
	}
}

// The header of the built-in kernels has what either of them has, and the members
// of the first one: a scheduler's own part of a task among them.
func TestHeaderOfBoth(t *testing.T) {
	cc := clang(t)
	first, err := DistributionKernel()
	if err != nil {
		t.Fatal(err)
	}
	second, err := EmbeddedKernel()
	if err != nil {
		t.Fatal(err)
	}
	var hdr, src bytes.Buffer
	if err := first.WriteHeader(&hdr, second); err != nil {
		t.Fatal(err)
	}
	src.WriteString("#include \"vmlinux.h\"\n")
	assertLayout(&src, first.types)
	for id := uint32(1); id < second.types.count(); id++ {
		if name := second.types.name(id); second.types.kind(id) == kindStruct && name != "" &&
			first.types.find(name, kindUnion)+first.types.find(name, kindEnum) == 0 {
			fmt.Fprintf(&src, "_Static_assert(sizeof(struct %s) >= 0, \"\");\n", name)
		}
	}
	src.WriteString("long use(struct task_struct *t, struct sched_ext_ops *ops) { return t->scx.slice + ops->flags; }\n")
	dir := t.TempDir()
	for name, data := range map[string][]byte{"vmlinux.h": hdr.Bytes(), "both.c": src.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(deadline.Context(t, "clang"), cc, "-target", "bpf", "-g", "-O2", "-Wall", "-Werror",
		"-ferror-limit=20", "-c", filepath.Join(dir, "both.c"), "-o", filepath.Join(dir, "both.o"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
