// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"path/filepath"
	"regexp"
	"strings"

	"go.lsp.dev/uri"
)

// document is an open file. Its text never changes; a change replaces the document.
type document struct {
	uri     uri.URI
	file    string // absolute name, empty if the document is not a local file
	version int32
	text    string
	dirty   bool // changed since it was opened or saved
}

// saved reports whether the text is that on disk.
func (d *document) saved() bool { return !d.dirty }

// documentOf finds the open document of a file. Clients spell URIs differently, so the file name decides.
func (st *state) documentOf(file string) *document {
	for _, d := range st.documents {
		if d.file == file {
			return d
		}
	}
	return nil
}

// uriOf returns the client's own URI of a file that it has open.
func (st *state) uriOf(file string) uri.URI {
	if d := st.documentOf(file); d != nil {
		return d.uri
	}
	return st.paths.uri(file)
}

// overlay copies the texts of the open documents that a check reads, as they are now, because it must not see a later
// edit. reads reports whether it reads a document rather than the disk.
func (st *state) overlay(reads func(*document) bool) func(file string) ([]byte, bool) {
	texts := map[string]string{}
	for _, d := range st.documents {
		if d.file != "" && reads(d) {
			texts[d.file] = d.text
		}
	}
	return func(file string) ([]byte, bool) {
		text, ok := texts[file]
		return []byte(text), ok
	}
}

var (
	bpfInclude = regexp.MustCompile(
		`(?m)^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]*/)?(vmlinux\.h|bpf_helpers\.h|linux/bpf\.h|bpf\.h|bpf/[^>"]*)[>"]`)
	bpfSection = regexp.MustCompile(`(?m)^[ \t]*(SEC|__section|__section_entry)[ \t]*(\(|$)`)
)

// looksLikeBPF decides by name and text whether a C file is a BPF program: its name ends in .bpf.c, or it includes a
// header for BPF programs and also places something in a section. User-space loaders include some of the same headers,
// and other code uses sections, but hardly any code does both.
func looksLikeBPF(file, text string) bool {
	name := filepath.Base(file)
	if strings.HasSuffix(name, ".bpf.c") {
		return true
	}
	// Whole workspaces are searched with this function, and most files lack even the words in the patterns.
	if !strings.Contains(text, "bpf") && !strings.Contains(text, "vmlinux") || !strings.Contains(text, "SEC") &&
		!strings.Contains(text, "__section") {
		return false
	}
	return strings.HasSuffix(name, ".c") && bpfInclude.MatchString(text) && bpfSection.MatchString(text)
}
