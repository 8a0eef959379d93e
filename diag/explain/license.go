// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// addLicense says what license the object has and where to change it.
func (f *finding) addLicense() {
	if !f.entry.License {
		return
	}
	f.proposeLicense()
	if f.Prog.License == "" {
		f.facts["license"] = "this object names none"
		return
	}
	f.facts["license"] = "the one of this object is " + catalog.Quote(f.Prog.License)
	if at, ok := f.license(); ok {
		f.facts["advice"] = fmt.Sprintf("name one such as `\"GPL\"` or `\"Dual BSD/GPL\"` in line %d", at.Span.Line)
	}
}

// license is the line that declares the license, for faults about it.
func (f *finding) license() (diag.Related, bool) {
	if !f.entry.License || f.Prog.License == "" {
		return diag.Related{}, false
	}
	for _, name := range f.sources() {
		file := f.File(name)
		if r, ok := file.LastName(`"license"`, 1, file.Lines()); ok {
			s := f.WholeLine(diag.Span{File: f.Absolute(name), Line: r.Line}, file.Line(r.Line))
			return diag.Related{Span: s, Message: "the license is declared here"}, true
		}
	}
	return diag.Related{}, false
}

// sources are the files that the program's code is from.
func (w *where) sources() []string {
	var names []string
	for i := range w.Prog.Lines {
		if name := w.Prog.Lines[i].File; name != "" && !slices.Contains(names, name) && strings.HasSuffix(name, ".c") {
			names = append(names, name)
		}
	}
	return names
}
