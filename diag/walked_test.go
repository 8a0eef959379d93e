// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/values"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// walkedOf are the answers about the programs of an object, and the file that they are
// about; accepted says that all are.
func walkedOf(t *testing.T, object string) (all []diag.Walked, source string, accepted bool) {
	t.Helper()
	return walkedIn(t, filepath.Join(objectDir, object))
}

// walkedIn is walkedOf of any object below testdata.
func walkedIn(t *testing.T, object string) (all []diag.Walked, source string, accepted bool) {
	t.Helper()
	obj := loadObject(t, object)
	accepted = true
	for _, p := range obj.Programs {
		r := verifier.Verify(p, verifier.Options{Walk: true})
		accepted = accepted && r.Verdict == verifier.Accepted
		s := diag.Subject{Object: obj, Program: p, Read: sourceIn(filepath.Dir(object))}
		w := values.Of(s, &r, explain.Decisions(s))
		if w == nil {
			t.Fatalf("%s: nothing is known of %s", object, p.Name)
		}
		all = append(all, w)
		for _, l := range p.Lines {
			if filepath.Base(l.File) == strings.TrimSuffix(filepath.Base(object), ".o")+".c" {
				source = l.File
			}
		}
	}
	return all, source, accepted
}

// sourceIn reads the sources of the objects in a directory.
func sourceIn(dir string) func(string) ([]byte, bool) {
	if filepath.Base(dir) == "objects" {
		return programSource
	}
	return func(file string) ([]byte, bool) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.Base(filepath.ToSlash(file))))
		return text, err == nil
	}
}

// valuesOn spells what is known in a line.
func valuesOn(all []diag.Walked, source string, line int) (out []string) {
	for _, w := range all {
		for _, v := range w.ValuesOn(source, line) {
			text := v.Text + ": " + v.Known
			if v.Line > 0 {
				text += fmt.Sprintf(" (line %d)", v.Line)
			}
			if v.Folded {
				text += " (folded)"
			}
			out = append(out, text)
		}
	}
	return out
}

// TestShareOfLinesWithValues requires that something is said in nearly each line of our
// accepted programs that names a variable. Its table also has the share of all lines with
// code; a return of a constant, or a break, has nothing to ask for.
func TestShareOfLinesWithValues(t *testing.T) {
	const floor, floorOfAll = 95, 78 // per cent
	objects, err := filepath.Glob(filepath.Join(objectDir, "*.bpf.o"))
	if err != nil || len(objects) == 0 {
		t.Fatalf("no objects: %v", err)
	}
	var sum share
	for _, name := range objects {
		all, source, accepted := walkedOf(t, filepath.Base(name))
		if !accepted {
			continue
		}
		text, ok := programSource(source)
		if !ok {
			t.Fatalf("no source of %s", name)
		}
		var of share
		for n, line := range codeLines(string(text)) {
			known := len(valuesOn(all, source, n)) > 0
			of.add(line, known)
			if !known && namesVariable(line) {
				t.Logf("%s:%d: %s", filepath.Base(source), n, line)
			}
		}
		t.Logf("%-22s %s", filepath.Base(name), &of)
		sum = share{sum.lines + of.lines, sum.naming + of.naming, sum.known + of.known}
	}
	t.Logf("%-22s %s", "all", &sum)
	if 100*sum.known < floor*sum.naming || 100*sum.known < floorOfAll*sum.lines {
		t.Errorf("want %d%% of the lines that name a variable, and %d%% of all", floor, floorOfAll)
	}
}

// share counts lines with code, those that name a variable, and those of which
// something is known.
type share struct{ lines, naming, known int }

func (s *share) add(line string, known bool) {
	s.lines++
	if known || namesVariable(line) {
		s.naming++
	}
	if known {
		s.known++
	}
}

func (s *share) String() string {
	return fmt.Sprintf("%3d of %3d lines that name a variable (%d%%), of %3d with code (%d%%)",
		s.known, s.naming, 100*s.known/max(s.naming, 1), s.lines, 100*s.known/max(s.lines, 1))
}

var (
	wordRE    = regexp.MustCompile(`[A-Za-z_]\w*\b\s*\(?`)
	notNameRE = regexp.MustCompile(`^(return|break|continue|goto|if|else|for|while|do|switch|case|default|sizeof)\b|\($|^[A-Z_0-9]+$`)
)

// namesVariable reports whether a line of C has a name that could be a variable's.
func namesVariable(line string) bool {
	for _, word := range wordRE.FindAllString(line, -1) {
		if !notNameRE.MatchString(strings.TrimSpace(word)) {
			return true
		}
	}
	return false
}

// codeLines are the lines of function bodies and their heads that are neither blank nor
// made of brackets and comments alone.
func codeLines(text string) map[int]string {
	out := map[int]string{}
	inside := false
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case line == "{":
			inside = true
			out[i] = lines[i-1] // the head
			continue
		case line == "}":
			inside = false
		}
		if inside && strings.Trim(trimmed, "{}();") != "" && !strings.HasPrefix(trimmed, "//") {
			out[i+1] = line
		}
	}
	return out
}

// TestValuesOn has lines of accepted programs, and of two that are rejected: there, what
// is known is of the paths up to the fault.
func TestValuesOn(t *testing.T) {
	for object, lines := range map[string]map[int][]string{
		"tc_session.bpf.o": {
			16: {"skb: the context (line 18)"},
			18: {"end: the end of the packet", "skb: the context", "skb->data_end: the end of the packet"},
			19: {"eth: packet, 0 bytes proven", "skb: the context", "skb->data: packet, 0 bytes proven"},
			22: {"tuple: 36 bytes on the stack, 4 of them set on every path"},
			23: {"sk: a socket, must be released, may be NULL (line 35)"},
			26: {"tcp: packet + 34, 0 bytes proven", "end: the end of the packet", "eth: packet, 54 bytes proven",
				"eth->h_proto: 2 bytes at offset 12 of packet, proven to be there"},
			28: {"ip: packet + 14, 40 bytes proven", "ip->protocol: 0…255",
				"ip->ihl: 4 bits at offset 0 of packet + 14, proven to be there"},
			37: {"known: 0…1", "sk: a socket, must be released", "sk->state: any number"},
			40: nil,
		},
		"xdp_port_filter.bpf.o": {
			19: {"verdict: any number"},
			21: {"n: value of `verdicts`, 8 bytes, may be NULL", "verdict: any number"},
			24: {"n: value of `verdicts`, 8 bytes"},
			41: {"tcp: packet + 14 + 20…60, 0 bytes proven", "ip: packet + 14, 20 bytes proven",
				"ip->ihl: 4 bits at offset 0 of packet + 14, proven to be there"},
		},
		"kprobe_latency.bpf.o": {
			32: {"ctx: the context"},
			45: {"start: value of `starts`, 8 bytes, may be NULL", "task: any number"},
			46: {"slot: 0…26 (line 51)"},
			52: {"slot: 0…26"},
			54: {"slots: 208 bytes in `.bss`, at offset 0", "slot: 0…25"},
		},
		"open_audit.bpf.o": {
			115: {"r: value of `rates`, 16 bytes, may be NULL (line 117)", "fresh: 16 bytes on the stack, all set on every path"},
			149: {"rec: a ring buffer record, 120 bytes, must be released, may be NULL"},
			165: {"length: -4095…64", "rec: a ring buffer record, 120 bytes, must be released (line 156)",
				"rec->name: 64 bytes at offset 52 of a ring buffer record, 120 bytes (line 156)", "ctx: the context",
				"ctx->name: any number"},
			171: {"rec: a ring buffer record, 120 bytes, must be released (line 156)",
				"rec->length: 4 bytes at offset 32 of a ring buffer record, 120 bytes (line 156)", "length: 0…64"},
		},
		"tc_steer.bpf.o": {
			76: {"eth: a read-only piece of memory, 14 bytes, may be NULL"},
			// Code behind the fault was not walked.
			103: nil,
		},
	} {
		all, source, _ := walkedOf(t, object)
		for line, want := range lines {
			if d := cmp.Diff(want, valuesOn(all, source, line)); d != "" {
				t.Errorf("%s:%d: %s", object, line, d)
			}
		}
	}
}

// TestValueAtColumn requires that a column selects the name under it.
func TestValueAtColumn(t *testing.T) {
	all, source, _ := walkedOf(t, "tc_session.bpf.o")
	for col, want := range map[int]string{
		1: "", 2: "known", 6: "known", 7: "", 8: "", 10: "sk", 11: "sk", 12: "", 14: "sk->state", 18: "sk->state", 30: "",
	} {
		v, ok := all[0].ValueAt(source, 37, col)
		if ok != (want != "") || v.Text != want {
			t.Errorf("column %d: %q, want %q", col, v.Text, want)
		}
	}
	if v, _ := all[0].ValueAt(source, 28, 7); v.Type != "struct iphdr *" {
		t.Errorf("type %q", v.Type)
	}
	if n := all[0].Times(diag.Line{File: source, Line: 38}); n != 1 || !all[0].Complete() {
		t.Errorf("line 38 was walked %d times, complete %v", n, all[0].Complete())
	}
}

// toldRE is what a comment says of a word in its line: of a value, or of what it names.
var toldRE = regexp.MustCompile(`// (value|about) ([^:]+): (.*)`)

// TestValuesToldApart requires of the programs in testdata/values what their comments say.
func TestValuesToldApart(t *testing.T) {
	dir := filepath.Join(moduleRoot, "testdata", "values")
	said := 0
	for _, name := range []string{"cases.o", "declared.o"} {
		all, source, accepted := walkedIn(t, filepath.Join(dir, name))
		if !accepted {
			t.Fatalf("%s is rejected", name)
		}
		text, _ := sourceIn(dir)(source)
		for i, line := range strings.Split(string(text), "\n") {
			want := toldRE.FindStringSubmatch(line)
			if want == nil {
				continue
			}
			said++
			got := saidOf(all, source, i+1, wordIn(line, want[2]), want[1] == "about")
			if got != want[3] {
				t.Errorf("%s:%d: %s is %s, want %s", filepath.Base(source), i+1, want[2], got, want[3])
			}
		}
	}
	if said < 25 {
		t.Errorf("only %d comments", said)
	}
}

// wordIn is the column of a word.
func wordIn(line, word string) int {
	at := regexp.MustCompile(`\b`+word+`\b`).FindAllStringIndex(line, -1)
	if len(at) == 0 {
		return 0
	}
	return at[0][0] + 1
}

// saidOf is what is said of a word: its value, or what it names.
func saidOf(all []diag.Walked, source string, line, col int, named bool) string {
	var texts []string
	for _, w := range all {
		var parts []string
		if c, ok := w.ContractAt(source, line, col); ok && named {
			if c.Definition != "" {
				parts = append(parts, c.Definition)
			}
			parts = append(parts, c.Notes...)
		}
		if v, ok := w.ValueAt(source, line, col); ok && !named {
			parts = append(parts, v.Known)
			for _, c := range v.Cases {
				parts = append(parts, c.When+": "+c.Known)
			}
		}
		if text := strings.Join(parts, " | "); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " || ")
}

// TestShareOfLinesWithAnything requires that a hover has something to say in nearly each
// line of our accepted programs, declarations included.
func TestShareOfLinesWithAnything(t *testing.T) {
	const floor = 90 // per cent
	objects, err := filepath.Glob(filepath.Join(objectDir, "*.bpf.o"))
	if err != nil {
		t.Fatal(err)
	}
	lines, told := 0, 0
	for _, name := range objects {
		all, source, accepted := walkedOf(t, filepath.Base(name))
		if !accepted {
			continue
		}
		text, _ := programSource(source)
		for i, line := range strings.Split(string(text), "\n") {
			trimmed := strings.TrimSpace(line)
			if strings.Trim(trimmed, "{}();") == "" || strings.HasPrefix(trimmed, "//") || strings.HasPrefix(trimmed, "#include") {
				continue
			}
			lines++
			if anythingIn(all, source, i+1, line) {
				told++
			} else {
				t.Logf("%s:%d: %s", filepath.Base(source), i+1, line)
			}
		}
	}
	t.Logf("%d of %d lines (%d%%)", told, lines, 100*told/max(lines, 1))
	if 100*told < floor*lines {
		t.Errorf("want %d%% of the lines", floor)
	}
}

func anythingIn(all []diag.Walked, source string, n int, line string) bool {
	for _, at := range wordRE.FindAllStringIndex(line, -1) {
		if saidOf(all, source, n, at[0]+1, true) != "" || saidOf(all, source, n, at[0]+1, false) != "" {
			return true
		}
	}
	return false
}
