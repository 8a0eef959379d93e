// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// expectation is what the tags of a program say of it, as the kernel's
// selftests write them: the verdict, and what the log has or has not, in order.
type expectation struct {
	verdict  string
	messages []expectedText
}

type expectedText struct {
	place  int // in the source; BTF keeps tags in another order
	absent bool
	text   string
}

const (
	tagSuccess = "comment:test_expect_success"
	tagFailure = "comment:test_expect_failure"
	tagMessage = "comment:test_expect_msg="
	tagAbsent  = "comment:test_expect_not_msg="
)

// readExpectation reads it from tags. It has no verdict if they say nothing.
func readExpectation(tags []string) expectation {
	var e expectation
	for _, tag := range tags {
		text, isMessage := strings.CutPrefix(tag, tagMessage)
		absentText, isAbsent := strings.CutPrefix(tag, tagAbsent)
		switch {
		case tag == tagSuccess:
			e.verdict = render.VerdictAccept
		case tag == tagFailure:
			e.verdict = render.VerdictReject
		case isAbsent:
			text = absentText
			fallthrough
		case isMessage:
			number, rest, _ := strings.Cut(text, "=")
			place, err := strconv.Atoi(number)
			if err != nil {
				rest = text
			}
			e.messages = append(e.messages, expectedText{place, isAbsent, rest})
		}
	}
	slices.SortStableFunc(e.messages, func(a, b expectedText) int { return cmp.Compare(a.place, b.place) })
	return e
}

// unmet is what an answer has otherwise, "" if it is as expected.
func (e *expectation) unmet(r *render.Record) string {
	if r.Verdict != e.verdict {
		return fmt.Sprintf("%s, not %s: %s", r.Verdict, e.verdict, cmp.Or(r.Error, r.Reason))
	}
	log := r.Log
	var absent []*regexp.Regexp
	hasAbsent := func(text string) bool {
		return slices.ContainsFunc(absent, func(re *regexp.Regexp) bool { return re.MatchString(text) })
	}
	for _, m := range e.messages {
		re, err := m.pattern()
		if err != nil {
			return err.Error()
		}
		if m.absent {
			absent = append(absent, re)
			continue
		}
		at := re.FindStringIndex(log)
		if at == nil || hasAbsent(log[:at[0]]) {
			return fmt.Sprintf("the log has no %q in its place: %s", m.text, r.Error)
		}
		log, absent = log[at[1]:], nil
	}
	if hasAbsent(log) {
		return "the log has what it should not have"
	}
	return ""
}

// pattern is a message that is literal but for what is in double braces.
func (m *expectedText) pattern() (*regexp.Regexp, error) {
	var b strings.Builder
	for rest := m.text; rest != ""; {
		literal, after, found := strings.Cut(rest, "{{")
		b.WriteString(regexp.QuoteMeta(literal))
		expr, tail, closed := strings.Cut(after, "}}")
		if found && !closed {
			return nil, fmt.Errorf("message %q has no }}", m.text)
		}
		if found {
			b.WriteString("(?:" + expr + ")")
		}
		rest = tail
	}
	return regexp.Compile(b.String())
}

// readExpectations reads those of the programs of an object.
func readExpectations(path string) (map[key]expectation, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	obj, err := program.Load(data, program.Options{Name: path})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	expected := make(map[key]expectation)
	for _, p := range obj.Programs {
		if e := readExpectation(obj.Tags(p.Name)); e.verdict != "" {
			expected[key{filepath.Base(path), p.Name}] = e
		}
	}
	return expected, nil
}

var errUnexpected = errors.New("some programs are not as their tags say")

func runExpect(args []string, stdout io.Writer) error {
	var hereFile string
	fs := flag.NewFlagSet("expect", flag.ContinueOnError)
	fs.StringVar(&hereFile, "here", "", "`file` of our answers, with whole logs")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if hereFile == "" || fs.NArg() == 0 {
		return errors.New("expect needs -here and object files")
	}
	expected := make(map[key]expectation)
	for _, path := range fs.Args() {
		of, err := readExpectations(path)
		if err != nil {
			fmt.Fprintf(stdout, "not read: %v\n", err)
		}
		for k, e := range of {
			expected[k] = e
		}
	}
	f, err := os.Open(hereFile)
	if err != nil {
		return err
	}
	defer f.Close()
	judged, met := 0, 0
	for lines := json.NewDecoder(bufio.NewReaderSize(f, 1<<20)); ; {
		var r render.Record
		if err := lines.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("%s: %w", hereFile, err)
		}
		k := key{filepath.Base(r.Object), r.Program}
		e, ok := expected[k]
		if !ok || r.Verdict == render.VerdictSkip {
			continue
		}
		judged++
		if unmet := e.unmet(&r); unmet != "" {
			fmt.Fprintf(stdout, "%s: %s\n", k, unmet)
			continue
		}
		met++
	}
	fmt.Fprintf(stdout, "%d programs have tags, %d of them were judged, %d as the tags say\n", len(expected), judged,
		met)
	if met < judged {
		return errUnexpected
	}
	return nil
}
