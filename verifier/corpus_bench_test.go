// SPDX-License-Identifier: GPL-2.0-only

package verifier_test

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// BenchmarkCorpus verifies every program of the committed objects, and of the
// directory that BPF_LSP_CORPUS names, with one verifier, as a worker does.
func BenchmarkCorpus(b *testing.B) {
	for _, c := range []struct{ name, dir string }{
		{"helpers", "../testdata/helpers"},
		{"objects", "../testdata/objects"},
		{"corpus", os.Getenv("BPF_LSP_CORPUS")},
	} {
		b.Run(c.name, func(b *testing.B) {
			if c.dir == "" {
				b.Skip("BPF_LSP_CORPUS names no directory")
			}
			benchmarkPrograms(b, loadPrograms(b, c.dir))
		})
	}
}

// BenchmarkWalk is BenchmarkCorpus with all values recorded, and BenchmarkLong a
// program of 100,000 instructions with and without: what a hover waits for once.
func BenchmarkWalk(b *testing.B) {
	programs := loadPrograms(b, cmp.Or(os.Getenv("BPF_LSP_CORPUS"), "../testdata/objects"))
	for _, c := range []struct {
		name string
		walk bool
	}{{"plain", false}, {"recorded", true}} {
		b.Run(c.name, func(b *testing.B) {
			benchmarkWith(b, programs, verifier.Options{Walk: c.walk, Lifetimes: c.walk})
		})
	}
}

// BenchmarkRecordedTimes compares each program with itself: how many times as long its walk
// takes with all values recorded, of those with at least 1,000 instructions to walk.
func BenchmarkRecordedTimes(b *testing.B) {
	programs := loadPrograms(b, cmp.Or(os.Getenv("BPF_LSP_CORPUS"), "../testdata/objects"))
	var v verifier.Verifier
	var times []float64
	for b.Loop() {
		times = times[:0]
		for _, p := range programs {
			if v.Verify(p, verifier.Options{}).Stats.InsnsProcessed < 1000 {
				continue
			}
			plain := shortest(func() { v.Verify(p, verifier.Options{}) })
			recorded := shortest(func() { v.Verify(p, verifier.Options{Walk: true, Lifetimes: true}) })
			times = append(times, float64(recorded)/float64(plain))
			if testing.Verbose() {
				b.Logf("%s: %.2f", p.Name, times[len(times)-1])
			}
		}
	}
	if len(times) == 0 {
		b.Skip("no program is as long")
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "median")
	b.ReportMetric(times[len(times)-1], "longest")
	b.ReportMetric(float64(len(times)), "programs")
}

// shortest is the time of the fastest of several runs, which is the least disturbed.
func shortest(run func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 15 {
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	return best
}

func benchmarkPrograms(b *testing.B, programs []*program.Program) {
	benchmarkWith(b, programs, verifier.Options{})
}

func benchmarkWith(b *testing.B, programs []*program.Program, o verifier.Options) {
	var v verifier.Verifier
	walk := func() (insns int) {
		for _, p := range programs {
			insns += v.Verify(p, o).Stats.InsnsProcessed
		}
		return insns
	}
	walk()
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	insns := 0
	for b.Loop() {
		insns += walk()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(insns)/b.Elapsed().Seconds(), "insns/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(insns), "allocs/insn")
	b.ReportMetric(float64(len(programs)), "programs")
}

func loadPrograms(b *testing.B, dir string) []*program.Program {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.o"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no objects in %s: %v", dir, err)
	}
	var programs []*program.Program
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		obj, err := program.Load(data, program.Options{Name: filepath.Base(file)})
		if err != nil {
			b.Logf("%s: %v", file, err)
			continue
		}
		for _, p := range obj.Programs {
			if p.Unloadable() == "" {
				programs = append(programs, p)
			}
		}
	}
	return programs
}
