// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"strings"
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
	Libbpf []string // directories of the project's libbpfs, of which Args has the first
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

// Need is a flag that a file turned out to need besides those that were found for it.
type Need struct {
	Flag string `json:"flag"`
	Why  string `json:"why"` // for people, as the rest of a sentence: "vmlinux.h is there"
	// Guess: another fault than a missing flag can look the same, so it counts for one build only, and only if that succeeds.
	Guess bool `json:"-"`
	// Holds is the header that the flag is about, empty if it is about none.
	Holds string `json:"-"`
	// First: the flag goes before all others, and a later one before an earlier one.
	First bool `json:"-"`
}

// Loader is what loads the object of a file, as far as it matters to what is told of the object.
type Loader uint8

// Loaders.
const (
	LoaderUnknown Loader = iota
	LoaderLibbpf         // libbpf, or a library that calls it
	LoaderOther          // one that reads objects itself
)
