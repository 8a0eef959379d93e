// SPDX-License-Identifier: GPL-2.0-only
// Which map an object, a value or another map is in.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct peer {
	__u64 bytes;
	struct bpf_timer quiet;
	struct bpf_spin_lock guard;
	__u32 drops;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct peer);
} peers SEC(".maps"), strangers SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, __u32);
	__array(values, struct inner);
} per_queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[12]);
} notes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int timer_of_another_map(struct __sk_buff *skb)
{
	__u32 key = skb->hash;
	struct peer *p = bpf_map_lookup_elem(&peers, &key);

	if (!p)
		return 0;
	bpf_timer_init(&p->quiet, &strangers, 1); // want call-type/map-mismatch "`&p->quiet` is in a value of `peers`, and `&strangers` is passed with it" help "Pass `&peers`"
	return 0;
}

SEC("tc")
int timer_of_its_map(struct __sk_buff *skb)
{
	__u32 key = skb->hash;
	struct peer *p = bpf_map_lookup_elem(&peers, &key);

	if (!p)
		return 0;
	bpf_timer_init(&p->quiet, &peers, 1);
	return 0;
}

SEC("tc")
int map_as_value(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping;
	__u64 *count = bpf_map_lookup_elem(&per_queue, &key);

	if (!count)
		return 0;
	*count += 1; // want memory/map-pointer-access "`per_queue` is a map of maps: what bpf_map_lookup_elem() finds in it is a map, and `count` is that map" help "call bpf_map_lookup_elem() again with `count` as its first argument"
	return 0;
}

SEC("tc")
int map_in_map(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping;
	void *counts = bpf_map_lookup_elem(&per_queue, &key);
	__u64 *count;

	if (!counts)
		return 0;
	count = bpf_map_lookup_elem(counts, &key);
	if (!count)
		return 0;
	*count += 1;
	return 0;
}

SEC("tc")
int sends_the_lock(struct __sk_buff *skb)
{
	__u32 key = skb->hash;
	struct peer *p = bpf_map_lookup_elem(&peers, &key);

	if (p)
		bpf_ringbuf_output(&events, &p->guard, 8, 0); // want memory/special-field-access "bpf_ringbuf_output() is given `&p->guard`, in a value of `peers`, and would access its member `guard`, a `struct bpf_spin_lock`"
	return 0;
}

SEC("tc")
int compares_with_a_value(struct __sk_buff *skb)
{
	__u32 key = 0;
	char text[12] = {};
	char *note = bpf_map_lookup_elem(&notes, &key);

	if (!note)
		return 0;
	return bpf_strncmp(text, sizeof(text), note); // want call-type/const-string "and `note` is in the values of map `notes`" help "or compare the bytes in a loop with a constant bound"
}

char suffix[8] = "!";
char changed[8] = "?";

SEC("tp/sched/sched_wakeup")
int ends_with(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (bpf_strncmp(comm + 8, sizeof(suffix), suffix)) // want call-type/const-string "`suffix` is a variable" help "declare it `const volatile char suffix[8]` and pass `(const char *)suffix`"
		return 1;
	return 0;
}

SEC("tp/sched/sched_waking")
int ends_with_what_changes(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	changed[0] = comm[0];
	return bpf_strncmp(comm, sizeof(changed), changed); // want call-type/const-string "`changed` is a variable" never "const volatile"
}

char _license[] SEC("license") = "GPL";
