// SPDX-License-Identifier: GPL-2.0-only
// With and without fragments: for a CPU map and a device map that counts as well, the attach type does not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} links SEC(".maps");

#ifdef FIXED
#define FRAGS "xdp"
#else
#define FRAGS "xdp.frags"
#endif

SEC("xdp")
int first(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 1, 0);
}

SEC("xdp/devmap")
int other_hook(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 2, 0);
}

SEC(FRAGS)
int second(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 3, 0); // want loader/shared-map "it is with XDP fragments, unlike the other"
}

SEC(FRAGS)
int to_ports(struct xdp_md *ctx)
{
	return bpf_redirect_map(&ports, 1, 0); // want loader/shared-map "to_ports() cannot use `ports` as to_ports_too() does"
}

SEC("xdp")
int to_ports_too(struct xdp_md *ctx)
{
	return bpf_redirect_map(&ports, 2, 0);
}

SEC(FRAGS)
int to_links(struct xdp_md *ctx)
{
	return bpf_redirect_map(&links, 1, 0);
}

SEC("xdp")
int to_links_too(struct xdp_md *ctx)
{
	return bpf_redirect_map(&links, 2, 0);
}
