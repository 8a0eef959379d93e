// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "strings"

// Constants are the parts of a code's reasons with numbers of their own, which are not
// those of a fault.
func Constants(code Code) []string {
	e := Lookup(code)
	if e == nil {
		return nil
	}
	reasons := []string{e.Reason}
	for _, c := range e.cases() {
		reasons = append(reasons, c.Reason)
	}
	var out []string
	note := func(part string) {
		if part = strings.Trim(part, " .,:;"); strings.ContainsAny(part, "0123456789") {
			out = append(out, part, Capitalize(part))
		}
	}
	for _, reason := range reasons {
		for _, part := range strings.FieldsFunc(reason, func(r rune) bool { return strings.ContainsRune("[]{", r) }) {
			hole, rest, isHole := strings.Cut(part, "}")
			if _, instead, ok := strings.Cut(hole, "|"); isHole && ok {
				note(instead + rest)
			}
			if !isHole {
				rest = part
			}
			note(rest)
		}
	}
	return out
}
