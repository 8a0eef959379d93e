// SPDX-License-Identifier: GPL-2.0-only
// Helpers of the networking and control group program types.
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct bpf_nf_ctx;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[8]);
} arr SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} smap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} shash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} reuse SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, long);
} cgs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} xsk SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} cga SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} pe SEC(".maps");

SEC("tc")
int under_cgroup(struct __sk_buff *s)
{
	return bpf_skb_under_cgroup(s, &cga, 0);
}

SEC("tc")
int under_array(struct __sk_buff *s)
{
	return bpf_skb_under_cgroup(s, &arr, 0);
}

SEC("sockops")
int sockops_sockmap(struct bpf_sock_ops *s)
{
	int k = 0;
	return bpf_sock_map_update(s, &smap, &k, 0);
}

SEC("sockops")
int sockops_wrong_map(struct bpf_sock_ops *s)
{
	int k = 0;
	return bpf_sock_map_update(s, &shash, &k, 0);
}

SEC("sockops")
int sockops_delete(struct bpf_sock_ops *s)
{
	int k = 0;

	bpf_map_delete_elem(&smap, &k);
	return 0;
}

SEC("sockops")
int sockops_update(struct bpf_sock_ops *s)
{
	int k = 0;
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	bpf_map_update_elem(&smap, &k, sk, 0);
	return 0;
}

SEC("sockops")
int sockops_setsockopt(struct bpf_sock_ops *s)
{
	int v = 1;
	return bpf_setsockopt(s, 6, 1, &v, 4);
}

SEC("sockops")
int sockops_tcp_sock(struct bpf_sock_ops *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	struct bpf_tcp_sock *t = bpf_tcp_sock(sk);
	return t ? t->snd_cwnd : 0;
}

SEC("sk_msg")
int msg_redirect_map(struct sk_msg_md *m)
{
	return bpf_msg_redirect_map(m, &smap, 0, 0);
}

SEC("sk_msg")
int msg_redirect_hash(struct sk_msg_md *m)
{
	int k = 0;
	return bpf_msg_redirect_hash(m, &shash, &k, 0);
}

SEC("sk_msg")
int msg_push_moves_data(struct sk_msg_md *m)
{
	void *d = m->data, *e = m->data_end;

	if (d + 4 > e)
		return 0;
	bpf_msg_push_data(m, 0, 4, 0);
	return *(int*)d;
}

SEC("sk_msg")
int msg_redirect_wrong_map(struct sk_msg_md *m)
{
	return bpf_msg_redirect_map(m, &shash, 0, 0);
}

SEC("sk_skb/stream_verdict")
int stream_redirect(struct __sk_buff *s)
{
	return bpf_sk_redirect_map(s, &smap, 0, 0);
}

SEC("sk_reuseport")
int reuseport_select(struct sk_reuseport_md *m)
{
	int k = 0;

	bpf_sk_select_reuseport(m, &reuse, &k, 0);
	return 1;
}

SEC("sk_reuseport")
int reuseport_select_array(struct sk_reuseport_md *m)
{
	int k = 0;

	bpf_sk_select_reuseport(m, &arr, &k, 0);
	return 1;
}

SEC("cgroup_skb/egress")
int local_storage(struct __sk_buff *s)
{
	long *p = bpf_get_local_storage(&cgs, 0);
	return *p & 1;
}

SEC("cgroup_skb/egress")
int local_storage_flags(struct __sk_buff *s)
{
	long *p = bpf_get_local_storage(&cgs, 1);
	return *p & 1;
}

SEC("cgroup_skb/egress")
int local_storage_array(struct __sk_buff *s)
{
	long *p = bpf_get_local_storage(&arr, 0);
	return *p & 1;
}

SEC("cgroup/sysctl")
int sysctl_value(struct bpf_sysctl *c)
{
	char b[8];

	bpf_sysctl_get_current_value(c, b, 8);
	return 1;
}

SEC("cgroup/sysctl")
int sysctl_name(struct bpf_sysctl *c)
{
	char b[8];

	bpf_sysctl_get_name(c, b, 8, 0);
	return 1;
}

SEC("cgroup/getsockopt")
int sockopt_retval(struct bpf_sockopt *c)
{
	bpf_set_retval(-1);
	return bpf_get_retval() ? 1 : 0;
}

SEC("xdp")
int redirect_xskmap(struct xdp_md *x)
{
	return bpf_redirect_map(&xsk, 0, 0);
}

SEC("xdp")
int redirect_cpumap(struct xdp_md *x)
{
	return bpf_redirect_map(&cpu, 0, 0);
}

SEC("xdp")
int redirect_array(struct xdp_md *x)
{
	return bpf_redirect_map(&arr, 0, 0);
}

SEC("xdp")
int lookup_xskmap(struct xdp_md *x)
{
	int k = 0;
	void *p = bpf_map_lookup_elem(&xsk, &k);

	return p ? bpf_redirect_map(&xsk, 0, 0) : 0;
}

SEC("xdp")
int lookup_cpumap(struct xdp_md *x)
{
	int k = 0;
	void *p = bpf_map_lookup_elem(&cpu, &k);

	return p ? 1 : 0;
}

SEC("xdp")
int xdp_current_task(struct xdp_md *x)
{
	return (long)bpf_get_current_task();
}

SEC("lwt_xmit")
int lwt_xmit_encap(struct __sk_buff *s)
{
	char b[20] = {};
	return bpf_lwt_push_encap(s, 2, b, 20);
}

SEC("lwt_in")
int lwt_in_encap_moves_data(struct __sk_buff *s)
{
	char b[20] = {};
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 20 > e)
		return 0;
	bpf_lwt_push_encap(s, 2, b, 20);
	return *(char*)d;
}

SEC("socket")
int socket_load_relative(struct __sk_buff *s)
{
	char b[4];

	bpf_skb_load_bytes_relative(s, 0, b, 4, 0);
	return b[0];
}

SEC("socket")
int socket_redirect(struct __sk_buff *s)
{
	return bpf_redirect(1, 0);
}

SEC("syscall")
int syscall_find_type(void *c)
{
	char n[4] = "abc";
	return bpf_btf_find_by_name_kind(n, 4, 1, 0);
}

SEC("syscall")
int syscall_close(void *c)
{
	long x;

	bpf_copy_from_user(&x, 8, 0);
	return bpf_sys_close(1) + bpf_sys_bpf(1, c, 8);
}

SEC("syscall")
int syscall_kallsyms(void *c)
{
	__u64 r;
	bpf_kallsyms_lookup_name("abc", 4, 0, &r);
	return r;
}

SEC("syscall")
int syscall_beyond_context(void *c)
{
	return bpf_sys_bpf(1, c + 65530, 8);
}

SEC("syscall")
int syscall_no_bytes(void *c)
{
	return bpf_sys_bpf(1, c, 0);
}

SEC("flow_dissector")
int dissector_load(struct __sk_buff *s)
{
	char b[4];

	bpf_skb_load_bytes(s, 0, b, 4);
	return b[0];
}

SEC("cgroup/connect4")
int connect_bind(struct bpf_sock_addr *a)
{
	struct sockaddr_in s = {};

	bpf_bind(a, (void *)&s, sizeof s);
	return 1;
}

SEC("cgroup/dev")
int device_printk(struct bpf_cgroup_dev_ctx *c)
{
	bpf_printk("x");
	return 1;
}

SEC("sk_lookup")
int lookup_assign(struct bpf_sk_lookup *c)
{
	int k = 0;
	struct bpf_sock *sk = bpf_map_lookup_elem(&smap, &k);

	if (!sk)
		return 1;
	bpf_sk_assign(c, sk, 0);
	bpf_sk_release(sk);
	return 1;
}

SEC("sk_lookup")
int lookup_assign_null(struct bpf_sk_lookup *c)
{
	bpf_sk_assign(c, 0, 0);
	return 1;
}

SEC("tc")
int tc_assign_null(struct __sk_buff *c)
{
	bpf_sk_assign(c, 0, 0);
	return 1;
}

SEC("tc")
int syncookie_from_stack(struct __sk_buff *s)
{
	struct iphdr h = {};
	struct tcphdr t = {};

	return bpf_tcp_raw_gen_syncookie_ipv4(&h, &t, 20);
}

SEC("tc")
int syncookie_from_packet(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 30 > e)
		return 0;
	return bpf_tcp_raw_check_syncookie_ipv4(d, d + 20);
}

SEC("netfilter")
int netfilter_cookie(struct bpf_nf_ctx *c)
{
	return bpf_get_netns_cookie(c) ? 1 : 0;
}

SEC("tc")
int tc_redirect(struct __sk_buff *s)
{
	return bpf_redirect(1, 0);
}

SEC("tc")
int tc_clone(struct __sk_buff *s)
{
	return bpf_clone_redirect(s, 1, 0);
}

SEC("xdp")
int xdp_adjust(struct xdp_md *x)
{
	void *d = (void *)(long)x->data, *e = (void *)(long)x->data_end;

	if (d + 4 > e)
		return 0;
	bpf_xdp_adjust_head(x, 4);
	return *(char*)d;
}

SEC("xdp")
int xdp_load(struct xdp_md *x)
{
	char b[4];

	bpf_xdp_load_bytes(x, 0, b, 4);
	return b[0];
}

SEC("xdp")
int xdp_probe_read(struct xdp_md *x)
{
	char b[4];

	bpf_probe_read_user(b, 4, 0);
	return b[0];
}

SEC("xdp")
int xdp_output(struct xdp_md *x)
{
	char b[4]={};

	bpf_perf_event_output(x, &pe, 0, b, 4);
	return 0;
}

SEC("xdp")
int xdp_output_packet(struct xdp_md *x)
{
	void *d = (void *)(long)x->data, *e = (void *)(long)x->data_end;

	if (d + 4 > e)
		return 0;
	bpf_perf_event_output(x, &pe, 0, d, 4);
	return 0;
}
