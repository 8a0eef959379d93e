// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

func TestPackageAdvice(t *testing.T) {
	tests := []struct{ header, manager, want string }{
		{"bpf/bpf_helpers.h", "apt",
			"It belongs to libbpf: apt install libbpf-dev. A copy in the project is found automatically."},
		{"xdp/xdp_helpers.h", "dnf", "It belongs to libxdp: dnf install libxdp-devel."},
		{"xdp/xdp_helpers.h", "",
			"It belongs to libxdp: apt install libxdp-dev, or dnf install libxdp-devel, or pacman -S libxdp, or " +
				"zypper install libxdp-devel, or apk add libxdp-dev."},
		{"xdp/xdp_helpers.h", "brew", "It belongs to libxdp."},
		{"asm/types.h", "pacman", "It belongs to the kernel's UAPI headers: pacman -S linux-api-headers."},
		{"x/vmlinux.h", "apt", "It belongs to the target kernel's types. Generate it: bpftool btf dump file " +
			"/sys/kernel/btf/vmlinux format c > vmlinux.h."},
		{"made.h", "apt", "Add the directory that holds it to the flags after -- or to the flags in bpf-lsp.yaml; a " +
			"generated header requires the project's build first."},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, finderOf(clang.Settings{}).packageAdvice(tt.header, tt.manager)); d != "" {
			t.Error(d)
		}
	}
	f := finderOf(clang.Settings{})
	if _, err := f.compilers.Pick(t.Context(), ""); err != nil {
		t.Skipf("SKIPPED: no clang: %v", err)
	}
	if f.hostHeader("linux/types.h") == "" || f.hostHeader("stdio.h") == "" {
		t.Skip("SKIPPED: no headers of the host")
	}
	for _, header := range []string{"linux/sched/signal.h", "net/sock.h"} {
		if got := f.packageAdvice(header, "dnf"); !strings.HasPrefix(got,
			"It belongs to the kernel's internal headers: dnf install kernel-devel.") {
			t.Errorf("%s: %s", header, got)
		}
	}
	if got := finderOf(clang.Settings{Names: clang.Names{Flags: "bpfLsp.flags"}}).packageAdvice("made.h",
		"apt"); !strings.Contains(got, "to bpfLsp.flags or") {
		t.Error(got)
	}
}
