// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sheet is one table of data/: a header row and one row per fact.
type sheet struct {
	name string
	cols map[string]int
	rows []row
}

// row is one fact. A cell "-" is empty.
type row struct {
	sheet *sheet
	line  int
	cells []string
}

// readSheet reads data/<name>.tsv below dir; every row must have all columns.
func readSheet(dir, name string) (*sheet, error) {
	file := filepath.Join(dir, "data", name+".tsv")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &sheet{name: name + ".tsv"}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if s.cols == nil {
			s.cols = make(map[string]int, len(cells))
			for c, name := range cells {
				s.cols[name] = c
			}
			continue
		}
		if len(cells) != len(s.cols) {
			return nil, fmt.Errorf("%s:%d: %d cells in a table of %d columns", file, i+1, len(cells), len(s.cols))
		}
		s.rows = append(s.rows, row{sheet: s, line: i + 1, cells: cells})
	}
	if len(s.rows) == 0 {
		return nil, fmt.Errorf("%s: no rows", file)
	}
	return s, nil
}

// fault is a mistake in a table; it ends the run through generate.
type fault struct{ text string }

func (r row) fail(format string, args ...any) {
	panic(fault{fmt.Sprintf("%s:%d: %s", r.sheet.name, r.line, fmt.Sprintf(format, args...))})
}

func (r row) str(col string) string {
	i, ok := r.sheet.cols[col]
	if !ok {
		r.fail("no column %q", col)
	}
	if r.cells[i] == "-" {
		return ""
	}
	return r.cells[i]
}

func (r row) num(col string) int64 {
	n, err := strconv.ParseInt(r.str(col), 0, 64)
	if err != nil {
		r.fail("%s: %v", col, err)
	}
	return n
}

// optNum is num with a value for an empty cell.
func (r row) optNum(col string, empty int64) int64 {
	if r.str(col) == "" {
		return empty
	}
	return r.num(col)
}

func (r row) yes(col string) bool {
	switch r.str(col) {
	case "yes":
		return true
	case "no":
		return false
	}
	r.fail("%s: want yes or no", col)
	return false
}

func (r row) list(col string) []string {
	if v := r.str(col); v != "" {
		return strings.Split(v, ",")
	}
	return nil
}

// one maps a cell to a Go identifier through names.
func (r row) one(col string, names map[string]string) string {
	id, ok := names[r.str(col)]
	if !ok {
		r.fail("%s: unknown name %q", col, r.str(col))
	}
	return id
}

// flags is the Go expression for a list of flags, "0" for none.
func (r row) flags(col string, names map[string]string) string {
	var out []string
	for _, f := range r.list(col) {
		id, ok := names[f]
		if !ok {
			r.fail("%s: unknown flag %q", col, f)
		}
		out = append(out, id)
	}
	if out == nil {
		return "0"
	}
	return strings.Join(out, " | ")
}
