// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
)

// Missing is what a file lacks for names that it uses.
type Missing struct {
	// Fix includes all headers and defines all macros that are missing.
	Fix    diag.Fix
	advice map[string]string
}

// Advice says what to do about a name, "" if nothing is known of it.
func (m *Missing) Advice(name string) string { return m.advice[name] }

// vmlinuxRE finds an #include of a vmlinux.h.
var vmlinuxRE = regexp.MustCompile(`(?m)^\s*#\s*include\s*["<](?:[^">]*/)?vmlinux\.h[">]`)

// KnownNames are the names in a line of C that a well-known header or the kernel's macros have.
func KnownNames(line string) []string {
	return slices.DeleteFunc(namesRE.FindAllString(line, -1), func(name string) bool {
		return catalog.HeaderOf(name, false) == "" && catalog.MacroValue(name) == ""
	})
}

// FindMissing finds what a file lacks for some names; false if it lacks nothing that is known.
func FindMissing(file string, text []byte, names []string) (Missing, bool) {
	f := csource.Scan(text)
	m := Missing{Fix: diag.Fix{Kind: catalog.FixHeader}, advice: map[string]string{}}
	vmlinux := vmlinuxRE.Match(text)
	var headers, titles, defines []string
	for _, name := range names {
		header := catalog.HeaderOf(name, vmlinux)
		c, needed := f.Include(header)
		value := catalog.MacroValue(name)
		switch {
		case header != "" && needed:
			quoted := catalog.Quote("<" + header + ">")
			m.advice[name] = catalog.AdviseInclude.With(catalog.Facts{"name": catalog.Quote(name), "header": quoted})
			if !slices.Contains(headers, c.Text) {
				headers = append(headers, c.Text)
				titles = append(titles, catalog.FixInclude.With(catalog.Facts{"name": quoted}))
			}
		case header == "" && vmlinux && value != "":
			define := "#define " + name + " " + value
			m.advice[name] = catalog.AdviseDefine.With(catalog.Facts{"name": catalog.Quote(name),
				"check": catalog.Quote(define)})
			defines = append(defines, define+"\n")
			titles = append(titles, catalog.FixDefine.With(catalog.Facts{"name": catalog.Quote(name)}))
		}
	}
	if len(titles) == 0 {
		return Missing{}, false
	}
	if len(defines) > 0 {
		defines = append([]string{"\n"}, defines...)
	}
	m.Fix.Edits = []diag.Edit{{Text: strings.Join(append(headers, defines...), ""),
		Span: source.WithRange(diag.Span{File: file}, f.AfterIncludes("").Range)}}
	m.Fix.Title = strings.Join(titles, ", ")
	return m, true
}
