// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// compared is a program that the kernel judged.
type compared struct {
	key
	difference
	kernel, here *answer // here is nil without an answer of ours
	why          string  // what differs, "" if nothing does
}

// compareAll compares our answers with the kernel's about each program that the
// kernel judged, in the order of the kernel's.
func compareAll(kernel, here *answers) []compared {
	var programs []compared
	for _, k := range kernel.keys {
		if kernel.of[k].Verdict == render.VerdictSkip {
			continue
		}
		p := compared{key: k, kernel: kernel.of[k], here: here.of[k]}
		p.difference = differ(p.kernel, p.here)
		p.why = disagreement(p.kernel, p.here, p.parted)
		programs = append(programs, p)
	}
	return programs
}

// compareFiles compares two files of answers. asked is the kernel's build, "" if
// its file does not say.
func compareFiles(kernelFile, hereFile string) (programs []compared, asked string, err error) {
	kernel, err := readAnswers(kernelFile)
	if err != nil {
		return nil, "", err
	}
	here, err := readAnswers(hereFile)
	if err != nil {
		return nil, "", err
	}
	programs = compareAll(kernel, here)
	if len(programs) == 0 {
		return nil, "", fmt.Errorf("%s: the kernel judged no program", kernelFile)
	}
	return programs, kernel.kernel, nil
}

// errDisagree ends a comparison whose differences are not the ledger's.
var errDisagree = errors.New("the ledger does not tell what differs")

func runCompare(args []string, stdout io.Writer) error {
	var kernelFile, hereFile, ledgerFile, reportFile, objects, server string
	var bareKernel, bareHere string
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.StringVar(&kernelFile, "kernel", "", "`file` of the kernel's answers")
	fs.StringVar(&hereFile, "here", "", "`file` of our answers")
	fs.StringVar(&ledgerFile, "ledger", "", "`file` that explains which programs disagree")
	fs.StringVar(&reportFile, "report", "", "`file` to write tables to, as Markdown")
	fs.StringVar(&objects, "objects", "", "`folder` of the objects, for the table by feature")
	fs.StringVar(&server, "server", "", "`path` of bpf-lsp, to measure it on the largest programs")
	fs.StringVar(&bareKernel, "unprivileged-kernel", "",
		"`file` of the kernel's answers to a user without capabilities")
	fs.StringVar(&bareHere, "unprivileged-here", "", "`file` of ours for such a user")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if kernelFile == "" || hereFile == "" || ledgerFile == "" {
		return errors.New("compare needs -kernel, -here and -ledger")
	}
	known, err := readLedger(ledgerFile)
	if err != nil {
		return err
	}
	programs, asked, err := compareFiles(kernelFile, hereFile)
	if err != nil {
		return err
	}
	t := tables{programs: programs, asked: asked, ledger: known}
	if bareKernel != "" {
		if t.unprivileged, _, err = compareFiles(bareKernel, bareHere); err != nil {
			return err
		}
	}
	if objects != "" {
		if t.features, err = readFeatures(objects, programs); err != nil {
			return err
		}
	}
	if server != "" && objects != "" {
		if t.large, err = measureLarge(server, objects, programs); err != nil {
			return err
		}
	}
	if reportFile != "" {
		if err := os.WriteFile(reportFile, t.markdown(), 0o666); err != nil {
			return err
		}
	}
	stdout.Write(total(programs))
	found := known.hold(programs)
	// Without privileges nothing is known to differ.
	found.worse = append(found.worse, ledger{}.hold(t.unprivileged).worse...)
	for _, line := range found.stale {
		fmt.Fprintf(stdout, "better: %s\n", line)
	}
	for _, line := range found.worse {
		fmt.Fprintf(stdout, "worse: %s\n", line)
	}
	if len(found.worse)+len(found.stale) != 0 {
		return errDisagree
	}
	return nil
}
