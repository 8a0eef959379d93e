// SPDX-License-Identifier: GPL-2.0-only
// For a loader of its own, which puts values in the place of addresses, and sizes maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries;
};

struct pattern {
	unsigned int code;
	unsigned short marks[];
};

struct bpf_map_def SEC("lirc_mode2/maps") patterns = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(unsigned int),
	.value_size = sizeof(struct pattern),
	.max_entries = 4,
};

int margin = 200;
int longest;
int shortest = 30;

#define PARAM(x) ((int)(long)&(x))

SEC("lirc_mode2/measure")
int measure(unsigned int *sample)
{
	unsigned int length = *sample & 0xffffff;

	return length + PARAM(margin) > PARAM(shortest) * 2 && length < PARAM(longest);
}

SEC("lirc_mode2/match")
int match(unsigned int *sample)
{
	unsigned int key = 0;
	struct pattern *p = bpf_map_lookup_elem(&patterns, &key);

	if (!p)
		return 0;
	return p->marks[2] - *sample < (unsigned int)PARAM(margin);
}

char LICENSE[] SEC("license") = "GPL";
