// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

func runExplain(args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) == 1 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help"):
		fmt.Fprint(stdout, "usage: bpf-lsp explain [CODE…]\n\nA code is <category>/<problem>; the problem alone, a category, or a kernel message will do.\nWithout a code, all are listed.\n")
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
			fmt.Fprintf(stderr, "bpf-lsp: no code %q; bpf-lsp explain lists all\n", name)
			status = exitFailed
			continue
		}
		for j, e := range found {
			if i+j > 0 {
				fmt.Fprintln(stdout)
			}
			explain(stdout, e)
		}
	}
	return status
}

func listCodes(w io.Writer) {
	for _, c := range catalog.Categories {
		fmt.Fprintf(w, "%s\n", c.Title())
		for _, e := range catalog.All() {
			if e.Category() == c {
				fmt.Fprintf(w, "  %-50s %s\n", e.Code, e.Problem)
			}
		}
	}
}

// explain prints a row of the catalogue without facts.
func explain(w io.Writer, e *catalog.Entry) {
	fmt.Fprintf(w, "%s\n%s\n\n%s\n", e.Code, e.Title(), catalog.Fill(e.Reason, nil))
	if e.Suggestion != "" {
		fmt.Fprintf(w, "\nWhat to do: %s\n", catalog.Fill(e.Suggestion, nil))
	}
	if len(e.Kernel) > 0 {
		fmt.Fprintf(w, "\nThe kernel's message%s:\n", map[bool]string{true: "s"}[len(e.Kernel) > 1])
		for _, k := range e.Kernel {
			fmt.Fprintf(w, "  %s\n", strings.NewReplacer("{", "<", "}", ">").Replace(k))
		}
	}
	fmt.Fprintf(w, "\nSince bpf-lsp %s. %s\n", e.Version(), e.Code.Href())
}
