// SPDX-License-Identifier: GPL-2.0-only

// Command gen writes the page of every code to the directory given.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen MODULE-ROOT PAGE-DIRECTORY")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func generate(root, dir string) error {
	for _, e := range catalog.All() {
		// A row without an example has no file, which leaves the text empty.
		example, _ := os.ReadFile(filepath.Join(root, e.Example()))
		if err := write(filepath.Join(dir, catalog.PagePath(e.Code)), catalog.Page(&e, string(example))); err != nil {
			return err
		}
	}
	return write(filepath.Join(dir, "README.md"), catalog.Index())
}

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}
