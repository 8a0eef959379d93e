// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"reflect"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Wording is how a release, and those after it, word a message.
type Wording struct {
	Since facts.Release
	Words string
}

// Text is one message of the kernel: its words, with {name} for each part that
// varies.
type Text struct {
	Code Code
	// Words are those of the oldest release, "" if it does not say so.
	Words string
	// Later are those of later releases where they differ, oldest first.
	Later []Wording
	// Spoken are the lines to know the message by in a log, where that is not
	// Words as they stand.
	Spoken []string
	// Shared says that a log does not show whether it is this message or another one,
	// which it is taken for.
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

// text73 declares a message that no release before Linux 7.3 has.
func text73[F any](code Code, words string) Message[F] { return text[F](code, "").in73(words) }

// silent declares a refusal that the kernel prints nothing for.
func silent[F any](code Code) Message[F] { return text[F](code, "") }

// in73 gives a message other words from Linux 7.3 on.
func (m Message[F]) in73(words string) Message[F] {
	m.text.Later = append(m.text.Later, Wording{facts.Linux73, words})
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

// words are those of a release, or of the first that has the message.
func (t *Text) words(r facts.Release) string {
	words := t.Words
	for _, w := range t.Later {
		if w.Since <= r || words == "" {
			words = w.Words
		}
	}
	return words
}

// Lines are the lines to know the message by in a log of the oldest release.
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

// LinesSince are those that a release was the first to have.
func (t *Text) LinesSince(r facts.Release) []string {
	if t.Shared {
		return nil
	}
	for _, w := range t.Later {
		if w.Since == r {
			return strings.Split(w.Words, "\n")
		}
	}
	return nil
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

// IsHole reports whether name is that of a part that varies; other braces are the
// kernel's own.
func IsHole(name string) bool {
	for _, c := range name {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}
