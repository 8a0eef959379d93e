// SPDX-License-Identifier: GPL-2.0-only
// Rejected, each for another reason: what their reports say of the way to the
// fault (conditions, calls, lost pointers) is in diag/testdata.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct counter {
	struct bpf_spin_lock lock;
	int count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

volatile int knob, dial;

SEC("tc")
int two_leaks(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *tcp, *udp;

	tcp = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!tcp)
		return TC_ACT_OK;
	udp = bpf_sk_lookup_udp(skb, &tuple, sizeof(tuple.ipv4),
				BPF_F_CURRENT_NETNS, 0);
	if (udp && skb->len > 100) {
		if (skb->mark == 3)
			goto out;
		bpf_sk_release(udp);
	} else if (udp) {
		bpf_sk_release(udp);
	}
	bpf_sk_release(tcp);
out:
	return TC_ACT_OK; // want resource-lifetime/unreleased-reference "reference id=2" // want resource-lifetime/unreleased-reference "reference id=4"
}

SEC("tc")
int lock_kept(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return TC_ACT_OK;
	bpf_spin_lock(&c->lock);
	c->count++;
	if (c->count > 5)
		return TC_ACT_SHOT; // want execution-context/lock-held-at-exit "cannot be used inside bpf_spin_lock-ed region"
	bpf_spin_unlock(&c->lock);
	return TC_ACT_OK;
}

SEC("tc")
int call_locked(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return TC_ACT_OK;
	bpf_spin_lock(&c->lock);
	c->count = bpf_get_prandom_u32(); // want execution-context/call-under-lock "function calls are not allowed"
	bpf_spin_unlock(&c->lock);
	return TC_ACT_OK;
}

SEC("tc")
int stale_packet(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;

	if (data + sizeof(*eth) > end)
		return TC_ACT_OK;
	bpf_skb_pull_data(skb, 64);
	if (eth->h_proto == bpf_htons(ETH_P_IP)) // want register-type/scalar-dereference "invalid mem access 'scalar'"
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

static __attribute__((noinline)) int pick(struct event *e, int n)
{
	return e->comm[n]; // want register-type/pointer-offset-unsafe "makes ringbuf_mem pointer be out of bounds"
}

SEC("tp/syscalls/sys_enter_close")
int in_callee(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	int r;

	if (!e)
		return 0;
	r = pick(e, bpf_get_prandom_u32());
	bpf_ringbuf_discard(e, 0);
	return r;
}

SEC("tp/syscalls/sys_enter_openat")
int after_submit(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit(e, 0);
	e->pid = 3; // want register-type/scalar-dereference "invalid mem access 'scalar'"
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int length_unchecked(void *ctx)
{
	char buf[16];
	int n = bpf_get_prandom_u32();

	bpf_probe_read_kernel(buf, n, ctx); // want call-type/unbounded-size "unbounded memory access"
	return buf[0];
}

SEC("tp/syscalls/sys_enter_write")
int conditions(void *ctx)
{
	int a = knob, b = dial;

	if (a > 3 && b < a)
		bpf_printk("both");
	if ((a == 2 || a == b) && !(b & 1)) {
		bpf_printk("mixed");
		return 1;
	}
	while (bpf_get_prandom_u32() & 1) {
		if (b++ > 3)
			break;
	}
	return *(int *)(long)a; // want register-type/scalar-dereference "invalid mem access 'scalar'"
}

SEC("cgroup_skb/egress")
int wrong_verdict(struct __sk_buff *skb)
{
	if (skb->len > 100)
		return 7; // want call-type/return-value "should have been in [0, 3]"
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
