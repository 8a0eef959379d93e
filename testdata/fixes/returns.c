// SPDX-License-Identifier: GPL-2.0-only
// Values that may not be returned.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct alarm {
	struct bpf_timer timer;
	__u32 rings;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct alarm);
} alarms SEC(".maps");

static int ring(void *map, __u32 *key, struct alarm *a)
{
	a->rings++;
	return 1; // fix return
}

SEC("tc")
int timer(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct alarm *a = bpf_map_lookup_elem(&alarms, &key);

	if (a)
		bpf_timer_set_callback(&a->timer, ring);
	return 0;
}

SEC("cgroup_skb/egress")
int refused(struct __sk_buff *skb)
{
	return 7; // choice return
}

SEC("cgroup/sysctl")
int sysctl(struct bpf_sysctl *ctx)
{
	return 2; // choice return
}

char LICENSE[] SEC("license") = "GPL";
