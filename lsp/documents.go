// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"path/filepath"
	"regexp"
	"strings"

	"go.lsp.dev/uri"
)

// document is a file that the client has open. Its text never changes; a change replaces it.
type document struct {
	uri     uri.URI
	file    string // absolute name, empty if the document is no local file
	version int32
	text    string
	dirty   bool // changed since it was opened or saved
}

// documentOf finds the open document of a file. Clients spell URIs in their own ways, so the file decides.
func (st *state) documentOf(file string) *document {
	for _, d := range st.documents {
		if d.file == file {
			return d
		}
	}
	return nil
}

// uriOf is how the client itself names a file if it has it open.
func (st *state) uriOf(file string) uri.URI {
	if d := st.documentOf(file); d != nil {
		return d.uri
	}
	return st.paths.uri(file)
}

// overlay takes down the texts of the open documents that get compiled, as they are now: the check must not see a later edit. Where
// the editor is ahead of the disk, the disk is what gets compiled, except in a check of what is not saved.
func (st *state) overlay(unsaved bool) func(file string) ([]byte, bool) {
	texts := map[string]string{}
	for _, d := range st.documents {
		if d.file != "" && (unsaved || !d.dirty) {
			texts[d.file] = d.text
		}
	}
	return func(file string) ([]byte, bool) {
		text, ok := texts[file]
		return []byte(text), ok
	}
}

var (
	bpfInclude = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]*/)?(vmlinux\.h|bpf_helpers\.h|linux/bpf\.h|bpf\.h|bpf/[^>"]*)[>"]`)
	bpfSection = regexp.MustCompile(`(?m)^[ \t]*(SEC|__section|__section_entry)[ \t]*(\(|$)`)
)

// looksLikeBPF decides by name and text whether a C file is a BPF program: it is called something.bpf.c, or it includes a header
// for BPF programs and also puts something into a section. User-space loaders include some of the same headers, and other code
// uses sections, but hardly any does both.
func looksLikeBPF(file, text string) bool {
	name := filepath.Base(file)
	if strings.HasSuffix(name, ".bpf.c") {
		return true
	}
	// Whole workspaces are searched with this, and most files lack even the words that the patterns are about.
	if !strings.Contains(text, "bpf") && !strings.Contains(text, "vmlinux") || !strings.Contains(text, "SEC") && !strings.Contains(text, "__section") {
		return false
	}
	return strings.HasSuffix(name, ".c") && bpfInclude.MatchString(text) && bpfSection.MatchString(text)
}
