// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// project is the working directory of a life.
type project struct {
	root    string // everything of the life
	dir     string // the workspace folder
	sources []string
	headers []string
	text    map[string]string // the intended content of each file
	// damaged are files with another content, and build files that should not exist.
	damaged map[string]bool
}

// buildFiles are names of files with compiler flags.
var buildFiles = []string{"bpf-lsp.yaml", "compile_commands.json", "compile_flags.txt", "Makefile", "build.ninja",
	"build.rs", ".clangd"}

// newProject writes a workspace, and beside it the compiler for the server.
func newProject(rng *rand.Rand, c compiler, objects string) (*project, error) {
	root, err := os.MkdirTemp("", "bpf-lsp-chaos-")
	if err != nil {
		return nil, err
	}
	// The server must not know the directory by two names.
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	p := &project{root: root, dir: filepath.Join(root, "work 🐝"), text: map[string]string{}, damaged: map[string]bool{}}
	in := func(names ...string) (out []string) {
		for _, n := range names {
			out = append(out, filepath.Join(p.dir, filepath.FromSlash(n)))
		}
		return out
	}
	p.headers = in("one.h", "two.h", "sub/three.h")
	p.sources = in("a.bpf.c", "b.bpf.c", "c.bpf.c", "é 🐝.bpf.c", "sub/d.bpf.c", "loader.c")
	for i, file := range append(slices.Clone(p.headers), p.sources...) {
		if i < len(p.headers) {
			p.text[file] = p.header(rng, file)
		} else {
			p.text[file] = p.source(rng, file)
		}
		if err := p.repair(file); err != nil {
			return nil, err
		}
	}
	return p, p.install(c, objects)
}

// compiler returns the clang for the server.
func (p *project) compiler() string { return filepath.Join(p.root, "bin", compilerName) }

// install makes this program the compiler.
func (p *project) install(c compiler, objects string) error {
	bin := filepath.Dir(p.compiler())
	self, err := os.Executable()
	if err != nil {
		return err
	}
	objects, err = filepath.Abs(objects)
	return errors.Join(err, os.Mkdir(bin, 0o755), os.Symlink(self, p.compiler()),
		os.WriteFile(filepath.Join(bin, "real"), []byte(c), 0o644),
		os.Symlink(objects, filepath.Join(bin, "objects")), p.behave(""))
}

// behave sets the behaviour of the compiler; the empty one is correct.
func (p *project) behave(name string) error {
	file := filepath.Join(p.root, "bin", "behaviour")
	// A compiler that starts now must see the one or the other.
	return errors.Join(os.WriteFile(file+".new", []byte(name), 0o644), os.Rename(file+".new", file))
}

// repair restores a file, or removes one that should not exist.
func (p *project) repair(file string) error {
	delete(p.damaged, file)
	text, wanted := p.text[file]
	if info, err := os.Lstat(file); err == nil && (!wanted || !info.Mode().IsRegular()) {
		if err := os.RemoveAll(file); err != nil {
			return err
		}
	}
	if !wanted {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	// Like an editor: no reader sees half of a file.
	return errors.Join(os.WriteFile(file+"~", []byte(text), 0o644), os.Rename(file+"~", file))
}

// repairAll repairs what is damaged and returns its names.
func (p *project) repairAll() ([]string, error) {
	var err error
	files := slices.Sorted(maps.Keys(p.damaged))
	for _, f := range files {
		err = errors.Join(err, p.repair(f))
	}
	return files, err
}

// damages are what can replace a file.
var damages = []struct {
	name string
	do   func(file string) error
}{
	{"nothing", func(string) error { return nil }},
	{"a directory", func(file string) error { return os.Mkdir(file, 0o755) }},
	{"a pipe", func(file string) error { return syscall.Mkfifo(file, 0o644) }},
	{"a link to itself", func(file string) error { return os.Symlink(filepath.Base(file), file) }},
	{"a link to nothing", func(file string) error { return os.Symlink("nothing.h", file) }},
	{"a link to a device", func(file string) error { return os.Symlink("/dev/zero", file) }},
	{"an include of itself", func(file string) error {
		return os.WriteFile(file, []byte("#include __FILE__\n"), 0o644)
	}},
	{"no text", func(file string) error { return os.WriteFile(file, []byte("\x00\xff\xfe\x7fELF{[(\n"), 0o644) }},
	{"20 MB", func(file string) error {
		return os.WriteFile(file, []byte(strings.Repeat("// nothing to see here\n", 20<<20/23)), 0o644)
	}},
	{"nothing in it", func(file string) error { return os.WriteFile(file, nil, 0o644) }},
}

// damage replaces a file by something else.
func (p *project) damage(rng *rand.Rand, file string) (string, error) {
	d := pick(rng, damages)
	p.damaged[file] = true
	return d.name, errors.Join(os.RemoveAll(file), os.MkdirAll(filepath.Dir(file), 0o755), d.do(file))
}

// source returns the text of a C file: some programs, of which the verifier rejects some, or that do not even compile.
func (p *project) source(rng *rand.Rand, file string) string {
	if filepath.Base(file) == "loader.c" {
		return fmt.Sprintf("int main(void) { return %d; }\n", rng.IntN(100))
	}
	var b strings.Builder
	b.WriteString("// " + pick(rng, comments) + "\n#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n")
	var functions []string
	for _, h := range p.headers {
		if rng.IntN(2) == 0 {
			continue
		}
		rel, err := filepath.Rel(filepath.Dir(file), h)
		if err != nil {
			panic(err) // both are below the same directory
		}
		fmt.Fprintf(&b, "#include \"%s\"\n", filepath.ToSlash(rel))
		functions = append(functions, strings.TrimSuffix(filepath.Base(h), ".h"))
	}
	b.WriteString(twoMaps)
	for n := range 1 + rng.IntN(4) {
		b.WriteString(programOf(rng, n, functions))
	}
	b.WriteString("char LICENSE[] SEC(\"license\") = \"GPL\";\n")
	text := b.String()
	if rng.IntN(8) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

const twoMaps = `
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

`

var comments = []string{"plain", "é ü ß", "🐝 buzz 🐝🐝", "中文 注释", "tab\tand \u00a0 space", "👩‍💻 joined"}

// bodies of programs; %d is a number unique to the program.
var bodies = []string{
	"\treturn 0;\n",
	"\treturn 0; /* 🐝 */\n",
	"#if CHAOS == 1\n#warning flags\n#elif defined(CHAOS)\n\treturn missing_flags;\n#endif\n\treturn 0;\n",
	"#warning \"number %d\"\n\treturn 0;\n",
	"\t__u64 *e = bpf_ringbuf_reserve(&events, 8, 0);\n\n\tif (!e)\n\t\treturn 0;\n\t/* é🐝 */ *e = %d;\n\treturn 0;\n",
	"\t__u64 *e = bpf_ringbuf_reserve(&events, 8, 0);\n\n\tif (!e)\n\t\treturn 0;\n\t*e = %d;\n" +
		"\tbpf_ringbuf_submit(e, 0);\n\treturn 0;\n",
	"\t__u32 key = %d;\n\t__u64 *n = bpf_map_lookup_elem(&counts, &key);\n\n\t/* 中 */ return *n;\n",
	"\t__u32 key = %d;\n\t__u64 *n = bpf_map_lookup_elem(&counts, &key);\n\n\tif (n)\n\t\t(*n)++;\n\treturn 0;\n",
	"\tchar b[8];\n\n\treturn b[bpf_get_prandom_u32() + %d];\n",
}

func programOf(rng *rand.Rand, n int, functions []string) string {
	body := pick(rng, bodies)
	if rng.IntN(25) == 0 {
		body = "\treturn missing_%d;\n"
	}
	if strings.Contains(body, "%d") {
		body = fmt.Sprintf(body, rng.IntN(1000))
	}
	if len(functions) > 0 && rng.IntN(2) == 0 {
		body = fmt.Sprintf("\treturn %s(%d);\n", pick(rng, functions), rng.IntN(1000))
	}
	return fmt.Sprintf("SEC(\"tracepoint/syscalls/sys_enter_openat\")\nint p%d(void *ctx)\n{\n%s}\n\n", n, body)
}

// header returns the text of a header with one function, named like the file.
func (p *project) header(rng *rand.Rand, file string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".h")
	body := pick(rng, []string{
		"\treturn n + %d;\n",
		"\treturn n - %d;\n",
		"#warning \"number %d\"\n\treturn n;\n",
		"\tunsigned int key = %d;\n\n\t/* 🐝 */ return *(int *)bpf_map_lookup_elem(&counts_of_" + name + ", &key);\n",
	})
	if rng.IntN(10) == 0 {
		body = "\treturn n + missing_%d;\n"
	}
	return fmt.Sprintf("// %s\n#ifndef %[2]s_H\n#define %[2]s_H\n\nstruct {\n\t__uint(type, BPF_MAP_TYPE_ARRAY);\n"+
		"\t__uint(max_entries, 4);\n"+
		"\t__type(key, __u32);\n\t__type(value, __u64);\n} counts_of_%[2]s SEC(\".maps\");\n\nstatic inline int "+
		"%[2]s(int n)\n{\n%s}\n\n#endif\n",
		pick(rng, comments), name, fmt.Sprintf(body, rng.IntN(4)))
}

// fresh returns a new text for a file of the project.
func (p *project) fresh(rng *rand.Rand, file string) string {
	if filepath.Ext(file) == ".h" {
		return p.header(rng, file)
	}
	return p.source(rng, file)
}
