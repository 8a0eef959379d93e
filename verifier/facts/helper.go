// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"strconv"
	"strings"
)

// HelperClass sorts helpers by what a call means beyond its prototype.
type HelperClass uint16

// The classes the kernel's verifier knows by helper id.
const (
	HelperAcquire            HelperClass = 1 << iota // the result is a new reference
	HelperAcquireFromSockmap                         // the result is a new reference if the map holds sockets
	HelperPtrCast                                    // the result lives as long as the argument
	HelperDynptrRef                                  // the result lives as long as the dynptr argument
	HelperStorageGet                                 // allocates with the program's gfp flags
	HelperChangesPacket                              // packet pointers are stale afterwards
	HelperInlined                                    // replaced by instructions that keep R1-R5
)

// helperInfo is a row of the helper table.
type helperInfo struct {
	name  string // with "bpf_" in front
	class HelperClass
	maps  uint64 // the only map types it takes, 0 for any

	callback *Callback // nil for none
}

// HelperName is the name of a helper without "bpf_", empty for an unknown id.
func HelperName(id int32) string {
	if id < 0 || id >= NumHelpers {
		return ""
	}
	return strings.TrimPrefix(helpers[id].name, "bpf_")
}

// HelperLogName is the helper as the kernel's log prints it, such as
// "bpf_map_lookup_elem", and "unknown" for an unknown id.
//
// kernel: func_id_name
func HelperLogName(id int32) string {
	if id < 0 || id >= NumHelpers {
		return "unknown"
	}
	return helpers[id].name
}

// HelperCallName is the call target as the kernel's disassembler prints it,
// such as "bpf_map_lookup_elem#1".
func HelperCallName(id int32) string { return HelperLogName(id) + "#" + strconv.Itoa(int(id)) }

// ClassOf returns the classes of a helper; an unknown id has none.
func ClassOf(id int32) HelperClass {
	if id < 0 || id >= NumHelpers {
		return 0
	}
	return helpers[id].class
}

// Has reports whether a helper is in one of the classes.
func (c HelperClass) Has(classes HelperClass) bool { return c&classes != 0 }
