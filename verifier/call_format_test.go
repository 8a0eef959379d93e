// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "testing"

func TestValidFormat(t *testing.T) {
	for _, c := range []struct {
		format string
		args   uint64
		want   bool
	}{
		{"", 0, true},
		{"100 %%", 0, true},
		{"%d", 0, false},
		{"%d", 1, true},
		{"%d", 2, true},
		{"%i %u %x %X", 4, true},
		{"%ld %llu", 2, true},
		{"%llld", 1, false},
		{"%08x %-4d %+d % d", 4, true},
		{"%*d", 1, false},
		{"%s", 1, true},
		{"%s,%s.", 2, true},
		{"%sx", 1, false},
		{"%c%c", 2, true},
		{"%p %p", 2, true},
		{"%pk", 1, false},
		{"%pks %pus", 2, true},
		{"%pksx", 1, false},
		{"%pK%px%ps%pS%pB", 5, true},
		{"%pi4 %pI6", 2, true},
		{"%pi5", 1, false},
		{"%f", 1, false},
		{"%", 1, false},
		{"%5", 1, false},
		{"\t\n\v\f\r", 0, true},
		{"\x01", 0, false},
		{"\x7f", 0, false},
		{"\xc3\xa4%d", 1, true},
		{"%\xc3", 1, false},
	} {
		if got := validFormat([]byte(c.format), c.args); got != c.want {
			t.Errorf("%q with %d arguments: %v, want %v", c.format, c.args, got, c.want)
		}
	}
}
