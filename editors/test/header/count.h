/* SPDX-License-Identifier: GPL-2.0-only */

static __always_inline void count(void *map)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(map, &key);

	*value += 1;
}
