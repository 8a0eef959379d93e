// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestMessagesNameTheFilesOfUnsavedTexts has messages in unsaved texts. Clang reads them from elsewhere, but the
// messages must name the files.
func TestMessagesNameTheFilesOfUnsavedTexts(t *testing.T) {
	c := realCompiler(t, Settings{})
	dir := workspace.Write(t, "-- a.bpf.c --\nint a;\n-- a.h --\n")
	file, header := filepath.Join(dir, "a.bpf.c"), filepath.Join(dir, "a.h")
	unsaved := Unsaved{file: "#warning unit\n#include \"a.h\"\n", header: "\n#warning header\n"}
	// Text number 10 must not be mistaken for number 1.
	for _, name := range strings.Split("bcdefghijklmn", "") {
		unsaved[filepath.Join(dir, name+".h")] = "\n"
	}
	obj, ds, err := c.BuildUnsaved(deadline.Context(t, "the compiler"), file, unsaved)
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 2 || ds[0].Span.File != file || ds[0].Span.Line != 1 || ds[1].Span.File != header ||
		ds[1].Span.Line != 2 {
		t.Errorf("got %+v", ds)
	}
	if slices.ContainsFunc(obj.Deps, func(dep string) bool { return strings.Contains(dep, "unsaved") }) ||
		!slices.Contains(obj.Deps, header) {
		t.Errorf("the dependencies are %q", obj.Deps)
	}
}
