// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"path/filepath"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// quoteUnsaved replaces the source lines in the object by the editor's. Clang compiles an unsaved text as told, but
// copies the lines on disk into the object; the line numbers are right.
func quoteUnsaved(obj *program.Object, unsaved compile.Unsaved) {
	if len(unsaved) == 0 {
		return
	}
	texts := map[string][]string{}
	for file, text := range unsaved {
		texts[file] = strings.Split(text, "\n")
	}
	for _, p := range obj.Programs {
		for i := range p.Lines {
			l := &p.Lines[i]
			file := l.File
			if !filepath.IsAbs(file) {
				file = filepath.Join(obj.CompDir, file)
			}
			lines, ok := texts[filepath.Clean(file)]
			if n := int(l.Line); ok && n >= 1 && n <= len(lines) {
				l.Text = strings.TrimSuffix(lines[n-1], "\r")
			}
		}
	}
}
