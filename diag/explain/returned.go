// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// addReturnWords describe a returned value, and what was allowed.
func (f *finding) addReturnWords() {
	if f.entry.Value != catalog.ValueReturned {
		return
	}
	delete(f.facts, "range")
	delete(f.facts, "detail")
	returned, ok := fault.Get[fault.Returned](f.report.Fault)
	switch {
	case ok && returned.Given.Min == returned.Given.Max:
		n, _ := strconv.ParseInt(signed(strconv.FormatInt(returned.Given.Min, 10)), 10, 64)
		f.facts["range"] = f.state(f.about(diag.ClaimRange, n, n), "%d on this path", n)
	case ok:
		f.facts["range"] = cmp.Or(f.stateRange(diag.AtFault, f.place(), returned.Given.Min, returned.Given.Max), "any number")
	}
	if _, err := strconv.ParseInt(trimQuotes(f.facts["value"]), 0, 64); err == nil {
		delete(f.facts, "range")
	}
	if limits, ok := fault.Get[fault.Limits](f.report.Fault); ok {
		f.facts["limit"] = f.stateFault("min", "%s", catalog.Between(limits.Min, limits.Max))
	}
}

// addHook says what the values mean to the hook that a function returns to.
func (f *finding) addHook() {
	f.facts["hook"] = "the hook"
	limits, _ := fault.Get[fault.Limits](f.report.Fault)
	if set, ok := f.callOf(f.report.Activation); ok && f.isAsync(set) {
		// It is a function that the kernel calls at another time.
		f.facts["hook"] = f.callbackWords(set)
		f.facts["goes"] = catalog.Quote(catalog.Between(limits.Min, limits.Max))
		f.proposeReturn(limits)
		return
	}
	verdict, known := catalog.VerdictOf(f.Prog.Type, f.Prog.Attach)
	if _, isNumber := fault.Get[fault.Returned](f.report.Fault); !isNumber || !known || !within(verdict.GoOn, limits) {
		return
	}
	f.facts["goes"] = verdict.GoOn.Words()
	f.proposeReturns(verdict, limits)
	if within(verdict.Refuse, limits) {
		f.set("refuses", verdict.Refuse.Words())
	}
	q := f.Query()
	if id, ok := facts.HelperNamed("bpf_set_retval"); ok && f.facts["refuses"] != "" && f.Prog.Type != facts.ProgCGroupSKB {
		if _, offered := facts.LookupProto(id, &q); offered {
			f.facts["errno"] = catalog.Call("bpf_set_retval")
		}
	}
}

func within(r catalog.Returned, limits fault.Limits) bool {
	return r.Does != "" && r.Number >= limits.Min && r.Number <= limits.Max
}

// asyncNouns are what takes a callback that is called at another time.
var asyncNouns = map[string]string{
	"bpf_timer_set_callback":   "the timer",
	"bpf_wq_set_callback_impl": "the work queue",
}

// callbackWords name who calls the callback that the call at pc is given.
func (f *finding) callbackWords(pc int) string {
	return cmp.Or(asyncNouns[f.Callee(pc)], "its caller")
}

// isAsync reports whether the call at pc only notes a function that the kernel
// calls at another time.
func (f *finding) isAsync(pc int) bool {
	in := &f.Prog.Insns[pc]
	callback := (*facts.Callback)(nil)
	if in.IsHelperCall() {
		callback = facts.CallbackOf(in.Imm)
	} else if k, ok := facts.Of(facts.Default).Kfunc(f.Callee(pc)); ok {
		callback = k.Callback
	}
	return callback != nil && callback.Async
}

// callbackMessage says at the call at pc that it leads into a callback.
func (f *finding) callbackMessage(pc, entered int) string {
	if f.isAsync(pc) {
		return fmt.Sprintf("%s is set as the callback here", cmp.Or(f.FunctionAt(entered), "the function"))
	}
	return f.calleeWords(pc) + " calls back from here"
}
