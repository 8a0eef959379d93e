// SPDX-License-Identifier: GPL-2.0-only
// Rejected: steers packets of known TCP sessions to them, marks the others, and
// logs a sample of their headers. The log entry is a dynptr, which one way out
// neither submits nor discards.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SAMPLE 64
#define MARK_UNKNOWN 0x100
#define MARK_LISTENER 0x200

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 size) __ksym;

enum verdict {
	VERDICT_OTHER,
	VERDICT_STEERED,
	VERDICT_LISTENER,
	VERDICT_UNKNOWN,
	VERDICT_COUNT,
};

struct sample {
	__u64 when;
	__u32 length;
	__u32 verdict;
	__u8 header[SAMPLE];
};

struct settings {
	__u32 sample_every;
	__u32 max_length;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 128 * 1024);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct settings);
} config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VERDICT_COUNT);
	__type(key, __u32);
	__type(value, __u64);
} verdicts SEC(".maps");

static __always_inline void count(__u32 verdict)
{
	__u64 *n = bpf_map_lookup_elem(&verdicts, &verdict);

	if (n)
		(*n)++;
}

// tuple_of reads the addresses and ports of a TCP packet over IPv4. It is 0
// for every other packet.
static __always_inline int tuple_of(struct bpf_dynptr *packet, struct bpf_sock_tuple *tuple)
{
	struct ethhdr eth_room, *eth;
	struct iphdr ip_room, *ip;
	struct tcphdr tcp_room, *tcp;

	eth = bpf_dynptr_slice(packet, 0, &eth_room, sizeof(eth_room));
	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return 0;
	ip = bpf_dynptr_slice(packet, sizeof(*eth), &ip_room, sizeof(ip_room));
	if (!ip || ip->protocol != IPPROTO_TCP || ip->ihl != 5)
		return 0;
	tcp = bpf_dynptr_slice(packet, sizeof(*eth) + sizeof(*ip), &tcp_room, sizeof(tcp_room));
	if (!tcp)
		return 0;
	tuple->ipv4.saddr = ip->saddr;
	tuple->ipv4.daddr = ip->daddr;
	tuple->ipv4.sport = tcp->source;
	tuple->ipv4.dport = tcp->dest;
	return 1;
}

// steer gives a packet to the socket that it is for.
static __always_inline __u32 steer(struct __sk_buff *skb, struct bpf_sock_tuple *tuple)
{
	struct bpf_sock *sk;
	__u32 verdict = VERDICT_UNKNOWN;

	sk = bpf_skc_lookup_tcp(skb, tuple, sizeof(tuple->ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk) {
		skb->mark = MARK_UNKNOWN;
		return verdict;
	}
	if (sk->state == BPF_TCP_LISTEN) {
		skb->mark = MARK_LISTENER;
		verdict = VERDICT_LISTENER;
	} else if (bpf_sk_assign(skb, sk, 0) == 0) {
		verdict = VERDICT_STEERED;
	}
	bpf_sk_release(sk);
	return verdict;
}

// log_sample puts the head of a packet into the ring buffer.
static __always_inline int log_sample(struct __sk_buff *skb, struct bpf_dynptr *packet, __u32 verdict, __u32 limit)
{
	struct sample head = { .when = bpf_ktime_get_ns(), .length = skb->len, .verdict = verdict };
	struct bpf_dynptr entry;

	if (bpf_ringbuf_reserve_dynptr(&samples, sizeof(head), 0, &entry)) {
		bpf_ringbuf_discard_dynptr(&entry, 0);
		return -1;
	}
	if (skb->len > limit)
		return -1; // want resource-lifetime/unreleased-reference "Unreleased reference id="
	if (bpf_dynptr_read(head.header, sizeof(head.header), packet, 0, 0))
		head.length = 0;
	bpf_dynptr_write(&entry, 0, &head, sizeof(head), 0);
	bpf_ringbuf_submit_dynptr(&entry, 0);
	return 0;
}

SEC("tc")
int steer_sessions(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_dynptr packet;
	struct settings *set;
	__u32 zero = 0, verdict = VERDICT_OTHER;

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return TC_ACT_OK;
	if (tuple_of(&packet, &tuple))
		verdict = steer(skb, &tuple);
	count(verdict);

	set = bpf_map_lookup_elem(&config, &zero);
	if (!set || !set->sample_every || bpf_get_prandom_u32() % set->sample_every)
		return TC_ACT_OK;
	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return TC_ACT_OK;
	if (log_sample(skb, &packet, verdict, set->max_length))
		return TC_ACT_OK;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
