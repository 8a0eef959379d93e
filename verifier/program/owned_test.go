// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"slices"
	"testing"
)

// The distribution's kernel has queueing disciplines, whose maps own packets.
func TestMapsOwnPackets(t *testing.T) {
	kernel, err := DistributionKernel()
	if err != nil {
		t.Fatal(err)
	}
	owns := func(name string) bool { return hasFunc(kernel.BTF, name) }
	for _, typ := range []string{"sk_buff", "task_struct"} {
		if !slices.ContainsFunc(kptrDestructors[typ], owns) {
			t.Errorf("no map may own a struct %s", typ)
		}
	}
}
