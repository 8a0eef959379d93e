// SPDX-License-Identifier: GPL-2.0-only

// Command mutants measures how well the committed tests protect the rules of
// package verifier: it makes conditions that a rejection depends on false, one
// at a time, and prints those that no test notices.
//
//	go run ./verifier/mutants [flags]
//
// All conditions are built into one binary for each package with tests, each
// followed by "&& !mutated(N)", and the environment says which N it is. The
// tree is not changed. A first run of each test records which conditions it
// makes true: only these tests can notice, and a condition that none makes true
// needs no further run.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// tested are the packages whose tests protect the rules, and rules the one
// that has them.
var tested = []string{"verifier", "diag", "lsp/check"}

const rules = "verifier"

type options struct {
	root  string
	n     int
	seed  uint64
	files string
	jobs  int
	reach bool
	least int
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", ".", "the `directory` of the module")
	flag.IntVar(&o.n, "n", 0, "how many conditions to draw; 0 for all")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().Unix()), "what the draw starts from")
	flag.StringVar(&o.files, "files", "", "only conditions of these `files`, by commas, such as alu.go,atomic.go")
	flag.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "how many tests to run at once")
	flag.BoolVar(&o.reach, "reach", false, "only print what no test reaches: rejections, and conditions that are never true")
	flag.IntVar(&o.least, "least", 90, "the `percentage` of the conditions that must be noticed")
	flag.Parse()
	ok, err := run(o, os.Stdout)
	if err != nil {
		fmt.Fprintf(os.Stderr, "mutants: %v\n", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// run reports whether the tests notice as many conditions as they should.
func run(o options, w io.Writer) (bool, error) {
	src, err := readSources(o.root, rules)
	if err != nil {
		return false, err
	}
	known, err := readSurvivors()
	if err != nil {
		return false, err
	}
	b, err := build(o.root, src)
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(b.dir)
	if err := b.recordReach(o.jobs); err != nil {
		return false, err
	}
	r := &report{w: w, src: src, reach: b.reach, known: known}
	if o.reach {
		r.unreached()
		return true, nil
	}
	drawn := draw(o, src.conditions)
	if o.n > 0 {
		fmt.Fprintf(w, "%d of %d conditions, seed %d\n", len(drawn), len(src.conditions), o.seed)
	}
	r.noticed = b.tryAll(drawn, o.jobs)
	return r.survivors(drawn, o.least), nil
}

// draw chooses conditions at random, and gives them in the order of the source.
func draw(o options, all []condition) []int {
	var some []int
	for i := range all {
		if o.files == "" || slices.Contains(strings.Split(o.files, ","), all[i].file) {
			some = append(some, i)
		}
	}
	if o.n <= 0 || o.n >= len(some) {
		return some
	}
	random := rand.New(rand.NewPCG(o.seed, 0))
	random.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	some = some[:o.n]
	slices.Sort(some)
	return some
}
