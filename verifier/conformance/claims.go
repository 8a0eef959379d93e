// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// runClaims holds what reports of rejected programs state about their paths
// against the recorded walks, and prints each contradiction.
func runClaims(args []string, stdout io.Writer) error {
	if len(args) == 0 {
		return errors.New("claims: no objects")
	}
	reports, claims, judged, refuted := 0, 0, 0, 0
	read := func(file string) ([]byte, bool) {
		text, err := os.ReadFile(file)
		return text, err == nil
	}
	for _, name := range args {
		elf, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		obj, err := program.Load(elf, program.Options{Name: filepath.Base(name)})
		if err != nil {
			continue // what cannot be loaded has no path
		}
		for _, p := range obj.Programs {
			if p.Unloadable() != "" {
				continue
			}
			r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
			for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &r) {
				reports++
				why, n := explain.Refute(p, &r, &d)
				claims, judged, refuted = claims+len(d.Claims), judged+n, refuted+len(why)
				for _, w := range why {
					fmt.Fprintf(stdout, "%s %s: %s:%d: %s\n", filepath.Base(name), p.Name, filepath.Base(d.Span.File),
						d.Span.Line, w)
				}
			}
		}
	}
	fmt.Fprintf(stdout, "%d reports, %d claims, %d judged, %d refuted\n", reports, claims, judged, refuted)
	if refuted > 0 {
		return errors.New("some claims contradict the walk")
	}
	return nil
}
