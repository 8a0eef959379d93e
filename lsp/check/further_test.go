// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// withFurther is a rejection behind which faults of the codes are found.
func withFurther(first catalog.Code, more ...catalog.Code) verifier.Result {
	r := rejection(first)
	for _, code := range more {
		r.Further = append(r.Further, rejection(code))
	}
	return r
}

// TestFurther marks the faults beyond the first, and leaves the first alone.
func TestFurther(t *testing.T) {
	c, req := unit(t, func(_ *program.Program, o verifier.Options) verifier.Result {
		r := withFurther(catalog.UnreadableRegister)
		if o.Further {
			r = withFurther(catalog.UnreadableRegister, catalog.FramePointerWrite, catalog.UnreadableRegister)
		}
		return r
	}, "bad")
	ds := run(t, c, req).Programs[0].Diagnostics
	if len(ds) != 2 {
		t.Fatalf("%d diagnostics: %v", len(ds), ds)
	}
	first, second := ds[0], ds[1]
	mark := string(catalog.BeyondFirst)
	if first.Beyond || first.Severity != diag.Error || strings.Contains(first.Message(), mark) {
		t.Errorf("first: %+v", first)
	}
	if !second.Beyond || second.Severity != diag.Warning || second.Code != catalog.FramePointerWrite ||
		!strings.HasSuffix(second.Message(), mark) {
		t.Errorf("second: %+v", second)
	}
}

// TestFurtherIsBounded requires no further faults if the first one was found late, or if the second walk does not find
// it.
func TestFurtherIsBounded(t *testing.T) {
	for name, change := range map[string]func(r *verifier.Result, o verifier.Options){
		"late": func(r *verifier.Result, _ verifier.Options) { r.Stats.InsnsProcessed = maxFurtherAfter + 1 },
		"another first": func(r *verifier.Result, o verifier.Options) {
			if o.Further {
				r.Reports = slices.Clone(rejection(catalog.NegativeOffset).Reports)
				r.Reports[0].Kernel = "another"
			}
		},
		"a panic": func(_ *verifier.Result, o verifier.Options) {
			if o.Further {
				panic("gone on too far")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, req := unit(t, func(_ *program.Program, o verifier.Options) verifier.Result {
				r := withFurther(catalog.UnreadableRegister, catalog.FramePointerWrite)
				change(&r, o)
				return r
			}, "bad")
			ds := run(t, c, req).Programs[0].Diagnostics
			if len(ds) != 1 || ds[0].Code != catalog.UnreadableRegister || ds[0].Severity != diag.Error {
				t.Errorf("%v", ds)
			}
		})
	}
}

// TestFurtherPanics loses nothing but the further faults to a panic that explains them.
func TestFurtherPanics(t *testing.T) {
	r := diag.Run{Further: []verifier.Result{rejection(catalog.FramePointerWrite)}}
	if ds := furtherDiagnostics(diag.Subject{}, &r); ds != nil {
		t.Errorf("%v", ds)
	}
}

// TestMergedFurther keeps the mark only where no program has the fault as its first.
func TestMergedFurther(t *testing.T) {
	at := diag.Span{File: "a.c", Line: 3}
	as := func(p string, beyond bool) diag.Diagnostic {
		d := diag.Diagnostic{Code: catalog.FramePointerWrite, Severity: diag.Error, Span: at, Program: p,
			Beyond: beyond, RefSite: -1}
		if beyond {
			d.Severity = diag.Warning
		}
		return d
	}
	if m := diag.Merge([]diag.Diagnostic{as("a", true), as("b", false)}); len(m) != 1 || m[0].Beyond ||
		m[0].Severity != diag.Error {
		t.Errorf("%+v", m)
	}
	if m := diag.Merge([]diag.Diagnostic{as("a", true), as("b", true)}); len(m) != 1 || !m[0].Beyond ||
		m[0].Severity != diag.Warning {
		t.Errorf("%+v", m)
	}
}
