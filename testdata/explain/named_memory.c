// SPDX-License-Identifier: GPL-2.0-only
// The variable, the record or the declaration that a fault about memory is about, and the size that matters.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct sample {
	__u64 when;
	__u32 cpu, len;
	char comm[16];
	char text[100];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

const volatile __u32 threshold = 5;
const __u64 weights[4] = { 1, 2, 3, 4 };
__u32 zero, single = 1;
char source[128], text[128];

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *d) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *d, __u32 off, void *buffer, __u32 size) __ksym;

SEC("kprobe/do_exit")
int reserves_a_pointer(void *ctx)
{
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(s), 0); // note "8 bytes are asked for here"

	if (!s)
		return 0;
	bpf_probe_read_kernel(s->text, sizeof(s->text), source); // want call-type/memory-length-range "line 37 asks for 8 bytes, as `sizeof(s)` is the size of the pointer" help "Write `sizeof(*s)` in line 37" never "less than that" "Limit the length"
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("kprobe/do_exit")
int reserves_a_pointer_and_stores(void *ctx)
{
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(s), 0);

	if (!s)
		return 0;
	s->cpu = 1; // want memory/out-of-bounds "line 49 asks for 8 bytes, as `sizeof(s)` is the size of the pointer" help "Write `sizeof(*s)` in line 49" never "Check the index"
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("kprobe/do_exit")
int reserves_enough(void *ctx)
{
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(*s), 0);

	if (!s)
		return 0;
	bpf_probe_read_kernel(s->text, sizeof(s->text), source);
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("xdp")
int writes_a_constant(struct xdp_md *ctx)
{
	*(volatile __u32 *)&threshold = ctx->rx_queue_index; // want memory/read-only-map "`threshold` is `const`" help "Leave out `const`" never "The pointer leads"
	return XDP_PASS;
}

SEC("xdp")
int writes_an_element(struct xdp_md *ctx)
{
	((volatile __u64 *)weights)[2] += 1; // want memory/read-only-map "`weights` is `const`" never "The pointer leads"
	return XDP_PASS;
}

SEC("kprobe/do_exit")
int odd_address(void *ctx)
{
	char row[24] = {};

	*(volatile __u32 *)(row + 3) = zero; // want memory/misaligned "`*(volatile __u32 *)(row + 3)` accesses 4 bytes at an address that is not a multiple of 4" help "__builtin_memcpy()" never "member"
	bpf_probe_read_kernel(text, sizeof(row), row);
	return 0;
}

SEC("kprobe/do_exit")
int value_of_four_bytes(void *ctx)
{
	__u32 key = 3;

	bpf_map_update_elem(&totals, &key, &single, BPF_ANY); // want call-type/memory-range "accesses 8 bytes behind its third argument, the size of the values of `totals` (`__u64`), but `single` has 4 bytes (declared in line 28 as `__u32`)"
	return 0;
}

SEC("tc")
int length_from_zero(struct __sk_buff *skb)
{
	__u16 length = skb->mark;

	if (length < 4)
		return 0;
	return bpf_skb_load_bytes(skb, 0, text, length - 4); // want call-type/zero-size "(0 to 65531)" help "Keep `length - 4` in a variable of 64 bits" "above 0 and at most 128"
}

SEC("tc")
int length_kept(struct __sk_buff *skb)
{
	__u16 length = skb->mark;
	__u64 size = length - 4;

	if (length < 4 || size == 0 || size > 128)
		return 0;
	return bpf_skb_load_bytes(skb, 0, text, size);
}

SEC("tc")
int length_between(struct __sk_buff *skb)
{
	__u64 size = skb->mark;

	if (size == 0 || size > 128)
		return 0;
	return bpf_skb_load_bytes(skb, 0, text, size);
}

SEC("tc")
int slice_of_before(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	struct ethhdr buffer, *eth;

	bpf_dynptr_from_skb(skb, 0, &packet);
	eth = bpf_dynptr_slice(&packet, 0, &buffer, sizeof(buffer));
	if (!eth)
		return 0;
	if (bpf_skb_pull_data(skb, 0))
		return 0;
	return eth->h_dest[0] & 1; // want register-type/scalar-dereference "`eth` is used as a pointer" help "again" "check it for NULL again"
}

struct guarded {
	struct bpf_spin_lock lock;
	__u32 n;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct guarded);
} guards SEC(".maps");

SEC("tc")
int unlocks_another(struct __sk_buff *skb)
{
	__u32 one = 1, two = 2;
	struct guarded *first = bpf_map_lookup_elem(&guards, &one), *second = bpf_map_lookup_elem(&guards, &two);

	if (!first || !second)
		return 0;
	bpf_spin_lock(&first->lock);
	first->n++;
	bpf_spin_unlock(&second->lock); // want resource-lifetime/unlock-different-lock "`second->lock`, which bpf_spin_unlock() is given, is not the lock that this path holds as far as the verifier can tell: it holds `first->lock`, taken at line 169" help "`bpf_spin_unlock(&first->lock);`" never "lock, is."
	return 0;
}

static __noinline int long_row(char *out) // want verifier-limit/stack-size "long_row() takes "
{
	char row[300]; // note "`row` takes 300 bytes of the stack of long_row()"

	for (int i = 0; i < sizeof(row); i++)
		row[i] = out[i & 63];
	bpf_probe_read_kernel(text, sizeof(text), row);
	return row[zero & 255];
}

SEC("tc")
int rows_of_two(struct __sk_buff *skb)
{
	char head[240] = {}; // note "`head` takes 240 bytes of the stack of rows_of_two()"

	bpf_probe_read_kernel(head, sizeof(head), source);
	return long_row(head + 8);
}

SEC("xdp")
void returns_nothing(struct xdp_md *ctx) // note "is declared `void`"
{
	zero = ctx->rx_queue_index;
} // want register-type/unreadable-register "returns_nothing() is declared `void`"

char LICENSE[] SEC("license") = "GPL";
