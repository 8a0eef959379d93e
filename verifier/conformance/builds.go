// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// change is what one build of the kernel does otherwise than the releases that bpf-lsp follows, such as a correction
// that a vendor took from a later release. It explains each difference that begins with what the kernel says there.
type change struct {
	// build ends the name of the build: the hash of its types.
	build  string
	parted aspects
	// says is a pattern for where the kernel's answer leaves ours: its first line that differs and the next one.
	says   *regexp.Regexp
	reason string
}

var changeColumns = []string{"build", "differs", "says", "reason"}

// readChanges reads the changes of all builds from a file of tab-separated rows, as readLedger does.
func readChanges(name string) (all []change, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || slices.Equal(cells, changeColumns) {
			continue
		}
		c, err := parseChange(cells)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func parseChange(cells []string) (c change, err error) {
	if len(cells) != len(changeColumns) {
		return c, fmt.Errorf("%d columns instead of %d", len(cells), len(changeColumns))
	}
	c = change{build: cells[0], reason: cells[3]}
	switch {
	case c.build == "" || c.reason == "":
		return c, errors.New("a row without a build or a reason")
	case cells[2] == "":
		return c, errors.New("a row that any difference satisfies")
	}
	if c.parted, err = parseAspects(cells[1]); err != nil {
		return c, err
	}
	c.says, err = regexp.Compile(cells[2])
	return c, err
}

// changesOf returns the changes of the build that answered.
func changesOf(all []change, build string) (own []change) {
	for _, c := range all {
		if strings.HasSuffix(build, c.build) {
			own = append(own, c)
		}
	}
	return own
}

// explainBuild sets the reason of each program that differs as a change says. stale are changes that explain none.
func explainBuild(own []change, programs ...[]compared) (stale []string) {
	used := make([]bool, len(own))
	for _, some := range programs {
		for i := range some {
			p := &some[i]
			at := slices.IndexFunc(own, func(c change) bool {
				return p.parted != 0 && p.parted&^c.parted == 0 && c.says.MatchString(p.says)
			})
			if at >= 0 {
				used[at], p.reason = true, own[at].reason
			}
		}
	}
	for i, c := range own {
		if !used[i] {
			stale = append(stale, fmt.Sprintf("no program differs from the kernel by %q", c.says))
		}
	}
	return stale
}

// says is where the kernel's answer leaves ours: its message if the verdict or the message differ, else the first line
// of its log that differs and the next one.
func says(p *compared, theirs, ours string) string {
	if p.parted.has(verdict) || p.parted.has(message) {
		return p.kernel.message()
	}
	k, h := strings.Split(theirs, "\n"), strings.Split(ours, "\n")
	for i, line := range k {
		if i >= len(h) || h[i] != line {
			return strings.Join(k[i:min(i+2, len(k))], "\n")
		}
	}
	return ""
}
