// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// errorLimit is the number of errors after which clang stops. Later errors are mostly consequences of earlier ones.
const errorLimit = "50"

// messageFlags make clang print one line per message: file:line:col:{range}…: severity: text [-Wflag]. Excerpts and
// colours are off, because the editor shows the source.
var messageFlags = []string{"-fno-color-diagnostics", "-fno-caret-diagnostics", "-fdiagnostics-print-source-range-info",
	"-fdiagnostics-absolute-paths", "-fdiagnostics-show-note-include-stack", "-fdiagnostics-show-option",
	"-fno-diagnostics-fixit-info", "-ferror-limit=" + errorLimit, "-fmessage-length=0", "-fno-crash-diagnostics"}

var (
	unplacedLine   = regexp.MustCompile(`^(?:[^ ]*clang[^ ]*: )?(fatal error|error|warning|note|remark): (.*)$`)
	includedFrom   = regexp.MustCompile(`^In file included from (.+?):(\d+):$`)
	rangePattern   = regexp.MustCompile(`\{(\d+):(\d+)-(\d+):(\d+)\}`)
	countPattern   = regexp.MustCompile(`^\d+ (?:errors?|warnings?)(?: and \d+ errors?)? generated\.$`)
	flagPattern    = regexp.MustCompile(` \[-W[^\]]*\]$`)
	addressPattern = regexp.MustCompile(`^0x[0-9a-f]+: (?:i\d+ = )?`)
	innerAddress   = regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`)
	crashPattern   = regexp.MustCompile(`^(?:PLEASE submit a bug report|Stack dump:)`)
	nodePattern    = regexp.MustCompile(`^\s+0x[0-9a-f]+: `)
	missingPattern = regexp.MustCompile(`^'([^']+)' file not found`)
)

// backendGivesUp is the prefix of the backend's message when it cannot go on, usually because of an error already
// reported.
const backendGivesUp = "error in backend: Cannot select"

// stopsAtLimit is the prefix of clang's message at errorLimit. It is about the list, not about the file.
const stopsAtLimit = "too many errors emitted"

// noOrigin is what the backend adds when debug information does not lead to a line. It does not help a user.
const noOrigin = "could not determine the original source location"

// ParseMessages reads clang's standard error. Notes become related places of the message before them. A message in a
// header is related to the line of file that includes it. Names are relative to dir.
func ParseMessages(output, dir, file string) []diag.Diagnostic {
	p := messageParser{dir: dir, file: file, chains: map[string][]diag.Span{}, seen: map[string]bool{}}
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if crashPattern.MatchString(line) {
			break // what follows is for the compiler's authors
		}
		p.line(line)
	}
	p.flush()
	return p.out
}

type messageParser struct {
	dir, file string
	stack     []diag.Span // files that include the next message's file, outermost first
	// chains has the include stack of the latest message in each header. Clang prints a stack only when it changes.
	chains   map[string][]diag.Span
	current  *diag.Diagnostic
	inNote   bool
	dropping bool // the current lines belong to a dropped note
	seen     map[string]bool
	out      []diag.Diagnostic
}

func (p *messageParser) line(s string) {
	if m := includedFrom.FindStringSubmatch(s); m != nil {
		if !isPseudoFile(m[1]) {
			p.stack = append(p.stack, diag.Span{File: disk.AbsIn(p.dir, m[1]), Line: atoi(m[2])})
		}
		return
	}
	if m, ok := cutPlaced(s); ok {
		span := diag.Span{File: disk.AbsIn(p.dir, m.file), Line: m.line, Col: m.col}
		extend(&span, m.ranges)
		if isPseudoFile(m.file) {
			span = p.unplaced(m.severity)
		}
		p.message(m.severity, span, m.text)
		return
	}
	if m := unplacedLine.FindStringSubmatch(s); m != nil {
		p.message(m[1], p.unplaced(m[1]), m[2])
		return
	}
	if countPattern.MatchString(s) || nodePattern.MatchString(s) || strings.TrimSpace(s) == "" {
		return
	}
	p.continuation(s)
}

// placedMessage is a message with a place, split into parts.
type placedMessage struct {
	file      string
	line, col int
	ranges    string
	severity  string
	text      string
}

var severities = []string{"warning", "error", "note", "fatal error", "remark"}

// cutPlaced splits a line of the form file:line:col:{range}…: severity. It avoids regular expressions, as there may be
// thousands of lines.
func cutPlaced(s string) (m placedMessage, ok bool) {
	place := ""
	for at := 0; ; {
		i := strings.Index(s[at:], ": ")
		if i < 0 {
			return m, false
		}
		at += i + len(": ")
		if k := slices.IndexFunc(severities, func(w string) bool {
			return strings.HasPrefix(s[at:], w) && strings.HasPrefix(s[at+len(w):], ": ")
		}); k >= 0 {
			m.severity = severities[k]
			place, m.text = s[:at-len(": ")], s[at+len(m.severity)+len(": "):]
			break
		}
	}
	if i := strings.Index(place, ":{"); i >= 0 && strings.HasSuffix(place, "}") {
		place, m.ranges = place[:i], place[i+1:]
	}
	// Numbers are cut from the end, because the file may begin with a drive letter.
	rest, col, hasCol := cutLast(place)
	file, line, hasLine := cutLast(rest)
	m.file, m.line, m.col = file, line, col
	return m, hasCol && hasLine && file != ""
}

// cutLast cuts off the number after the last colon.
func cutLast(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil && n >= 0
}

// isPseudoFile reports whether clang made up the name, such as <built-in>, <command line> and <scratch space>.
func isPseudoFile(name string) bool {
	return strings.HasPrefix(name, "<") && strings.HasSuffix(name, ">")
}

// unplaced returns the place of a message that is not in a file: a note goes to its message, anything else to the top
// of the unit.
func (p *messageParser) unplaced(severity string) diag.Span {
	p.stack = nil
	if severity == "note" && p.current != nil {
		return p.current.Span
	}
	return diag.Span{File: p.file, Line: 1}
}

// extend sets the span to the printed range that contains the caret.
func extend(span *diag.Span, ranges string) {
	for _, m := range rangePattern.FindAllStringSubmatch(ranges, -1) {
		l, c, el, ec := atoi(m[1]), atoi(m[2]), atoi(m[3]), atoi(m[4])
		startsBefore := l < span.Line || l == span.Line && c <= span.Col
		endsAfter := el > span.Line || el == span.Line && ec > span.Col
		if startsBefore && endsAfter {
			span.Line, span.Col, span.EndLine, span.EndCol = l, c, el, ec
			return
		}
	}
}

func (p *messageParser) message(severity string, span diag.Span, text string) {
	if strings.HasPrefix(text, "0x") {
		text = addressPattern.ReplaceAllString(text, "")
	}
	chain := p.chain(span.File)
	if strings.HasPrefix(text, stopsAtLimit) && p.current != nil {
		severity, span, text = "note", p.current.Span, "clang stopped after "+errorLimit+" errors; there may be more"
	}
	if severity == "note" {
		p.note(span, text)
		return
	}
	p.flush()
	if strings.HasPrefix(text, backendGivesUp) && slices.ContainsFunc(p.out, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error
	}) {
		p.dropping = true
		return
	}
	// Addresses differ between runs, but equal messages must be equal.
	if strings.Contains(text, "0x") {
		text = innerAddress.ReplaceAllString(text, "…")
	}
	d := &diag.Diagnostic{Source: diag.SourceClang, Span: span, PC: -1, RefSite: -1, Reason: text}
	switch severity {
	case "error", "fatal error":
		d.Severity, d.Code = diag.Error, catalog.CompileError
		if missingPattern.MatchString(text) {
			d.Code = catalog.MissingHeader
		}
	case "warning":
		d.Severity, d.Code = diag.Warning, catalog.CompileWarning
	default:
		d.Severity, d.Code = diag.Info, catalog.CompileWarning
	}
	d.Category = catalog.Title(d.Code.Category())
	for _, s := range chain {
		d.Related = append(d.Related, diag.Related{Span: s, Message: "included from here", Note: true})
	}
	p.current, p.inNote, p.dropping = d, false, false
}

// chain returns how the file of the current message was included, and ends the stack that clang printed for it.
func (p *messageParser) chain(file string) []diag.Span {
	if file == p.file {
		p.stack = nil
		return nil
	}
	if p.stack != nil {
		p.chains[file], p.stack = p.stack, nil
	}
	return p.chains[file]
}

func (p *messageParser) note(span diag.Span, text string) {
	p.dropping = p.current == nil || strings.HasPrefix(text, noOrigin)
	if p.dropping {
		return
	}
	p.inNote = true
	p.current.Related = append(p.current.Related, diag.Related{Span: span, Message: text})
}

// continuation appends a line to the message before it: static assertions and the backend print several lines.
func (p *messageParser) continuation(s string) {
	switch {
	case p.current == nil || p.dropping:
	case p.inNote:
		last := &p.current.Related[len(p.current.Related)-1]
		last.Message += " " + strings.TrimSpace(s)
	default:
		p.current.Reason += " " + strings.TrimSpace(s)
	}
}

// flush completes the current message. The backend repeats a message for every use; one is enough.
func (p *messageParser) flush() {
	d := p.current
	p.current = nil
	if d == nil {
		return
	}
	key := d.Span.String() + "\x00" + d.Reason
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	if d.Severity == diag.Error {
		d.Reason = flagPattern.ReplaceAllString(d.Reason, "")
	}
	p.out = append(p.out, *d)
}

// MissingHeader returns the header that an error reports as missing, as written between the quotes, and the file that
// includes it.
func MissingHeader(ds []diag.Diagnostic) (header, includer string, ok bool) {
	for i := range ds {
		if ds[i].Code != catalog.MissingHeader {
			continue
		}
		if m := missingPattern.FindStringSubmatch(ds[i].Reason); m != nil {
			return m[1], ds[i].Span.File, true
		}
	}
	return "", "", false
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// IsError reports whether a diagnostic is an error.
func IsError(d diag.Diagnostic) bool { return d.Severity == diag.Error }
