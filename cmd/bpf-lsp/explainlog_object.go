// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explainlog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// verifiedObject is the object given for a log, verified.
type verifiedObject struct {
	name string
	unit check.Report
}

// verify verifies the programs of the object.
func (o *explainLog) verify(ctx context.Context) (*verifiedObject, error) {
	c, err := newChecker(&checkOptions{format: "text", jobs: runtime.GOMAXPROCS(0)}, o.stdout, o.stderr)
	if err != nil {
		return nil, err
	}
	unit, err := c.checkFile(ctx, target{path: o.object})
	if err != nil {
		return nil, err
	}
	for _, d := range append(unit.Compiler, unit.Faults...) {
		if d.Severity == diag.Error && len(unit.Programs) == 0 {
			return nil, fmt.Errorf("cannot verify %s: %s", o.object, d.Message())
		}
	}
	return &verifiedObject{o.object, unit.Report}, nil
}

// same returns the program of the object that fails with the fault of a log, nil if none does. The words say which
// report is shown, and why.
func (v *verifiedObject) same(l *explainlog.Log) (run *diag.Run, words string) {
	if v == nil {
		return nil, ""
	}
	var named *diag.Run
	for _, r := range v.unit.Programs {
		if l.Program != "" && r.Program.Name != l.Program {
			continue
		}
		named = r
		if r.Skip == "" && r.Result.Verdict == verifier.Rejected && l.IsOf(r) {
			if run != nil {
				return nil, fmt.Sprintf(
					"Several programs of %s fail with this fault, and the log does not name the program; use "+
						"--program", shown(v.name))
			}
			run = r
		}
	}
	switch {
	case run != nil:
		return run, fmt.Sprintf(
			"%s in %s was verified: it has the fault of the log at the same instruction, and this is its report",
			run.Program.Name, shown(v.name))
	case named == nil:
		return nil, fmt.Sprintf("%s has no program %s; this report is based on the log alone", shown(v.name), l.Program)
	case l.Program == "":
		return nil, fmt.Sprintf("No program of %s has the fault of the log; this report is based on the log alone",
			shown(v.name))
	case named.Result.Verdict == verifier.Accepted:
		return nil, fmt.Sprintf(
			"%s in %s is accepted by the rules of Linux 6.18; this report is based on the log alone",
			l.Program, shown(v.name))
	}
	return nil, fmt.Sprintf(
		"%s in %s was verified, and has another fault than the log; this report is based on the log alone", l.Program,
		shown(v.name))
}
