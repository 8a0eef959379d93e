// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// compared is a program that the kernel judged.
type compared struct {
	key
	difference
	kernel, here *answer // here is nil without an answer of ours
	why          string  // what differs, "" if nothing does
	says         string  // where the kernel's answer leaves ours: its message, or two lines of its log
	reason       string  // why it differs, "" if that is not known
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
	return programs, kernel.kernel, findSays(programs, kernelFile, hereFile)
}

// findSays sets where the kernel's answers leave ours. The logs are read again, of the programs that a message does not
// tell apart.
func findSays(programs []compared, kernelFile, hereFile string) error {
	differ := make(map[key]bool)
	for i := range programs {
		if p := &programs[i]; p.parted != 0 && !p.parted.has(verdict) && !p.parted.has(message) {
			differ[p.key] = true
		}
	}
	theirs, err := readLogs(kernelFile, differ)
	if err != nil {
		return err
	}
	ours, err := readLogs(hereFile, differ)
	if err != nil {
		return err
	}
	for i := range programs {
		p := &programs[i]
		if p.parted != 0 {
			p.says = says(p, theirs[p.key], ours[p.key])
		}
		if p.parted == 1<<logText {
			p.why += ", from: " + strings.ReplaceAll(p.says, "\n", " / ")
		}
	}
	return nil
}

// errDisagree ends a comparison whose differences are not the ledger's.
var errDisagree = errors.New("the ledger does not tell what differs")

func runCompare(args []string, stdout io.Writer) error {
	var kernelFile, hereFile, ledgerFile, changesFile, reportFile, objects, server string
	var bareKernel, bareHere string
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.StringVar(&kernelFile, "kernel", "", "`file` of the kernel's answers")
	fs.StringVar(&hereFile, "here", "", "`file` of our answers")
	fs.StringVar(&ledgerFile, "ledger", "", "`file` that explains which programs disagree")
	fs.StringVar(&changesFile, "changes", "", "`file` that explains what builds of the kernel do otherwise")
	fs.StringVar(&reportFile, "report", "", "`file` to write tables to, as Markdown")
	fs.StringVar(&objects, "objects", "", "`folder` of the objects, for the table by feature")
	fs.StringVar(&server, "server", "", "`path` of bpf-lsp, to measure it on the largest programs")
	fs.StringVar(&bareKernel, "unprivileged-kernel", "",
		"`file` of the kernel's answers to a user without capabilities")
	fs.StringVar(&bareHere, "unprivileged-here", "", "`file` of ours for such a user")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if kernelFile == "" || hereFile == "" || ledgerFile == "" || changesFile == "" {
		return errors.New("compare needs -kernel, -here, -ledger and -changes")
	}
	known, err := readLedger(ledgerFile)
	if err != nil {
		return err
	}
	changes, err := readChanges(changesFile)
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
	unused := explainBuild(changesOf(changes, asked), t.programs, t.unprivileged)
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
	// Without privileges nothing is known to differ but by the build.
	found.worse = append(found.worse, ledger{}.hold(t.unprivileged).worse...)
	for _, line := range append(found.stale, unused...) {
		fmt.Fprintf(stdout, "better: %s\n", line)
	}
	for _, line := range found.worse {
		fmt.Fprintf(stdout, "worse: %s\n", line)
	}
	if len(found.worse)+len(found.stale)+len(unused) != 0 {
		return errDisagree
	}
	return nil
}
