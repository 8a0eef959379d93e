// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "testing"

func TestLogKeepsItsEnd(t *testing.T) {
	tr := tracer{level: logAllPaths, buf: make([]byte, 3*maxLog)}
	copy(tr.buf[2*maxLog:], "here")
	tr.trim()
	if len(tr.buf) != maxLog || string(tr.buf[:4]) != "here" || tr.end() != 3*maxLog {
		t.Fatalf("%d bytes kept of %d, beginning with %q", len(tr.buf), tr.end(), tr.buf[:4])
	}
	tr.reset(2*maxLog + 4)
	if string(tr.buf) != "here" || tr.end() != 2*maxLog+4 {
		t.Errorf("cut off inside: %q, end %d", tr.buf, tr.end())
	}
	tr.reset(maxLog)
	if len(tr.buf) != 0 || tr.end() != maxLog {
		t.Errorf("cut off before what is kept: %q, end %d", tr.buf, tr.end())
	}
}
