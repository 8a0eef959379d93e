// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Target is the kernel release whose lifetime rules a verification follows:
// those of references, dynptrs, iterators, locks, interrupt flags and RCU.
// All else, the walk and its counts included, is Linux 6.18's.
type Target uint8

// Releases that the lifetime rules are known of.
const (
	Linux618 Target = iota
	Linux73
)

var targetNames = [...]string{Linux618: "6.18", Linux73: "7.3"}

// TargetNames are the releases that ParseTarget knows.
func TargetNames() []string { return targetNames[:] }

// ParseTarget finds a release by its name; "" is Linux 6.18.
func ParseTarget(name string) (Target, error) {
	for t, n := range targetNames {
		if name == n {
			return Target(t), nil
		}
	}
	if name == "" {
		return Linux618, nil
	}
	return Linux618, fmt.Errorf("unknown target kernel %q: want %s", name, strings.Join(targetNames[:], " or "))
}

// String is the release as ParseTarget takes it.
func (t Target) String() string {
	if int(t) < len(targetNames) {
		return targetNames[t]
	}
	return fmt.Sprintf("Target(%d)", t)
}

// lifetimeRules are what later releases decide otherwise than 6.18. Each field
// is asked at the one place of its rule.
//
//	field             6.18                             since        then
//	childrenEnd       a dynptr forgets the object it   7.3          it ends with that object, with its
//	                  was made of; slices made by a                 clones and all slices, in every
//	                  kernel function outlive it                    function; an object is not released
//	                                                                while a reference made of it is held
//	cloneOverwrite    no owned dynptr may be           7.3          one of several that share a
//	                  overwritten                                   reference may
//	fileDynptrs       no such kind                     6.19         bpf_dynptr_from_file() makes one,
//	                                                                owned as a ring buffer's
//	dynptrTypeDecides what a call releases must own    7.3          it must be of the kind that the call
//	                  a reference                                   releases; a lent one is refused first
//	manyReferences    one argument of a helper may     7.3          several may
//	                  hold a reference
//	nestedRCU         no RCU section in another        7.3          they nest
//	regionsAreRCU     RCU sections and locks protect   7.3          so do disabled preemption and
//	                  RCU pointers; the end of an RCU               interrupts; the end of the last of
//	                  section ends them                             these ends the pointers, which a program
//	                                                                that cannot sleep never leaves
//	trustsArguments   a kernel function relies on      7.3          every one does
//	                  its pointers if it is
//	                  registered so
//	messages          the words of 6.18                7.3          those of 7.3, which name registers where
//	                                                                6.18 counts arguments
//	namesReleaser     a pointer that is not owned      7.3          so does the function, before it
//	                  speaks for itself                             looks at the other arguments
//
// Since is the first release at the latest: where 7.3 stands, no release in
// between was looked at.
type lifetimeRules struct {
	childrenEnd       bool
	cloneOverwrite    bool
	fileDynptrs       bool
	dynptrTypeDecides bool
	manyReferences    bool
	nestedRCU         bool
	regionsAreRCU     bool
	trustsArguments   bool
	messages          fault.Release
	namesReleaser     bool
}

var rulesOf = [...]lifetimeRules{
	Linux618: {},
	Linux73: {
		childrenEnd: true, cloneOverwrite: true, fileDynptrs: true, dynptrTypeDecides: true, manyReferences: true,
		nestedRCU: true, regionsAreRCU: true, trustsArguments: true,
		messages: fault.Linux73, namesReleaser: true,
	},
}
