// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// checkWorkspace starts a check of every BPF program in the folders, open or not. A running search is restarted.
func (s *server) checkWorkspace() error {
	var folders []string
	s.do(func() {
		folders = slices.Clone(s.state.folders)
		if len(folders) == 0 {
			return
		}
		if s.state.sweep != nil {
			s.cancelSweep(s.state.sweep)
		}
		sw := s.sweeping()
		sw.asked, sw.searching = true, true
		s.tasks.run(func() {
			files := s.findPrograms(sw.ctx, folders)
			s.do(func() {
				sw.searching = false
				s.enqueue(sw, files)
			})
		})
	})
	if len(folders) == 0 {
		return jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed),
			"no folder is open, so there is no workspace to check")
	}
	return nil
}

// unsearchedDirs hold no sources of the project; neither do directories whose names begin with a dot.
var unsearchedDirs = []string{"node_modules", "__pycache__"}

// maxSniffBytes bounds how much of a file is read to decide whether it is a BPF program.
const maxSniffBytes = 1 << 20

// findPrograms lists the BPF programs below directories, each once. It returns early when the context ends.
func (s *server) findPrograms(ctx context.Context, dirs []string) []string {
	var out []string
	ctx = compile.WithDirCache(ctx)
	for _, dir := range dirs {
		// The separator makes WalkDir follow a directory that is itself a link. Links further down are not followed, as
		// they may form cycles.
		_ = filepath.WalkDir(dir+string(filepath.Separator), func(name string, e fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				return nil // skip directories that cannot be read
			case e.IsDir() && (slices.Contains(unsearchedDirs, e.Name()) || strings.HasPrefix(e.Name(), ".") &&
				len(name) > len(dir)+1):
				return fs.SkipDir
			case e.Type().IsRegular() && filepath.Ext(name) == ".c" && s.isProgram(ctx, name):
				out = append(out, name)
			}
			return nil
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isProgram decides as for an open file: by name and text, and by what the project says.
func (s *server) isProgram(ctx context.Context, file string) bool {
	if looksLikeBPF(file, "") {
		return true
	}
	f, err := disk.OpenRegular(file)
	if err != nil {
		return false
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSniffBytes))
	f.Close()
	if err != nil {
		return false
	}
	if looksLikeBPF(file, string(text)) {
		return true
	}
	var checker Checker
	return s.do(func() { checker = s.checkerFor(file) }) && checker.Knows(ctx, file)
}
