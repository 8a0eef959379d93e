// SPDX-License-Identifier: GPL-2.0-only
// What an instruction does is not always what the source says in one place: constants of an index go into the
// offset of the access, members of packed structures are read byte by byte.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct option {
	__u8 kind, len;
	__u32 stamp;
} __attribute__((packed));

struct words {
	__u16 word[24];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct words);
} sentences SEC(".maps");

SEC("xdp")
int packed_member(struct xdp_md *ctx)
{
	void *pos = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct option *opt;

	if (pos + 21 > end)
		return XDP_PASS;
	opt = pos + 20;
	if (opt->stamp == 7) // want memory/packet-out-of-bounds "`opt->stamp` needs the first 26 bytes of the packet" help "`if (pos + 26 > end)`" never "first 23 bytes" never "first 25 bytes"
		return XDP_DROP;
	return XDP_PASS;
}

SEC("uprobe")
int before_the_start(struct pt_regs *ctx)
{
	char name[32];
	long len = bpf_probe_read_user_str(name, sizeof(name), (void *)ctx);

	if (len > 30)
		return 0;
	return name[len - 2] == '/'; // want memory/stack-out-of-bounds "`len` is -4095 to 30 here" help "`if (len < 2) return 0;`" never "`len - 2` is"
}

SEC("uprobe")
int one_before_the_start(struct pt_regs *ctx)
{
	char name[32];
	long len = bpf_probe_read_user_str(name, sizeof(name), (void *)ctx);

	if (len > 64)
		return 0;
	return name[len - 1] == '/'; // want memory/stack-out-of-bounds "`len` is -4095 to 32 here" help "`if (len < 1) return 0;`" never "`len - 1` is"
}

SEC("tc")
int in_a_map(struct __sk_buff *skb)
{
	__u32 zero = 0, at = skb->tc_index;
	struct words *w = bpf_map_lookup_elem(&sentences, &zero);

	if (!w || at > 24)
		return 0;
	return w->word[at + 2]; // want memory/out-of-bounds "`at + 2` is 2 to 26 here, but `word` has 24 elements"
}

char _license[] SEC("license") = "GPL";
