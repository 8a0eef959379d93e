// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// A loader creates all maps of an object and loads all its programs, or gives up. What it does follows from the faults
// of the object and the verdicts on its programs, in this order:
//
//	refused   a fault that no user space can mend, or a rejected program
//	open      user space has to set something first: a size, an inner map, the type or target of a program
//	unknown   a program was not verified, or something is missing only in the kernel that was assumed
//	loads     otherwise
//
// Programs whose section begins with "?" are not loaded with the object and do not count.

// WholeVerdict is what becomes of an object that is loaded as a whole.
type WholeVerdict string

// The verdicts on an object.
const (
	WholeLoads   WholeVerdict = "loads"
	WholeRefused WholeVerdict = "refused"
	WholeOpen    WholeVerdict = "open"
	WholeUnknown WholeVerdict = "unknown"
)

// Whole is the verdict of an object, with the maps, symbols and programs that decide it.
type Whole struct {
	Verdict WholeVerdict
	Names   []string
}

// Whole returns what becomes of the unit's object, false if the unit has no object or one per variant. The loader is
// libbpf unless the project depends on another one.
func (r *Report) Whole() (Whole, bool) {
	if r.Object == nil || r.varied {
		return Whole{}, false
	}
	by := map[WholeVerdict][]string{}
	add := func(o WholeVerdict, name string) {
		if !slices.Contains(by[o], name) {
			by[o] = append(by[o], name)
		}
	}
	for _, f := range r.Object.Faults {
		if o := r.wholeOfFault(f); o != WholeLoads {
			add(o, f.Name)
		}
	}
	for _, p := range r.Object.Programs {
		if !p.Autoload {
			continue
		}
		i := slices.IndexFunc(r.Programs, func(run *diag.Run) bool { return run.Program == p })
		if i < 0 {
			add(WholeUnknown, p.Name)
		} else if o := r.wholeOf(r.Programs[i]); o != WholeLoads {
			add(o, p.Name)
		}
	}
	for _, o := range [...]WholeVerdict{WholeRefused, WholeOpen, WholeUnknown} {
		if names, ok := by[o]; ok {
			return Whole{o, names}, true
		}
	}
	return Whole{Verdict: WholeLoads}, true
}

// wholeOfFault says what one fault of the object leads to.
func (r *Report) wholeOfFault(f *program.Fault) WholeVerdict {
	switch {
	case f.Kind == program.MapUnsized:
		return WholeOpen
	case f.Optional:
		return r.ifChosen()
	case f.Fatal, f.OnlyLibbpf:
		return WholeRefused
	}
	return WholeLoads
}

// ifChosen is the verdict where the kernel lacks something: other kernels of its version may have it.
func (r *Report) ifChosen() WholeVerdict {
	if r.kernelChosen {
		return WholeRefused
	}
	return WholeUnknown
}

// wholeOf says what one program leads to.
func (r *Report) wholeOf(run *diag.Run) WholeVerdict {
	p, libbpf := run.Program, r.Command.Loader != compile.LoaderOther
	if p.IsExtension() {
		return WholeOpen // only user space knows the program that it extends
	}
	verdict := WholeLoads
	for _, e := range p.LoadErrors {
		switch o := r.wholeOfError(e, libbpf); {
		case o == WholeRefused:
			return o
		case verdict == WholeLoads || o == WholeOpen:
			verdict = o
		}
	}
	poisoned := func() bool { return len(run.Result.Reports) > 0 && p.Poisoned(run.Result.Reports[0].PC) != "" }
	switch rejected := run.Result.Verdict == verifier.Rejected; {
	case rejected && run.Skip == "", p.Static && libbpf:
		return WholeRefused
	case rejected && poisoned():
		return r.ifChosen()
	case verdict == WholeLoads && (run.Skip != "" || run.Result.Verdict != verifier.Accepted):
		return WholeUnknown
	}
	return verdict
}

// wholeOfError says what one error in linking a program leads to. What spoils an instruction is left to the verdict.
func (r *Report) wholeOfError(e *program.LoadError, libbpf bool) WholeVerdict {
	switch {
	case e.Kind == program.UnknownSection && (libbpf || e.Fatal):
		return WholeOpen
	case !e.Fatal:
		return WholeLoads
	case e.Kind == program.MissingTarget && e.Symbol == "":
		return WholeOpen
	case e.Kind == program.MissingTarget, e.Optional:
		return r.ifChosen()
	case e.Kind == program.ForeignSymbol, e.Kind == program.UnusableMap:
		return WholeUnknown // the fault of the map decides
	}
	return WholeRefused
}
