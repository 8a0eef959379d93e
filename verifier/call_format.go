// SPDX-License-Identifier: GPL-2.0-only

package verifier

// Format strings of bpf_snprintf. A conversion is
//
//	% [0 + - space]… [width] ( p[k|u]s | p[K x s S B] | p[iI][46] | p | s | c | [l|ll] ( i d u x X ) )
//
// where p and s must be followed by the end, white space or punctuation. The
// text between may be UTF-8, but no ASCII control characters other than white
// space.

// formatReader walks over a format; past its end it reads 0, as the C string
// does.
type formatReader struct {
	text []byte
	at   int
}

func (f *formatReader) peek(ahead int) byte {
	if f.at+ahead < len(f.text) {
		return f.text[f.at+ahead]
	}
	return 0
}

// validFormat reports whether a format is understood and needs no more than
// args arguments.
//
// kernel: bpf_bprintf_prepare
func validFormat(text []byte, args uint64) bool {
	f := formatReader{text: text}
	for used := uint64(0); f.at < len(text); f.at++ {
		c := f.peek(0)
		switch {
		case c < 0x80 && !isPrint(c) && !isSpace(c):
			return false
		case c != '%':
			continue
		case f.peek(1) == '%':
			f.at++
			continue
		case used >= args:
			return false
		}
		f.at++
		if f.peek(0) >= 0x80 || !f.conversion() {
			return false
		}
		used++
	}
	return true
}

// conversion reads one conversion after its %, and leaves at at its last
// character.
func (f *formatReader) conversion() bool {
	for isFormatFlag(f.peek(0)) {
		f.at++
	}
	if c := f.peek(0); c >= '1' && c <= '9' {
		f.at++
		for isDigit(f.peek(0)) {
			f.at++
		}
	}
	switch f.peek(0) {
	case 'p':
		return f.pointer()
	case 's':
		return f.isEnded()
	case 'c':
		return true
	}
	for range 2 {
		if f.peek(0) == 'l' {
			f.at++
		}
	}
	switch f.peek(0) {
	case 'i', 'd', 'u', 'x', 'X':
		return true
	}
	return false
}

// pointer reads what follows %p.
func (f *formatReader) pointer() bool {
	if f.isEnded() {
		return true
	}
	kind, second := f.peek(1), f.peek(2)
	switch {
	case (kind == 'k' || kind == 'u') && second == 's':
		f.at += 2
		return f.isEnded()
	case kind == 'K', kind == 'x', kind == 's', kind == 'S', kind == 'B':
		f.at++
		return true
	case (kind == 'i' || kind == 'I') && (second == '4' || second == '6'):
		f.at += 2
		return true
	}
	return false
}

// isEnded reports whether the character at hand ends its conversion.
func (f *formatReader) isEnded() bool {
	c := f.peek(1)
	return c == 0 || isSpace(c) || isPunct(c)
}

func isFormatFlag(c byte) bool { return c == '0' || c == '+' || c == '-' || c == ' ' }
func isDigit(c byte) bool      { return c >= '0' && c <= '9' }

// The kernel's character classes are those of Latin-1.

func isSpace(c byte) bool { return c >= '\t' && c <= '\r' || c == ' ' || c == 0xa0 }

func isPrint(c byte) bool { return c >= ' ' && c < 0x7f || c >= 0xa0 }

func isPunct(c byte) bool {
	letter := c|0x20 >= 'a' && c|0x20 <= 'z'
	switch {
	case c > ' ' && c < 0x7f:
		return !letter && !isDigit(c)
	case c > 0xa0 && c < 0xc0:
		return true
	}
	return c == 0xd7 || c == 0xf7
}
