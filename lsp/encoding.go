// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"slices"
	"unicode/utf8"

	"go.lsp.dev/protocol"
)

// encoding is the unit in which a client counts the characters of a position.
type encoding protocol.PositionEncodingKind

const (
	utf8Encoding  = encoding(protocol.PositionEncodingKindUTF8)
	utf16Encoding = encoding(protocol.PositionEncodingKindUTF16)
	utf32Encoding = encoding(protocol.PositionEncodingKindUTF32)
)

// negotiate selects bytes, which need no conversion, if the client offers them. A client that offers nothing counts
// UTF-16.
func negotiate(offered []protocol.PositionEncodingKind) encoding {
	for _, e := range []encoding{utf8Encoding, utf16Encoding, utf32Encoding} {
		if slices.Contains(offered, protocol.PositionEncodingKind(e)) {
			return e
		}
	}
	return utf16Encoding
}

// units returns the length of s in the client's units. Invalid UTF-8 counts as one per byte, as editors show it.
func (e encoding) units(s string) uint32 {
	switch e {
	case utf8Encoding:
		return uint32(len(s))
	case utf32Encoding:
		return uint32(utf8.RuneCountInString(s))
	}
	n := uint32(0)
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// character converts a byte offset in a line; an offset beyond the end becomes the end, one inside a character its
// start.
func (e encoding) character(line string, offset int) uint32 {
	offset = min(max(offset, 0), len(line))
	for offset > 0 && offset < len(line) && !utf8.RuneStart(line[offset]) {
		offset--
	}
	return e.units(line[:offset])
}

// offset converts the character of a position in a line to a byte offset.
func (e encoding) offset(line string, character uint32) int {
	if e == utf8Encoding {
		return min(int(character), len(line))
	}
	n := uint32(0)
	for i, r := range line {
		if n >= character {
			return i
		}
		n++
		if e == utf16Encoding && r > 0xffff {
			n++
		}
	}
	return len(line)
}
