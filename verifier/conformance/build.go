// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
)

// buildName says which kernel answers. Two builds of one release can differ by
// patches, compiler and configuration: the version has the time of the build,
// and the hash of the types distinguishes what that does not.
func buildName(release, version string, types []byte) string {
	return fmt.Sprintf("%s %s, types %.8x", release, version, sha256.Sum256(types))
}

// buildLine heads a file of answers. It has neither object nor program, by
// which readers know it.
type buildLine struct {
	Kernel string `json:"kernel,omitempty"`
}

// writeBuild writes the line that heads the answers of a build.
func writeBuild(w io.Writer, name string) error {
	return json.NewEncoder(w).Encode(buildLine{name})
}
