// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"regexp"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// helperNames are names of bpf_helpers.h that a program gets through libbpf's other headers, which only newer versions
// include.
var helperNames = regexp.MustCompile(`'(?:__always_inline|__noinline|__weak|__uint|__type|SEC|` +
	`bpf_(?:map_(?:lookup|update|delete)_elem|printk|probe_read\w*|ktime_get_ns|get_current_\w+))'`)

// oldLibbpf adds headers in front of libbpf's, if the program uses names that only those define.
func (f *Finder) oldLibbpf(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	uses := func(text string) bool { return additionNames().MatchString(text) || helperNames.MatchString(text) }
	if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return clang.IsError(d) && uses(d.Reason) }) {
		text, err := disk.ReadText(cmd.File, disk.MaxSource)
		if err != nil || !uses(string(text)) {
			return nil, nil
		}
	}
	dir, err := f.libbpfAdditions()
	if err != nil {
		return nil, err
	}
	return []clang.Need{{Flag: "-I" + dir, Why: "it uses names of a newer libbpf than the one found", First: true}}, nil
}
