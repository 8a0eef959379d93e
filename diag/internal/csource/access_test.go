// SPDX-License-Identifier: GPL-2.0-only

package csource

import "testing"

const accesses = `int f(struct a *p, struct b *q, int n)
{
	p->first++;
	p->second += n;
	if (q && q->first)
		n++;
	if (n > 2)
		q->second = 1;
	n += sizeof(q->third);
	q->third = n;
	q = p->next;
	q->first = n;
	switch (n) {
	case 1:
		q->second = n;
		break;
	case 2:
		q->third = n;
	}
	for (; n; p->first--)
		n--;
	{
		p->third = n;
	}
	return n;
}
`

func TestFirstAccess(t *testing.T) {
	f := Scan([]byte(accesses))
	for _, test := range []struct {
		name            string
		line, col, want int
	}{
		{"p", 3, 2, 0},
		{"p", 4, 2, 3},
		{"p", 8, 3, 3},
		{"p", 23, 3, 0},
		{"q", 8, 3, 0},
		{"q", 10, 2, 0},
		{"q", 12, 2, 0},
		{"q", 15, 3, 0},
		{"q", 18, 3, 0},
	} {
		fn, ok := f.FunctionAt(test.line, test.col)
		if !ok {
			t.Fatalf("no function at line %d", test.line)
		}
		if got := f.FirstAccess(test.name, fn, test.line, test.col); got != test.want {
			t.Errorf("first access through %s before line %d: line %d, want %d", test.name, test.line, got, test.want)
		}
	}
}
