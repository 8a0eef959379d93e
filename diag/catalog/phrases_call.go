// SPDX-License-Identifier: GPL-2.0-only

package catalog

// What to do in one case of a fault about a call, a resource or a name.
const (
	AdviseRedefined  Phrase = "{name} is in {place} already: remove this definition, or give yours another name. Where it stands for the one of another kernel version, end its name with `___` and a word, which CO-RE ignores."
	AdviseRedeclared Phrase = "{name} is declared in {place} already, with other types: remove this declaration."
	AdviseOneRelease Phrase = "Leave one of the two calls out, or return after the one{where}."
)
