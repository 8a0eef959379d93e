// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"slices"
	"testing"
)

// TestOffered has functions that the kernel's source offers to some types of
// programs only.
func TestOffered(t *testing.T) {
	types, _ := OfferedTo(FuncXdpLoadBytes)
	if !slices.Equal(types, []ProgType{ProgXDP}) {
		t.Errorf("bpf_xdp_load_bytes() is for %v", types)
	}
	types, proto := OfferedTo(FuncDPath)
	if !slices.Contains(types, ProgTracing) || !slices.Contains(types, ProgLSM) || slices.Contains(types, ProgKprobe) ||
		proto == nil || proto.Allowed != AllowedDPath {
		t.Errorf("bpf_d_path() is for %v, %v", types, proto)
	}
	acquire, ok := Of(Default).Kfunc("bpf_task_acquire")
	if !ok {
		t.Fatal("no bpf_task_acquire")
	}
	types = acquire.OfferedTo()
	if slices.Contains(types, ProgKprobe) || !slices.Contains(types, ProgTracePoint) ||
		!slices.Contains(types, ProgStructOps) {
		t.Errorf("bpf_task_acquire() is for %v", types)
	}
	NearestFirst(types, ProgKprobe)
	if i, j := slices.Index(types, ProgPerfEvent), slices.Index(types, ProgXDP); i > j {
		t.Errorf("for a kprobe program XDP comes before PerfEvent: %v", types)
	}
	if q := (HelperQuery{Prog: ProgXDP, Caps: CapsRoot}); !slices.Equal(HelpersLike(&q,
		func(n string) bool {
			return n == "bpf_skb_load_bytes" ||
				n == "bpf_xdp_load_bytes"
		}), []string{"bpf_xdp_load_bytes"}) {
		t.Error("XDP has both bpf_skb_load_bytes() and bpf_xdp_load_bytes(), or none")
	}
}

func TestMapTypesOfHelpers(t *testing.T) {
	if got := TakenBy(FuncTailCall); !slices.Equal(got, []MapType{MapProgramArray}) {
		t.Errorf("bpf_tail_call() takes %v", got)
	}
	if got := TakenBy(FuncMapLookupElem); got != nil {
		t.Errorf("bpf_map_lookup_elem() is limited to %v", got)
	}
	if got := MapProgramArray.HelpersOf(); !slices.Equal(got, []string{"bpf_tail_call"}) {
		t.Errorf("program arrays are for %v", got)
	}
	if got := MapHash.HelpersOf(); got != nil {
		t.Errorf("hashes are limited to %v", got)
	}
}
