// SPDX-License-Identifier: GPL-2.0-only

package clang

// defaultFlags build nearly every BPF program that needs no definitions of its own: libbpf's examples and bpf2go's alike.
func (c *Compiler) defaultFlags() []string { return c.defaultFlagsFor("") }

func (c *Compiler) defaultFlagsFor(arch string) []string {
	if arch == "" {
		arch = c.settings.arch()
	}
	return []string{"-g", "-O2", "-target", "bpf", "-D__TARGET_ARCH_" + arch, "-Wall", "-Wno-compare-distinct-pointer-types", "-Wno-unused-function"}
}
