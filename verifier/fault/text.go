// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"reflect"
	"strings"
)

// Release is a kernel whose messages are known.
type Release uint8

// Releases, oldest first.
const (
	Linux618 Release = iota
	Linux73
)

// Text is one message of the kernel: its words, with {name} for each part that
// varies.
type Text struct {
	Code Code
	// Words are those of Linux 6.18, "" if it does not say so.
	Words string
	// Words73 are those of Linux 7.3 where they differ.
	Words73 string
	// Spoken are the lines to know the message by in a log, where that is not
	// Words as they stand.
	Spoken []string
	// Shared says that a log does not tell the message from another one, which
	// it is taken for.
	Shared bool

	open bool
	// facts are those that the family knows.
	facts []fact
}

// Message is a text that takes a family of facts.
type Message[F any] struct{ text *Text }

// Of makes a fault of the message and what is known.
func (m Message[F]) Of(facts F) *Fault {
	return &Fault{Code: m.text.Code, Value: facts, text: m.text}
}

// Code is that of the message.
func (m Message[F]) Code() Code { return m.text.Code }

// Texts are all messages, in the order in which they are declared.
func Texts() []*Text { return all }

var all []*Text

// text declares a message.
func text[F any](code Code, words string) Message[F] {
	requireCode(code)
	m := Message[F]{&Text{Code: code, Words: words, facts: factsOf(reflect.TypeFor[F]())}}
	all = append(all, m.text)
	return m
}

// requireCode panics at a message without a code: nobody could look it up.
func requireCode(code Code) {
	if code.Problem() == "" {
		panic("fault: a message without a code")
	}
}

// text73 declares a message that only Linux 7.3 has.
func text73[F any](code Code, words string) Message[F] {
	m := text[F](code, "")
	m.text.Words73 = words
	return m
}

// silent declares a refusal that the kernel prints nothing for.
func silent[F any](code Code) Message[F] { return text[F](code, "") }

// in73 gives a message other words in Linux 7.3.
func (m Message[F]) in73(words string) Message[F] {
	m.text.Words73 = words
	return m
}

// spoken gives the lines that the message is known by.
func (m Message[F]) spoken(lines ...string) Message[F] {
	m.text.Spoken = lines
	return m
}

// shared has a log take the message for another one.
func (m Message[F]) shared() Message[F] {
	m.text.Shared = true
	return m
}

// unended says that the kernel does not end the line.
func (m Message[F]) unended() Message[F] {
	m.text.open = true
	return m
}

func (t *Text) words(r Release) string {
	if t.Words73 != "" && (r >= Linux73 || t.Words == "") {
		return t.Words73
	}
	return t.Words
}

// Lines are the lines to know the message by in a log of Linux 6.18.
func (t *Text) Lines() []string {
	switch {
	case t.Shared:
		return nil
	case t.Spoken != nil:
		return t.Spoken
	case t.Words == "":
		return nil
	}
	return strings.Split(t.Words, "\n")
}

// Lines73 are those that Linux 7.3 has in their place.
func (t *Text) Lines73() []string {
	if t.Words73 == "" || t.Shared {
		return nil
	}
	return strings.Split(t.Words73, "\n")
}

// fill writes out words with a value for each hole.
func fill(words string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(words, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, rest, closed := strings.Cut(after, "}")
		if !closed || !IsHole(name) {
			b.WriteByte('{')
			words = after
			continue
		}
		b.WriteString(value(name))
		words = rest
	}
}

// IsHole tells the name of a part that varies from braces that the kernel
// prints.
func IsHole(name string) bool {
	for _, c := range name {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}
