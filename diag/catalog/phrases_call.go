// SPDX-License-Identifier: GPL-2.0-only

package catalog

// What to do in one case of a fault about a call or a resource.
const (
	AdviseOneRelease Phrase = "Leave one of the two calls out, or return after the one{where}."
)
