// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/facts"

// changers are the helpers that change members of contexts which programs cannot
// write, by structure and member.
var changers = map[string]map[string]string{
	"__sk_buff": {
		"len":        "bpf_skb_change_tail",
		"pkt_type":   "bpf_skb_change_type",
		"protocol":   "bpf_skb_change_proto",
		"vlan_tci":   "bpf_skb_vlan_push",
		"vlan_proto": "bpf_skb_vlan_push",
		"hash":       "bpf_set_hash",
	},
	"xdp_md": {
		"data":      "bpf_xdp_adjust_head",
		"data_end":  "bpf_xdp_adjust_tail",
		"data_meta": "bpf_xdp_adjust_meta",
	},
}

// Context is what programs of a type see of a structure of the kernel.
type Context struct {
	Struct string
	Prog   facts.ProgType
}

// contexts are those that programs may change the object through, by structure.
var contexts = map[string]Context{"sk_buff": {"__sk_buff", facts.ProgSchedCLS}}

// ContextOf is the context that stands for a structure of the kernel, without a name
// if there is none.
func ContextOf(object string) Context { return contexts[object] }

// ChangerOf is the helper that changes a member of a context, "" if none is known.
func ChangerOf(context, member string) string { return changers[context][member] }

// shifters are the helpers that may add or remove bytes of a packet in front of others, so that
// other bytes are at the same offset afterwards.
var shifters = map[string]bool{
	"bpf_skb_adjust_room":     true,
	"bpf_skb_change_head":     true,
	"bpf_skb_change_proto":    true,
	"bpf_skb_vlan_push":       true,
	"bpf_skb_vlan_pop":        true,
	"bpf_xdp_adjust_head":     true,
	"bpf_lwt_push_encap":      true,
	"bpf_lwt_seg6_adjust_srh": true,
	"bpf_lwt_seg6_action":     true,
	"bpf_msg_push_data":       true,
	"bpf_msg_pop_data":        true,
}

// Shifts reports whether a helper is one of them.
func Shifts(function string) bool { return shifters[function] }
