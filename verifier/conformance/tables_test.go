// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	kernel, here := newAnswers(), newAnswers()
	for _, c := range []struct {
		program      string
		kernel, here *answer
	}{
		{"same", accepted(9, 2, "log"), accepted(9, 2, "log")},
		{"counts", accepted(9, 2, "log"), accepted(8, 2, "log")},
		{"refused", rejected("no", 3, "p;", "log"), rejected("no", 3, "p;", "log")},
		{"unasked", rejected("no", 3, "p;", "log"), nil},
	} {
		c.kernel.Program = c.program
		kernel.add(c.kernel)
		if c.here != nil {
			c.here.Program = c.program
			here.add(c.here)
		}
	}
	unexplained := tables{programs: compareAll(kernel, here), unprivileged: compareAll(kernel, here), ledger: ledger{
		key{"a.o", "counts"}: {reason: "for a | reason"},
	}, features: map[key]featureSet{{"a.o", "same"}: 1}}
	text := string(unexplained.markdown())
	for _, want := range []string{
		"## Without privileges",
		"| verified here, of those the kernel verified | 3 of 4 (75.00%) |",
		"| verdict | 3 of 3 (100.00%) |",
		"| verdict, where the kernel rejects | 1 of 1 (100.00%) |",
		"| instructions processed | 2 of 3 (66.67%) |",
		"| subprograms | 1 | 1 |  |  | 1 | 1 | 1 |",
		"| a.o | 4 | 3 | 1 | 1 | **2/3** | 3 | 3 |",
		`| a.o | counts | insns | for a \| reason |`,
		"| a.o | unasked | asked | not explained yet: no answer here |",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line %q in\n%s", want, text)
		}
	}
}

// What a program uses is read off its instructions.
func TestFeatures(t *testing.T) {
	programs := []compared{
		{key: key{"helper_callbacks.bpf.o", ""}}, {key: key{"helper_refs.bpf.o", ""}}, {key: key{"helper_dynptrs.bpf.o",
			""}},
	}
	sets, err := readFeatures("../../testdata/helpers", programs)
	if err != nil {
		t.Fatal(err)
	}
	for object, name := range map[string]string{
		"helper_callbacks.bpf.o": "callbacks", "helper_refs.bpf.o": "sockets", "helper_dynptrs.bpf.o": "dynptrs",
	} {
		used := 0
		for k, s := range sets {
			for f := range featureTable {
				if k.object == object && featureTable[f].name == name && s.has(feature(f)) {
					used++
				}
			}
		}
		if used == 0 {
			t.Errorf("no program of %s uses %s", object, name)
		}
	}
}
