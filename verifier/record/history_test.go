// SPDX-License-Identifier: GPL-2.0-only

package record

import "testing"

// TestHistoryOfALongPath loses the middle, and finds the beginning again where
// a path that shares it is taken up.
func TestHistoryOfALongPath(t *testing.T) {
	var l eventLog
	const long = keepFirst + 3*keepLast
	for i := range long {
		l.add(&entry{Event: Event{PC: i}})
	}
	if l.end() != long || len(l.first) != keepFirst || l.last[len(l.last)-1].PC != long-1 ||
		l.last[0].PC != keepFirst+l.lost {
		t.Fatalf("%d events end at %d, %d lost", long, l.end(), l.lost)
	}
	middle := keepFirst + l.lost/2
	l.cut(middle)
	if l.end() != middle || len(l.last) != 0 || l.lost != middle-keepFirst {
		t.Errorf("cut to %d, it ends at %d, %d lost", middle, l.end(), l.lost)
	}
	l.add(&entry{Event: Event{PC: middle}})
	if l.end() != middle+1 || l.last[0].PC != middle {
		t.Errorf("it goes on at %d", l.last[0].PC)
	}
	l.cut(7)
	if l.end() != 7 || l.lost != 0 {
		t.Errorf("cut to 7, it ends at %d, %d lost", l.end(), l.lost)
	}
}
