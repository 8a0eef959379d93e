// SPDX-License-Identifier: GPL-2.0-only

package project

// ArchDirs maps directory names to architectures, as projects spell them.
var ArchDirs = map[string]string{"x86": "x86", "x86_64": "x86", "amd64": "x86", "arm64": "arm64", "aarch64": "arm64",
	"arm": "arm", "s390": "s390",
	"s390x": "s390", "powerpc": "powerpc", "ppc64le": "powerpc", "ppc64": "powerpc", "riscv": "riscv",
	"riscv64": "riscv", "loongarch": "loongarch",
	"loongarch64": "loongarch", "mips": "mips"}

func otherArch(dir, arch string) bool {
	a, ok := ArchDirs[dir]
	return ok && a != arch
}

// KernelArch translates a Go architecture name to the one in libbpf's __TARGET_ARCH_… macros. It returns unknown names
// unchanged.
func KernelArch(goarch string) string {
	switch goarch {
	case "amd64", "386":
		return "x86"
	case "arm64":
		return "arm64"
	case "arm":
		return "arm"
	case "s390x":
		return "s390"
	case "ppc64", "ppc64le":
		return "powerpc"
	case "riscv64":
		return "riscv"
	case "loong64":
		return "loongarch"
	case "mips", "mipsle", "mips64", "mips64le":
		return "mips"
	}
	return goarch
}
