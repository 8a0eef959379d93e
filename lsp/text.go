// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"strings"

	"go.lsp.dev/protocol"
)

// lines splits a text as the protocol does: at \n, \r\n and \r, which are not part of a line.
func lines(text string) []string {
	var out []string
	for {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			return append(out, text)
		}
		out = append(out, text[:i])
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		text = text[i+1:]
	}
}

// offsetOf converts a position in a text to a byte offset; a position beyond the text becomes its end.
func offsetOf(text string, p protocol.Position, e encoding) int {
	at := 0
	for n := uint32(0); n < p.Line; n++ {
		i := strings.IndexAny(text[at:], "\r\n")
		if i < 0 {
			return len(text)
		}
		if text[at+i] == '\r' && at+i+1 < len(text) && text[at+i+1] == '\n' {
			i++
		}
		at += i + 1
	}
	end := strings.IndexAny(text[at:], "\r\n")
	if end < 0 {
		end = len(text) - at
	}
	return at + e.offset(text[at:at+end], p.Character)
}

// applyChange returns the text after one change of a didChange notification.
func applyChange(text string, change protocol.TextDocumentContentChangeEvent, e encoding) string {
	switch c := change.(type) {
	case *protocol.TextDocumentContentChangeWholeDocument:
		return strings.Clone(c.Text)
	case *protocol.TextDocumentContentChangePartial:
		start := offsetOf(text, c.Range.Start, e)
		end := max(start, offsetOf(text, c.Range.End, e))
		return text[:start] + c.Text + text[end:]
	}
	return text
}

// lineMap maps lines across an edit. Lines before the first and after the last difference are the same; those between
// are unknown.
type lineMap struct {
	before, after      int // equal lines at the start and at the end
	oldCount, newCount int
}

func mapLines(old, new []string) lineMap {
	m := lineMap{oldCount: len(old), newCount: len(new)}
	limit := min(len(old), len(new))
	for m.before < limit && old[m.before] == new[m.before] {
		m.before++
	}
	for m.after < limit-m.before && old[len(old)-1-m.after] == new[len(new)-1-m.after] {
		m.after++
	}
	return m
}

// forward maps a line of the old text, counted from 0; kept is false for a changed line, which is placed as near as
// possible.
func (m lineMap) forward(n int) (line int, kept bool) {
	switch {
	case n < m.before:
		return n, true
	case n >= m.oldCount-m.after:
		return n + m.newCount - m.oldCount, true
	}
	return max(min(n, max(m.newCount-m.after-1, m.before), m.newCount-1), 0), false
}

// back maps a line of the new text to the old one; kept is false for a new or changed line.
func (m lineMap) back(n int) (line int, kept bool) {
	return lineMap{before: m.before, after: m.after, oldCount: m.newCount, newCount: m.oldCount}.forward(n)
}
