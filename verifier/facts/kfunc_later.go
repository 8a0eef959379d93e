// SPDX-License-Identifier: GPL-2.0-only

package facts

// Special kfuncs that Linux 6.18 does not have; the others are numbered from
// the other end.
const (
	KfuncDynptrFromFile SpecialKfunc = 255 - iota
	KfuncDynptrFileDiscard
)

// laterKfuncs came after Linux 6.18 and have rules of their own that a later
// target kernel is asked for. Others are unknown, whatever the target.
var laterKfuncs = [...]Kfunc{
	{Name: "bpf_dynptr_from_file", Special: KfuncDynptrFromFile, sets: []kfuncSet{{commonHook, filterNone, "common_btf_ids"}}},
	{Name: "bpf_dynptr_file_discard", Flags: KfRelease, Special: KfuncDynptrFileDiscard, sets: []kfuncSet{{commonHook, filterNone, "common_btf_ids"}}},
}

// LookupLaterKfunc finds a kfunc that came after Linux 6.18.
func LookupLaterKfunc(name string) (*Kfunc, bool) {
	for i := range laterKfuncs {
		if laterKfuncs[i].Name == name {
			return &laterKfuncs[i], true
		}
	}
	return nil, false
}
