// SPDX-License-Identifier: GPL-2.0-only
// Declarations and returns, and code that no path comes to. A comment has what a hover says of a word in its line.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct entry { // about entry: 24 bytes. | 7 bytes of it are padding, which nobody sets: a copy of it to the user or into a map needs it zeroed first.
	__u64 packets; // about packets: __u64 packets | 8 bytes at offset 0 of `struct entry`.
	__u8 seen; // about seen: __u8 seen | 1 byte at offset 8 of `struct entry`. | 7 bytes of padding follow.
	__u64 bytes; // about bytes: __u64 bytes | 8 bytes at offset 16 of `struct entry`.
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64); // about max_entries: BPF_MAP_TYPE_HASH | Keys of `__u32` (4 bytes), values of `struct entry` (24 bytes). | At most 64 entries. | Its keys and values take 1792 bytes if it is full. | Used by `first`, `second` and `third`.
	__type(key, __u32);
	__type(value, struct entry);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps"); // about events: BPF_MAP_TYPE_RINGBUF | A buffer of 4096 bytes. | Used by `second`.

const volatile __u32 limit = 7; // value limit: 7, constant in `.rodata`
__u64 dropped; // value dropped: 8 bytes in `.bss`, at offset 0

static __always_inline int count(__u32 key) // about int: The compiler put its code into `first`, in lines 41 and 43. || The compiler put its code into `second`, in line 63.
{
	struct entry *e = bpf_map_lookup_elem(&entries, &key);

	if (!e)
		return 1; // about return: Leaves `count`. | The compiler put its code into `first`, in lines 41 and 43. || Leaves `count`. | The compiler put its code into `second`, in line 63.
	e->packets++;
	return 2;
}

SEC("xdp") // about SEC: xdp | A program of the type `XDP`. | Its context is a `struct xdp_md`. | On all paths it returns 1…3. | Returning 2 (`XDP_PASS`) hands the packet on. | Returning 1 (`XDP_DROP`) drops it.
int first(struct xdp_md *ctx)
{
	if (ctx->ingress_ifindex == 1)
		return count(1);
	if (ctx->ingress_ifindex == 2)
		return count(2);
	return XDP_TX; // about return: Ends `first`.
}

static __noinline __u64 sum(__u64 n)
{
	return n + bpf_get_prandom_u32(); // about return: Leaves `sum`. | `second` calls it in line 60.
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	__u32 key = 5;
	__u64 *n;

	n = bpf_ringbuf_reserve(&events, sizeof(*n), 0);
	if (n) {
		*n = sum(skb->len);
		bpf_ringbuf_submit(n, 0);
	}
	count(key);
	if (limit > 9) {
		__u32 other = skb->mark; // value skb: nothing, as no path comes to this line

		dropped += other; // value dropped: 8 bytes in `.bss`, at offset 0
	}
	return 0; // about return: Ends `second`. | Returning 0 (`TC_ACT_OK`) lets the packet pass.
}

char LICENSE[] SEC("license") = "GPL"; // about LICENSE: Compatible with the GPL: programs may call helpers that require this.

static __noinline int rank(__u32 protocol)
{
	if (protocol == 8)
		return 1;
	return protocol == 0xdd86 ? 2 : 0;
}

static __noinline __u64 *found(__u32 key)
{
	return bpf_map_lookup_elem(&entries, &key);
}

__noinline int anywhere(int n)
{
	return n & 7;
}

SEC("tc")
int third(struct __sk_buff *skb)
{
	__u64 *n = found(skb->hash); // about found: `third` calls it in line 94. | Here it returns value of `entries`, 24 bytes, may be NULL.

	if (n)
		*n += rank(skb->protocol); // about rank: `third` calls it in line 97. | Here it returns 0…2.
	return anywhere(skb->mark); // about anywhere: `third` calls it in line 98. | Here it returns any number.
}
