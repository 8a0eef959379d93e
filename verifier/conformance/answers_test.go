// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// TestLogsAreComparedApartFromTheBuild has logs that are equal in all but what a build or a run decides, and others.
func TestLogsAreComparedApartFromTheBuild(t *testing.T) {
	hashed := func(log string) [32]byte {
		a := &answer{Record: render.Record{Log: log}}
		a.hashLog()
		return a.log
	}
	const log = "0: (18) r1 = 0xffffc90001182000\n7: (85) call bpf_iter_num_new#64242\n8: (85) call bpf_map_lookup_elem#1\nverification time 12 usec"
	for other, same := range map[string]bool{
		"0: (18) r1 = 0xffff888100002000\n7: (85) call bpf_iter_num_new#64260\n8: (85) call bpf_map_lookup_elem#1\nverification time 7 usec":   true,
		"0: (18) r1 = 0xffffc90001182000\n7: (85) call bpf_iter_num_next#64242\n8: (85) call bpf_map_lookup_elem#1\nverification time 12 usec": false,
		"0: (18) r1 = 0xffffc90001182000\n7: (85) call bpf_iter_num_new#64242\n8: (85) call bpf_map_lookup_elem#2\nverification time 12 usec":  false,
	} {
		if (hashed(log) == hashed(other)) != same {
			t.Errorf("equal to the log: %v, want %v: %s", !same, same, other)
		}
	}
}
