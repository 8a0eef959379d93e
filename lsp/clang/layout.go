// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// layout is how the sources of a well-known project lie, which many others have copied, and what its build would pass. It serves a
// checkout that is not built, or may not be.
type layout struct {
	name    string
	markers []string // all must be there, relative to the top
	below   string   // where its BPF programs are, relative to the top; "." is anywhere
	flags   string   // $top, $arch and $cpus are filled in; a directory that is not there yet does no harm
}

// layouts are tried in this order at each directory above a file.
var layouts = []layout{
	{name: "kernel selftests", markers: []string{"tools/testing/selftests/bpf/progs"}, below: "tools/testing/selftests/bpf",
		flags: "-mcpu=v3 -std=gnu11 -fno-strict-aliasing -Wno-initializer-overrides -I$top/tools/testing/selftests/bpf/tools/include " +
			"-I$top/tools/testing/selftests/bpf -I$top/tools/testing/selftests -I$top/tools/include/uapi"},
	{name: "Cilium", markers: []string{"bpf/Makefile.bpf", "bpf/include"}, below: "bpf",
		flags: "-mcpu=v3 -std=gnu99 -nostdinc -ffreestanding -I$top/bpf -I$top/bpf/include -D__NR_CPUS__=$cpus"},
	{name: "scx", markers: []string{"scheds/include/scx"}, below: ".",
		flags: "-mcpu=v3 -D__SCX_TARGET_ARCH_$arch -I$top/scheds/include -I$top/scheds/vmlinux/arch/$arch -I$top/scheds/vmlinux " +
			"-I$top/scheds/include/bpf-compat -I$top/scheds/include/lib"},
	{name: "libbpf-tools", markers: []string{"libbpf-tools/Makefile", "src/cc"}, below: "libbpf-tools",
		flags: "-I. -I$top/libbpf-tools/$arch -I$top/libbpf-tools/.output -I$top/src/cc/libbpf/include/uapi"},
	{name: "libbpf-bootstrap", markers: []string{"examples/c/Makefile", "libbpf", "vmlinux.h"}, below: "examples",
		flags: "-I. -I$top/examples/c/.output -I$top/libbpf/include/uapi -I$top/vmlinux.h/include/$arch"},
	{name: "xdp-tools", markers: []string{"lib/defines.mk", "headers"}, below: ".",
		flags: "-I. -std=gnu2x -I$top/headers -I$top/lib/libbpf-install/include -I$top/lib/xdp-tools/headers"},
}

// fromLayout knows a file that lies in a project of a known layout.
func (c *Compiler) fromLayout(_ context.Context, file string) (found, error) {
	for top := range ancestors(filepath.Dir(file)) {
		for _, l := range layouts {
			if !within(filepath.Join(top, filepath.FromSlash(l.below)), filepath.Dir(file)) || !hasAll(top, l.markers) {
				continue
			}
			fill := strings.NewReplacer("$top", top, "$arch", c.settings.arch(), "$cpus", strconv.Itoa(runtime.NumCPU()))
			var words []string
			for _, w := range strings.Fields(l.flags) {
				words = append(words, fill.Replace(w))
			}
			return found{dir: filepath.Dir(file), args: append(c.defaultFlags(), words...), source: "layout of " + l.name, origin: filepath.Join(top, l.markers[0])}, nil
		}
	}
	return found{}, errNotHere
}

func hasAll(top string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(top, filepath.FromSlash(name)))
		return err != nil
	})
}
