// SPDX-License-Identifier: GPL-2.0-only

package catalog

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

// ChangerOf is the helper that changes a member of a context, "" if none is known.
func ChangerOf(context, member string) string { return changers[context][member] }
