// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// keeper is the variable that holds what a call acquired, and the function that
// has the variable. Either may be unknown.
type keeper struct{ name, function string }

// keeper finds the variable that holds what was acquired at pc, as the code at
// the end of the path knows it. The function of the call may be gone there, if
// it was inlined, and its names with it.
func (f *finding) keeper(pc int, a catalog.Acquisition) keeper {
	path := f.path()
	at := lastIndex(path, pc)
	known := at < len(path) && len(path) > 0 && int(path[at]) == pc
	there, here := f.functions(pc), f.functions(f.report.PC)
	k := keeper{}
	if len(there) > 0 {
		k.function = there[0]
	}
	gone := k.function != "" && !slices.Contains(here, k.function)
	if a.Holder > 0 {
		text, _, _ := f.Argument(pc, a.Holder)
		k.name = strings.TrimPrefix(text, "&")
		if (k.name == "" || gone) && known {
			if name, function, ok := f.local(path[:at+1], a.Holder); ok {
				return keeper{name, function}
			}
		}
		return k
	}
	if k.name = f.assignedText(pc); k.name != "" && !gone {
		return k
	}
	if known {
		names := f.resultNames(path, at)
		for i := range names {
			names[i].Function = strings.TrimPrefix(names[i].Function, wrapped)
			if slices.Contains(here, names[i].Function) {
				return keeper{names[i].Name, names[i].Function}
			}
		}
		if k.name == "" && len(names) > 0 {
			return keeper{names[0].Name, names[0].Function}
		}
	}
	if k.name == "" {
		// What is returned at once belongs to the caller.
		k = keeper{name: f.assigned(pc)}
	}
	return k
}

// holder names the variable that holds what was acquired at pc, or says what
// was acquired.
func (f *finding) holder(pc int, a catalog.Acquisition) string {
	if k := f.keeper(pc, a); k.name != "" {
		return catalog.Quote(k.name)
	}
	return a.Noun
}

// around are the inlined calls that a fault at an exit lies in: a resource that
// only an inlined function knows is lost where that function returns, and a
// region that it opened should end there.
func (f *finding) around() []dwarfmap.Call {
	if !f.withinKnown {
		f.within, f.withinKnown = f.callsAround(), true
	}
	return f.within
}

func (f *finding) callsAround() []dwarfmap.Call {
	pc, ok := f.acquirePC()
	if !ok {
		return nil
	}
	calls := f.inlined(pc)
	if len(calls) == 0 {
		return nil
	}
	function := calls[0].Function
	if f.entry.Leak {
		function = f.keeper(pc, catalog.AcquiredBy(f.Callee(pc))).function
	}
	i := slices.IndexFunc(calls, func(c dwarfmap.Call) bool { return c.Function == function })
	if i < 0 {
		return nil
	}
	return calls[i:]
}

// outer is the place of an instruction in the function that has to return for
// a fault at an exit. Code of functions that were inlined into that counts as
// the call, and inlined reports that.
func (f *finding) outer(pc int) (pos dwarfmap.Pos, file *csource.File, inlined, ok bool) {
	calls := f.inlined(pc)
	for around := f.around(); len(calls) > 0 && slices.Contains(around, calls[len(calls)-1]); {
		calls = calls[:len(calls)-1]
	}
	if len(calls) == 0 {
		pos, file, ok = f.At(pc)
		return pos, file, false, ok
	}
	site := calls[len(calls)-1].Site
	pos, file, ok = f.Current(site, site.Line > 0)
	return pos, file, true, ok
}
