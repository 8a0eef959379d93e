// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"fmt"
	"io"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// srcRoot stands for the base directory of relative addresses; readers of the document know where it is on their
// machine.
const srcRoot = "%SRCROOT%"

// schema is the address of the standard's schema.
const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// fingerprintKey names the algorithm of the fingerprint; another algorithm needs another name.
const fingerprintKey = "bpfLspFault/v1"

// SARIF collects a log of the Static Analysis Results Interchange Format, version 2.1.0. A finding is a result. What
// prevented a check is a notification of the tool. docs/ci.md describes the fields.
type SARIF struct {
	w      io.Writer
	root   string
	tool   Tool
	target Target

	results []*sarif.Result
	notes   []*sarif.Notification
	prints  *fingerprints
	// told has the results so far: files that share a header, and an object and its source, have faults in common.
	told map[string]bool
}

// NewSARIF begins a log to be written to w, with addresses relative to root.
func NewSARIF(w io.Writer, root string, tool Tool, target Target) *SARIF {
	return &SARIF{w: w, root: root, tool: tool, target: target, results: []*sarif.Result{},
		prints: newFingerprints(nil, nil), told: map[string]bool{}}
}

// places makes locations in the sources of one file.
type places struct {
	*SARIF
	names *names
	read  diag.SourceReader
}

// File adds a file.
func (s *SARIF) File(u *check.Report) error {
	p := &places{s, newNames(u.File), u.Source.Read}
	s.prints.name, s.prints.read = p.uri, p.read
	for _, d := range u.Diagnostics() {
		if d.Span.IsZero() {
			d.Span.File = u.File
		}
		if IsFinding(&d) {
			p.result(&d)
		} else {
			level := uncheckedFile
			if d.Program != "" {
				level = uncheckedProgram
			}
			p.notification(level, d.Code, p.location(d.Span, ""), d.Message())
		}
	}
	if StatusOf(u) == NotCompiled {
		p.notification(uncheckedFile, catalog.CompilerFailed, p.location(diag.Span{File: u.File}, ""),
			"The file does not compile, so none of its programs was checked.")
	}
	return nil
}

// End writes the log.
func (s *SARIF) End(sum *Summary) error {
	log := &sarif.Report{Version: string(sarif.Version210), Schema: schema}
	driver := sarif.NewVersionedDriver(s.tool.Name, s.tool.Version).
		WithInformationURI("https://github.com/bpf-lsp/bpf-lsp")
	run := sarif.NewRun(*sarif.NewTool(driver)).WithColumnKind("utf16CodeUnits")
	run.Results = s.results
	s.describe(driver)
	run.OriginalUriBaseIDs = map[string]*sarif.ArtifactLocation{
		srcRoot: sarif.NewArtifactLocation().WithDescription(
			sarif.NewTextMessage("The top of the repository, or the directory that bpf-lsp ran in.")),
	}
	invocation := sarif.NewInvocation().WithExecutionSuccess(sum.Complete()).WithExitCode(sum.ExitStatus).
		WithToolExecutionNotifications(s.notes)
	run.AddInvocations(invocation)
	run.Properties = sarif.Properties{"target": s.target, "summary": sum}
	log.AddRun(run)
	return write(s.w, log)
}

func (p *places) result(d *diag.Diagnostic) {
	at := p.columns(d.Span)
	key := fmt.Sprintf("%s\x00%s\x00%v\x00%s", d.Code, p.uri(at.File),
		diag.Span{Line: at.Line, Col: at.Col, EndLine: at.EndLine, EndCol: at.EndCol}, d.Reason)
	if p.told[key] {
		return
	}
	p.told[key] = true
	text := d.Message()
	if d.Suggestion != "" {
		text += " " + d.Suggestion
	}
	r := sarif.NewRuleResult(string(d.Code)).WithLevel(level(d.Severity)).WithMessage(sarif.NewTextMessage(text)).
		WithLocations([]*sarif.Location{p.location(d.Span, "")}).
		WithPartialFingerPrints(map[string]any{fingerprintKey: p.prints.of(d)})
	for i, rel := range d.Related {
		if !rel.Span.IsZero() {
			id := uint(i)
			loc := p.location(rel.Span, rel.Message)
			loc.Id = &id
			r.AddRelatedLocation(loc)
		}
	}
	if d.Source == diag.SourceVerifier && len(d.Related) > 0 {
		r.AddCodeFlow(p.flow(d))
	}
	r.Properties = sarif.Properties{}
	if len(d.Programs) > 0 {
		r.Properties["programs"] = d.Programs
	}
	if d.Kernel != "" {
		r.Properties["kernelMessage"] = d.Kernel
	}
	if d.PC >= 0 {
		r.Properties["instruction"] = d.PC
	}
	p.results = append(p.results, r)
}

// flow is the history of a fault in order, with the fault at its end.
func (p *places) flow(d *diag.Diagnostic) *sarif.CodeFlow {
	thread := sarif.NewThreadFlow()
	add := func(s diag.Span, message, importance string) {
		order := len(thread.Locations)
		step := sarif.NewThreadFlowLocation().WithLocation(p.location(s, message))
		step.ExecutionOrder, step.Importance = &order, importance
		thread.Locations = append(thread.Locations, step)
	}
	for _, r := range d.Related {
		importance := "important"
		if r.Note {
			importance = "unimportant"
		}
		add(r.Span, r.Message, importance)
	}
	add(d.Span, d.Problem, "essential")
	return sarif.NewCodeFlow().WithThreadFlows([]*sarif.ThreadFlow{thread})
}

// Levels of notifications.
const (
	uncheckedFile    = "error"
	uncheckedProgram = "warning"
)

// notification reports that something was not checked: a file, or one program of it.
func (p *places) notification(level string, code catalog.Code, at *sarif.Location, text string) {
	id := string(code)
	n := sarif.NewNotification().WithLevel(level).WithTextMessage(text).WithLocations([]*sarif.Location{at})
	n.Descriptor = sarif.NewReportingDescriptorReference()
	n.Descriptor.Id = &id
	p.notes = append(p.notes, n)
}

// location returns the location of a span; a message belongs to a place other than the main one. A span without a file
// has only the message.
func (p *places) location(s diag.Span, message string) *sarif.Location {
	loc := sarif.NewLocation()
	if message != "" {
		loc.Message = sarif.NewTextMessage(message)
	}
	if s.IsZero() {
		return loc
	}
	artifact := sarif.NewSimpleArtifactLocation(p.uri(s.File))
	if _, inside := below(p.root, p.names.found(s.File)); inside {
		artifact = artifact.WithUriBaseId(srcRoot)
	}
	loc.PhysicalLocation = sarif.NewPhysicalLocation().WithArtifactLocation(artifact)
	if s.Line > 0 {
		loc.PhysicalLocation.Region = region(p.columns(s))
	}
	return loc
}

func (p *places) uri(file string) string { return address(p.root, p.names.found(file)) }

func (p *places) columns(s diag.Span) diag.Span { return columns(s, p.read) }

// region returns a span in lines and columns; both ends are exclusive.
func region(s diag.Span) *sarif.Region {
	r := sarif.NewRegion().WithStartLine(s.Line)
	if s.Col == 0 {
		return r
	}
	r = r.WithStartColumn(s.Col)
	if s.EndLine > 0 && s.EndCol > 0 {
		r = r.WithEndLine(s.EndLine).WithEndColumn(s.EndCol)
	}
	return r
}

// level is SARIF's word for a severity.
func level(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "error"
	case diag.Warning:
		return "warning"
	}
	return "note"
}
