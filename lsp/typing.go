// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// When files are checked.
const (
	checkOnSave = "save"
	checkOnType = "type"
)

// typeDelay is how long a user must pause before the typed text is checked. A check takes about as long, and is wasted
// if the user continues.
const typeDelay = 400 * time.Millisecond

// edited checks the units that a document is part of when the user pauses, if the settings say so. A running check is
// out of date after the edit.
func (s *server) edited(file string) {
	units := s.checkedOnType(file)
	if len(units) == 0 {
		return
	}
	for _, u := range units {
		u.stop()
	}
	s.state.editCount++
	edit := s.state.editCount
	s.state.edits[file] = edit
	paused := s.o.Clock.After(Timer{pauseWait, file}, typeDelay)
	s.tasks.run(func() {
		select {
		case <-paused:
		case <-s.ctx.Done():
			return
		}
		s.do(func() {
			if s.state.edits[file] != edit {
				return
			}
			delete(s.state.edits, file)
			for _, u := range s.checkedOnType(file) {
				s.start(u)
			}
		})
	})
}

// checkedOnType returns the units that a file is part of and that are checked during edits. If a unit has never been
// checked to the end, its includes are unknown, so any header counts.
func (s *server) checkedOnType(file string) []*unit {
	if file == "" {
		return nil
	}
	return slices.DeleteFunc(s.sortedUnits(), func(u *unit) bool {
		part := slices.Contains(u.deps, file) || u.report == nil && !isSource(file)
		return !part || s.settingsFor(u.file).CheckOn != checkOnType
	})
}

// sourceEndings are the suffixes of files that are compiled rather than included. Clients also send the C++ files of a
// project.
var sourceEndings = []string{".c", ".cc", ".cpp", ".cxx", ".c++", ".C"}

func isSource(file string) bool { return slices.Contains(sourceEndings, filepath.Ext(file)) }

// request says how to check a unit now: as it is on disk, or as the editor has it.
func (s *server) request(file string) check.Request {
	if s.settingsFor(file).CheckOn != checkOnType {
		return check.Request{File: file, Overlay: s.state.overlay((*document).saved)}
	}
	return check.Request{File: file, Overlay: s.state.overlay(func(*document) bool {
		return true
	}), Unsaved: s.state.unsaved()}
}

// unsaved returns the texts that the compiler would not find on disk.
func (st *state) unsaved() compile.Unsaved {
	out := compile.Unsaved{}
	for _, d := range st.documents {
		if d.file != "" && d.dirty {
			out[d.file] = d.text
		}
	}
	return out
}
