// SPDX-License-Identifier: GPL-2.0-only

package verifier

func (v *verifier) kfuncMayLock(id int32) bool { return false }
