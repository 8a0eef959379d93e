// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Numbers in what a diagnostic states. Each belongs to a claim, to the wording of
// its code, or is the line of a place.

var (
	numberRE = regexp.MustCompile(`(?:^|[^\w.-])(-?\d+)\b`)
	codeRE   = regexp.MustCompile("`[^`]*`")
	linesRE  = regexp.MustCompile(`(?i)\blines? \d+`)
)

// numbersIn are the numbers of a text, without those in C code and of lines.
func numbersIn(text string) []string {
	text = linesRE.ReplaceAllString(codeRE.ReplaceAllString(text, "``"), "line")
	var out []string
	for _, m := range numberRE.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// hasNumber reports whether a text has a number.
func hasNumber(text string) bool { return len(numbersIn(text)) > 0 }

// Unclaimed are the sentences of a diagnostic with a number that no claim has;
// stated counts those that have one.
func Unclaimed(d *diag.Diagnostic) (unclaimed []string, stated int) {
	clauses := catalog.Constants(d.Code)
	if d.Kernel != "" {
		clauses = append(clauses, d.Kernel)
	}
	for i := range d.Claims {
		if c := d.Claims[i].Clause; c != "" {
			clauses = append(clauses, c, catalog.Capitalize(c))
		}
	}
	slices.SortFunc(clauses, func(a, b string) int { return len(b) - len(a) })
	for _, text := range strings.Split(textOf(d), "\n") {
		for _, sentence := range strings.Split(text, ". ") {
			if !hasNumber(sentence) {
				continue
			}
			stated++
			rest := sentence
			for _, clause := range clauses {
				rest = without(rest, strings.TrimSuffix(clause, "."))
			}
			if hasNumber(rest) {
				unclaimed = append(unclaimed, sentence)
			}
		}
	}
	return unclaimed, stated
}

// without removes the occurrences of a clause from a text that do not end or begin
// in the middle of a number.
func without(text, clause string) string {
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	for from := 0; clause != ""; {
		i := strings.Index(text[from:], clause)
		if i < 0 {
			break
		}
		i += from
		end := i + len(clause)
		if digit(i) && (digit(i-1) || i > 0 && text[i-1] == '-') || digit(end-1) && digit(end) {
			from = i + 1
			continue
		}
		text = text[:i] + "…" + text[end:]
		from = i
	}
	return text
}

// saysOnly reports whether all numbers of a claim's words are its own.
func saysOnly(c *diag.Claim) bool {
	own := []string{}
	for _, n := range []int64{c.Low, c.High, c.Width} {
		own = append(own, strconv.FormatInt(n, 10), strconv.FormatUint(uint64(n), 10))
	}
	for _, n := range numbersIn(c.Clause) {
		if !slices.Contains(own, n) {
			return false
		}
	}
	return true
}
