// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// expand lists the files that the paths stand for, those of directories in
// the order of their names.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("cannot check %s: %w", p, reason(err))
		}
		if !info.IsDir() {
			files = append(files, p)
			continue
		}
		found, err := below(p)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no *.bpf.c or *.bpf.o files below %s", p)
		}
		files = append(files, found...)
	}
	return files, nil
}

// below finds the BPF sources and objects of a directory; hidden directories
// are left out.
func below(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != dir && strings.HasPrefix(e.Name(), "."):
			return filepath.SkipDir
		case !e.IsDir() && (strings.HasSuffix(path, ".bpf.c") || strings.HasSuffix(path, ".bpf.o")):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// reason is an error of the file system without the path that a message
// names already.
func reason(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
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
