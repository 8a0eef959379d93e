// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Command is how one file is built, before the output names are added.
type Command struct {
	File   string   // absolute name of the C file
	Clang  string   // the program to run
	Dir    string   // absolute directory to run it in
	Args   []string // normalised flags, the file included
	Source string   // where the flags came from, for people: "compile_commands.json", "defaults", …
	Origin string   // file the flags were read from, empty for the defaults
	Loader Loader   // what loads the object
	libbpf []string // directories of the project's libbpfs, of which Args has the first
	Needed []Need   // those of Args that were added because the file did not compile without
}

// String is the command as one would type it into a shell.
func (c Command) String() string { return Quote(append([]string{c.Clang}, c.Args...)) }

// Quote joins words as one would type them into a shell.
func Quote(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = shellQuote(w)
	}
	return strings.Join(quoted, " ")
}

func shellQuote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

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
