// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options configure the length of a run and its repetition.
type options struct {
	server     string        // the bpf-lsp to start
	objects    string        // directory of objects for a machine without clang
	duration   time.Duration // 0 for no limit
	operations int           // 0 for no limit
	seed       uint64
	life       int             // the first life
	lives      int             // 0 for no limit
	mode       string          // push, pull or both
	without    map[string]bool // names of operations, behaviours of the compiler and endings to leave out
	pretend    bool            // use objects even if there is a clang
	keep       bool
}

func main() {
	if filepath.Base(os.Args[0]) == compilerName {
		os.Exit(compile(os.Args))
	}
	os.Exit(command(os.Args[1:], os.Stdout, os.Stderr))
}

// command runs the client and returns its exit status: 0 if all invariants held, 1 if one was violated, 2 if nothing
// could be run.
func command(args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "bin/bpf-lsp", "the server to start")
	flags.StringVar(&o.objects, "objects", "testdata/objects",
		"objects that stand in for a compiler where there is no clang")
	flags.DurationVar(&o.duration, "duration", 0, "begin no life after this time")
	flags.IntVar(&o.operations, "operations", 0, "begin no life after this many operations")
	flags.Uint64Var(&o.seed, "seed", 0, "seed of the run; 0 draws one")
	flags.IntVar(&o.life, "life", 0, "number of the first life")
	flags.IntVar(&o.lives, "lives", 0, "number of lives")
	flags.StringVar(&o.mode, "mode", "both", "how the client gets diagnostics: push, pull, or both in turn")
	flags.BoolVar(&o.pretend, "pretend", false, "use the objects even if there is a clang")
	without := flags.String("without", "",
		"leave out these operations, behaviours of the compiler and endings, separated by commas")
	flags.BoolVar(&o.keep, "keep", false, "keep the project of a life that violates an invariant")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	o.without = map[string]bool{}
	for name := range strings.SplitSeq(*without, ",") {
		if name = strings.TrimSpace(name); name != "" && !known(name) {
			fmt.Fprintf(stderr, "chaos: -without %q: no such operation, behaviour or ending\n", name)
			return 2
		}
		o.without[name] = true
	}
	if o.mode != "push" && o.mode != "pull" && o.mode != "both" {
		fmt.Fprintf(stderr, "chaos: -mode is push, pull or both, not %q\n", o.mode)
		return 2
	}
	if o.seed == 0 {
		o.seed = uint64(time.Now().UnixNano())
	}
	switch err := run(o, stdout); {
	case errors.As(err, new(*violation)):
		fmt.Fprintln(stderr, err)
		return 1
	case err != nil:
		fmt.Fprintf(stderr, "chaos: %v\n", err)
		return 2
	}
	return 0
}

// known reports whether something of this name can be left out.
func known(name string) bool {
	return name == unread || behaviours[name] != nil || slices.ContainsFunc(operations(), func(o operation) bool {
		return o.name == name
	}) ||
		slices.ContainsFunc(endings(), func(e ending) bool { return e.name == name })
}

// run runs one life after the other until the budget is spent.
func run(o options, out io.Writer) error {
	server, err := filepath.Abs(o.server)
	if err != nil {
		return err
	}
	o.server = server
	var compiler compiler
	if !o.pretend {
		compiler = findCompiler()
	}
	fmt.Fprintf(out, "chaos: seed %d, mode %s, compiler %s\n", o.seed, o.mode, compiler.name())
	began := time.Now()
	var total peaks
	operations, lives, comparisons := 0, 0, 0
	for n := o.life; ; n++ {
		switch {
		case o.lives > 0 && lives == o.lives,
			o.operations > 0 && operations >= o.operations,
			o.duration > 0 && time.Since(began) >= o.duration:
			fmt.Fprintf(out, "chaos: %d operations in %d lives, %d documents compared, %s; no violated invariant\n",
				operations, lives, comparisons, time.Since(began).Round(time.Second))
			fmt.Fprintf(out, "chaos: %s\n", total)
			return nil
		}
		l, err := newLife(o, n, compiler)
		if err != nil {
			return err
		}
		err = l.live()
		lives++
		operations += l.operations
		comparisons += l.comparisons
		total.add(l.peaks)
		if err != nil {
			err = l.explain(err)
		}
		l.server.kill()
		if err != nil {
			return err
		}
		if err := os.RemoveAll(l.project.root); err != nil {
			return err
		}
		fmt.Fprintf(out, "life %d (%s): %d operations; %s; ended by %s\n", n, l.manner, l.operations, l.peaks,
			l.endedBy)
	}
}
