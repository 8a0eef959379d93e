// SPDX-License-Identifier: GPL-2.0-only

package facts

import "strings"

// Holds reports whether the extra condition of a Proto is met by a program.
//
// kernel: bpf_d_path_allowed, bpf_ima_inode_hash_allowed, bpf_sk_storage_tracing_allowed
func (a Allowed) Holds(q *HelperQuery) bool {
	switch a {
	case AllowedDPath:
		switch {
		case q.Prog == ProgTracing && q.Attach == AttachTraceIter:
			return true
		case q.Prog == ProgLSM:
			return sleepableHook(q.Hook)
		}
		return NamesDPath.Has(q.Hook)
	case AllowedIMAHash:
		return sleepableHook(q.Hook)
	case AllowedSkStorageTracing:
		switch q.Attach {
		case AttachTraceIter, AttachTraceRawTp:
			return true
		case AttachTraceFEntry, AttachTraceFExit:
			// Without a hook in the kernel it traces another program.
			return q.Hook != "" && !strings.HasPrefix(q.Hook, "bpf_sk_storage")
		}
		return false
	}
	return true
}

func sleepableHook(name string) bool {
	h, ok := LookupLSMHook(name)
	return ok && h.Flags&HookSleepable != 0
}
