// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

func TestLinkedLicense(t *testing.T) {
	const (
		program = "SEC(\"xdp\") int f(void *ctx) { return 2; }\n"
		license = "char LICENSE[] SEC(\"license\") = \"GPL\";\n"
	)
	tests := []struct {
		name, archive, want string
	}{
		{"beside", "-- bpf/license.bpf.c --\n" + license, "bpf/license.bpf.c"},
		{"in a directory of its own", "-- license/all.bpf.c --\n#include <x.h>\n" + license, "license/all.bpf.c"},
		{"of another program", "-- bpf/b.bpf.c --\n" + program + license, ""},
		{"not of the project", "-- bpf/go.mod --\n-- license.bpf.c --\n" + license, ""},
		{"no value", "-- bpf/license.bpf.c --\nchar LICENSE[] SEC(\"license\") = NAME;\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			top := workspace.Write(t, "-- bpf/a.bpf.c --\n"+program+tt.archive)
			want, text := tt.want, "GPL"
			if want == "" {
				text = ""
			} else {
				want = filepath.Join(top, filepath.FromSlash(want))
			}
			if got, from := LinkedLicense(filepath.Join(top, "bpf", "a.bpf.c")); got != text || from != want {
				t.Errorf("got %q of %q, want %q of %q", got, from, text, want)
			}
		})
	}
}
