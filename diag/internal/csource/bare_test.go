// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"slices"
	"testing"
)

const bodies = `int f(int a)
{
	if (a)
		return 1;
	for (int i = 0; i < a; i++)
		total(i);
	while (a--) {
		if (a == 2)
			continue;
		else
			other(a);
	}
	switch (a) {
	case 1:
		last(a);
	}
	return 0;
}
`

func TestBare(t *testing.T) {
	f := Scan([]byte(bodies))
	for _, test := range []struct {
		line, col int
		text, of  string
	}{
		{4, 3, "return 1;", "if"},
		{4, 10, "return 1;", "if"},
		{6, 3, "total(i);", "for"},
		{6, 9, "total(i);", "for"},
		{9, 4, "continue;", "if"},
		{11, 10, "other(a);", "else"},
		{3, 6, "", ""},
		{5, 22, "", ""},
		{8, 7, "", ""},
		{15, 3, "", ""},
		{17, 2, "", ""},
	} {
		r, keyword, ok := f.Bare(test.line, test.col)
		if ok != (test.of != "") || ok && (f.Text(r) != test.text || f.Text(keyword) != test.of) {
			t.Errorf("%d:%d: %q of %q, %t", test.line, test.col, f.Text(r), f.Text(keyword), ok)
		}
	}
}

func TestLoopAround(t *testing.T) {
	f := Scan([]byte(bodies))
	for _, test := range []struct {
		line, col, from, to int
	}{
		{6, 3, 5, 6}, {9, 4, 7, 12}, {4, 3, 0, 0}, {15, 3, 0, 0}, {17, 2, 0, 0},
	} {
		r, ok := f.LoopAround(test.line, test.col)
		if ok != (test.from > 0) || ok && (r.Line != test.from || r.EndLine != test.to) {
			t.Errorf("%d:%d: %v, %t", test.line, test.col, r, ok)
		}
	}
}

func TestLoops(t *testing.T) {
	f := Scan([]byte(`int f(int n) {
	for (int i = 0; i < n; i++) {
		do {
			switch (n) { case 1: n++; }
		} while (n < 3);
		n--;
	}
	return n;
}`))
	for _, test := range []struct {
		line, col int
		starts    []int
	}{
		{4, 25, []int{3, 2}}, {6, 3, []int{2}}, {8, 2, nil},
	} {
		var starts []int
		for _, r := range f.Loops(test.line, test.col) {
			starts = append(starts, r.Line)
		}
		if !slices.Equal(starts, test.starts) {
			t.Errorf("%d:%d: loops begin on lines %v, not %v", test.line, test.col, starts, test.starts)
		}
	}
}
