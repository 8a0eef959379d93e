// SPDX-License-Identifier: GPL-2.0-only

package facts

import "strings"

// SectionFlag says what a section name implies for the load.
type SectionFlag uint8

// The flags of libbpf's section table.
const (
	SectionAttachable     SectionFlag = 1 << iota // attached by its expected attach type
	SectionAttachOptional                         // the attach type is left out on kernels that do not know it
	SectionAttachBTF                              // the target is found in BTF and must be given
	SectionSleepable                              // sets the sleepable program flag
	SectionXDPFrags                               // sets the XDP multi-buffer program flag
	SectionUSDT                                   // becomes a multi-uprobe where the kernel has them
)

// Section is one row of libbpf's section table.
type Section struct {
	Name   string
	Prefix bool // matches Name alone and Name followed by "/target"
	Type   ProgType
	Attach AttachType // zero also when none is set
	Flags  SectionFlag
	Since  uint32 // kernel tree that brought the name, as in KERNEL_VERSION; 0 if 6.12 or older
}

// FindSection returns the row of libbpf's table that an ELF section name
// matches.
func FindSection(name string) (s Section, ok bool) {
	for i := range Sections {
		s := &Sections[i]
		rest, found := strings.CutPrefix(name, s.Name)
		if found && (rest == "" || s.Prefix && rest[0] == '/') {
			return *s, true
		}
	}
	return Section{}, false
}
