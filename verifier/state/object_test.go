// SPDX-License-Identifier: GPL-2.0-only

package state

import "testing"

// What a check found to be NULL keeps the words of what it could have pointed
// to; those of a map are never those of memory, types or packets.
func TestMapIsNoOtherObject(t *testing.T) {
	for n := range uint32(70) {
		var m, mem, typ, packet Reg
		m.SetMap(MapRef(n), n)
		mem.SetMemSize(n)
		typ.SetBTFType(BTFRef(n), n)
		packet.SetPacketRange(int32(n))
		for name, other := range map[string]*Reg{"memory": &mem, "type": &typ, "packet": &packet} {
			if m.SameObject(other) {
				t.Errorf("map %d is the same object as %s", n, name)
			}
		}
	}
}
