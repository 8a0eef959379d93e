// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"fmt"
	"slices"
	"strings"
)

// addLicense says what license the object has and where to change it.
func (f *finding) addLicense() {
	if !f.entry.License {
		return
	}
	if f.prog.License == "" {
		f.facts["license"] = "this object names none"
		return
	}
	f.facts["license"] = "the one of this object is " + quote(f.prog.License)
	if at, ok := f.license(); ok {
		f.facts["advice"] = fmt.Sprintf("name one such as `\"GPL\"` or `\"Dual BSD/GPL\"` in line %d", at.Span.Line)
	}
}

// license is the line that declares the license, for faults about it.
func (f *finding) license() (Related, bool) {
	if !f.entry.License || f.prog.License == "" {
		return Related{}, false
	}
	for _, name := range f.sources() {
		file := f.file(name)
		if r, ok := file.LastName(`"license"`, 1, file.Lines()); ok {
			s := f.wholeLine(Span{File: f.absolute(name), Line: r.Line}, file.Line(r.Line))
			return Related{Span: s, Message: "the license is declared here"}, true
		}
	}
	return Related{}, false
}

// sources are the files that the program's code is from.
func (w *where) sources() []string {
	var names []string
	for i := range w.prog.Lines {
		if name := w.prog.Lines[i].File; name != "" && !slices.Contains(names, name) && strings.HasSuffix(name, ".c") {
			names = append(names, name)
		}
	}
	return names
}
