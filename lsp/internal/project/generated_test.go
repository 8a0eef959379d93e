// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

func TestGeneratedBy(t *testing.T) {
	tests := []struct {
		name, archive string
		want          string // the line
		line          int
	}{
		{"a rule", "-- Makefile --\nall: made.h\n\tcc\n$(OUT)/made.h: x.txt\n\tgen $< > $@\n", "$(OUT)/made.h: x.txt", 3},
		{"a redirection", "-- s.sh --\ngen made.h\ngen x > include/made.h\n", "gen x > include/made.h", 2},
		{"an output of CMake", "-- CMakeLists.txt --\n# OUTPUT made.h\nadd_custom_command(OUTPUT ${D}/made.h\n)\n",
			"add_custom_command(OUTPUT ${D}/made.h", 2},
		{"a target of Meson", "-- meson.build --\ncustom_target('m',\n  output: 'made.h')\n", "output: 'made.h')", 2},
		{"the nearest", "-- s.sh --\nfar > made.h\n-- p/s.sh --\nnear > made.h\n", "near > made.h", 1},
		{"another header", "-- Makefile --\nremade.h: x\nmade.h.o: y\nMADE = made.h\n\tcc -include made.h\n", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace.Write(t, "-- .git/HEAD --\n-- p/a.bpf.c --\n"+tt.archive)
			file := filepath.Join(dir, "p", "a.bpf.c")
			x, err := New("").Of(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := x.GeneratedBy(filepath.Dir(file), "made.h"); got.Text != tt.want || got.Line != tt.line {
				t.Errorf("got %+v", got)
			}
		})
	}
}
