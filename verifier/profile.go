// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Target is the kernel release whose rules a verification follows. What is
// known of other releases than 6.18 are the lifetimes of references, dynptrs,
// iterators, locks, interrupt flags and RCU, and which functions of the kernel
// programs may call; all else, the walk and its counts included, is Linux 6.18's.
type Target = facts.Release

// Releases whose rules are known.
const (
	Linux618 = facts.Linux618
	Linux73  = facts.Linux73
)

// TargetNames are the releases that ParseTarget knows.
func TargetNames() []string { return facts.ReleaseNames() }

// ParseTarget finds a release by its name; "" is Linux 6.18.
func ParseTarget(name string) (Target, error) { return facts.ParseRelease(name) }

// profile is the kernel that a verification follows, resolved once when a
// verifier is made. Rules ask it and never which release it is. The kernel's
// types come with the program.
type profile struct {
	// release chooses the words of messages.
	release facts.Release
	// known are the facts that differ between releases.
	known  *facts.Set
	limits limits
	rules  rules
	// passes are the checks of a program, in the kernel's order, since the
	// first fault decides what is reported.
	passes []func(*verifier) *Rejection
	// covers reports whether whatever is safe in old is safe in cur.
	covers func(v *verifier, old, cur *state.State, how comparing) bool
}

// limits bound the walk.
type limits struct {
	insns              int // instructions walked
	pending            int // paths that wait
	statesUnprivileged int // states cached at one instruction, without privileges
}

// rules are what later releases decide otherwise than 6.18, false for 6.18.
//
//	field             6.18                             since        then
//	childrenEnd       a dynptr forgets the object it   7.3          it ends with that object, with its
//	                  was made of; slices made by a                 clones and all slices, in every
//	                  kernel function outlive it                    function; an object is not released
//	                                                                while a reference made of it is held
//	cloneOverwrite    no owned dynptr may be           7.3          one of several that share a
//	                  overwritten                                   reference may
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
//	namesReleaser     a pointer that is not owned      7.3          so does the function, before it
//	                  speaks for itself                             looks at the other arguments
//
// Since is the first release at the latest: where 7.3 stands, no release in
// between was looked at.
type rules struct {
	childrenEnd       bool
	cloneOverwrite    bool
	dynptrTypeDecides bool
	manyReferences    bool
	nestedRCU         bool
	regionsAreRCU     bool
	trustsArguments   bool
	namesReleaser     bool
}

// profileOf is the profile of a release.
func profileOf(t Target) *profile { return profiles[t] }

var profiles = [...]*profile{Linux618: newProfile(Linux618), Linux73: newProfile(Linux73)}

func newProfile(t Target) *profile {
	p := &profile{
		release: t,
		known:   facts.Of(t),
		limits: limits{insns: facts.MaxProcessed, pending: facts.MaxPending,
			statesUnprivileged: facts.MaxStatesUnprivileged},
		passes: passes618[:],
		covers: (*verifier).coversState,
	}
	if t >= Linux73 {
		p.rules = rules{
			childrenEnd: true, cloneOverwrite: true, dynptrTypeDecides: true, manyReferences: true,
			nestedRCU: true, regionsAreRCU: true, trustsArguments: true, namesReleaser: true,
		}
	}
	return p
}

// passes618 are those of Linux 6.18.
//
// kernel: bpf_check
var passes618 = [...]func(*verifier) *Rejection{
	(*verifier).requireFuncInfo,
	(*verifier).requireSubprogs,
	(*verifier).requireBTFInfo,
	(*verifier).requireResolved,
	(*verifier).requireCFG,
	(*verifier).requireAttach,
	(*verifier).walkAll,
	(*verifier).requireStack,
	(*verifier).requireFixups,
	(*verifier).requireAddresses,
}
