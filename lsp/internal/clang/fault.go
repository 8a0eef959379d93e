// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Fault is why a file could not be built for a reason that is not in the file: no compiler, a broken project file, a time limit.
type Fault struct {
	Problem string // one sentence
	Advice  string // what to do about it, may be empty
	Code    catalog.Code
	File    string // file to blame, empty for the C file itself
	Line    int    // 1-based line in File, 0 if unknown
	Err     error  // cause, may be nil
}

func (f *Fault) Error() string {
	s := f.Problem
	if f.Err != nil {
		s = fmt.Sprintf("%s: %v", strings.TrimSuffix(s, "."), f.Err)
	}
	if f.Advice != "" {
		s = strings.TrimSuffix(s, ".") + ". " + f.Advice
	}
	return s
}

func (f *Fault) Unwrap() error { return f.Err }

// notRun says why a compiler could not be started. The system's own word for a directory that is missing is that the program is.
func (c Command) notRun(err error) *Fault {
	if info, serr := os.Stat(c.Dir); serr == nil && info.IsDir() {
		return &Fault{Problem: "Clang could not be run.", Code: catalog.CompilerFailed, Err: err}
	}
	return &Fault{Problem: "The directory that clang is to run in, " + c.Dir + ", is not there.", Code: catalog.CompilerFailed,
		Advice: strings.TrimSpace("It is named by "+c.Source+" "+c.Origin) + "."}
}

// IsFault reports whether err says that a file could not be built for a reason outside of it, and which.
func IsFault(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}

// NoTemporary says that there is no room or no permission for the files of a build.
func NoTemporary(err error) *Fault {
	return &Fault{Problem: "No temporary file could be written.", Code: catalog.CompilerFailed, Err: err,
		Advice: "Make room there, or set TMPDIR to a directory that can be written to."}
}
