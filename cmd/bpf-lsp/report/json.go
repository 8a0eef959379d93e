// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// SchemaVersion is the version of Document. It changes when a field is removed or changes its meaning, not when one is
// added.
const SchemaVersion = 1

// Document is the report of a run as JSON. docs/json.md describes the fields, and docs/check.schema.json is their
// schema. It does not depend on time or chance: equal input gives an equal document.
type Document struct {
	SchemaVersion int     `json:"schema_version"`
	Tool          Tool    `json:"tool"`
	Target        Target  `json:"target"`
	Files         []File  `json:"files"`
	Summary       Summary `json:"summary"`
}

// Tool is the program that wrote the document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Target is what the programs were checked for.
type Target struct {
	// Rules is the release whose lifetime rules apply, Kernel the release whose types were used, Types the file they
	// are from, and Config the file with the kernel's configuration.
	Rules  string `json:"rules"`
	Kernel string `json:"kernel"`
	Types  string `json:"types,omitempty"`
	Config string `json:"config,omitempty"`
	CPUs   uint32 `json:"cpus,omitempty"`

	Unprivileged bool `json:"unprivileged"`
}

// File is the result for a file.
type File struct {
	File        string       `json:"file"`
	Status      Status       `json:"status"`
	Compiler    string       `json:"compiler,omitempty"`
	Flags       string       `json:"flags,omitempty"`
	Whole       *Whole       `json:"whole,omitempty"`
	Programs    []Program    `json:"programs"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Whole is what becomes of the file's object when it is loaded as a whole.
type Whole struct {
	Verdict check.WholeVerdict `json:"verdict"`
	Names   []string           `json:"names,omitempty"`
}

// Program is the verdict on a program. The fields are those of a line of JSON lines, without the explanations.
type Program struct {
	Section    string  `json:"section"`
	Program    string  `json:"program"`
	ProgType   string  `json:"prog_type"`
	AttachType string  `json:"attach_type,omitempty"`
	AttachTo   string  `json:"attach_to,omitempty"`
	Verdict    string  `json:"verdict"`
	Reason     string  `json:"reason,omitempty"`
	Error      string  `json:"error,omitempty"`
	InsnIdx    *int    `json:"insn_idx,omitempty"`
	Source     string  `json:"source,omitempty"`
	Insns      int     `json:"insns"`
	ProgFlags  string  `json:"prog_flags,omitempty"`
	Stats      *Stats  `json:"stats,omitempty"`
	Log        string  `json:"log,omitempty"`
	Budget     *Budget `json:"budget,omitempty"`
}

// Stats are the verifier's counts. Time is left out, as it differs between runs.
type Stats struct {
	InsnsProcessed   int    `json:"insns_processed"`
	MaxStatesPerInsn int    `json:"max_states_per_insn"`
	TotalStates      int    `json:"total_states"`
	PeakStates       int    `json:"peak_states"`
	StackDepth       string `json:"stack_depth,omitempty"`
}

// Diagnostic is a fault of one or several programs of the file, a message of the compiler, or why something was not
// checked.
type Diagnostic struct {
	Code        catalog.Code       `json:"code"`
	Severity    string             `json:"severity"`
	Finding     bool               `json:"finding"`
	Source      string             `json:"source"`
	Category    string             `json:"category"`
	Problem     string             `json:"problem,omitempty"`
	Message     string             `json:"message"`
	Reason      string             `json:"reason"`
	Suggestion  string             `json:"suggestion,omitempty"`
	At          *render.RecordSpan `json:"at,omitempty"`
	Related     []Related          `json:"related"`
	Programs    []string           `json:"programs"`
	Kernel      string             `json:"kernel,omitempty"`
	Insn        *int               `json:"insn,omitempty"`
	Errno       int                `json:"errno,omitempty"`
	Beyond      bool               `json:"beyond,omitempty"`
	Href        string             `json:"href,omitempty"`
	Fingerprint string             `json:"fingerprint"`
}

// Related is another place that matters for a diagnostic.
type Related struct {
	Message string             `json:"message"`
	At      *render.RecordSpan `json:"at,omitempty"`
}

// JSON collects a Document. It keeps each file as text, because the values would keep parts of objects and logs alive.
type JSON struct {
	w       io.Writer
	dir     string
	root    string
	fullLog bool
	doc     Document
	files   []json.RawMessage
}

// NewJSON begins a document to be written to w, with names relative to dir.
func NewJSON(w io.Writer, dir string, tool Tool, target Target, fullLog bool) *JSON {
	for _, name := range []*string{&target.Types, &target.Config} {
		if *name != "" {
			*name = shown(dir, *name)
		}
	}
	return &JSON{w, dir, Root(dir), fullLog, Document{SchemaVersion: SchemaVersion, Tool: tool, Target: target},
		[]json.RawMessage{}}
}

// File adds a file.
func (j *JSON) File(u *check.Report) error {
	f := File{File: shown(j.dir, u.File), Status: StatusOf(u), Compiler: u.ClangVersion, Flags: u.Command.Source,
		Programs: []Program{}, Diagnostics: []Diagnostic{}}
	if w, ok := u.Whole(); ok {
		f.Whole = &Whole{w.Verdict, w.Names}
	}
	names := newNames(u.File)
	name := func(file string) string { return shown(j.dir, names.found(file)) }
	for _, r := range u.Programs {
		p := newProgram(render.NewRecord(r, j.fullLog))
		p.Budget = newBudget(r.Budget, name)
		f.Programs = append(f.Programs, p)
	}
	prints := newFingerprints(func(file string) string { return address(j.root, names.found(file)) }, u.Source.Read)
	for _, d := range u.Diagnostics() {
		f.Diagnostics = append(f.Diagnostics, newDiagnostic(&d, name, prints))
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&f); err != nil {
		return err
	}
	j.files = append(j.files, text.Bytes())
	return nil
}

// End writes the document.
func (j *JSON) End(s *Summary) error {
	return write(j.w, struct {
		Document
		Files   []json.RawMessage `json:"files"`
		Summary *Summary          `json:"summary"`
	}{j.doc, j.files, s})
}

// write writes an indented document.
func write(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func newProgram(r render.Record) Program {
	p := Program{
		Section: r.Section, Program: r.Program, ProgType: r.ProgType, AttachType: r.AttachType, AttachTo: r.AttachTo,
		Verdict: r.Verdict, Reason: r.Reason, Error: r.Error, InsnIdx: r.InsnIdx, Source: r.Source,
		Insns: r.Insns, ProgFlags: r.ProgFlags, Log: r.Log,
	}
	if s := r.Stats; s != nil {
		p.Stats = &Stats{s.InsnsProcessed, s.MaxStatesPerInsn, s.TotalStates, s.PeakStates, s.StackDepth}
	}
	return p
}

func newDiagnostic(d *diag.Diagnostic, name func(string) string, prints *fingerprints) Diagnostic {
	out := Diagnostic{
		Code: d.Code, Severity: d.Severity.String(), Finding: IsFinding(d), Source: d.Source, Category: d.Category,
		Problem: d.Problem,
		Message: d.Message(), Reason: d.Reason, Suggestion: d.Suggestion, At: newSpan(d.Span, name),
		Related: []Related{}, Programs: []string{},
		Kernel: d.Kernel, Errno: d.Errno, Beyond: d.Beyond, Href: d.Href, Fingerprint: prints.of(d),
	}
	out.Programs = append(out.Programs, d.Programs...)
	if d.PC >= 0 {
		pc := d.PC
		out.Insn = &pc
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, Related{r.Message, newSpan(r.Span, name)})
	}
	return out
}

func newSpan(s diag.Span, name func(string) string) *render.RecordSpan {
	if s.IsZero() {
		return nil
	}
	s.File = name(s.File)
	at := render.RecordSpan(s)
	return &at
}
