// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// pageNotice begins every generated page.
const pageNotice = "<!-- SPDX-License-Identifier: GPL-2.0-only -->\n<!-- Made by go generate ./diag/catalog from the catalogue: change that. -->\n\n"

// PagePath is where the page of a code lies below docs/diagnostics.
func PagePath(c Code) string { return string(c) + ".md" }

// Page is the documentation of a row as Markdown. example is the text of the
// row's example, "" if it has none.
func Page(e *Entry, example string) string {
	var b strings.Builder
	b.WriteString(pageNotice)
	fmt.Fprintf(&b, "# %s\n\n", title(e))
	fmt.Fprintf(&b, "`%s` · [%s](../README.md#%s) · since bpf-lsp %s\n\n", e.Code, Title(e.Category()), anchor(Title(e.Category())), e.Version())
	fmt.Fprintf(&b, "%s\n", Fill(e.Reason, nil))
	if e.Suggestion != "" {
		fmt.Fprintf(&b, "\n## What to do\n\n%s\n", Fill(e.Suggestion, nil))
	}
	if example != "" {
		with := ""
		if e.Needs != 0 {
			with = "With `--target-kernel " + e.Needs.String() + "` "
		}
		fmt.Fprintf(&b, "\n## Example\n\n%s`bad` is rejected with this code, `fixed` is accepted.\n\n```c\n%s```\n", with, shown(example))
	}
	if len(e.Messages()) > 0 {
		b.WriteString("\n## The kernel's words\n")
		writeWords(&b, "", e.messages())
		for _, later := range e.laterMessages() {
			writeWords(&b, later.intro(), later.lines)
		}
		writeWords(&b, wordsOlder, older[e.Code])
	}
	return b.String()
}

var (
	wantComment = regexp.MustCompile(`// want \S+ ("(?:[^"\\]|\\.)*")`)
	testOnly    = regexp.MustCompile(`^// (SPDX-License-Identifier|bpf-lsp|clang): `)
	noteComment = regexp.MustCompile(`// note ("(?:[^"\\]|\\.)*")`)
)

// shown is an example as people read it: with what its comments say to the tests
// in words, and without the licence where that does not matter.
func shown(example string) string {
	var b strings.Builder
	for line := range strings.Lines(example) {
		if testOnly.MatchString(line) || strings.Contains(line, `SEC("license")`) && strings.Contains(line, "GPL") {
			continue
		}
		line = wantComment.ReplaceAllStringFunc(line, func(c string) string {
			return "// rejected: " + unquoted(wantComment, c)
		})
		line = noteComment.ReplaceAllStringFunc(line, func(c string) string {
			return "// " + unquoted(noteComment, c)
		})
		b.WriteString(line)
	}
	return strings.TrimSpace(b.String()) + "\n"
}

// unquoted is the text in quotation marks of a comment, on one line.
func unquoted(comment *regexp.Regexp, c string) string {
	quoted := comment.FindStringSubmatch(c)[1]
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return quoted
	}
	return strings.ReplaceAll(text, "\n", "; ")
}

// intro introduces the messages of a release.
func (l *laterLines) intro() string { return "Linux " + l.release.String() + " says:" }

// wordsOlder introduces the messages of kernels before 6.18.
const wordsOlder = "Older kernels say:"

func writeWords(b *strings.Builder, intro string, messages []string) {
	if len(messages) == 0 {
		return
	}
	if intro != "" {
		fmt.Fprintf(b, "\n%s\n", intro)
	}
	b.WriteString("\n```\n")
	for _, k := range messages {
		b.WriteString(kernelText(k) + "\n")
	}
	b.WriteString("```\n")
}

// title is the problem, or for messages that have their own words the code.
func title(e *Entry) string {
	if e.Problem == "" {
		return string(e.Code)
	}
	return strings.ToUpper(e.Problem[:1]) + e.Problem[1:]
}

// kernelText shows the placeholders of a kernel message in the usual way.
func kernelText(k string) string {
	p := parsePattern(nil, k)
	var b strings.Builder
	for i, l := range p.literals {
		b.WriteString(l)
		if i < len(p.names) {
			fmt.Fprintf(&b, "<%s>", p.names[i])
		}
	}
	return b.String()
}

// Index is the list of all pages as Markdown.
func Index() string {
	var b strings.Builder
	b.WriteString(pageNotice)
	b.WriteString("# What bpf-lsp can say\n\nEach code names one rule. `bpf-lsp explain CODE` prints the same text in a terminal.\n")
	for _, c := range Categories {
		fmt.Fprintf(&b, "\n## %s\n\n", Title(c))
		for i := range table() {
			e := &table()[i]
			if e.Category() == c {
				fmt.Fprintf(&b, "- [%s](%s): %s\n", e.Code.Problem(), PagePath(e.Code), title(e))
			}
		}
	}
	return b.String()
}

// anchor is the fragment that a heading gets.
func anchor(heading string) string {
	return strings.ToLower(strings.ReplaceAll(heading, " ", "-"))
}

// Text is the documentation of a row for a terminal; example is as for Page.
func Text(e *Entry, example string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n%s\n", e.Code, e.Title(), Fill(e.Reason, nil))
	if e.Suggestion != "" {
		fmt.Fprintf(&b, "\nWhat to do: %s\n", Fill(e.Suggestion, nil))
	}
	writeList(&b, "In the kernel's words:", e.messages())
	for _, later := range e.laterMessages() {
		writeList(&b, later.intro(), later.lines)
	}
	writeList(&b, wordsOlder, older[e.Code])
	if example != "" {
		b.WriteString("\nExample, of which bad() is rejected with this code and fixed() is accepted:\n\n")
		for line := range strings.Lines(shown(example)) {
			b.WriteString(strings.TrimRight("  "+strings.ReplaceAll(line, "\t", "    "), " \n") + "\n")
		}
	}
	fmt.Fprintf(&b, "\nSince bpf-lsp %s. %s\n", e.Version(), Href(e.Code))
	return b.String()
}

// writeList writes messages below an introduction.
func writeList(b *strings.Builder, intro string, messages []string) {
	if len(messages) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", intro)
	for _, k := range messages {
		fmt.Fprintf(b, "  %s\n", kernelText(k))
	}
}
