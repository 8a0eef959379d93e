// SPDX-License-Identifier: GPL-2.0-only

package program

import "strconv"

// MapType is the kind of a map, by the number of the kernel's
// enum bpf_map_type.
type MapType uint32

// Map types. MapCGroupStorage is the old, per-attachment one; MapCgrpStorage
// the cgroup local storage.
const (
	MapUnspecified MapType = iota
	MapHash
	MapArray
	MapProgramArray
	MapPerfEventArray
	MapPerCPUHash
	MapPerCPUArray
	MapStackTrace
	MapCGroupArray
	MapLRUHash
	MapLRUCPUHash
	MapLPMTrie
	MapArrayOfMaps
	MapHashOfMaps
	MapDevMap
	MapSockMap
	MapCPUMap
	MapXSKMap
	MapSockHash
	MapCGroupStorage
	MapReusePortSockArray
	MapPerCPUCGroupStorage
	MapQueue
	MapStack
	MapSkStorage
	MapDevMapHash
	MapStructOps
	MapRingBuf
	MapInodeStorage
	MapTaskStorage
	MapBloomFilter
	MapUserRingbuf
	MapCgrpStorage
	MapArena
)

var mapTypeNames = [...]string{
	MapUnspecified:         "UnspecifiedMap",
	MapHash:                "Hash",
	MapArray:               "Array",
	MapProgramArray:        "ProgramArray",
	MapPerfEventArray:      "PerfEventArray",
	MapPerCPUHash:          "PerCPUHash",
	MapPerCPUArray:         "PerCPUArray",
	MapStackTrace:          "StackTrace",
	MapCGroupArray:         "CGroupArray",
	MapLRUHash:             "LRUHash",
	MapLRUCPUHash:          "LRUCPUHash",
	MapLPMTrie:             "LPMTrie",
	MapArrayOfMaps:         "ArrayOfMaps",
	MapHashOfMaps:          "HashOfMaps",
	MapDevMap:              "DevMap",
	MapSockMap:             "SockMap",
	MapCPUMap:              "CPUMap",
	MapXSKMap:              "XSKMap",
	MapSockHash:            "SockHash",
	MapCGroupStorage:       "CGroupStorage",
	MapReusePortSockArray:  "ReusePortSockArray",
	MapPerCPUCGroupStorage: "PerCPUCGroupStorage",
	MapQueue:               "Queue",
	MapStack:               "Stack",
	MapSkStorage:           "SkStorage",
	MapDevMapHash:          "DevMapHash",
	MapStructOps:           "StructOpsMap",
	MapRingBuf:             "RingBuf",
	MapInodeStorage:        "InodeStorage",
	MapTaskStorage:         "TaskStorage",
	MapBloomFilter:         "BloomFilter",
	MapUserRingbuf:         "UserRingbuf",
	MapCgrpStorage:         "CgroupStorage",
	MapArena:               "Arena",
}

// String spells the type as cilium/ebpf does.
func (t MapType) String() string {
	if int(t) < len(mapTypeNames) {
		return mapTypeNames[t]
	}
	return "MapType(" + strconv.FormatUint(uint64(t), 10) + ")"
}
