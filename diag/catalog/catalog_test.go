// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// constants reads the codes, by constant name, out of the files that have their rows too.
func constants(t *testing.T) map[string]Code {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]Code{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" {
				return true
			}
			slug, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[spec.Names[0].Name] = Code(slug)
			if !strings.HasPrefix(name, "rows_") {
				t.Errorf("%s: the constant %s belongs into the file of its row", name, spec.Names[0].Name)
			}
			return true
		})
	}
	return codes
}

func TestEveryCodeHasOneRow(t *testing.T) {
	rows := map[Code]int{}
	for _, e := range All() {
		rows[e.Code]++
	}
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*$`)
	codes := constants(t)
	for name, c := range codes {
		if rows[c] != 1 {
			t.Errorf("%s (%s) has %d rows", name, c, rows[c])
		}
		if !slug.MatchString(string(c)) || Title(c.Category()) == "" {
			t.Errorf("%s is not <category>/<problem>", c)
		}
		squeezed := strings.ToLower(strings.ReplaceAll(c.Problem(), "-", ""))
		if lower := strings.ToLower(name); !strings.HasSuffix(lower, squeezed) {
			t.Errorf("constant %s is not named for %s", name, c)
		}
	}
	if len(rows) != len(codes) {
		t.Errorf("%d rows, %d codes", len(rows), len(codes))
	}
}

// TestRowsAreComplete requires that of what a verifier rejects, a row says where it is shown and what its story
// is about. Loaders and tools walk no path.
func TestRowsAreComplete(t *testing.T) {
	for _, e := range All() {
		walked := true
		switch e.Category() {
		case Loader, Toolchain:
			walked = false
		}
		if (e.Anchor != 0) != walked || (e.Story.About != 0) != walked {
			t.Errorf("%s is anchored at %d, and its story is about %d", e.Code, e.Anchor, e.Story.About)
		}
		regions := false
		switch e.Story.About {
		case AboutRegion, AboutOpenRegion, AboutHeldLock:
			regions = true
		}
		if (len(e.Story.Regions) > 0) != regions {
			t.Errorf("%s: the story is of the regions %v", e.Code, e.Story.Regions)
		}
		if e.Name != NameQuoted && !strings.Contains(e.Reason+e.Suggestion, "{name") {
			t.Errorf("%s says how a name is written, and has none", e.Code)
		}
	}
}

func TestExamplesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]Code{}
	for _, e := range All() {
		if other, ok := seen[e.Example()]; ok {
			t.Errorf("%s and %s share %s", e.Code, other, e.Example())
		}
		seen[e.Example()] = e.Code
	}
}

func TestWording(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\b(illegal|abort|bad|evil|sorry|please note|scalar|ptr|btf_id|insn|idx|R\d+|fp-\d+)\b`)
	for _, e := range All() {
		if e.Reason == "" {
			t.Errorf("%s has no reason", e.Code)
		}
		if first := e.Problem; first != "" && first != strings.TrimSpace(first) {
			t.Errorf("%s: problem %q", e.Code, first)
		}
		if strings.HasSuffix(e.Problem, ".") {
			t.Errorf("%s: problem ends with a full stop", e.Code)
		}
		for what, text := range map[string]string{"reason": e.Reason, "suggestion": e.Suggestion} {
			if text == "" {
				continue
			}
			bare := Fill(text, nil)
			if word := forbidden.FindString(bare); word != "" {
				t.Errorf("%s: %s says %q", e.Code, what, word)
			}
			if !strings.HasSuffix(bare, ".") {
				t.Errorf("%s: %s does not end with a full stop: %q", e.Code, what, bare)
			}
			if strings.Contains(bare, "  ") || strings.Contains(bare, " ,") || strings.Contains(bare, " . ") {
				t.Errorf("%s: %s has stray blanks without facts: %q", e.Code, what, bare)
			}
			if bare != "" && bare[0] >= 'a' && bare[0] <= 'z' && !isIdentifierAt(bare) {
				t.Errorf("%s: %s starts in lower case: %q", e.Code, what, bare)
			}
			all, required := holes(text)
			if len(required) > 0 {
				t.Errorf("%s: %s needs %v", e.Code, what, required)
			}
			for _, h := range all {
				if h == "reg" {
					t.Errorf("%s: %s names a register where a value should be named", e.Code, what)
				}
				if _, known := Placeholders[h]; !known && !inPatterns(&e, h) {
					t.Errorf("%s: %s has the unknown placeholder {%s}", e.Code, what, h)
				}
			}
		}
	}
}

// inPatterns reports whether a kernel message of the row states the fact.
func inPatterns(e *Entry, name string) bool {
	for _, k := range e.Messages() {
		if strings.Contains(k, "{"+name+"}") {
			return true
		}
	}
	return false
}

func TestKernelMessagesAreOfOneRow(t *testing.T) {
	seen := map[string]Code{}
	for _, e := range All() {
		for _, k := range e.Messages() {
			if other, ok := seen[k]; ok {
				t.Errorf("%q is in %s and %s", k, other, e.Code)
			}
			seen[k] = e.Code
		}
	}
}

// TestMessagesLeadToTheirRow holds because a log is explained by its message alone, so the lines of each
// message that the verifier has must lead to the row of its code.
func TestMessagesLeadToTheirRow(t *testing.T) {
	hole := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, text := range fault.Texts() {
		if Lookup(text.Code) == nil {
			t.Errorf("%q has the code %s, which has no row", text.Words, text.Code)
		}
		for _, line := range append(text.Lines(), text.LinesSince(facts.Linux73)...) {
			if e, _ := Match(hole.ReplaceAllString(line, "1")); e == nil || e.Code != text.Code {
				t.Errorf("%q of %s is found in %v", line, text.Code, e)
			}
		}
		if !text.Shared {
			continue
		}
		for line := range strings.SplitSeq(text.Words, "\n") {
			if e, _ := Match(hole.ReplaceAllString(line, "1")); e == nil {
				t.Errorf("%q of %s is found nowhere, though it is taken for another", line, text.Code)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		message string
		code    Code
		facts   Facts
	}{
		{"invalid access to packet, off=0 size=8, R1(id=0,off=0,r=0)\nR1 min value is outside of the allowed memory range", PacketOutOfBounds, Facts{"size": "8"}},
		{"R1 invalid mem access 'inv'", ScalarDereference, Facts{"reg": "1"}},
		{"R3 max value is outside of the array range", OutOfBounds, Facts{"reg": "3"}},
		{"At program exit the register R0 has value (0x2; 0x0) should have been in (0x0; 0x1)", ReturnValue, Facts{"given": "0x2; 0x0", "allowed": "0x0; 0x1"}},
		{"Possibly NULL pointer passed to trusted R2", NullableArgument, Facts{"reg": "2"}},
		{"R1 !read_ok", UnreadableRegister, Facts{"reg": "1"}},
		{"R3 invalid mem access 'scalar'", ScalarDereference, Facts{"reg": "3"}},
		{"R0 invalid mem access 'map_value_or_null'", NullableDereference, Facts{"type": "map_value"}},
		{"R0 invalid mem access 'ptr_or_null_'", NullableDereference, nil},
		{"R1 invalid mem access 'map_ptr'", InvalidDereference, Facts{"type": "map_ptr"}},
		{"Unreleased reference id=2 alloc_insn=14\nBPF_EXIT instruction in main prog would lead to reference leak",
			UnreleasedReference, Facts{"acquire_pc": "14", "ref": "2", "exit_kind": "BPF_EXIT instruction in main prog"}},
		{"invalid access to packet, off=0 size=14, R1(id=0,off=0,r=0)\nR1 offset is outside of the packet",
			PacketOutOfBounds, Facts{"off": "0", "size": "14", "object": "0"}},
		{"invalid access to map value, value_size=16 off=16 size=4\nR1 max value is outside of the allowed memory range",
			OutOfBounds, Facts{"object": "16", "off": "16", "size": "4"}},
		{"invalid write to stack R10 off=-516 size=4", StackOutOfBounds, Facts{"access": "write to"}},
		{"misaligned stack access off 0+-3+0 size 4", Misaligned, Facts{"place": "stack"}},
		{"bpf_spin_unlock of different lock", UnlockDifferentLock, nil},
		{"can't spin_{lock,unlock} in rbtree cb", RbtreeCallback, nil},
		{"At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]", ReturnValue, Facts{"min": "0", "max": "1"}},
		{"Expected an initialized dynptr as arg #1", UninitializedDynptr, Facts{"argno": "1"}},
		{"Expected an initialized dynptr as R2", UninitializedDynptr, Facts{"reg": "2"}},
		{"expected an initialized iter_num as R1", UninitializedIterator, Facts{"name": "num", "reg": "1"}},
		{"R1 type=scalar expected=fp, pkt, pkt_meta", WrongArgumentKind, Facts{"want": "fp, pkt, pkt_meta"}},
		{"global function calls are not allowed while holding a lock,\nuse static function instead", GlobalCallUnderLock, nil},
		{"program of this type cannot use helper bpf_get_stack#67", HelperNotAllowed, Facts{"callee": "bpf_get_stack", "id": "67"}},
	} {
		e, facts := Match(test.message)
		if e == nil || e.Code != test.code {
			t.Errorf("%q matches %v, want %s", test.message, e, test.code)
			continue
		}
		for name, want := range test.facts {
			if facts[name] != want {
				t.Errorf("%q: %s is %q, want %q", test.message, name, facts[name], want)
			}
		}
	}
	// The second line of the last one is another message's, too.
	for _, unknown := range []string{"all is well", "calls are not allowed in a way of its own,\nuse static function instead"} {
		if e, _ := Match(unknown); e != nil {
			t.Errorf("unknown message %q matches %s", unknown, e.Code)
		}
	}
}

func TestFill(t *testing.T) {
	const wording = "{value|the resource}[, {acquired|acquired} by {acquirer}[ at line {acquire_line}],] is still owned. {call|this} ends."
	for _, test := range []struct {
		facts Facts
		want  string
	}{
		{nil, "The resource is still owned. This ends."},
		{Facts{"value": "`e`", "acquirer": "f()", "acquired": "reserved"}, "`e`, reserved by f(), is still owned. This ends."},
		{Facts{"value": "`e`", "acquirer": "f()", "acquire_line": "12", "call": "bpf_x()"}, "`e`, acquired by f() at line 12, is still owned. bpf_x() ends."},
		{Facts{"acquire_line": "12"}, "The resource is still owned. This ends."},
	} {
		if got := Fill(wording, test.facts); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestAcquiredBy(t *testing.T) {
	for function, want := range map[string]string{
		"bpf_ringbuf_reserve": "bpf_ringbuf_discard() or bpf_ringbuf_submit()",
		"bpf_iter_num_new":    "bpf_iter_num_destroy()",
		"bpf_widget_acquire":  "bpf_widget_release()",
		"bpf_unheard_of":      "",
	} {
		if got := AcquiredBy(function).ReleasedWith(); got != want {
			t.Errorf("%s is released with %q, want %q", function, got, want)
		}
	}
}

func TestPagesAreFresh(t *testing.T) {
	const root, dir = "../..", "../../docs/diagnostics"
	want := map[string]string{"README.md": Index()}
	for _, e := range All() {
		example, _ := os.ReadFile(filepath.Join(root, e.Example()))
		want[PagePath(e.Code)] = Page(&e, string(example))
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
			t.Errorf("%s is stale: run go generate ./diag/catalog (%v)", name, err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if _, known := want[filepath.ToSlash(rel)]; !known {
			t.Errorf("%s is of no code", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
