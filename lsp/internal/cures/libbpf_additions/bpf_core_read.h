/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs expect of <bpf/bpf_core_read.h> and libbpf before 1.4 does not have. */
#ifndef __BPF_LSP_CORE_READ_H__
#define __BPF_LSP_CORE_READ_H__

#include <bpf/bpf_helpers.h>
#include_next <bpf/bpf_core_read.h>

#ifndef bpf_core_cast
extern void *bpf_rdonly_cast(const void *obj, unsigned int btf_id) __weak __ksym;

#define bpf_core_cast(ptr, type) ((typeof(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))
#endif

#endif
