// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

const databaseFileName = "compile_commands.json"

// databaseDirs are where a database may be below a directory on the way up: the directory itself and the usual build directories.
var databaseDirs = []string{".", "build*", "out", "_build"}

// database holds only what builds for BPF: those of the kernel have tens of thousands of entries that do not.
type database struct {
	modified time.Time
	size     int64
	entries  []databaseEntry
}

type databaseEntry struct {
	Directory string   `json:"directory"`
	Command   string   `json:"command"`
	Arguments []string `json:"arguments"`
	File      string   `json:"file"`
}

// fromCompileCommands knows a file if a database above it has an entry for this very file that builds for BPF. An entry for
// another file, or one that builds the file for the host, says nothing: most build systems leave BPF files out altogether.
func (c *Compiler) fromCompileCommands(_ context.Context, file string) (found, error) {
	for dir := range ancestors(filepath.Dir(file)) {
		for _, pattern := range databaseDirs {
			names, err := filepath.Glob(filepath.Join(dir, pattern, databaseFileName))
			if err != nil {
				continue // the directory's own name is no valid pattern
			}
			for _, name := range names {
				f, err := c.searchDatabase(name, file)
				if !errors.Is(err, errNotHere) {
					return f, err
				}
			}
		}
	}
	return found{}, errNotHere
}

func (c *Compiler) searchDatabase(name, file string) (found, error) {
	db, err := c.loadDatabase(name)
	if errors.Is(err, fs.ErrNotExist) {
		return found{}, errNotHere
	}
	if err != nil {
		return found{}, &Fault{Problem: "The compilation database cannot be read.", File: name, Err: err,
			Advice: "Generate it again, or remove it."}
	}
	for _, e := range db.entries {
		if filepath.Base(e.File) != filepath.Base(file) {
			continue
		}
		dir := absIn(filepath.Dir(name), e.Directory)
		if !sameFile(absIn(dir, e.File), file) {
			continue
		}
		words := e.Arguments
		if len(words) == 0 {
			words = compilerWords(e.Command)
		}
		if len(words) < 2 || !isBPFTarget(words) {
			continue
		}
		return found{compiler: words[0], dir: dir, args: words[1:], source: databaseFileName, origin: name}, nil
	}
	return found{}, errNotHere
}

func (c *Compiler) loadDatabase(name string) (database, error) {
	info, err := os.Stat(name)
	if err != nil {
		return database{}, err
	}
	c.mu.Lock()
	db, ok := c.databases[name]
	c.mu.Unlock()
	if ok && db.modified.Equal(info.ModTime()) && db.size == info.Size() {
		return db, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return database{}, err
	}
	defer f.Close()
	db = database{modified: info.ModTime(), size: info.Size()}
	dec := json.NewDecoder(f)
	if _, err := dec.Token(); err != nil {
		return database{}, err
	}
	for dec.More() {
		var e databaseEntry
		if err := dec.Decode(&e); err != nil {
			return database{}, err
		}
		if strings.Contains(e.Command, "bpf") || isBPFTarget(e.Arguments) {
			db.entries = append(db.entries, e)
		}
	}
	c.mu.Lock()
	c.databases[name] = db
	c.mu.Unlock()
	return db, nil
}

// compilerWords finds the clang call in a shell command and returns its words. A pipe into llc is the older two-step build; the
// processor it names is the one the program is meant for.
func compilerWords(command string) []string {
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

// literalFields splits as a shell would, with every variable empty and no command run.
func literalFields(args []*syntax.Word) []string {
	cfg := &expand.Config{Env: expand.ListEnviron()}
	fields, err := expand.Fields(cfg, args...)
	if err != nil {
		return nil
	}
	return fields
}
