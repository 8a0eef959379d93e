// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// aspect is something that two answers about a program may differ in.
type aspect uint8

const (
	asked   aspect = iota // we say nothing where the kernel judges
	verdict               // accept or reject
	message               // first closing line
	insn                  // failing instruction
	source                // its C line
	insns                 // insns_processed
	states                // total and peak states
	logText               // the whole log
	numAspects
)

var aspectNames = [numAspects]string{"asked", "verdict", "message", "insn", "source", "insns", "states", "log"}

func (a aspect) String() string { return aspectNames[a] }

// aspects is a set of them.
type aspects uint16

func (s aspects) has(a aspect) bool { return s>>a&1 != 0 }
func (s *aspects) add(a aspect)     { *s |= 1 << a }

func (s aspects) String() string {
	var names []string
	for a := range numAspects {
		if s.has(a) {
			names = append(names, a.String())
		}
	}
	return strings.Join(names, ",")
}

func parseAspects(text string) (s aspects, err error) {
	if text == "" {
		return 0, nil
	}
	for name := range strings.SplitSeq(text, ",") {
		known := false
		for a := range numAspects {
			if aspectNames[a] == name {
				s.add(a)
				known = true
			}
		}
		if !known {
			return 0, fmt.Errorf("unknown aspect %q", name)
		}
	}
	return s, nil
}

// difference is how our answer compares with the kernel's.
type difference struct {
	// held are the aspects that could be compared, parted those that differ.
	held, parted aspects
}

// differ compares our answer, nil if there is none, with the kernel's.
func differ(kernel, here *answer) (d difference) {
	hold := func(a aspect, equal bool) {
		d.held.add(a)
		if !equal {
			d.parted.add(a)
		}
	}
	hold(asked, here.verdict() != render.VerdictSkip)
	if d.parted != 0 {
		return d
	}
	if hold(verdict, here.Verdict == kernel.Verdict); d.parted != 0 {
		return d
	}
	if kernel.Verdict == render.VerdictReject {
		hold(message, here.message() == kernel.message())
		if kernel.InsnIdx != nil {
			hold(insn, here.InsnIdx != nil && *here.InsnIdx == *kernel.InsnIdx)
		}
		if kernel.Source != "" {
			hold(source, here.Source == kernel.Source)
		}
	}
	if k, h := kernel.Stats, here.Stats; k != nil && h != nil {
		hold(insns, h.InsnsProcessed == k.InsnsProcessed)
		hold(states, h.TotalStates == k.TotalStates && h.PeakStates == k.PeakStates)
	}
	if kernel.hasLog && here.hasLog {
		hold(logText, here.log == kernel.log)
	}
	return d
}

// disagreement says in a line what differs, the kernel's side first.
func disagreement(kernel, here *answer, parted aspects) string {
	switch {
	case parted == 0:
		return ""
	case here == nil:
		return "no answer here"
	case parted.has(asked):
		return here.Reason
	case parted.has(verdict) && kernel.Verdict == render.VerdictReject:
		return fmt.Sprintf("kernel: %s", kernel.message())
	case parted.has(verdict):
		return fmt.Sprintf("here: %s", here.message())
	}
	var parts []string
	for _, p := range []struct {
		a            aspect
		kernel, here any
	}{
		{message, kernel.message(), here.message()},
		{insn, index(kernel), index(here)},
		{source, kernel.Source, here.Source},
	} {
		if parted.has(p.a) {
			parts = append(parts, fmt.Sprintf("%s: kernel %v, here %v", p.a, p.kernel, p.here))
		}
	}
	if parted.has(insns) {
		parts = append(parts, fmt.Sprintf("insns: kernel %d, here %d", kernel.Stats.InsnsProcessed,
			here.Stats.InsnsProcessed))
	}
	if parted.has(states) {
		parts = append(parts, fmt.Sprintf("states: kernel %d/%d, here %d/%d", kernel.Stats.TotalStates,
			kernel.Stats.PeakStates,
			here.Stats.TotalStates, here.Stats.PeakStates))
	}
	if parted == 1<<logText {
		parts = append(parts, "only the log's text")
	}
	return strings.Join(parts, "; ")
}

// index is the failing instruction, -1 if unknown.
func index(a *answer) int {
	if a.InsnIdx == nil {
		return -1
	}
	return *a.InsnIdx
}
