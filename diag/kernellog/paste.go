// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"regexp"
	"strings"
)

// Line is a line of a log that somebody pasted: without what terminals,
// loggers and mail put around it, and with its number in the text.
type Line struct {
	Text string
	N    int
}

// Clean takes a text apart into lines and removes what is not the verifier's:
// colours, carriage returns, quote marks, the prefixes of dmesg, syslog and
// loggers. A line in which line ends are escaped becomes several.
func Clean(text string) []Line {
	var lines []Line
	text = strings.TrimPrefix(text, "\ufeff")
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.Map(readable, escapeSequence.ReplaceAllString(raw, ""))
		for _, part := range unescaped(withoutPrefixes(raw)) {
			// Some messages lack their newline, so that the statistics follow at once.
			if at := strings.Index(part, "verification time "); at > 0 && !isReportText(part) {
				lines = append(lines, Line{strings.TrimRight(part[:at], " \t"), i + 1})
				part = part[at:]
			}
			lines = append(lines, Line{strings.TrimRight(part, " \t"), i + 1})
		}
	}
	return lines
}

// isReportText reports whether a line is indented as the text of a report is.
func isReportText(line string) bool { return strings.HasPrefix(line, "  ") }

// readable drops characters that have no width, and makes every blank one that
// the parsers know.
func readable(r rune) rune {
	switch {
	case r == '\u00a0':
		return ' '
	case r == '\u200b', r == '\ufeff', r < ' ' && r != '\t', r == 0x7f:
		return -1
	}
	return r
}

// escapeSequence is what terminals act on.
var escapeSequence = regexp.MustCompile(`\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])`)

// linePrefixes are what mail programs, the kernel's own log, services and
// loggers put before a line.
var linePrefixes = []*regexp.Regexp{
	regexp.MustCompile(`^(?:> ?)+`),
	regexp.MustCompile(`^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?`),
	regexp.MustCompile(`^\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}\] ?`),
	regexp.MustCompile(`^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ [^\s:\[]+(?:\[\d+\])?: ?`),
	regexp.MustCompile(`^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]? ?`),
	regexp.MustCompile(`^\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\]?:? +`),
	regexp.MustCompile(`^[A-Za-z][\w.-]*\s+\| `),
	regexp.MustCompile(`^(?:libbpf|kernel): ?`),
}

// reportMark begins a line of a report whose indentation was lost.
var reportMark = regexp.MustCompile(`^>>> +\d+ \| `)

// withoutPrefixes removes the prefixes of a line, in whatever order they stand.
func withoutPrefixes(line string) string {
	for again := true; again && !reportMark.MatchString(line); {
		again = false
		for _, p := range linePrefixes {
			if n := len(p.FindString(line)); n > 0 {
				line, again = line[n:], true
			}
		}
	}
	return line
}

// escapedStep is a step of a walk behind a line end that somebody escaped.
var escapedStep = regexp.MustCompile(`\\n *(?:\d+: \(|processed \d)`)

// unescaped splits a line that a logger quoted as a whole.
func unescaped(line string) []string {
	if !escapedStep.MatchString(line) {
		return []string{line}
	}
	line = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\"`, `"`, `\\`, `\`).Replace(line)
	return strings.Split(line, "\n")
}

// behindWords is a step behind words of whoever printed it.
var behindWords = regexp.MustCompile(`^(.*?[:"'] ?)(\d+: (?:\([0-9a-f]{2}\) |R\d+\w*=).*)$`)

// withoutWords splits off words before the first step of a log.
func withoutWords(line string) (words, rest string) {
	if isStep(strings.TrimSpace(line)) {
		return "", line
	}
	if m := behindWords.FindStringSubmatch(line); m != nil {
		return m[1], m[2]
	}
	return "", line
}

// dedent removes the indentation that a whole log has.
func dedent(lines []Line) {
	indent := commonIndent(lines, func(text string) bool { _, ok := instruction(text); return ok })
	if indent < 0 {
		indent = max(commonIndent(lines, func(text string) bool { return text != "" }), 0)
	}
	for i := range lines {
		text := lines[i].Text
		lines[i].Text = text[min(indent, len(text)-len(strings.TrimLeft(text, " \t"))):]
	}
}

// commonIndent is the least indentation of the lines whose text counts, -1 if
// none does.
func commonIndent(lines []Line, counts func(text string) bool) int {
	least := -1
	for _, l := range lines {
		bare := strings.TrimLeft(l.Text, " \t")
		if n := len(l.Text) - len(bare); counts(bare) && (least < 0 || n < least) {
			least = n
		}
	}
	return least
}
