// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/facts"

// library are functions of the C library that compilers call of themselves, or for a
// built-in function of the same name, with what to do in their place.
var library = map[string]Phrase{
	"memcpy": AdviseBytes, "memmove": AdviseBytes, "memset": AdviseBytes, "memcmp": AdviseBytes, "bcmp": AdviseBytes, "memchr": AdviseBytes,
	"strlen": AdviseString, "strnlen": AdviseString, "strcmp": AdviseString, "strncmp": AdviseString, "strcasecmp": AdviseString,
	"strncasecmp": AdviseString, "strcpy": AdviseString, "strncpy": AdviseString, "strcat": AdviseString, "strncat": AdviseString,
	"strchr": AdviseString, "strrchr": AdviseString, "strstr": AdviseString, "strspn": AdviseString, "strcspn": AdviseString,
}

// InPlaceOf says what to do in place of a call of the C library, "" of other functions.
func InPlaceOf(name string) string {
	known := Facts{}
	if k, ok := facts.Of(facts.Default).Kfunc("bpf_" + name); ok {
		known["near"] = Call(k.Name)
	}
	return library[name].With(known)
}
