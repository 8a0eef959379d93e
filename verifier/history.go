// SPDX-License-Identifier: GPL-2.0-only

package verifier

// recorder keeps the events of the current path when Options.Record is set.
type recorder struct {
	on  bool
	log []Event
}
