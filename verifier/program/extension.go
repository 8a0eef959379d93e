// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// IsExtension reports whether the program replaces a function of another program.
func (p *Program) IsExtension() bool { return p.Type == facts.ProgExtension }

// What SEC("freplace/NAME") replaces is a function of another program, which is loaded first. That program decides by
// which rules the extension is verified. It is looked for
//
//	in the object itself, whose loader opens it twice
//	in the object that Options.Extends names
//
// and is not known if programs of several types have the function and nothing says which of them is meant.

// Replaced is a function that an extension replaces.
type Replaced struct {
	// Program is the program with the function.
	Program *Program
	// Func is the function's index in Program.Funcs.
	Func int
}

// Extended is an object with functions that extensions of another one replace.
type Extended struct {
	Object *Object
	// Program names the one program of it that is meant, "" if any is.
	Program string
}

// bindExtensions finds the functions that the object's extensions replace.
func (l *loader) bindExtensions() {
	for _, p := range l.obj.Programs {
		if !p.IsExtension() || p.AttachTo == "" {
			continue
		}
		found := functionsNamed(p.AttachTo, Extended{Object: l.obj})
		for _, e := range l.opts.Extends {
			found = append(found, functionsNamed(p.AttachTo, e)...)
		}
		// An extension has no function that another may replace, so one counts only if there is nothing else.
		others := slices.DeleteFunc(slices.Clone(found), func(r Replaced) bool {
			return r.Program.IsExtension() || r.Program.Replaces != nil
		})
		if len(others) > 0 {
			found = others
		}
		found = slices.DeleteFunc(found, func(r Replaced) bool { return r.Program == p })
		switch why := whyUnknown(p.AttachTo, found); {
		case why != "":
			p.failTarget(why)
		default:
			p.replace(&found[0])
		}
	}
}

// functionsNamed are the functions of a name in the programs of an object.
func functionsNamed(name string, in Extended) (found []Replaced) {
	for _, p := range in.Object.Programs {
		if in.Program != "" && p.Name != in.Program {
			continue
		}
		for i := range p.Funcs {
			if p.Funcs[i].Name == name {
				found = append(found, Replaced{p, i})
				break
			}
		}
	}
	return found
}

// whyUnknown says why it is not known which of the functions found is replaced, "" if that makes no difference.
func whyUnknown(name string, found []Replaced) string {
	if len(found) == 0 {
		return "a program that replaces another one can only be checked together with that"
	}
	first := found[0].Program
	for _, r := range found[1:] {
		if p := r.Program; p.Type != first.Type || p.Attach != first.Attach {
			return fmt.Sprintf("both '%s' and '%s' have '%s', and they are programs of different types", first.Name,
				p.Name, name)
		}
	}
	return ""
}

// replace makes p follow the rules of what it replaces.
func (p *Program) replace(r *Replaced) {
	p.Replaces = r
	if t := r.Program.Type; t != facts.ProgExtension {
		p.Type, p.Attach = t, r.Program.Attach
	}
}

// failTarget notes that it is not known what p replaces.
func (p *Program) failTarget(why string) {
	e := &LoadError{Kind: MissingTarget, Fatal: true, PC: -1, Symbol: p.AttachTo, Message: why,
		Libbpf: noTargetFound(p.Name, p.AttachTo)}
	p.LoadErrors = append([]*LoadError{e}, p.LoadErrors...)
	if p.LoadError == nil || !p.LoadError.Fatal {
		p.LoadError = e
	}
}
