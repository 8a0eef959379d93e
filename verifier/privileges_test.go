// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// What the kernel refuses before it walks has no log to compare.
func TestRefusedWithoutPrivileges(t *testing.T) {
	obj := loadTestObject(t, filepath.Join(helperObjects, "helper_unprivileged.bpf.o"))
	for name, want := range map[string]catalog.Code{
		"map_of_others":  catalog.MapCapability,
		"type_of_others": catalog.ProgramTypeCapability,
	} {
		p := programNamed(t, obj, name)
		if r := Verify(p, Options{LogLevel: 1}); r.Verdict != Accepted {
			t.Errorf("%s with privileges: %v %s", name, r.Verdict, r.Log)
		}
		r := Verify(p, Options{LogLevel: 1 | 4, Unprivileged: true})
		if r.Verdict != Rejected || r.Reports[0].Code != want || r.Reports[0].Errno != eperm || len(r.Log) != 0 {
			t.Errorf("%s without: %v %+v, log %q", name, r.Verdict, r.Reports, r.Log)
		}
	}
}
