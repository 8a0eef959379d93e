// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// The arguments are expanded to files in the order of naming, each once. An invalid name on the command line is an
// error before anything is checked. Problems during a search, such as an unreadable directory, become targets with a
// problem, so that the other files are checked.

// maxListBytes bounds a list of files, which may come from a pipe.
const maxListBytes = 64 << 20

// target is a file to check, or something that could not be searched or checked.
type target struct {
	path    string
	problem error
}

// search collects targets.
type search struct {
	exclude []string
	targets []target
	seen    map[string]bool
}

// expand expands the paths and the list of files. The list is a file name, - for stdin, or empty for none.
func expand(paths []string, list string, exclude []string, stdin io.Reader) ([]target, error) {
	s := &search{exclude: exclude, seen: map[string]bool{}}
	for _, p := range paths {
		if err := s.named(p); err != nil {
			return nil, err
		}
	}
	if list == "" {
		return s.targets, nil
	}
	names, err := readList(list, stdin)
	if err != nil {
		return nil, err
	}
	for _, p := range names {
		if err := s.path(p); err != nil {
			return nil, err
		}
	}
	return s.targets, nil
}

// named adds an argument: the file or directory of that name, else all matches of it as a pattern.
func (s *search) named(p string) error {
	if _, err := os.Lstat(p); err == nil || !strings.ContainsAny(p, "*?[{") {
		return s.path(p)
	}
	if !doublestar.ValidatePathPattern(p) {
		return fmt.Errorf("%s is neither a file nor a valid pattern", quoted(p))
	}
	found, err := doublestar.FilepathGlob(p, doublestar.WithFilesOnly(), doublestar.WithNoFollow(),
		doublestar.WithNoHidden())
	if err != nil {
		return fmt.Errorf("cannot search for %s: %w", quoted(p), reason(err))
	}
	slices.Sort(found)
	some := false
	for _, f := range found {
		// A pattern that ends at a link to a directory returns the link too.
		if info, err := os.Stat(f); err != nil || !info.IsDir() {
			s.add(f, nil)
			some = true
		}
	}
	if !some {
		return fmt.Errorf("no files match %s", quoted(p))
	}
	return nil
}

// path adds a file, or the files below a directory.
func (s *search) path(p string) error {
	info, err := os.Stat(p)
	switch {
	case err != nil:
		return fmt.Errorf("cannot check %s: %w", quoted(p), reason(err))
	case info.IsDir():
		return s.below(p)
	case !info.Mode().IsRegular():
		return fmt.Errorf("cannot check %s: it is neither a regular file nor a directory", quoted(p))
	}
	s.add(p, nil)
	return nil
}

// below adds the BPF sources and objects of a directory in the order of their names. It skips hidden files and
// directories, and does not follow links to directories, which may form cycles.
func (s *search) below(dir string) error {
	before, excluded := len(s.targets), false
	// The separator makes WalkDir follow a link to a directory that was named.
	start := strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator)
	err := filepath.WalkDir(start, func(p string, e fs.DirEntry, err error) error {
		top := p == start
		switch {
		case !top && (strings.HasPrefix(e.Name(), ".") || s.excluded(p)):
			excluded = excluded || !strings.HasPrefix(e.Name(), ".")
			if e.IsDir() {
				return filepath.SkipDir
			}
		case err != nil:
			s.add(p, reason(err))
		case !e.IsDir() && (strings.HasSuffix(p, ".bpf.c") || strings.HasSuffix(p, ".bpf.o")):
			s.add(p, nil)
		}
		return nil
	})
	if err == nil && len(s.targets) == before && !excluded && !s.seenBelow(dir) {
		return fmt.Errorf("no *.bpf.c or *.bpf.o files below %s", quoted(dir))
	}
	return err
}

// seenBelow reports whether files of a directory were named before.
func (s *search) seenBelow(dir string) bool {
	return slices.ContainsFunc(s.targets, func(t target) bool {
		rel, err := filepath.Rel(dir, t.path)
		return err == nil && filepath.IsLocal(rel)
	})
}

func (s *search) add(p string, problem error) {
	p = filepath.Clean(p)
	if s.seen[p] || s.excluded(p) {
		return
	}
	s.seen[p] = true
	s.targets = append(s.targets, target{p, problem})
}

// excluded reports whether a pattern of --exclude matches a path or one of its directories. A pattern without a slash
// matches a single name.
func (s *search) excluded(p string) bool {
	name := filepath.ToSlash(filepath.Clean(p))
	for _, pattern := range s.exclude {
		for at := name; at != "." && at != "/" && at != ""; at = path.Dir(at) {
			against := at
			if !strings.Contains(pattern, "/") {
				against = path.Base(at)
			}
			if doublestar.MatchUnvalidated(pattern, against) {
				return true
			}
			if path.Dir(at) == at {
				break
			}
		}
	}
	return false
}

// readList reads file names, one per line, or terminated by zero bytes if there is one, as from git ls-files -z.
func readList(list string, stdin io.Reader) ([]string, error) {
	from := stdin
	if list != "-" {
		f, err := os.Open(list)
		if err != nil {
			return nil, fmt.Errorf("cannot read the list of files %s: %w", quoted(list), reason(err))
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, maxListBytes+1))
	if err == nil && len(text) > maxListBytes {
		err = errors.New("it is too long")
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the list of files %s: %w", quoted(list), reason(err))
	}
	end := []byte("\n")
	if bytes.IndexByte(text, 0) >= 0 {
		end = []byte{0}
	}
	var names []string
	for name := range bytes.SplitSeq(text, end) {
		if end[0] == '\n' {
			name = bytes.TrimSuffix(name, []byte("\r"))
		}
		if len(name) > 0 {
			names = append(names, string(name))
		}
	}
	return names, nil
}

// reason returns an error of the file system without the path, which the message names already.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// quoted returns a file name for a message: unchanged, unless it has terminal control characters.
func quoted(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Sprintf("%q", name)
	}
	return name
}

// shown makes a file name relative to the current directory if it lies below.
func shown(file string) string {
	wd, err := os.Getwd()
	if err != nil || !filepath.IsAbs(file) {
		return file
	}
	rel, err := filepath.Rel(wd, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return rel
}
