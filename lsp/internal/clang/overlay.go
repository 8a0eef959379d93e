// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Unsaved maps absolute file names to texts that the editor has not saved. They are compiled instead of the files on
// disk.
type Unsaved map[string]string

// overlayFile is clang's description of files to read from elsewhere. The format is YAML, of which JSON is a subset.
type overlayFile struct {
	Version int `json:"version"`
	// UseExternalNames is off, so that messages, dependencies and debug information have the names that the editor
	// uses.
	UseExternalNames bool           `json:"use-external-names"`
	Roots            []overlayEntry `json:"roots"`
}

type overlayEntry struct {
	Type             string `json:"type"`
	Name             string `json:"name"`
	ExternalContents string `json:"external-contents"`
}

// Overlay makes clang read texts instead of files.
type Overlay struct {
	flags []string
	// names maps the names of the texts, which clang uses in messages, back to the files.
	names *strings.Replacer
}

// Write writes the texts below tmp for clang to read.
func (u Unsaved) Write(tmp string) (Overlay, error) {
	if len(u) == 0 {
		return Overlay{names: strings.NewReplacer()}, nil
	}
	o := overlayFile{}
	var names []string
	// Clang resolves links in the names of contents.
	if real, err := filepath.EvalSymlinks(tmp); err == nil {
		tmp = real
	}
	add := func(name, contents string) {
		o.Roots = append(o.Roots, overlayEntry{Type: "file", Name: name, ExternalContents: contents})
	}
	for name, text := range u {
		// The number comes first, so that no name is a prefix of another.
		contents := filepath.Join(tmp, strconv.Itoa(len(o.Roots))+"-unsaved")
		if err := os.WriteFile(contents, []byte(text), 0o600); err != nil {
			return Overlay{}, NoTemporary(err)
		}
		add(name, contents)
		names = append(names, contents, name)
		// Clang compares names, not files, and flags of the project may lead to the same file by another name.
		if real, err := filepath.EvalSymlinks(name); err == nil && real != name {
			add(real, contents)
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return Overlay{}, err
	}
	list := filepath.Join(tmp, "overlay.yaml")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		return Overlay{}, NoTemporary(err)
	}
	return Overlay{[]string{"-ivfsoverlay", list}, strings.NewReplacer(names...)}, nil
}
