// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"maps"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// store keeps the diagnostics of each compilation unit by file. A file shows the union over the units: an error in a
// header disappears when the last unit that has it passes, closes or is deleted.
type store struct {
	units map[string]map[string][]diag.Diagnostic // unit → file → diagnostics
	files map[string]map[string]bool              // file → units that have diagnostics in it
}

func newStore() store {
	return store{units: map[string]map[string][]diag.Diagnostic{}, files: map[string]map[string]bool{}}
}

// byFile groups the diagnostics of a unit by file; those without a file are about the unit.
func byFile(unit string, ds []diag.Diagnostic) map[string][]diag.Diagnostic {
	files := map[string][]diag.Diagnostic{}
	for _, d := range ds {
		if d.Span.File == "" {
			d.Span = diag.Span{File: unit, Line: 1}
		}
		files[d.Span.File] = append(files[d.Span.File], d)
	}
	return files
}

// replace sets all diagnostics of a unit, by file, and returns the files that may have changed, sorted.
func (s *store) replace(unit string, files map[string][]diag.Diagnostic) []string {
	touched := s.drop(unit)
	for f := range files {
		touched = append(touched, f)
		if s.files[f] == nil {
			s.files[f] = map[string]bool{}
		}
		s.files[f][unit] = true
	}
	s.units[unit] = files
	slices.Sort(touched)
	return slices.Compact(touched)
}

// drop removes a unit and returns the files that may have changed, sorted.
func (s *store) drop(unit string) []string {
	touched := s.filesOf(unit)
	for _, f := range touched {
		delete(s.files[f], unit)
		if len(s.files[f]) == 0 {
			delete(s.files, f)
		}
	}
	delete(s.units, unit)
	return touched
}

// filesOf returns the files in which a unit has diagnostics, sorted.
func (s *store) filesOf(unit string) []string { return slices.Sorted(maps.Keys(s.units[unit])) }

// of returns the diagnostics of each unit in a file, and these units. The file shows their union in order of place,
// which diag.Merge computes.
func (s *store) of(file string) (lists [][]diag.Diagnostic, units []string) {
	units = slices.Sorted(maps.Keys(s.files[file]))
	for _, u := range units {
		lists = append(lists, s.units[u][file])
	}
	return lists, units
}

// through returns the verifier's diagnostics that are in a file or whose history goes through it, and their units.
func (s *store) through(file string) (ds []diag.Diagnostic, units []string) {
	for _, u := range slices.Sorted(maps.Keys(s.units)) {
		before := len(ds)
		for in, list := range s.units[u] {
			for i := range list {
				if d := &list[i]; d.Source == diag.SourceVerifier && (in == file || goesThrough(d, file)) {
					ds = append(ds, *d)
				}
			}
		}
		if len(ds) > before {
			units = append(units, u)
		}
	}
	return diag.Merge(ds), units
}

func goesThrough(d *diag.Diagnostic, file string) bool {
	return slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Span.File == file })
}
