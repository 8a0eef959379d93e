// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// document is an open file in the client.
type document struct {
	file    string
	version int
	text    string
	saved   string // the text when it was opened or saved
	dirty   bool   // changed since
}

// position is a place in a text as in the protocol.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// change is one change of a notification; without a range it is the whole text.
type change struct {
	Range *span  `json:"range,omitempty"`
	Text  string `json:"text"`
}

type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

// units returns the length of a text in the unit of positions; the default is UTF-16.
func units(text, encoding string) int {
	n := 0
	for _, r := range text {
		switch {
		case encoding == "utf-8":
			n += utf8.RuneLen(r)
		case encoding == "utf-32" || r < 0x10000:
			n++
		default:
			n += 2
		}
	}
	return n
}

// positionOf returns the position of a byte offset that is neither within a character nor between \r and \n.
func positionOf(text string, at int, encoding string) position {
	before := strings.ReplaceAll(text[:at], "\r\n", "\n")
	before = strings.ReplaceAll(before, "\r", "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	return position{strings.Count(before, "\n"), units(before[start:], encoding)}
}

// somewhere returns a byte offset that has a position.
func somewhere(rng *rand.Rand, text string) int {
	at := rng.IntN(len(text) + 1)
	for !boundary(text, at) {
		at++
	}
	return at
}

// boundary reports whether a byte offset has a position.
func boundary(text string, at int) bool {
	return at == 0 || at == len(text) || utf8.RuneStart(text[at]) && (text[at-1] != '\r' || text[at] != '\n')
}

// edit changes the text between two byte offsets and returns the change as sent.
func (d *document) edit(from, to int, text, encoding string) change {
	c := change{Range: &span{positionOf(d.text, from, encoding), positionOf(d.text, to, encoding)}, Text: text}
	d.text = d.text[:from] + text + d.text[to:]
	return c
}

// replace changes the whole text.
func (d *document) replace(text string) change {
	d.text = text
	return change{Text: text}
}

// lineStart is the offset of the start of a random line.
func lineStart(rng *rand.Rand, text string) int {
	return strings.LastIndexByte(text[:somewhere(rng, text)], '\n') + 1
}
