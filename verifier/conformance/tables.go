// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// tables are what docs/conformance.md shows.
type tables struct {
	programs     []compared
	asked        string     // build of the kernel, "" if its answers do not say
	unprivileged []compared // of a user without capabilities; nil if not asked
	ledger       ledger
	features     map[key]featureSet // nil if the objects were not read
	large        map[key]cost       // nil if nothing was measured
}

// tally counts in how many programs each aspect was compared, and differs.
type tally struct {
	programs     int
	held, parted [numAspects]int
}

func (t *tally) add(d difference) {
	t.programs++
	for a := range numAspects {
		if d.held.has(a) {
			t.held[a]++
		}
		if d.parted.has(a) {
			t.parted[a]++
		}
	}
}

func share(equal, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d (%.2f%%)", equal, of, 100*float64(equal)/float64(of))
}

// total is the table over all programs.
func total(programs []compared) []byte {
	var all, rejected tally
	for i := range programs {
		p := &programs[i]
		all.add(p.difference)
		if p.kernel.Verdict == render.VerdictReject {
			rejected.add(p.difference)
		}
	}
	var b bytes.Buffer
	row := func(name string, s *tally, a aspect) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, share(s.held[a]-s.parted[a], s.held[a]))
	}
	b.WriteString("| what is equal | programs |\n|---|---|\n")
	row("verified here, of those the kernel verified", &all, asked)
	row("verdict", &all, verdict)
	row("verdict, where the kernel rejects", &rejected, verdict)
	row("first message", &all, message)
	row("failing instruction", &all, insn)
	row("failing C line", &all, source)
	row("instructions processed", &all, insns)
	row("total and peak states", &all, states)
	row("whole log", &all, logText)
	if ratios := ratiosOf(programs); len(ratios) != 0 {
		fmt.Fprintf(&b, "\nOur time over the kernel's: geometric mean %.2f, median %.2f, nine in ten below %.2f.\n",
			geometricMean(ratios), ratios[len(ratios)/2], ratios[len(ratios)*9/10])
	}
	return b.Bytes()
}

// ratiosOf are our time over the kernel's by program, ascending.
func ratiosOf(programs []compared) (ratios []float64) {
	for i := range programs {
		p := &programs[i]
		if p.parted.has(asked) || p.parted.has(verdict) || p.kernel.Stats == nil || p.here.Stats == nil {
			continue
		}
		if k, h := p.kernel.Stats.TimeUS, p.here.Stats.TimeUS; k != nil && h != nil && *k > 0 && *h > 0 {
			ratios = append(ratios, float64(*h)/float64(*k))
		}
	}
	slices.Sort(ratios)
	return ratios
}

func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// groups is the table of a grouping: a program may be in any number of them.
func (t *tables) groups(title string, of func(*compared) []string) []byte {
	tallies := make(map[string]*tally)
	for i := range t.programs {
		for _, name := range of(&t.programs[i]) {
			if tallies[name] == nil {
				tallies[name] = new(tally)
			}
			tallies[name].add(t.programs[i].difference)
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "| %s | programs | verdict | message | instruction | counts | states | log |\n|---|--:|--:|--:|--:|--:|--:|--:|\n", title)
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		s := tallies[name]
		fmt.Fprintf(&b, "| %s | %d", name, s.programs)
		for _, a := range []aspect{verdict, message, insn, insns, states, logText} {
			fmt.Fprintf(&b, " | %s", cell(s, a))
		}
		b.WriteString(" |\n")
	}
	return b.Bytes()
}

// cell is how many of the compared programs are equal: a lone number if all are.
func cell(s *tally, a aspect) string {
	switch {
	case s.held[a] == 0:
		return ""
	case s.parted[a] == 0:
		return fmt.Sprint(s.held[a])
	}
	return fmt.Sprintf("**%d/%d**", s.held[a]-s.parted[a], s.held[a])
}

func (t *tables) markdown() []byte {
	var b bytes.Buffer
	b.WriteString(heading)
	if t.asked != "" {
		fmt.Fprintf(&b, "The kernel was `%s`.\n\n", t.asked)
	}
	b.Write(total(t.programs))
	if t.unprivileged != nil {
		b.WriteString("\n## Without privileges\n\nThe same programs, loaded by a user without any capability, if the kernel accepts their type and maps.\n\n")
		b.Write(total(t.unprivileged))
	}
	b.WriteString("\n## By program type\n\n")
	b.Write(t.groups("program type", func(p *compared) []string { return []string{p.kernel.ProgType} }))
	if t.features != nil {
		b.WriteString("\n## By feature\n\nA program is in the row of each feature that it uses.\n\n")
		b.Write(t.groups("feature", t.featureNames))
	}
	if t.large != nil {
		b.WriteString("\n## Programs of more than 50,000 processed instructions\n\n" +
			"The time is that of the verification, ours the best of three runs; the memory is that of the whole process.\n\n")
		b.Write(t.largeTable())
	}
	b.WriteString("\n## Programs that disagree\n\n| object | program | differs | why |\n|---|---|---|---|\n")
	for i := range t.programs {
		if p := &t.programs[i]; p.parted != 0 {
			why := cmp.Or(p.reason, t.ledger[p.key].reason, "not explained yet: "+p.why)
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.object, p.program, p.parted,
				strings.ReplaceAll(why, "|", `\|`))
		}
	}
	b.WriteString("\n## By file\n\n")
	b.Write(t.groups("object", func(p *compared) []string { return []string{p.object} }))
	return b.Bytes()
}

// heading is what the page says before its tables.
const heading = `# Agreement with the kernel's verifier

` + "`make conformance`" + ` writes this page. It compiles the BPF selftests of Debian's kernel source package, loads every program into
the running kernel, and compares the results with bpf-lsp's. In a row "12" means that all 12 compared programs agree,
"**11/12**" that one does not. If the kernel could not be asked there is nothing to compare. Logs are those of level 2,
without addresses, times and numbers of types; logs larger than 15 MB are left out. Builds of one release can disagree;
RATIONALE.md says which of them counts, conformance-builds.tsv what the others do otherwise.

`

func (t *tables) featureNames(p *compared) (names []string) {
	for f := range featureTable {
		if t.features[p.key].has(feature(f)) {
			names = append(names, featureTable[f].name)
		}
	}
	return names
}

func (t *tables) largeTable() []byte {
	rows := slices.Collect(maps.Keys(t.large))
	slices.SortFunc(rows, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.object, b.object),
			cmp.Compare(a.program, b.program))
	})
	byKey := make(map[key]*compared, len(t.programs))
	for i := range t.programs {
		byKey[t.programs[i].key] = &t.programs[i]
	}
	var b bytes.Buffer
	b.WriteString("| object | program | instructions, the kernel's | ours | states, the kernel's | ours | time, the kernel's | ours | ratio | memory |\n" +
		"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, k := range rows {
		kernel, here, c := byKey[k].kernel.Stats, byKey[k].here.Stats, t.large[k]
		var theirs int64
		ratio := ""
		if kernel.TimeUS != nil && *kernel.TimeUS > 0 {
			theirs = *kernel.TimeUS
			ratio = fmt.Sprintf("%.2f", float64(c.TimeUS)/float64(theirs))
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d ms | %d ms | %s | %d MB |\n", k.object, k.program,
			kernel.InsnsProcessed, here.InsnsProcessed, kernel.TotalStates, here.TotalStates, theirs/1000,
			c.TimeUS/1000, ratio, c.Memory>>20)
	}
	return b.Bytes()
}
