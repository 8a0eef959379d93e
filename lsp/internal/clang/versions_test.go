// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFillVersions(t *testing.T) {
	args := "-DCLANG_VER_MAJOR= -DLLVM_MINOR= -DLIBBPF_VERSION_PATCH= -DLIBBPF_MAJOR= -DCLANG_MAJOR=3 -DMAJOR= -DCLANG= -I= x="
	want := "-DCLANG_VER_MAJOR=19 -DLLVM_MINOR=1 -DLIBBPF_VERSION_PATCH= -DLIBBPF_MAJOR=1 -DCLANG_MAJOR=3 -DMAJOR= -DCLANG= -I= x="
	got := FillVersions(strings.Fields(args), map[string]string{"clang": "Some clang version 19.1.7 (3~x)",
		"libbpf": "1.4"})
	if d := cmp.Diff(want, strings.Join(got, " ")); d != "" {
		t.Error(d)
	}
}
