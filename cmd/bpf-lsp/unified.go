// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strings"
)

// contextLines are the lines around a difference that a unified diff shows.
const contextLines = 3

// difference is a line that two texts share (' '), or that one of them lacks ('-', '+').
type difference struct {
	kind byte
	line string
}

// unified is the difference of two texts as diff -u prints it, empty if they are equal.
func unified(name, old, now string) string {
	if old == now {
		return ""
	}
	all := differences(splitLines(old), splitLines(now))
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", name, name)
	for i := 0; i < len(all); {
		if all[i].kind == ' ' {
			i++
			continue
		}
		from, to := max(i-contextLines, 0), i
		for same := 0; to < len(all) && same <= 2*contextLines; to++ {
			if same++; all[to].kind != ' ' {
				same = 0
			}
		}
		// Without the common lines beyond the context.
		for to > i && all[to-1].kind == ' ' {
			to--
		}
		to = min(to+contextLines, len(all))
		hunk(&b, all, from, to)
		i = to
	}
	return b.String()
}

// hunk writes the lines [from, to) with their heading.
func hunk(b *strings.Builder, all []difference, from, to int) {
	oldLine, newLine := 1, 1
	for _, d := range all[:from] {
		if d.kind != '+' {
			oldLine++
		}
		if d.kind != '-' {
			newLine++
		}
	}
	oldCount, newCount := 0, 0
	for _, d := range all[from:to] {
		if d.kind != '+' {
			oldCount++
		}
		if d.kind != '-' {
			newCount++
		}
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", oldLine, oldCount, newLine, newCount)
	for _, d := range all[from:to] {
		b.WriteByte(d.kind)
		b.WriteString(strings.TrimSuffix(d.line, "\n") + "\n")
		if !strings.HasSuffix(d.line, "\n") {
			b.WriteString("\\ No newline at end of file\n")
		}
	}
}

// splitLines are the lines of a text with their ends.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// differences compares line by line with the greedy algorithm of Myers: the number of steps is that of the lines that
// differ, and fixes change few.
func differences(a, b []string) []difference {
	n, m := len(a), len(b)
	furthest := map[int]int{1: 0}
	var trace []map[int]int
	var found int
search:
	for d := 0; d <= n+m; d++ {
		next := make(map[int]int, len(furthest)+2)
		for k, x := range furthest {
			next[k] = x
		}
		trace = append(trace, furthest)
		for k := -d; k <= d; k += 2 {
			x := furthest[k-1] + 1
			if k == -d || k != d && furthest[k-1] < furthest[k+1] {
				x = furthest[k+1]
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			next[k] = x
			if x >= n && x-k >= m {
				found = d
				break search
			}
		}
		furthest = next
	}
	var reversed []difference
	x, y := n, m
	for d := found; d >= 0; d-- {
		furthest := trace[d]
		k := x - y
		before := k - 1
		if k == -d || k != d && furthest[k-1] < furthest[k+1] {
			before = k + 1
		}
		px := furthest[before]
		py := px - before
		for x > px && y > py {
			x, y = x-1, y-1
			reversed = append(reversed, difference{' ', a[x]})
		}
		if d == 0 {
			break
		}
		if before == k+1 {
			y--
			reversed = append(reversed, difference{'+', b[y]})
		} else {
			x--
			reversed = append(reversed, difference{'-', a[x]})
		}
	}
	out := make([]difference, len(reversed))
	for i, d := range reversed {
		out[len(out)-1-i] = d
	}
	return out
}
