// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Unsaved are the texts of files that an editor holds and has not written, by absolute name. They are compiled in place of what is
// on disk.
type Unsaved map[string]string

// overlayFile describes files to clang that are to be read from elsewhere. Its format is YAML, of which JSON is a part.
type overlayFile struct {
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

// Overlay are texts that clang reads in place of files.
type Overlay struct {
	flags []string
	// names turns the names of the texts in messages, where clang follows a file to its contents, into those of the files.
	names *strings.Replacer
}

// Write puts the texts below tmp, where clang is to read them.
func (u Unsaved) Write(tmp string) (Overlay, error) {
	if len(u) == 0 {
		return Overlay{names: strings.NewReplacer()}, nil
	}
	o := overlayFile{}
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
			return Overlay{}, NoTemporary(err)
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
		return Overlay{}, err
	}
	list := filepath.Join(tmp, "overlay.yaml")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		return Overlay{}, NoTemporary(err)
	}
	return Overlay{[]string{"-ivfsoverlay", list}, strings.NewReplacer(names...)}, nil
}
