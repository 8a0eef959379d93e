// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"slices"
	"strings"
	"testing"
)

const working = `int total;
int f(struct a *p, int n)
{
	int i = 0, *q = &i, rest;
	struct b local;

	i = n;
	rest++;
	local.x = 3;
	p->x = 3;
	*q += 1;
	total++;
	g(p);
	(void)h(p, 2);
	i = g(p);
	if (n == 3)
		return g(p);
	return 0;
}
`

func TestWorks(t *testing.T) {
	f := Scan([]byte(working))
	fn, ok := f.FunctionAt(7, 2)
	if !ok {
		t.Fatal("no function")
	}
	flow, ok := f.Flow(fn)
	if !ok {
		t.Fatal("no flow")
	}
	var got []string
	for step := range flow.Steps {
		targets, calls := flow.Works(step, fn)
		if len(targets)+len(calls) > 0 {
			got = append(got, strings.Join(slices.Concat(targets, calls), " "))
		}
	}
	slices.Sort(got)
	want := []string{"*q", "g", "g", "h", "p->x", "total"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
