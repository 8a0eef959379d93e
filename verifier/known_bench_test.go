// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// longProgram has some 100,000 instructions, with 4,000 branches, 8,000 calls, and a
// stack that is used.
func longProgram(tb testing.TB) *program.Program {
	var b strings.Builder
	b.WriteString("r6 = 0\nr7 = r1\n")
	const round = 25
	for i := range 99_000 / round {
		at := -8 * (i%40 + 1)
		fmt.Fprintf(&b, "call 7\nr8 = r0\n*(u64 *)(r10 %d) = r0\nr8 &= 255\nif r8 > 100 goto +2\nr8 <<= 2\nr8 += 7\nr6 = %d\nr9 = *(u64 *)(r10 %d)\nr9 += r8\nr1 = r9\nr2 = r6\ncall 7\n", at, i, at)
		b.WriteString("r1 = r9\nr1 ^= r8\nr2 = r1\nr2 >>= 3\n*(u64 *)(r10 -400) = r2\nr3 = *(u64 *)(r10 -400)\nr3 += r1\nr4 = r3\nr4 *= 3\nr5 = r4\nr9 = r5\nr9 -= r1\n")
	}
	b.WriteString("r0 = 0\nexit")
	return newProgram(tb, b.String(), callMaps()...)
}

// BenchmarkLong measures what a hover waits for once: a long walk with everything recorded, and
// what is kept of it.
func BenchmarkLong(b *testing.B) {
	p := longProgram(b)
	for _, c := range []struct {
		name string
		walk bool
	}{{"plain", false}, {"recorded", true}} {
		b.Run(c.name, func(b *testing.B) {
			var v Verifier
			v.Verify(p, Options{})
			o := Options{Walk: c.walk, Lifetimes: c.walk}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r := v.Verify(p, o)
			if r.Verdict != Accepted || c.walk && r.Walk.Full {
				b.Fatalf("%v %s %v", r.Verdict, r.Reason, r.Reports)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			kept := float64(after.HeapAlloc) - float64(before.HeapAlloc)
			runtime.KeepAlive(r)
			for b.Loop() {
				v.Verify(p, o)
			}
			b.ReportMetric(kept/1e6, "MB-kept")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "MB-allocated")
			b.ReportMetric(float64(len(p.Insns)), "insns")
		})
	}
}
