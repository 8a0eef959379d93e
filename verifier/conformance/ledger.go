// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// row explains why one program disagrees, in which aspects.
type row struct {
	key
	parted aspects
	reason string
}

// ledger is every program that is known to disagree with the kernel. People
// write it: no command does, so that no run can excuse itself.
type ledger map[key]row

var columns = []string{"object", "program", "differs", "reason"}

// readLedger reads a file of tab-separated rows below a line of column names.
// Lines that start with "#" are comments.
func readLedger(name string) (ledger, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	l := make(ledger)
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || slices.Equal(cells, columns) {
			continue
		}
		r, err := parseRow(cells)
		if err == nil && l[r.key].reason != "" {
			err = errors.New("a second row about the same program")
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		l[r.key] = r
	}
	return l, nil
}

func parseRow(cells []string) (r row, err error) {
	if len(cells) != len(columns) {
		return r, fmt.Errorf("%d columns instead of %d", len(cells), len(columns))
	}
	r = row{key: key{cells[0], cells[1]}, reason: cells[3]}
	if r.reason == "" {
		return r, errors.New("a row without a reason")
	}
	if r.parted, err = parseAspects(cells[2]); err == nil && r.parted == 0 {
		err = errors.New("a row about a program that agrees")
	}
	return r, err
}

// findings are what a comparison means for a ledger.
type findings struct {
	worse []string // what the ledger does not explain
	stale []string // rows that say more than differs now
}

// hold holds compared programs against the ledger.
func (l ledger) hold(programs []compared) (f findings) {
	for i := range programs {
		p := &programs[i]
		r, known := l[p.key]
		switch {
		case p.reason != "":
			// The build explains it.
		case p.parted&^r.parted != 0 && !(known && hides(r.parted, p.parted)):
			f.worse = append(f.worse, fmt.Sprintf("%s: %s differs: %s", p.key, p.parted, p.why))
		case known && p.parted != r.parted:
			f.stale = append(f.stale, fmt.Sprintf("%s: differs in %q now, not in %q", p.key, p.parted, r.parted))
		}
	}
	return f
}

// hides reports whether what differed before kept from view what differs now: no
// answer hides the verdict, and another verdict hides all that comes after it.
func hides(before, now aspects) bool {
	switch {
	case before.has(asked):
		return !now.has(asked)
	case before.has(verdict):
		return !now.has(asked) && !now.has(verdict)
	}
	return false
}
