// SPDX-License-Identifier: GPL-2.0-only
// Numbers that are not within their limits: which they have, which they need, and
// where they lost or never got them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct ring {
	__u64 owner;
	__u32 slots[12];
	__u8 head;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__u64 seen;

SEC("tc")
int between_minus_and_plus(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	int at = (short)skb->tc_index;
	struct ring *r = bpf_map_lookup_elem(&rings, &key);

	if (!r)
		return 0;
	if (at >= 12 || at < -4)
		return 0;
	seen = r->slots[at]; // want register-type/pointer-offset-unsafe "`at` may be negative: it is -4 to 11 here (line 36)" help "`if (at < 0) return" never "unsigned type takes care"
	return 0;
}

SEC("xdp")
int one_before_the_head(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct ring *r = bpf_map_lookup_elem(&rings, &key);
	__u8 head;

	if (!r)
		return XDP_PASS;
	head = r->head;
	if (head > 11)
		return XDP_PASS;
	head--;
	r->slots[head] = 1; // want memory/out-of-bounds "`head` is 0 to 255 here, but `slots` has 12 elements" "Line 54 subtracts 1 from `head` (0 to 11), which wraps to 255 where that is 0" help "Test both limits in one condition: write `if (head == 0 || head > 11)` in line 52" never "Leave before"
	return XDP_PASS;
}

SEC("tp/syscalls/sys_enter_write")
int rest_of_a_length(__u64 *ctx)
{
	char buf[32] = {};
	__u64 len = ctx[4];

	if (len > 100)
		return 0;
	bpf_probe_read_user(buf, len - 68, (void *)ctx[3]); // want call-type/unbounded-size "Size may wrap" "line 67 subtracts 68 from `len` (0 to 100), which wraps to a huge number where that is less than 68" help "write `if (len < 68 || len > 100)` in line 65" never "unsigned type"
	return buf[0];
}

SEC("tracepoint/syscalls/sys_exit_read")
int result_as_a_size(__u64 *ctx)
{
	char *copy = bpf_ringbuf_reserve(&events, 256, 0);
	int got = ctx[2];

	if (!copy)
		return 0;
	if (got >= 256)
		got = 255;
	bpf_probe_read_kernel(copy, got, (void *)ctx[1]); // want call-type/negative-size "`got` is a signed `int`" "negative values pass" help "`if (got < 0) got = 0;`" never "sizeof(buf)"
	bpf_ringbuf_submit(copy, 0);
	return 0;
}

SEC("lsm/file_open")
int without_any_limit(__u64 *ctx)
{
	char name[24] = {};
	int len = bpf_get_prandom_u32();

	bpf_probe_read_kernel(name, len, (void *)ctx[0]); // want call-type/unbounded-size "`len` is a signed `int`, and nothing limits it on this path" help "`if (len < 0 || len > 24) return"
	return 0;
}

SEC("socket")
int one_too_many(struct __sk_buff *skb)
{
	__u32 key = 0, slot = skb->queue_mapping;
	struct ring *r = bpf_map_lookup_elem(&rings, &key);

	if (!r)
		return 0;
	if (slot <= 15)
		seen = r->slots[slot]; // want memory/out-of-bounds "`slot` is 0 to 15 here, but `slots` has 12 elements" "the condition `slot <= 15` in line 104 lets 15 pass" help "Compare with a smaller number in line 104: `slot <= 11`"
	return 0;
}

static long mark(__u32 round, struct ring **r)
{
	(*r)->slots[round] = round; // want memory/unbounded-offset "`round` is the number of the round that bpf_loop() in line 122 passes" help "`if (round >= 12) return 1;`"
	return 0;
}

SEC("tc")
int rounds_of_a_loop(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct ring *r = bpf_map_lookup_elem(&rings, &key);

	if (r)
		bpf_loop(12, mark, &r, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
