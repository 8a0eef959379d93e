// SPDX-License-Identifier: GPL-2.0-only

package verifier

// sayLine writes the source line of pc to the log, if it was not the last one
// written.
//
// kernel: verbose_linfo
func (v *verifier) sayLine(pc int) {}
