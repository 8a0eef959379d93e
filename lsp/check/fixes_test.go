// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

var update = flag.Bool("update", false, "write the fixed forms of the programs below testdata/fixes")

// The programs below testdata/fixes say in comments which changes are offered for them: see its README.

const fixesDir = "../../testdata/fixes"

// patient is a time for changes to be tried that does not run out on a busy machine.
const patient = 10 * time.Minute

var (
	fixRE   = regexp.MustCompile(`// (fix|choice) ([a-z-]+)(?:, or (.+))?`)
	clangRE = regexp.MustCompile(`// clang: (.*)`)
)

// source is a C file of the tests, in a directory of its own.
type source struct {
	text    string
	req     Request
	flags   []string
	checker *Checker
}

func newSource(t *testing.T, file string) source {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	if m := clangRE.FindStringSubmatch(string(text)); m != nil {
		flags = strings.Fields(m[1])
	}
	if strings.HasPrefix(filepath.Base(file), "v2_") {
		flags = append(flags, "-mcpu=v2")
	}
	copied := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(file), ".c")+".bpf.c")
	if err := os.WriteFile(copied, text, 0o644); err != nil {
		t.Fatal(err)
	}
	req := Request{File: copied, Unprivileged: strings.Contains(string(text), "// check: unprivileged")}
	return source{string(text), req, flags,
		New(Settings{Clang: compile.Settings{CacheDir: t.TempDir(), Flags: flags}, ProofTime: patient})}
}

// check checks the source as it is, or skips the test if there is no clang.
func (s *source) check(t *testing.T) *Report {
	t.Helper()
	r := run(t, s.checker, s.req)
	if len(r.Faults) > 0 && r.Faults[0].Code == catalog.CompilerNotFound {
		t.Skipf("SKIPPED, NEEDS CLANG: %s", r.Faults[0].Reason)
	}
	return r
}

func (s *source) prove(t *testing.T, r *Report, d *diag.Diagnostic) (p Proof) {
	t.Helper()
	deadline.Building(t, "the proof", func(ctx context.Context) {
		var err error
		if p, err = s.checker.Prove(ctx, s.req, r, d); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of compilations, which the race detector learns nothing from")
	}
	files, err := filepath.Glob(fixesDir + "/*.c")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no programs")
	}
	var offered offers
	t.Run("all", func(t *testing.T) {
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				s := newSource(t, file)
				r := s.check(t)
				checkOffered(t, &s, r, &offered)
				checkRepaired(t, &s, r, strings.TrimSuffix(file, ".c")+".fixed")
				offered.seen()
			})
		}
	})
	if offered.files == len(files) { // and not some that -run selects, or none without clang
		offered.checkKinds(t)
	}
}

// leastPrograms is how many programs there must be of each kind of change.
const leastPrograms = 5

// kindsOfChanges are the kinds of changes, and what those of one kind do that differ: part of their titles.
var kindsOfChanges = []struct {
	kind catalog.FixKind
	does string
}{
	{catalog.FixNullCheck, ""},
	{catalog.FixPacketCheck, ""},
	{catalog.FixLimit, "Insert `if \\("},
	{catalog.FixLimit, " by `.* & [0-9]+`"},
	{catalog.FixLimit, "Replace .* (> .* by .* >=|<= .* by .* <) "},
	{catalog.FixRelease, "_release\\("},
	{catalog.FixRelease, "_discard\\("},
	{catalog.FixRelease, "_unlock\\("},
	{catalog.FixRelease, "_restore\\("},
	{catalog.FixRelease, "_destroy\\("},
	{catalog.FixInitialise, ""},
	{catalog.FixArgument, ""},
	{catalog.FixRead, ""},
	{catalog.FixReturn, ""},
	{catalog.FixType, "as `(long|__u64)`"},
	{catalog.FixType, "as `__u(16|32|64)`"},
	{catalog.FixLicense, ""},
	{catalog.FixDeclaration, "`__ksym`"},
	{catalog.FixDeclaration, "Let the kernel lack"},
	{catalog.FixHeader, ""},
	{catalog.FixBarrier, ""},
	{catalog.FixOrder, ""},
}

// offers are the changes that programs were offered.
type offers struct {
	mu    sync.Mutex
	files int
	all   map[string][]diag.Fix // by file and line
}

func (o *offers) add(at string, p *Proof) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all == nil {
		o.all = map[string][]diag.Fix{}
	}
	o.all[at] = append(o.all[at], p.Fixes...)
}

func (o *offers) seen() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files++
}

// checkKinds requires programs of each kind of change.
func (o *offers) checkKinds(t *testing.T) {
	for _, k := range kindsOfChanges {
		does, count := regexp.MustCompile(k.does), 0
		for _, fixes := range o.all {
			is := func(f diag.Fix) bool { return f.Kind == k.kind && does.MatchString(f.Title) }
			if slices.ContainsFunc(fixes, is) {
				count++
			}
		}
		t.Logf("%-13s %-45s %2d programs", k.kind, k.does, count)
		if count < leastPrograms {
			t.Errorf("%d programs with a change of kind %s, %q", count, k.kind, k.does)
		}
	}
}

// checkOffered requires an offered change of the right kind on every marked line, and no diagnostic elsewhere.
func checkOffered(t *testing.T, s *source, r *Report, offered *offers) {
	lines := strings.Split(s.text, "\n")
	met := map[int]bool{}
	ds := r.Diagnostics()
	for i := range ds {
		d := &ds[i]
		if d.Source == diag.SourceClang && d.Severity != diag.Error {
			continue
		}
		m := fixRE.FindStringSubmatch(lines[d.Span.Line-1])
		if m == nil {
			t.Errorf("line %d: %s: %s", d.Span.Line, d.Code, d.Message())
			continue
		}
		p := s.prove(t, r, d)
		if d.Severity == diag.Error {
			offered.add(fmt.Sprint(s.req.File, ":", d.Span.Line), &p)
		}
		says := func(f diag.Fix) bool { return strings.Contains(f.Title, m[3]) }
		switch {
		case len(p.Fixes) == 0:
			t.Errorf("line %d: no fix is offered for %s: %s %v", d.Span.Line, d.Code, d.Suggestion, titles(d.Fixes))
		case string(p.Fixes[0].Kind) != m[2]:
			t.Errorf("line %d: the fix is of kind %s, not %s: %s", d.Span.Line, p.Fixes[0].Kind, m[2], p.Fixes[0].Title)
		case p.Fixes[0].Choice != (m[1] == "choice"):
			t.Errorf("line %d: left to the author: %v: %s", d.Span.Line, p.Fixes[0].Choice, p.Fixes[0].Title)
		case p.Fixes[0].Choice && !p.Verifies:
			t.Errorf("line %d: with it the program does not verify: %s", d.Span.Line, p.Fixes[0].Title)
		case m[3] != "" && !slices.ContainsFunc(p.Fixes[1:], says):
			t.Errorf("line %d: %q is not offered as well: %v", d.Span.Line, m[3], titles(p.Fixes))
		default:
			met[d.Span.Line] = true
		}
	}
	for i, line := range lines {
		if fixRE.MatchString(line) && !met[i+1] && !strings.Contains(line, "later") {
			t.Errorf("line %d: no fault is shown here", i+1)
		}
	}
}

func titles(fixes []diag.Fix) (all []string) {
	for _, f := range fixes {
		all = append(all, f.Title)
	}
	return all
}

// checkRepaired makes all changes, compares the text with the one that is kept, and checks it anew.
func checkRepaired(t *testing.T, s *source, r *Report, golden string) {
	var fixed Repair
	deadline.Building(t, "the repair", func(ctx context.Context) {
		var err error
		if fixed, err = s.checker.Repair(ctx, s.req, r); err != nil {
			t.Error(err)
		}
	})
	text, changed := fixed.Texts[s.req.File]
	if !changed {
		text = s.text
	}
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("the fixed text is not that of %s, which -update writes:\n%s", golden, text)
	}
	if err := os.WriteFile(s.req.File, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ds := s.check(t).Diagnostics()
	lines := strings.Split(text, "\n")
	for i := range ds {
		line := lines[max(ds[i].Span.Line, 1)-1]
		if ds[i].Severity == diag.Error && !strings.Contains(line, "// choice ") {
			t.Errorf("after the changes, line %d: %s: %s", ds[i].Span.Line, ds[i].Code, ds[i].Message())
		}
	}
}

// leastShare is how many of the broken programs of testdata/pairs, which were written before there were changes, must
// have an offered one: what was reached, less a few for other compilers.
const leastShare = 0.6

// TestFixesOfPairs counts for how many of the broken programs a change is offered, and checks each program with it
// anew. It compiles several hundred times, so that only make test-fixes runs it; BPF_LSP_PAIRS names the files.
func TestFixesOfPairs(t *testing.T) {
	pattern := os.Getenv("BPF_LSP_PAIRS")
	if pattern == "" {
		t.Skip("make test-fixes runs this")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no programs")
	}
	type count struct{ all, offered, verified int }
	var mu sync.Mutex
	counts := map[catalog.Category]*count{}
	var total count
	t.Run("all", func(t *testing.T) {
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				s := newSource(t, file)
				r := s.check(t)
				d := firstFault(r)
				if d == nil {
					t.Fatal("no fault")
				}
				p := s.prove(t, r, d)
				t.Logf("line %d: %s: offered %q of %q; refuted %v", d.Span.Line, d.Code, titles(p.Fixes),
					titles(d.Fixes), p.Refuted)
				verified := len(p.Fixes) > 0 && s.holds(t, r, d, &p)
				mu.Lock()
				defer mu.Unlock()
				c := counts[d.Code.Category()]
				if c == nil {
					c = &count{}
					counts[d.Code.Category()] = c
				}
				for _, c := range []*count{c, &total} {
					c.all++
					if len(p.Fixes) > 0 {
						c.offered++
					}
					if verified {
						c.verified++
					}
				}
			})
		}
	})
	var table strings.Builder
	for _, category := range slices.Sorted(maps.Keys(counts)) {
		c := counts[category]
		fmt.Fprintf(&table, "%-22s %3d faults, %3d offered, %3d hold\n", category, c.all, c.offered, c.verified)
	}
	t.Logf("\n%sall: %d faults, %d offered (%.0f %%), %d hold", table.String(), total.all, total.offered,
		100*float64(total.offered)/float64(total.all), total.verified)
	if total.verified != total.offered {
		t.Errorf("%d of %d offered changes hold", total.verified, total.offered)
	}
	if float64(total.offered) < leastShare*float64(total.all) {
		t.Errorf("%d of %d faults have an offered change", total.offered, total.all)
	}
}

// firstFault is the first error of a verified program.
func firstFault(r *Report) *diag.Diagnostic {
	ds := r.Diagnostics()
	for i := range ds {
		if ds[i].Severity == diag.Error && ds[i].Source == diag.SourceVerifier {
			return &ds[i]
		}
	}
	return nil
}

// holds checks the source with the first change of a proof on disk, by another checker: the fault must be gone, and if
// the proof says that the program verifies it must.
func (s *source) holds(t *testing.T, before *Report, d *diag.Diagnostic, p *Proof) bool {
	text, ok := diag.Apply(s.text, p.Fixes[0].Edits)
	if !ok {
		t.Error("the change cannot be made")
		return false
	}
	if err := os.WriteFile(s.req.File, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s.checker = New(Settings{Clang: compile.Settings{CacheDir: t.TempDir(), Flags: s.flags}, ProofTime: patient})
	r := s.check(t)
	accepted, _, _ := r.Counts()
	had, _, _ := before.Counts()
	ok = !r.Failed() && len(r.Programs) == len(before.Programs)
	for i := range r.Programs {
		ok = ok && (!isAccepted(before.Programs[i]) || isAccepted(r.Programs[i]))
	}
	line := diag.LineAfter(p.Fixes[0].Edits, d.Span.Line, max(d.Span.Col, 1))
	for _, now := range r.Diagnostics() {
		ok = ok && (now.Code != d.Code || now.Span.Line != line)
	}
	if !ok || p.Verifies && accepted <= had {
		t.Errorf("%s does not hold:\n%s", p.Fixes[0].Title, text)
		return false
	}
	return true
}
