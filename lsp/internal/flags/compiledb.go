// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// databaseDirs are where a database may be, relative to a directory above the file: the directory itself and the usual
// build directories.
var databaseDirs = []string{".", "build*", "out", "_build"}

// database holds only entries that build for BPF: the kernel's have tens of thousands of others.
type database struct {
	modified time.Time
	size     int64
	entries  map[string][]databaseEntry // by base name
}

type databaseEntry struct {
	Directory string   `json:"directory"`
	Command   string   `json:"command"`
	Arguments []string `json:"arguments"`
	File      string   `json:"file"`
}

// databases caches parsed databases by name. A database is parsed again when it changes.
type databases struct {
	mu     sync.Mutex
	parsed map[string]database
}

func newDatabases() *databases { return &databases{parsed: map[string]database{}} }

// find knows a file if a database above it has an entry for this file that builds for BPF. Entries for other files or
// for the host do not count: most build systems leave BPF files out of the database.
func (d *databases) find(ctx context.Context, file string) (Found, error) {
	listed := project.DirCacheOf(ctx)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		for _, pattern := range databaseDirs {
			for _, name := range listed.Glob(dir, filepath.Join(pattern, project.DatabaseName)) {
				f, err := d.search(ctx, name, file)
				if !errors.Is(err, errNotHere) {
					return f, err
				}
			}
		}
	}
	return Found{}, errNotHere
}

func (d *databases) search(ctx context.Context, name, file string) (Found, error) {
	db, err := d.load(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return Found{}, errNotHere
	}
	if ctx.Err() != nil {
		return Found{}, ctx.Err()
	}
	if err != nil {
		return Found{}, &clang.Fault{Problem: "The compilation database cannot be read.", File: name, Err: err,
			Advice: "Generate it again, or remove it."}
	}
	looked := 0
	for _, e := range db.entries[filepath.Base(file)] {
		dir := disk.AbsIn(filepath.Dir(name), e.Directory)
		if !disk.SameFile(disk.AbsIn(dir, e.File), file) {
			continue
		}
		if looked++; looked > maxEntries || ctx.Err() != nil {
			break
		}
		words := e.Arguments
		if len(words) == 0 {
			words = compilerWords(e.Command)
		}
		if len(words) < 2 || !isBPFTarget(words) {
			continue
		}
		return Found{Compiler: words[0], Dir: dir, Args: words[1:], Origin: name}, nil
	}
	return Found{}, errNotHere
}

func (d *databases) load(ctx context.Context, name string) (database, error) {
	info, err := os.Stat(name)
	if err != nil {
		return database{}, err
	}
	d.mu.Lock()
	db, ok := d.parsed[name]
	d.mu.Unlock()
	if ok && db.modified.Equal(info.ModTime()) && db.size == info.Size() {
		return db, nil
	}
	f, err := disk.OpenRegular(name)
	if err != nil {
		return database{}, err
	}
	defer f.Close()
	if info.Size() > disk.MaxDatabase {
		return database{}, disk.TooLarge(name, disk.MaxDatabase)
	}
	db = database{modified: info.ModTime(), size: info.Size(), entries: map[string][]databaseEntry{}}
	dec := json.NewDecoder(disk.Cancelable(ctx, f))
	if _, err := dec.Token(); err != nil {
		return database{}, err
	}
	for dec.More() {
		var e databaseEntry
		if err := dec.Decode(&e); err != nil {
			return database{}, err
		}
		if strings.Contains(e.Command, "bpf") || isBPFTarget(e.Arguments) {
			base := filepath.Base(e.File)
			db.entries[base] = append(db.entries[base], e)
		}
	}
	d.mu.Lock()
	d.parsed[name] = db
	d.mu.Unlock()
	return db, nil
}

// maxCommandBytes bounds a command, because the parser's stack and time grow with nesting. Those of large projects have
// a few thousand bytes.
const maxCommandBytes = 32 << 10

// maxEntries bounds how many entries of one file are tried. A database has one for each way that the file is built.
const maxEntries = 16

// compilerWords finds the clang call in a shell command and returns its words. A pipe into llc is the older two-step
// build; its processor is the one the program is meant for.
func compilerWords(command string) []string {
	if len(command) > maxCommandBytes {
		return nil
	}
	prog, err := syntax.NewParser().Parse(strings.NewReader(command), "")
	if err != nil {
		return nil
	}
	var words, first, cpu []string
	syntax.Walk(prog, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok {
			return true
		}
		fields := literalFields(call.Args)
		if len(fields) == 0 {
			return true
		}
		if first == nil {
			first = fields
		}
		switch base := filepath.Base(fields[0]); {
		case words == nil && strings.HasPrefix(base, "clang"):
			words = fields
		case words == nil && len(fields) > 1 && strings.HasPrefix(filepath.Base(fields[1]), "clang"):
			words = fields[1:] // after ccache or similar
		case strings.HasPrefix(base, "llc"):
			for _, f := range fields {
				if strings.HasPrefix(f, "-mcpu=") {
					cpu = []string{f}
				}
			}
		}
		return true
	})
	if words == nil {
		words = first
	}
	return append(words, cpu...)
}

// literalFields splits like a shell, but with empty variables and without running commands.
func literalFields(args []*syntax.Word) []string {
	cfg := &expand.Config{Env: expand.ListEnviron()}
	fields, err := expand.Fields(cfg, args...)
	if err != nil {
		return nil
	}
	return fields
}
