// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The kernel's own struct of a map. A program that may leak pointers can read
// it through the map pointer; which struct it is depends on the map's type.
// What is loaded follows the rules of typed pointers (mem_btf.go), without any
// trust.

// mapStructs are the kernel's structs, by map type.
//
// kernel: map_btf_id of bpf_map_ops
var mapStructs = [...]string{
	facts.MapHash:                "bpf_htab",
	facts.MapArray:               "bpf_array",
	facts.MapProgramArray:        "bpf_array",
	facts.MapPerfEventArray:      "bpf_array",
	facts.MapPerCPUHash:          "bpf_htab",
	facts.MapPerCPUArray:         "bpf_array",
	facts.MapStackTrace:          "bpf_stack_map",
	facts.MapCGroupArray:         "bpf_array",
	facts.MapLRUHash:             "bpf_htab",
	facts.MapLRUCPUHash:          "bpf_htab",
	facts.MapLPMTrie:             "lpm_trie",
	facts.MapArrayOfMaps:         "bpf_array",
	facts.MapHashOfMaps:          "bpf_htab",
	facts.MapDevMap:              "bpf_dtab",
	facts.MapSockMap:             "bpf_stab",
	facts.MapCPUMap:              "bpf_cpu_map",
	facts.MapXSKMap:              "xsk_map",
	facts.MapSockHash:            "bpf_shtab",
	facts.MapCGroupStorage:       "bpf_cgroup_storage_map",
	facts.MapReusePortSockArray:  "reuseport_array",
	facts.MapPerCPUCGroupStorage: "bpf_cgroup_storage_map",
	facts.MapQueue:               "bpf_queue_stack",
	facts.MapStack:               "bpf_queue_stack",
	facts.MapSkStorage:           "bpf_local_storage_map",
	facts.MapDevMapHash:          "bpf_dtab",
	facts.MapStructOpsMap:        "bpf_struct_ops_map",
	facts.MapRingBuf:             "bpf_ringbuf_map",
	facts.MapInodeStorage:        "bpf_local_storage_map",
	facts.MapTaskStorage:         "bpf_local_storage_map",
	facts.MapBloomFilter:         "bpf_bloom_filter",
	facts.MapUserRingbuf:         "bpf_ringbuf_map",
	facts.MapCgrpStorage:         "bpf_local_storage_map",
	facts.MapArena:               "bpf_arena",
}

// stepMapStructAccess checks a load through a map pointer.
//
// kernel: check_ptr_to_map_access
func (v *verifier) stepMapStructAccess(a *access, r *state.Reg) *Rejection {
	access := fault.StructAccess{Access: a.fault()}
	t := v.mapOf(r.Map()).Type
	if int(t) >= len(mapStructs) || mapStructs[t] == "" {
		return v.reject(enotsupp, fault.MapStructUnsupported.Of(fault.MapTypeAccess{Access: a.fault(), MapType: uint32(t)}))
	}
	name := mapStructs[t]
	access.Struct = name
	switch {
	case !v.allowPtrLeaks:
		return v.reject(eperm, fault.StructAccessCapability.Of(fault.PointerAccess{StructAccess: access}))
	case a.off < 0:
		return v.reject(eacces, fault.NegativeMapMember.Of(access))
	case a.mode == accessWrite:
		return v.reject(eacces, fault.MapStructWrite.Of(access))
	}
	id, ok := v.structID(name)
	if !ok {
		return v.unsupported("reads struct %s, which the kernel's BTF does not have", name)
	}
	as := state.Reg{Type: regtype.PtrToBTFID}
	as.SetBTFType(state.KernelBTF, id)
	found, rej := v.requireTypedField(a, &as)
	if rej == nil && a.loads() {
		v.applyTypedLoad(v.reg(uint8(a.value)), state.KernelBTF, found)
	}
	return rej
}
