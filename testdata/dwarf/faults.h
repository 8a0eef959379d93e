/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that are inlined into the programs of faults.bpf.c. */
#include "record.h"

static __always_inline void set_pid(struct record *to, __u32 pid)
{
	to->pid = pid; // want register-type/nullable-dereference "`to`, a ring buffer record, may be NULL" related "set_pid() inlined into in_header() here"
}

static __always_inline int verdict(struct record *of)
{
	if (of->pid > 77)
		return 1;
	return 2;
}

static __always_inline long reserve_into(struct bpf_dynptr *where)
{
	return bpf_ringbuf_reserve_dynptr(&records, 8, 0, where);
}
