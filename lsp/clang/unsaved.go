// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Unsaved are the texts of files that an editor holds and has not written, by absolute name. They are compiled in place of what is
// on disk.
type Unsaved map[string]string

// BuildUnsaved builds as Build does, from the editor's texts where there are any.
func (c *Compiler) BuildUnsaved(ctx context.Context, file string, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	cmd, err := c.Find(ctx, file)
	if err != nil {
		return Object{}, nil, err
	}
	return c.run(ctx, cmd, unsaved)
}

// overlay describes files to clang that are to be read from elsewhere. Its format is YAML, of which JSON is a part.
type overlay struct {
	Version int `json:"version"`
	// UseExternalNames is off, so that messages, dependencies and debug information have the names that the editor knows.
	UseExternalNames bool           `json:"use-external-names"`
	Roots            []overlayEntry `json:"roots"`
}

type overlayEntry struct {
	Type             string `json:"type"`
	Name             string `json:"name"`
	ExternalContents string `json:"external-contents"`
}

// shadows are texts that clang reads in place of files.
type shadows struct {
	flags []string
	// names turns the names of the texts in messages, where clang follows a file to its contents, into those of the files.
	names *strings.Replacer
}

// write puts the texts below tmp, where clang is to read them.
func (u Unsaved) write(tmp string) (shadows, error) {
	if len(u) == 0 {
		return shadows{names: strings.NewReplacer()}, nil
	}
	o := overlay{}
	var names []string
	// Clang names contents without links.
	if real, err := filepath.EvalSymlinks(tmp); err == nil {
		tmp = real
	}
	add := func(name, contents string) {
		o.Roots = append(o.Roots, overlayEntry{Type: "file", Name: name, ExternalContents: contents})
	}
	for name, text := range u {
		// No name is the beginning of another.
		contents := filepath.Join(tmp, strconv.Itoa(len(o.Roots))+"-unsaved")
		if err := os.WriteFile(contents, []byte(text), 0o600); err != nil {
			return shadows{}, noTemporary(err)
		}
		add(name, contents)
		names = append(names, contents, name)
		// Clang compares names and not files, and flags of the project may lead to the same file by another name.
		if real, err := filepath.EvalSymlinks(name); err == nil && real != name {
			add(real, contents)
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return shadows{}, err
	}
	list := filepath.Join(tmp, "overlay.yaml")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		return shadows{}, noTemporary(err)
	}
	return shadows{[]string{"-ivfsoverlay", list}, strings.NewReplacer(names...)}, nil
}

// noTemporary says that there is no room or no permission for the files of a build.
func noTemporary(err error) *Fault {
	return &Fault{Problem: "No temporary file could be written.", Code: catalog.CompilerFailed, Err: err,
		Advice: "Make room there, or set TMPDIR to a directory that can be written to."}
}
