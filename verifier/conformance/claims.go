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

// maxWalk is how many instructions may have been walked to the first fault, for the
// walk to go on behind it.
const maxWalk = 200_000

// walks are the results of a program with a report each: of the kernel's first fault,
// and of those beyond it.
func walks(p *program.Program) []verifier.Result {
	first := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
	all := []verifier.Result{first}
	if first.Verdict == verifier.Rejected && first.Stats.InsnsProcessed <= maxWalk {
		again := verifier.Verify(p, verifier.Options{Record: true, Further: true})
		all = append(all, again.Further...)
	}
	return all
}

// runClaims holds what reports of rejected programs state about their paths
// against the recorded walks, and prints each contradiction and each number that no
// claim has.
func runClaims(args []string, stdout io.Writer) error {
	if len(args) == 0 {
		return errors.New("claims: no objects")
	}
	reports, claims, judged, refuted, stated, unclaimed := 0, 0, 0, 0, 0, 0
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
			for _, r := range walks(p) {
				for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &r) {
					reports++
					why, n := explain.Refute(p, &r, &d)
					claims, judged, refuted = claims+len(d.Claims), judged+n, refuted+len(why)
					open, all := explain.Unclaimed(&d)
					stated, unclaimed = stated+all, unclaimed+len(open)
					for _, sentence := range open {
						why = append(why, "a number without a claim: "+sentence)
					}
					for _, w := range why {
						at := fmt.Sprintf("%s:%d", filepath.Base(d.Span.File), d.Span.Line)
						fmt.Fprintf(stdout, "%s %s: %s: %s\n", filepath.Base(name), p.Name, at, w)
					}
				}
			}
		}
	}
	fmt.Fprintf(stdout, "%d reports, %d claims, %d judged, %d refuted; %d sentences with numbers, %d without a claim\n",
		reports, claims, judged, refuted, stated, unclaimed)
	if refuted > 0 || unclaimed > 0 {
		return errors.New("some claims contradict the walk, or are not noted")
	}
	return nil
}
