// SPDX-License-Identifier: GPL-2.0-only

// Package testdata gives programs that explain codes the examples that the
// tests verify: an installed binary has no source tree to read them from.
package testdata

import (
	"embed"
	"strings"
)

//go:embed rules/*.c
var rules embed.FS

// Example is the text of a file named by its path in the module, "" if there
// is none.
func Example(name string) string {
	text, err := rules.ReadFile(strings.TrimPrefix(name, "testdata/"))
	if err != nil {
		return ""
	}
	return string(text)
}
