// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// methodStatus reports to a client what the server is doing with a file, for its status line. Clients that do not know
// it ignore it.
const methodStatus = "bpf-lsp/status"

// The states of a file.
const (
	stateChecking = "checking" // a check runs
	stateOK       = "ok"       // every program was accepted
	stateRejected = "rejected" // at least one program was rejected
	stateSkipped  = "skipped"  // none was rejected, and at least one was not verified
	stateFailed   = "failed"   // the file does not compile or could not be built or loaded
)

// statusParams are the parameters of bpf-lsp/status.
type statusParams struct {
	URI   uri.URI `json:"uri"`
	State string  `json:"state"`
	// Message is one line for people.
	Message string `json:"message"`
	// Programs has the verdict of each program; empty while there is none.
	Programs []programStatus `json:"programs"`
	// Clang, Flags and Command say how the file was built: the compiler's version, the source of its flags, the command
	// line.
	Clang   string `json:"clang,omitzero"`
	Flags   string `json:"flags,omitzero"`
	Command string `json:"command,omitzero"`
}

type programStatus struct {
	Name    string `json:"name"`
	Section string `json:"section"`
	Verdict string `json:"verdict"`
	// Insns and States are the verifier's own counts.
	Insns  int     `json:"insns"`
	States int     `json:"states"`
	Millis float64 `json:"millis"`
}

func (s *server) sendStatus(u *unit) {
	params := s.statusOf(u)
	s.outbox.send(func(ctx context.Context) { _ = s.conn.Notify(ctx, methodStatus, params) })
}

func (s *server) statusOf(u *unit) *statusParams {
	p := &statusParams{URI: s.state.uriOf(u.file), State: stateFailed, Message: string(catalog.FileNotCheckedYet),
		Programs: []programStatus{}}
	if r := u.report; r != nil {
		p.Clang, p.Flags = r.ClangVersion, r.Command.Source
		if r.Command.Clang != "" {
			p.Command = r.Command.String()
		}
		for _, run := range r.Programs {
			p.Programs = append(p.Programs, programStatus{Name: run.Program.Name, Section: run.Program.Section,
				Verdict: verdictName(run),
				Insns:   run.Result.Stats.InsnsProcessed, States: run.Result.Stats.TotalStates,
				Millis: float64(max(run.TimeUS, 0)) / 1000})
		}
		accepted, rejected, unjudged := r.Counts()
		switch {
		case r.Failed():
			p.State, p.Message = stateFailed, firstProblem(r)
		case rejected > 0:
			p.State, p.Message = stateRejected, fmt.Sprintf("%s rejected.", count(rejected, len(r.Programs)))
		case r.Refused() != nil:
			p.State, p.Message = stateRejected, "No program can be loaded: "+r.Refused().Message()
		case unjudged > 0:
			p.State, p.Message = stateSkipped, fmt.Sprintf("%s not verified.", count(unjudged, len(r.Programs)))
		default:
			p.State, p.Message = stateOK, fmt.Sprintf("%s accepted.", count(accepted, len(r.Programs)))
			if w, ok := r.Whole(); ok && w.Verdict == check.WholeOpen {
				p.Message += " " + catalog.ObjectOpen.With(catalog.Facts{"name": catalog.AllOf(w.Names)})
			}
		}
		if r.Command.Source != "" && !r.Failed() {
			p.Message += " Flags: " + r.Command.Source + "."
		}
	}
	if u.running {
		p.State, p.Message = stateChecking, "Checking."
	}
	return p
}

func count(n, of int) string {
	switch {
	case n == of && n == 1:
		return "The program was"
	case n == of:
		return fmt.Sprintf("All %d programs were", n)
	case n == 1:
		return fmt.Sprintf("1 of %d programs was", of)
	}
	return fmt.Sprintf("%d of %d programs were", n, of)
}

// firstProblem returns the first of the most severe diagnostics of a report without programs.
func firstProblem(r *check.Report) string {
	var best *diag.Diagnostic
	for _, ds := range [][]diag.Diagnostic{r.Faults, r.Compiler} {
		for i := range ds {
			if d := &ds[i]; best == nil || d.Severity < best.Severity || d.Severity == best.Severity &&
				diag.Compare(*d, *best) < 0 {
				best = d
			}
		}
	}
	if best == nil {
		return string(catalog.FileNotChecked)
	}
	text, _, _ := strings.Cut(best.Message(), "\n")
	return text
}

// The verdicts on a program.
const (
	verdictAccepted = "accepted"
	verdictRejected = "rejected"
	verdictSkipped  = "skipped"
)

func verdictName(run *diag.Run) string {
	switch {
	case run.Skip != "":
		return verdictSkipped
	case run.Result.Verdict == verifier.Accepted:
		return verdictAccepted
	case run.Result.Verdict == verifier.Rejected:
		return verdictRejected
	}
	return verdictSkipped
}
