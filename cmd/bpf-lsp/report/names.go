// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// below returns the name of a file relative to a directory with slashes, or false if it does not lie below it.
func below(dir, file string) (string, bool) {
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// names determines the names of files in one report.
type names struct {
	checked string
	known   map[string]string
}

func newNames(checked string) *names { return &names{checked, map[string]string{}} }

// found returns the file that an excerpt is read from: an object names its sources as its compiler saw them, and if
// they are not there any more, the files beside the object are used.
func (n *names) found(file string) string {
	if at, ok := n.known[file]; ok {
		return at
	}
	at := file
	if _, err := os.Stat(file); err != nil {
		beside := filepath.Join(filepath.Dir(n.checked), filepath.Base(file))
		if _, err := os.Stat(beside); err == nil {
			at = beside
		}
	}
	n.known[file] = at
	return at
}

// shown returns the name of a file in the JSON document: relative to the directory if it lies below, and with slashes
// on every system.
func shown(dir, file string) string {
	if rel, ok := below(dir, file); ok && filepath.IsAbs(file) {
		return rel
	}
	return filepath.ToSlash(file)
}

// Root returns the base of SARIF's names: the nearest directory at or above dir that is the top of a Git work tree,
// else dir. Services that show results beside the code use names relative to the repository, wherever the command ran.
func Root(dir string) string {
	for at := dir; ; {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		up := filepath.Dir(at)
		if up == at {
			return dir
		}
		at = up
	}
}

// address returns the URI of a file, relative if it lies below the root.
func address(root, file string) string {
	if rel, inside := below(root, file); inside {
		return relativeURI(rel)
	}
	if !filepath.IsAbs(file) {
		return relativeURI(filepath.ToSlash(file))
	}
	return fileURI(file)
}

// relativeURI escapes a relative name with slashes.
func relativeURI(name string) string { return (&url.URL{Path: name}).String() }

// fileURI returns the URI of an absolute name, including one with a drive letter.
func fileURI(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// line returns a line of a text, counted from 1, without its end.
func line(text []byte, n int) string {
	for i := 1; ; i++ {
		l, rest, more := bytes.Cut(text, []byte("\n"))
		if i == n {
			return string(bytes.TrimSuffix(l, []byte("\r")))
		}
		if !more {
			return ""
		}
		text = rest
	}
}

// utf16Column converts a column in bytes into one in UTF-16 units; both count from 1. A column behind the end of the
// line stays as far behind it.
func utf16Column(line string, col int) int {
	before := line[:min(max(col-1, 0), len(line))]
	return len(utf16.Encode([]rune(before))) + col - len(before)
}

// columns returns a span with its columns in UTF-16 units. If the source is not available they do not change, which is
// right for plain ASCII.
func columns(s diag.Span, read diag.SourceReader) diag.Span {
	if s.Col == 0 {
		return s
	}
	text, ok := read(s.File)
	if !ok {
		return s
	}
	s.Col = utf16Column(line(text, s.Line), s.Col)
	if s.EndCol > 0 {
		s.EndCol = utf16Column(line(text, s.EndLine), s.EndCol)
	}
	return s
}
