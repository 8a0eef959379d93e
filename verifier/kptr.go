// SPDX-License-Identifier: GPL-2.0-only

package verifier

// stepKptrAccess loads or stores a pointer field of a map value.
//
// kernel: check_map_kptr_access
func (v *verifier) stepKptrAccess(a *access, f *specialField) *Rejection {
	return v.unsupported("uses a kptr")
}
