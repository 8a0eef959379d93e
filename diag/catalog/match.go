// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// pattern is a kernel message cut at its placeholders: literals[0] hole[0]
// literals[1] … literals[n].
type pattern struct {
	entry    *Entry
	literals []string
	names    []string
	weight   int // bytes of literal text: the most specific pattern wins
}

var patterns = sync.OnceValue(func() []pattern {
	var all []pattern
	rows := table()
	for i := range rows {
		for _, k := range rows[i].Messages() {
			all = append(all, parsePattern(&rows[i], k))
		}
	}
	return all
})

func parsePattern(e *Entry, text string) pattern {
	p := pattern{entry: e}
	literal := ""
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		name := text[open+1 : open+end]
		if !fault.IsHole(name) {
			literal += text[:open+end+1]
			text = text[open+end+1:]
			continue
		}
		p.literals = append(p.literals, literal+text[:open])
		p.names = append(p.names, name)
		literal = ""
		text = text[open+end+1:]
	}
	p.literals = append(p.literals, literal+text)
	for _, l := range p.literals {
		p.weight += len(l)
	}
	return p
}

// oneWord are the placeholders of numbers. What follows on a number is not a
// part of it, even where a loader wrote several lines into one.
var oneWord = map[string]bool{"reg": true, "off": true, "size": true, "object": true, "at": true, "id": true, "argno": true, "pc": true}

// match fits one line to p and collects the text of its placeholders.
func (p *pattern) match(line string, facts Facts) bool {
	last := len(p.literals) - 1
	rest, ok := strings.CutPrefix(line, p.literals[0])
	if !ok {
		return false
	}
	if last == 0 {
		return rest == ""
	}
	values := make([]string, 0, len(p.names))
	for i := 1; i < last; i++ {
		at := strings.Index(rest, p.literals[i])
		if at < 0 {
			return false
		}
		values = append(values, rest[:at])
		rest = rest[at+len(p.literals[i]):]
	}
	tail, ok := strings.CutSuffix(rest, p.literals[last])
	if !ok {
		return false
	}
	values = append(values, tail)
	for i, name := range p.names {
		if oneWord[name] && strings.ContainsAny(values[i], " \t") {
			return false
		}
	}
	for i, name := range p.names {
		facts[name] = values[i]
	}
	return true
}

// Match finds the row of a kernel message of one or more lines, and the facts
// that the message states. The last line that is known decides, since the
// kernel says what follows from a fault after the fault; a line that goes on
// from one that is not known is not known either. It returns nil for an unknown
// message.
func Match(message string) (*Entry, Facts) {
	facts := Facts{}
	var found *Entry
	unknown := false // the line before ends with a comma, and is not known
	for line := range strings.SplitSeq(message, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || unknown {
			unknown = false
			continue
		}
		if p := best(line); p != nil {
			p.match(line, facts)
			if found == nil || !p.entry.generalizes(found) {
				found = p.entry
			}
		} else {
			unknown = strings.HasSuffix(line, ",")
		}
	}
	return found, facts
}

// generalizes reports whether the message of e, behind one of other, only
// repeats in general terms what that says of a kind of memory.
func (e *Entry) generalizes(other *Entry) bool {
	return e.Code == OutOfBounds && other.Category() == Memory
}

func best(line string) *pattern {
	var best *pattern
	all := patterns()
	scratch := Facts{}
	for i := range all {
		p := &all[i]
		if (best == nil || p.weight > best.weight) && p.match(line, scratch) {
			best = p
		}
	}
	return best
}
