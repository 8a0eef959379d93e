// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"strings"
)

// Command is the command line that compiles one file, without the output names.
type Command struct {
	File   string   // absolute name of the C file
	Clang  string   // the program to run
	Dir    string   // absolute directory to run it in
	Args   []string // normalised flags, the file included
	Source string   // where the flags came from, as shown to people: "compile_commands.json", "defaults", …
	Origin string   // the file the flags were read from, empty for the defaults
	Loader Loader   // what loads the object
	Libbpf []string // directories with a libbpf of the project; Args has the first
	Needed []Need   // flags of Args that were added because the file does not compile without them
}

// String returns the command as one would type it into a shell.
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

// Need is a flag that a file requires in addition to those found for it.
type Need struct {
	Flag string `json:"flag"`
	Why  string `json:"why"` // the reason, as the rest of a sentence: "vmlinux.h is there"
	// Guess is set if the error may have another cause. A guess counts for one build only, and only if that build
	// succeeds.
	Guess bool `json:"-"`
	// Holds is the header that the flag leads to, empty if there is none.
	Holds string `json:"-"`
	// First places the flag before all others; of two such flags the later one comes first.
	First bool `json:"-"`
}

// Loader is what loads the object of a file. Some findings apply to one loader only.
type Loader uint8

// Loaders.
const (
	LoaderUnknown Loader = iota
	LoaderLibbpf         // libbpf, or a library that calls it
	LoaderOther          // one that reads objects itself
)
