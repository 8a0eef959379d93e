// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// test is one test of a built package.
type test struct {
	bin, dir, pkg, name string
	took                time.Duration
	reached             []int
}

// patience is how much longer than usual a test may take. One that takes longer
// has noticed: the condition ended a loop.
func (t *test) patience() time.Duration { return 20*time.Second + 10*t.took }

// run runs a test; err is that it failed.
func (t *test) run(env string) (out []byte, err error) {
	limit := t.patience()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.bin, "-test.run", "^"+t.name+"$", "-test.failfast", "-test.timeout",
		limit.String())
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), env)
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
}

// recordReach runs each test once to see what it reaches and how long it takes,
// and drops those that reach nothing.
func (b *built) recordReach(jobs int) error {
	errs := make([]error, len(b.tests))
	each(len(b.tests), jobs, func(i int) {
		errs[i] = b.tests[i].recordReach(filepath.Join(b.dir, fmt.Sprintf("reach%d", i)))
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	b.tests = slices.DeleteFunc(b.tests, func(t test) bool { return len(t.reached) == 0 })
	slices.SortStableFunc(b.tests, func(x, y test) int { return cmp.Compare(x.took, y.took) })
	b.reach = make([][]int, b.numbers())
	for i := range b.tests {
		for _, n := range b.tests[i].reached {
			b.reach[n] = append(b.reach[n], i)
		}
	}
	return nil
}

func (t *test) recordReach(file string) error {
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return err
	}
	start := time.Now()
	// Tests take their time twice as long here, with others beside them.
	t.took = time.Minute
	out, err := t.run(reachEnv + "=" + file)
	if err != nil {
		return fmt.Errorf("%s of %s fails with no condition made false: %w\n%s", t.name, t.pkg, err, out)
	}
	t.took = time.Since(start)
	seen, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(seen) {
		n, err := strconv.Atoi(strings.TrimSpace(string(line)))
		if err != nil {
			return err
		}
		t.reached = append(t.reached, n)
	}
	return nil
}

// tryAll makes each of the conditions false and gives, for each, the test that
// notices, "" for none.
func (b *built) tryAll(conditions []int, jobs int) map[int]string {
	noticed := map[int]string{}
	var mu sync.Mutex
	each(len(conditions), jobs, func(i int) {
		by := b.try(conditions[i])
		mu.Lock()
		defer mu.Unlock()
		noticed[conditions[i]] = by
	})
	return noticed
}

// try runs the tests that make condition i true, with it made false, until one
// fails.
func (b *built) try(i int) string {
	n := b.number(i)
	for _, t := range b.reach[n] {
		if _, err := b.tests[t].run(fmt.Sprintf("%s=%d", falseEnv, n)); err != nil {
			return b.tests[t].name
		}
	}
	return ""
}

// each calls f for 0 to n-1, some at once.
func each(n, jobs int, f func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(jobs, 1))
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(i)
		})
	}
	wg.Wait()
}
