// SPDX-License-Identifier: GPL-2.0-only
// Functions that the map or the program does not go with: what would.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH); // note "`ports` is a BPF_MAP_TYPE_HASH"
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF); // note "`records` is a BPF_MAP_TYPE_RINGBUF"
	__uint(max_entries, 4096);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} samples SEC(".maps");

struct slot {
	__u64 count;
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct slot)); // note "the definition of `slots` has the size of its values, not their type"
} slots SEC(".maps");

SEC("xdp")
int redirect_by_hash(struct xdp_md *ctx)
{
	return bpf_redirect_map(&ports, 0, XDP_DROP); // want call-type/map-helper-mismatch "`ports` is a BPF_MAP_TYPE_HASH (line 7), and bpf_redirect_map() works on `BPF_MAP_TYPE_DEVMAP`, `BPF_MAP_TYPE_CPUMAP`, `BPF_MAP_TYPE_XSKMAP` or `BPF_MAP_TYPE_DEVMAP_HASH` only" help "Change the type of `ports`"
}

SEC("xdp")
int jump_by_hash(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &ports, 1); // want call-type/tail-call-map "`ports` is a BPF_MAP_TYPE_HASH (line 7), and a tail call needs `BPF_MAP_TYPE_PROG_ARRAY`" help "__uint(type, BPF_MAP_TYPE_PROG_ARRAY)" never "same on every path"
	return XDP_PASS;
}

SEC("tc")
int sample_to_ringbuf(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;

	bpf_perf_event_output(skb, &records, BPF_F_CURRENT_CPU, &mark, 4); // want call-type/map-helper-mismatch "`records` is a BPF_MAP_TYPE_RINGBUF (line 14), and bpf_perf_event_output() works on `BPF_MAP_TYPE_PERF_EVENT_ARRAY` only"
	return 0;
}

SEC("tc")
int lookup_in_samples(struct __sk_buff *skb)
{
	__u32 cpu = 0;

	return !!bpf_map_lookup_elem(&samples, &cpu); // want call-type/map-helper-mismatch "`samples` is a BPF_MAP_TYPE_PERF_EVENT_ARRAY (line 19), which bpf_map_lookup_elem() does not work on: such maps are for bpf_perf_event_output(), bpf_perf_event_read()" help "Call one of these functions"
}

SEC("tc")
int timer_without_types(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct slot *s = bpf_map_lookup_elem(&slots, &key);

	if (!s)
		return 0;
	return bpf_timer_init(&s->timer, &slots, 0); // want call-type/special-field-argument "needs a `bpf_timer` whose place in the values of `slots` is known" help "Write `__type(key, __u32);` and `__type(value, struct slot);` into the definition" never "Pass the address of the member"
}

struct row {
	__u64 count;
	struct bpf_spin_lock guard; // note "this is the `struct bpf_spin_lock`"
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct row);
} table SEC(".maps");

struct bare { // note "the values of `bares` are of this type"
	__u64 count, lock;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bare);
} bares SEC(".maps");

SEC("tc")
int lock_at_the_start(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct row *r = bpf_map_lookup_elem(&table, &key);

	if (r)
		bpf_spin_lock((void *)r); // want call-type/special-field-argument "bpf_spin_lock() is given offset 0 of a value of `table`, and its `struct bpf_spin_lock` is `guard` at offset 8" help "Pass the address of the member `guard`"
	return 0;
}

SEC("tc")
int lock_that_is_none(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct bare *b = bpf_map_lookup_elem(&bares, &key);

	if (b)
		bpf_spin_lock((void *)&b->lock); // want call-type/special-field-argument "needs a `struct bpf_spin_lock`, and the values of `bares` are `struct bare`, which has none" help "Add a member of type `struct bpf_spin_lock` to `struct bare`"
	return 0;
}

SEC("xdp")
int skb_helper_in_xdp(struct xdp_md *ctx)
{
	__u64 head = 0;

	bpf_skb_load_bytes(ctx, 0, &head, sizeof(head)); // want policy/helper-not-allowed "bpf_skb_load_bytes() cannot be used in programs of type XDP" help "Use bpf_xdp_load_bytes() here"
	return head ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int xdp_helper_in_tc(struct __sk_buff *skb)
{
	__u64 head = 0;

	bpf_xdp_load_bytes((void *)skb, 0, &head, sizeof(head)); // want policy/helper-not-allowed "it is for programs of type XDP" help "Use bpf_skb_load_bytes() here"
	return !!head;
}

SEC("tc")
int counter_in_tc(struct __sk_buff *skb)
{
	struct bpf_perf_event_value value = {};

	return bpf_perf_prog_read_value((void *)skb, &value, sizeof(value)); // want policy/helper-not-allowed "it is for programs of type PerfEvent" help "move the work to a program type that has it"
}

struct path;
char text[64];

SEC("fentry/vfs_read")
int path_at_wrong_hook(__u64 *ctx)
{
	return bpf_d_path((struct path *)ctx[0], text, sizeof(text)); // want policy/helper-gate "it can be called in iterators, in LSM programs at hooks that may sleep, and in fentry" "filp_close()" help "SEC("
}

SEC("kprobe/vfs_read")
int path_in_kprobe(void *ctx)
{
	return bpf_d_path(ctx, text, sizeof(text)); // want policy/helper-not-allowed "cannot be used in programs of type Kprobe: it can be called in iterators" "vfs_truncate()"
}

SEC("xdp")
int packet_as_event(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 16 > end)
		return XDP_PASS;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, data, 16); // want call-type/packet-argument "does not take packet memory" help "bpf_xdp_load_bytes(" never "bpf_skb"
	return XDP_PASS;
}

SEC("cgroup_skb/egress")
int packet_as_data(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (data + 16 > end)
		return 1;
	bpf_perf_event_output(skb, &samples, BPF_F_CURRENT_CPU, data, 16); // want call-type/packet-argument "does not take packet memory" help "bpf_skb_load_bytes(" never "bpf_xdp"
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
