// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/testdata"
)

func runExplain(args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) == 1 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help"):
		fmt.Fprint(stdout, "usage: bpf-lsp explain [CODE…]\n\nA code is <category>/<problem>; the problem alone, a "+
			"category, or a kernel message also works.\nWithout a code, all are listed.\n")
		return exitAccepted
	case len(args) == 0:
		listCodes(stdout)
		return exitAccepted
	}
	status := exitAccepted
	for i, name := range args {
		found := catalog.Find(name)
		if len(found) == 0 {
			if e, _ := catalog.Match(name); e != nil {
				found = []*catalog.Entry{e}
			}
		}
		if len(found) == 0 {
			fmt.Fprintf(stderr, "bpf-lsp: no code %q; see bpf-lsp explain\n", name)
			status = exitFailed
			continue
		}
		for j, e := range found {
			if i+j > 0 {
				fmt.Fprintln(stdout)
			}
			fmt.Fprint(stdout, catalog.Text(e, testdata.Example(e.Example())))
		}
	}
	return status
}

func listCodes(w io.Writer) {
	for _, c := range catalog.Categories {
		fmt.Fprintf(w, "%s\n", catalog.Title(c))
		for _, e := range catalog.All() {
			if e.Category() == c {
				fmt.Fprintf(w, "  %-50s %s\n", e.Code, e.Problem)
			}
		}
	}
}
