// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// livesText spells the lives of a program's resources, a place a line.
func livesText(t *testing.T, object, name string) string {
	t.Helper()
	obj := loadObject(t, object)
	var b strings.Builder
	for _, p := range obj.Programs {
		if p.Name != name {
			continue
		}
		r := verifier.Verify(p, verifier.Options{Lifetimes: true})
		lives := explain.Lives(diag.Subject{Object: obj, Program: p, Read: programSource}, &r)
		for _, l := range lives.Lives {
			fmt.Fprintf(&b, "%d: %s\n", l.Acquired.Span.Line, l.Acquired.Message)
			for _, r := range l.Then {
				fmt.Fprintf(&b, "%d: %s\n", r.Span.Line, r.Message)
			}
		}
		for _, region := range lives.Regions {
			fmt.Fprintf(&b, "%s: %d lines\n", region.Name, len(region.Lines))
		}
	}
	return b.String()
}

func TestLivesOf(t *testing.T) {
	for _, c := range []struct{ object, program, want string }{
		{"tc_session.bpf.o", "count_sessions", `34: ` + "`sk`" + ` is looked up by bpf_skc_lookup_tcp()
35: nothing to give back where it is NULL
37: ` + "`sk->state`" + ` is read
38: given back by bpf_sk_release()
`},
		{"exec_events.bpf.o", "exec_event", `28: ` + "`e`" + ` is reserved by bpf_ringbuf_reserve()
29: nothing to give back where it is NULL
32: ` + "`e->uid`" + ` is written
31: ` + "`e->pid`" + ` is written
33: ` + "`e->when`" + ` is written
34: used by bpf_get_current_comm()
35: given back by bpf_ringbuf_submit()
`},
		{"xdp_port_filter.bpf.o", "port_filter", ""},
		// A rejected program's story is that of its diagnostics.
		{"leak_ringbuf.bpf.o", "trace_open", ""},
	} {
		if got := livesText(t, filepath.Join(objectDir, c.object), c.program); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.program, got, c.want)
		}
	}
}

// TestRegionsOf checks that regions are those of locks, with where they were taken, and of the kernel's
// read sections.
func TestRegionsOf(t *testing.T) {
	for object, want := range map[string]string{
		"graph_lock_not_held.o":      "a lock is held since line ",
		"rcu_held_at_exit.o":         "an RCU read section is open: ",
		"irq_disabled_at_exit.o":     "interrupts are off since line ",
		"preempt_disabled_at_exit.o": "preemption is disabled: ",
	} {
		if got := livesText(t, filepath.Join(ruleDir, object), "fixed"); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", object, got, want)
		}
	}
}
