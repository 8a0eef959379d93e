// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

// survivorsTable says why no test can notice a condition, or reach a rejection.
//
//go:embed survivors.tsv
var survivorsTable string

// key is what a row of the table names: it holds when lines move.
type key struct{ file, in, what string }

func (p *place) key() key { return key{p.file, p.in, p.what} }

// readSurvivors is the table: why, by what.
func readSurvivors() (map[key]string, error) {
	known := map[key]string{}
	for line := range strings.Lines(survivorsTable) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 || f[3] == "" {
			return nil, fmt.Errorf("survivors.tsv: %q has not the four columns file, function, what, why", line)
		}
		known[key{f[0], f[1], f[2]}] = f[3]
	}
	return known, nil
}

type report struct {
	w       io.Writer
	src     *sources
	reach   [][]int
	known   map[key]string
	noticed map[int]string
}

// unreached prints the rejections that no test reaches and the conditions that
// none makes true.
func (r *report) unreached() {
	sites, conditions := 0, 0
	for i, s := range r.src.sites {
		if len(r.reach[len(r.src.conditions)+i+1]) == 0 {
			sites++
			r.line("unreached", s.place)
		}
	}
	for i, c := range r.src.conditions {
		if len(r.reach[i+1]) == 0 {
			conditions++
			r.line("never true, "+string(c.role), c.place)
		}
	}
	fmt.Fprintf(r.w, "%d of %d rejections are not reached, %d of %d conditions never true\n", sites, len(r.src.sites),
		conditions, len(r.src.conditions))
}

// survivors prints the conditions that no test noticed. It reports whether at
// least so many of a hundred were noticed, none of them explained by the table.
func (r *report) survivors(drawn []int, least int) bool {
	ok := true
	count, kept := map[role]int{}, map[role]int{}
	// One row stands for all conditions that read alike in a function.
	survives := map[key]bool{}
	for _, i := range drawn {
		c := r.src.conditions[i]
		survives[c.key()] = survives[c.key()] || r.noticed[i] == ""
	}
	for _, i := range drawn {
		c := r.src.conditions[i]
		count[c.role]++
		why, explained := r.known[c.key()]
		switch {
		case r.noticed[i] != "":
			kept[c.role]++
			if explained && !survives[c.key()] {
				ok = false
				r.line("noticed by "+r.noticed[i]+", in spite of survivors.tsv", c.place)
			}
			continue
		case explained:
			r.line("survives: "+why, c.place)
		case len(r.reach[i+1]) == 0:
			r.line("survives, never true, "+string(c.role), c.place)
		default:
			r.line("survives, "+string(c.role), c.place)
		}
	}
	total := 0
	for _, role := range []role{guards, exempts, handsOn} {
		total += kept[role]
		fmt.Fprintf(r.w, "%d of %d conditions noticed: %s\n", kept[role], count[role], role)
	}
	fmt.Fprintf(r.w, "%d of %d conditions noticed\n", total, len(drawn))
	return ok && total*100 >= least*len(drawn)
}

func (r *report) line(what string, p place) {
	fmt.Fprintf(r.w, "%s:%d: %s: %s: %s\n", p.file, p.line, p.in, p.what, what)
}
