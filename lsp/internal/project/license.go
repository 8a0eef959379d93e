// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

var (
	anySection     = regexp.MustCompile(`\bSEC\s*\(\s*"`)
	licenseSection = regexp.MustCompile(`\bSEC\s*\(\s*"license"\s*\)\s*=\s*"([^"\n]*)"`)
)

// maxLicenseFile bounds what is read: a file with nothing but a license is small.
const maxLicenseFile = 16 << 10

// LinkedLicense returns the license that a file without one gets if its project links its objects together, and the
// file that has it. A BPF source whose only section is its license can have no other purpose. The nearest one is used,
// from the directories above file up to the top of the project and their direct subdirectories.
func LinkedLicense(file string) (license, from string) {
	file, err := filepath.Abs(file)
	if err != nil {
		return "", ""
	}
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		for _, pattern := range []string{"*.bpf.c", "*/*.bpf.c"} {
			names, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
			for _, name := range names {
				if license := onlyLicense(name); license != "" && name != file {
					return license, name
				}
			}
		}
		if isTop(dir) {
			break
		}
	}
	return "", ""
}

// onlyLicense returns the license of a source that has no other section, "" for other sources.
func onlyLicense(name string) string {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxLicenseFile {
		return ""
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	text := string(raw)
	m := licenseSection.FindStringSubmatch(text)
	if m == nil || len(anySection.FindAllStringIndex(text, 2)) != 1 {
		return ""
	}
	return strings.TrimSpace(m[1])
}
