// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Fault is a reason for a failed build that is not in the file itself: no compiler, a broken project file, a time
// limit.
type Fault struct {
	Problem string // one sentence
	Advice  string // what to do about it; may be empty
	Code    catalog.Code
	File    string // the file at fault, empty for the C file itself
	Line    int    // 1-based line in File, 0 if unknown
	Err     error  // the cause; may be nil
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

// notRun explains why a compiler could not be started. For a missing directory the system reports a missing program.
func (c Command) notRun(err error) *Fault {
	if info, serr := os.Stat(c.Dir); serr == nil && info.IsDir() {
		return &Fault{Problem: "Clang could not be run.", Code: catalog.CompilerFailed, Err: err}
	}
	return &Fault{Problem: "Clang's working directory " + c.Dir + " does not exist.",
		Code:   catalog.CompilerFailed,
		Advice: strings.TrimSpace("It is named by "+c.Source+" "+c.Origin) + "."}
}

// IsFault returns the Fault in err, if there is one.
func IsFault(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}

// NoTemporary is the fault for files of a build that cannot be written, for lack of space or permission.
func NoTemporary(err error) *Fault {
	return &Fault{Problem: "No temporary file could be written.", Code: catalog.CompilerFailed, Err: err,
		Advice: "Free some space there, or set TMPDIR to a writable directory."}
}
