// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"slices"
	"strings"
	"testing"
)

const sequenceText = `int f(int a)
{
	first();
	switch (a) {
	case 1:
		one();
		return 1;
	default:
		if (a) second();
		other();
		return 2;
	}
	while (a) {
		in_loop();
	}
	last();
	return 3;
out:
	return 4;
}
`

func TestAfter(t *testing.T) {
	f := Scan([]byte(sequenceText))
	for _, tt := range []struct {
		line  int
		text  string
		after []string
	}{
		{7, "return 1", nil},
		{11, "return 2", nil},
		{14, "in_loop", nil},
		{17, "return 3", nil},
		{16, "last", []string{"return 3;"}},
		{19, "return 4", nil},
	} {
		col := strings.Index(f.Line(tt.line), tt.text) + 1
		if got := texts(f, f.After(tt.line, col)); !slices.Equal(got, tt.after) {
			t.Errorf("after %q: %q, want %q", tt.text, got, tt.after)
		}
	}
}

func texts(f *File, ranges []Range) []string {
	var out []string
	for _, r := range ranges {
		out = append(out, f.Text(r))
	}
	return out
}
