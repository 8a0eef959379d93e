// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// Made is a line of a build file that makes a header.
type Made struct {
	File string
	Line int
	Text string
}

// maxMadeText bounds the text of a line.
const maxMadeText = 100

// GeneratedBy finds the line of a build file that makes a header, the nearest to start. Such a line has the name as the
// target of a rule, or after what names an output.
func (x *Index) GeneratedBy(start, base string) (Made, bool) {
	name := `[^\s"'` + "`" + `,;]*\b` + regexp.QuoteMeta(base) + `\b`
	rule := regexp.MustCompile(`^(?:[^\s#=:][^#=:]*[\s/)])?` + regexp.QuoteMeta(base) + `(?:\s[^#=:]*)?:(?:[^=]|$)`)
	output := regexp.MustCompile(`(?:>|\s-o|\bOUTPUT|\boutputs?\s*[:=]|\bouts?\s*=|--\w*out=?)\s*[\["']*` + name +
		`|\bconfigure_file\([^)]*` + name)
	var names []string
	for base, files := range x.named {
		if isBuildFile(base) {
			names = append(names, files...)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(Distance(start, filepath.Dir(a)), Distance(start, filepath.Dir(b))),
			strings.Compare(a, b))
	})
	budget := maxBuildTexts
	for _, file := range names {
		text, err := disk.ReadText(file, maxBuildText)
		if budget -= len(text); err != nil || budget < 0 {
			continue
		}
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			if !strings.Contains(line, base) {
				continue
			}
			isRule := isMakeRuleFile(filepath.Base(file)) && rule.MatchString(line)
			line = strings.TrimSpace(line)
			if (isRule || output.MatchString(line)) && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "//") {
				return Made{file, n, line[:min(len(line), maxMadeText)]}, true
			}
		}
	}
	return Made{}, false
}

// isMakeRuleFile reports whether a build file has rules like those of make.
func isMakeRuleFile(base string) bool {
	return hasAnyPrefix(base, []string{"Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"}) ||
		hasAnySuffix(base, []string{".mk", ".am", ".just"})
}
