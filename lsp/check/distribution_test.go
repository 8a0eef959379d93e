// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// TestDistributionsStructOps has a scheduler or a queueing discipline, which is verified although the built-in kernel
// that is tried first has neither.
func TestDistributionsStructOps(t *testing.T) {
	const object = "../../testdata/walk/distribution.bpf.o"
	var report Report
	deadline.Within(t, "the check of "+object, func(ctx context.Context) {
		report, _ = New(Settings{}).Unit(ctx, Request{File: object})
	})
	accepted, rejected, unjudged := report.Counts()
	if accepted == 0 || rejected == 0 || unjudged != 0 {
		t.Errorf("%d accepted, %d rejected, %d not judged", accepted, rejected, unjudged)
	}
	kernel, err := program.DistributionKernel()
	if err != nil || report.Object.KernelBTF != kernel.BTF {
		t.Errorf("not judged by the distribution's types: %v", err)
	}
}
