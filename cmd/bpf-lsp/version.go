// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// version is the release, with the commit if the binary was built from one.
func version() string {
	v := catalog.FirstVersion
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			v += "+" + s.Value[:12]
		}
	}
	return v
}

func runVersion(_ []string, stdout, _ io.Writer) int {
	fmt.Fprintf(stdout, "bpf-lsp %s (verifier of Linux %s, %s, %s/%s)\n", version(), program.EmbeddedRelease,
		runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitAccepted
}
