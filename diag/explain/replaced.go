// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// replacedMisfits are why a function cannot be replaced, apart from types.
var replacedMisfits = map[fault.Misfit]catalog.Phrase{
	fault.MisfitExtension: catalog.ReplacedIsExtension,
	fault.MisfitTracing:   catalog.ReplacedIsTracing,
	fault.MisfitStatic:    catalog.ReplacedIsStatic,
	fault.MisfitCallback:  catalog.ReplacedIsCallback,
	fault.MisfitContext:   catalog.ReplacedIsNoContext,
	fault.MisfitPacket:    catalog.ReplacedKeepsPacket,
	fault.MisfitSleep:     catalog.ReplacedIsAwake,
}

// addReplaced says why an extension does not fit the function that it replaces.
func (f *finding) addReplaced() {
	r := f.Prog.Replaces
	if r == nil {
		return
	}
	name := catalog.Quote(f.Prog.AttachTo)
	facts := catalog.Facts{"name": name, "program": catalog.Quote(r.Program.Name)}
	known, _ := fault.Get[fault.Replacement](f.report.Fault)
	phrase, number := replacedMisfits[known.Why], "" // the number that the words have
	if count, ok := fault.Get[fault.ReplacementCount](f.report.Fault); ok {
		phrase = catalog.ReplacingParams
		number = "count"
		facts["count"], facts["limit"] = catalog.Parameters(count.Count), strconv.Itoa(count.OtherCount)
	}
	if types, ok := fault.Get[fault.ReplacementType](f.report.Fault); ok {
		facts["nth"] = catalog.Ordinal(types.Arg + 1)
		facts["gives"], facts["wanted"] = catalog.Quote(types.Gives), catalog.Quote(types.Wanted)
		switch {
		case types.Result:
			phrase = catalog.ReplacingResult
		case types.Gives == types.Wanted:
			phrase = catalog.ReplacingPointer
		default:
			phrase = catalog.ReplacingParam
		}
	}
	switch {
	case phrase == "":
	case number == "":
		f.facts["name"], f.facts["detail"] = name, phrase.Clause(facts)
	default:
		f.facts["name"], f.facts["detail"] = name, f.stateFault(number, "%s", phrase.Clause(facts))
	}
}
