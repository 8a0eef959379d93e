// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"slices"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// textCache has the lines of the files of a report, as the check saw them. It is safe for concurrent use.
type textCache struct {
	source *check.Source

	mu    sync.Mutex
	lines map[string]func() []string
}

func newTextCache(src *check.Source) *textCache {
	return &textCache{source: src, lines: map[string]func() []string{}}
}

// checked returns the lines of a file. Each file is read and split once, and reads of different files do not wait for
// each other.
func (t *textCache) checked(file string) []string {
	t.mu.Lock()
	read, ok := t.lines[file]
	if !ok {
		read = sync.OnceValue(func() []string { return t.read(file) })
		t.lines[file] = read
	}
	t.mu.Unlock()
	return read()
}

func (t *textCache) read(file string) []string {
	if t.source == nil {
		return nil
	}
	text, ok := t.source.Read(file)
	if !ok {
		return nil
	}
	return trimLast(lines(string(text)))
}

// checkedTexts has the files of several units, each as seen by the check that read it.
type checkedTexts struct {
	units []unitTexts
	disk  *textCache // files that none of the units is made of
}

type unitTexts struct {
	*textCache
	files []string // that the unit is made of
}

// of returns the texts in which to look up a file. A unit that is not made of the file may hold an old text of it,
// because it also keeps what it reads late.
func (t checkedTexts) of(file string) *textCache {
	for _, u := range t.units {
		if slices.Contains(u.files, file) {
			return u.textCache
		}
	}
	return t.disk
}

// checkedLine maps a line of the document, counted from 0, to the checked text, counted from 1.
func (t *textCache) checkedLine(d *document, n int) (line int, ok bool) {
	old := t.checked(d.file)
	if len(old) == 0 {
		return n + 1, !d.dirty
	}
	n, ok = mapLines(old, trimLast(lines(d.text))).back(n)
	return n + 1, ok
}

// placement maps the lines of a checked file to those that the client has now.
type placement struct {
	old, now []string // now is nil if the client does not have the file open
	lines    lineMap
}

func (t *textCache) place(file string, d *document) *placement {
	p := &placement{old: t.checked(file)}
	if d != nil && len(p.old) > 0 {
		p.now = lines(d.text)
		p.lines = mapLines(p.old, trimLast(p.now))
	}
	return p
}

// knows reports whether it is known which lines of a document are those of the checked text. Without that text they are
// only known while the document is unchanged.
func (p *placement) knows(d *document) bool { return p.now != nil || !d.dirty }

// forward maps a line of the checked text, counted from 1, to the document's, counted from 0; ok is false for a line
// edited since.
func (p *placement) forward(line int) (now int, ok bool) {
	if p.now == nil {
		return line - 1, true
	}
	return p.lines.forward(line - 1)
}

// line returns a line of the checked text, counted from 0; empty beyond its end.
func (p *placement) line(n int) string {
	if n >= 0 && n < len(p.old) {
		return p.old[n]
	}
	return ""
}
