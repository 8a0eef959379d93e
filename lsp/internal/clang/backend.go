// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// What the backend of clang refuses once the front end has taken the file: what does not fit into a BPF program.

// stackLimit is the prefix of the backend's message for each access outside of a stack frame.
const stackLimit = "Looks like the BPF stack limit is exceeded"

// builtinCall is its message for a call of the C library.
var builtinCall = regexp.MustCompile(`^A call to built-in function '(\w+)' is not supported`)

// backendSays are the prefixes of its other messages about the code.
var backendSays = []string{
	stackLimit, "A call to built-in function", "too many arguments", "stack arguments are not supported",
	"pass by value not supported", "only small returns supported", "aggregate returns are not supported",
	"functions with VarArgs or StructRet are not supported",
	"unsupported dynamic stack allocation", "unsupported signed division", "unsupported atomic operation",
}

// FromBackend reports whether an error is among messages that the backend gave: the front end took the file.
func FromBackend(ds []diag.Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool {
		return IsError(d) && slices.ContainsFunc(backendSays, func(text string) bool {
			return strings.HasPrefix(d.Reason, text)
		})
	})
}

// ExplainBackend words what the backend says in terms of the program: one error for a stack frame, with its other
// lines related to it, and what to do without functions of the C library.
func ExplainBackend(ds []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	frame := -1 // the error about a stack frame
	for _, d := range ds {
		m := builtinCall.FindStringSubmatch(d.Reason)
		switch {
		case !IsError(d):
		case m != nil && catalog.InPlaceOf(m[1]) != "":
			d.Reason = catalog.LibraryCall.With(catalog.Facts{"name": catalog.Call(m[1])})
			d.Suggestion = catalog.InPlaceOf(m[1])
		case strings.HasPrefix(d.Reason, stackLimit) && frame >= 0 && out[frame].Span.File == d.Span.File:
			too := diag.Related{Span: d.Span, Message: string(catalog.StackLimitToo)}
			out[frame].Related = append(out[frame].Related, too)
			continue
		case strings.HasPrefix(d.Reason, stackLimit):
			frame = len(out)
			d.Reason = string(catalog.StackLimit)
			d.Suggestion = string(catalog.AdviseOffStack)
		}
		out = append(out, d)
	}
	return out
}
