// SPDX-License-Identifier: GPL-2.0-only

package facts

import (
	"fmt"
	"slices"
	"strings"
)

// Release is a kernel release whose facts are known; later ones are greater.
type Release uint8

// Default is the release used where none is named, and that of the built-in types.
const Default = Linux618

// Set is what is known of one release. What does not differ between releases
// is asked of the package.
type Set struct {
	Release Release

	name string
	// without is what kernels of the release lack, whatever their configuration says.
	without Config
	// kfuncs index the table of kfuncs, ordered by name.
	kfuncs []uint16
}

// Kernel is a kernel of the release that is built and locked down as given.
func (s *Set) Kernel(built Kernel) Kernel { return built.And(Kernel{Without: s.without}) }

// Of is the set of a release.
func Of(r Release) *Set { return &sets[r] }

// Kfunc finds a kfunc of the release by its name.
func (s *Set) Kfunc(name string) (*Kfunc, bool) {
	i, ok := slices.BinarySearchFunc(s.kfuncs, name,
		func(k uint16, n string) int { return strings.Compare(kfuncs[k].Name, n) })
	if !ok {
		return nil, false
	}
	return &kfuncs[s.kfuncs[i]], true
}

// ReleaseNames are the releases that ParseRelease knows.
func ReleaseNames() []string {
	names := make([]string, len(sets))
	for i := range sets {
		names[i] = sets[i].name
	}
	return names
}

// ParseRelease finds a release by its name; "" is the oldest.
func ParseRelease(name string) (Release, error) {
	for i := range sets {
		if name == sets[i].name || name == "" {
			return Release(i), nil
		}
	}
	return 0, fmt.Errorf("unknown target kernel %q: want %s", name, strings.Join(ReleaseNames(), " or "))
}

// String is the release as ParseRelease takes it.
func (r Release) String() string {
	if int(r) < len(sets) {
		return sets[r].name
	}
	return fmt.Sprintf("Release(%d)", uint8(r))
}
