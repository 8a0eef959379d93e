// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/facts"

// What a file lacks for a name that the compiler does not know. A vmlinux.h has all types of the kernel but none of
// its macros, and does not go with the kernel's own headers.

// What to do about a name that the compiler does not know.
const (
	AdviseInclude Phrase = "{name} is declared in {header}, which the file does not include."
	AdviseDefine  Phrase = "{name} is a macro of the kernel's headers, and vmlinux.h has no macros. Define it: {check}."
)

// libraryHeaders are those of libbpf with the macros and functions that programs use, by name.
var libraryHeaders = map[string]string{
	"bpf_htons": endian, "bpf_ntohs": endian, "bpf_htonl": endian, "bpf_ntohl": endian,
	"bpf_cpu_to_be64": endian, "bpf_be64_to_cpu": endian,

	"SEC": helpers, "__uint": helpers, "__type": helpers, "__array": helpers, "__ulong": helpers, "__ksym": helpers,
	"__kconfig": helpers, "__always_inline": helpers, "__noinline": helpers, "__weak": helpers, "__hidden": helpers,
	"__kptr": helpers, "__arg_ctx": helpers, "__arg_nonnull": helpers, "bpf_printk": helpers, "bpf_for": helpers,
	"bpf_for_each": helpers, "bpf_repeat": helpers, "barrier": helpers, "barrier_var": helpers, "offsetof": helpers,
	"container_of": helpers,

	"BPF_PROG": tracing, "BPF_PROG2": tracing, "BPF_KPROBE": tracing, "BPF_KRETPROBE": tracing, "BPF_UPROBE": tracing,
	"BPF_URETPROBE": tracing, "BPF_KSYSCALL": tracing, "BPF_KPROBE_SYSCALL": tracing, "BPF_USDT": "bpf/usdt.bpf.h",
	"PT_REGS_PARM1": tracing, "PT_REGS_PARM2": tracing, "PT_REGS_PARM3": tracing, "PT_REGS_PARM4": tracing,
	"PT_REGS_PARM5": tracing, "PT_REGS_PARM1_CORE": tracing, "PT_REGS_PARM2_CORE": tracing, "PT_REGS_RC": tracing,
	"PT_REGS_RET": tracing, "PT_REGS_SP": tracing, "PT_REGS_IP": tracing, "PT_REGS_FP": tracing,

	"BPF_CORE_READ": core, "BPF_CORE_READ_INTO": core, "BPF_CORE_READ_STR_INTO": core, "BPF_CORE_READ_BITFIELD": core,
	"BPF_CORE_READ_BITFIELD_PROBED": core, "BPF_CORE_READ_USER": core, "BPF_PROBE_READ": core,
	"bpf_core_read": core, "bpf_core_read_str": core, "bpf_core_field_exists": core, "bpf_core_field_size": core,
	"bpf_core_type_exists": core, "bpf_core_enum_value": core, "bpf_core_enum_value_exists": core, "bpf_core_cast": core,
}

const (
	core    = "bpf/bpf_core_read.h"
	endian  = "bpf/bpf_endian.h"
	helpers = "bpf/bpf_helpers.h"
	tracing = "bpf/bpf_tracing.h"
)

// kernelHeaders are those of the kernel for user space with the types and constants that programs use, by name.
var kernelHeaders = map[string]string{
	"__u8": "linux/types.h", "__u16": "linux/types.h", "__u32": "linux/types.h", "__u64": "linux/types.h",
	"__be16": "linux/types.h", "__be32": "linux/types.h", "__s32": "linux/types.h", "__s64": "linux/types.h",
	"xdp_md": "linux/bpf.h", "__sk_buff": "linux/bpf.h", "bpf_sock_ops": "linux/bpf.h", "bpf_sock_addr": "linux/bpf.h",
	"BPF_ANY": "linux/bpf.h", "XDP_PASS": "linux/bpf.h", "XDP_DROP": "linux/bpf.h", "XDP_TX": "linux/bpf.h",
	"BPF_MAP_TYPE_HASH": "linux/bpf.h", "BPF_MAP_TYPE_ARRAY": "linux/bpf.h", "BPF_MAP_TYPE_RINGBUF": "linux/bpf.h",
	"ethhdr": "linux/if_ether.h", "iphdr": "linux/ip.h", "ipv6hdr": "linux/ipv6.h", "tcphdr": "linux/tcp.h",
	"udphdr": "linux/udp.h", "icmphdr": "linux/icmp.h", "icmp6hdr": "linux/icmpv6.h", "pt_regs": "linux/ptrace.h",
	"in6_addr": "linux/in6.h", "IPPROTO_TCP": "linux/in.h", "IPPROTO_UDP": "linux/in.h", "IPPROTO_ICMP": "linux/in.h",
	"IPPROTO_ICMPV6": "linux/in6.h",
	"ETH_P_IP":       "linux/if_ether.h", "ETH_P_IPV6": "linux/if_ether.h", "ETH_P_ARP": "linux/if_ether.h",
	"ETH_P_8021Q": "linux/if_ether.h", "ETH_P_8021AD": "linux/if_ether.h", "ETH_P_ALL": "linux/if_ether.h",
	"ETH_ALEN": "linux/if_ether.h", "ETH_HLEN": "linux/if_ether.h",
	"TC_ACT_UNSPEC": "linux/pkt_cls.h", "TC_ACT_OK": "linux/pkt_cls.h", "TC_ACT_SHOT": "linux/pkt_cls.h",
	"TC_ACT_PIPE": "linux/pkt_cls.h", "TC_ACT_STOLEN": "linux/pkt_cls.h", "TC_ACT_REDIRECT": "linux/pkt_cls.h",
	"EPERM": "linux/errno.h", "ENOENT": "linux/errno.h", "EACCES": "linux/errno.h", "EINVAL": "linux/errno.h",
}

// macroValues are the values of macros of the kernel's headers, which vmlinux.h does not have.
var macroValues = map[string]string{
	"ETH_P_IP": "0x0800", "ETH_P_IPV6": "0x86DD", "ETH_P_ARP": "0x0806", "ETH_P_8021Q": "0x8100",
	"ETH_P_8021AD": "0x88A8", "ETH_P_ALL": "0x0003", "ETH_ALEN": "6", "ETH_HLEN": "14",
	"TC_ACT_UNSPEC": "(-1)", "TC_ACT_OK": "0", "TC_ACT_RECLASSIFY": "1", "TC_ACT_SHOT": "2", "TC_ACT_PIPE": "3",
	"TC_ACT_STOLEN": "4", "TC_ACT_REDIRECT": "7",
	"AF_UNIX": "1", "AF_INET": "2", "AF_INET6": "10", "SOL_SOCKET": "1", "SOL_TCP": "6",
	"EPERM": "1", "ENOENT": "2", "EAGAIN": "11", "ENOMEM": "12", "EACCES": "13", "EFAULT": "14", "EBUSY": "16",
	"EEXIST": "17", "EINVAL": "22", "PATH_MAX": "4096", "NAME_MAX": "255", "SIGKILL": "9",
	"S_IFMT": "00170000", "S_IFREG": "0100000", "S_IFDIR": "0040000", "O_WRONLY": "00000001", "O_RDWR": "00000002",
	"PROT_WRITE": "0x2", "PROT_EXEC": "0x4", "CLONE_NEWUSER": "0x10000000", "NULL": "((void *)0)",
}

// HeaderOf is the header that has a name, "" if none is known. With vmlinux.h, none of the kernel's counts.
func HeaderOf(name string, vmlinux bool) string {
	if header := libraryHeaders[name]; header != "" {
		return header
	}
	if id, ok := facts.HelperNamed(name); ok && id != 0 {
		return helpers
	}
	if vmlinux {
		return ""
	}
	return kernelHeaders[name]
}

// MacroValue is the value of a macro of the kernel's headers that vmlinux.h does not have, "" if it is not known.
func MacroValue(name string) string { return macroValues[name] }
