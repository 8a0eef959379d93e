// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
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

// What a running Linux 6.18 said to a loader with CAP_BPF and CAP_NET_ADMIN, but
// without CAP_PERFMON. No option asks for such a loader yet.
func TestWithoutPerfmon(t *testing.T) {
	const (
		leave     = "\nr0 = 0\nexit"
		manyPaths = 100 // instead of thousands
	)
	rows := &program.Map{Name: "rows", FullName: "rows", Type: facts.MapArray, KeySize: 4, ValueSize: 64, MaxEntries: 1}
	for _, c := range []struct {
		typ    facts.ProgType
		text   string
		kernel string
	}{
		{facts.ProgXDP, "r2 = *(u32 *)(r1 +0)\nr3 = *(u32 *)(r1 +4)\nr4 = r2\nr4 += 16\nif r4 > r3 goto +1\n*(u64 *)(r2 +0) = r1" +
			leave, "R1 leaks addr into packet"},
		{facts.ProgFlowDissector, "r6 = *(u64 *)(r1 +144)\n*(u64 *)(r6 +0) = r1" + leave,
			"R1 leaks addr into flow keys"},
		{facts.ProgXDP, "r2 = *(u32 *)(r1 +12)\n*(u32 *)(r10 -8) = r2\nr0 = *(u64 *)(r10 -8)" + leave,
			"invalid read from stack off -8+4 size 8"},
		{facts.ProgXDP, "r6 = *(u32 *)(r1 +12)\nr6 &= 7\nr3 = r10\nr3 += -16\nr3 += r6\n*(u8 *)(r3 +0) = 1" + leave,
			"R3 variable stack access prohibited for !root, var_off=(0x0; 0x7) off=-16"},
		{facts.ProgXDP, "r6 = *(u32 *)(r1 +12)\nr6 &= 7\nr1 = 0\n*(u32 *)(r10 -4) = r1\nr2 = r10\nr2 += -4\nr1 = map[0] ll\ncall 1\n" +
			"if r0 != 0 goto +2" + leave + strings.Repeat("\nr3 = r0\nr3 += r6", manyPaths) + leave,
			"R3 could not be pushed for speculative verification, pointer arithmetic with it prohibited for !root"},
	} {
		p := newProgram(t, c.text, rows)
		p.Type = c.typ
		v := newVerifier(p, Options{}, new(workspace))
		few := *v.profile
		few.limits.pending = manyPaths
		v.profile = &few
		v.allowPtrLeaks, v.allowUninit, v.bypassSpecV1, v.bypassSpecV4 = false, false, false, false
		res := v.result(v.verify())
		if res.Verdict != Rejected || res.Reports[0].Kernel != c.kernel {
			t.Errorf("%.80q: %v %s %+v, want %q", c.text, res.Verdict, res.Reason, res.Reports, c.kernel)
		}
	}
}
