// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"slices"
	"strings"
	"testing"
)

const sample = `package verifier

func (v *verifier) requireSomething(n int) (int, *Rejection) {
	if r := v.requireOther(n); r != nil {
		return 0, r
	}
	if r := v.noRule(n); r != nil {
		return 0, r
	}
	if n == 7 {
		return 7, nil
	}
	if n == 8 {
		n++
	}
	if n == 10 {
		return 0, v.bug("ten")
	}
	switch {
	case n == 11:
		return 0, v.bug("eleven")
	case n > 5, n < 3 || n == 4:
		return 0, v.reject("out of range")
	case n == 9:
	}
	if n != 1 && v.strict {
		return 0, v.rejectSilently("")
	} else if n == 2 {
		return 0, nil
	}
	return n, nil
}

func (v *verifier) requireOther(n int) *Rejection { return v.requireDeeper(n) }

func (v *verifier) requireDeeper(n int) *Rejection { return v.reject("deep down") }

func (v *verifier) noRule(n int) *Rejection { return v.bug("a fault of the verifier") }

func plain(n int) error {
	if n == 0 {
		return nil
	}
	return nil
}
`

func TestConditionsAndRejections(t *testing.T) {
	s := &sources{text: map[string][]byte{}}
	if err := s.parse("sample.go", []byte(sample)); err != nil {
		t.Fatal(err)
	}
	s.find()
	var got []string
	for _, c := range s.conditions {
		got = append(got, string(c.role)+": "+c.what)
	}
	want := []string{
		"hands on: r := v.requireOther(n); r != nil", "exempts: n == 7", "guards: n > 5", "guards: n < 3",
		"guards: n == 4", "guards: n != 1 && v.strict",
	}
	if !slices.Equal(got, want) {
		t.Errorf("conditions\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	got = nil
	for _, x := range s.sites {
		got = append(got, x.what)
	}
	if want := []string{`return 0, v.reject("out of range")`, `return 0, v.rejectSilently("")`,
		`return v.reject("deep down")`}; !slices.Equal(got, want) {
		t.Errorf("rejections %q, want %q", got, want)
	}
}

func TestInsertedKeepsTheRest(t *testing.T) {
	list := []insertion{{3, "<b>"}, {0, "<a>"}, {5, "<c>"}}
	if got := string(inserted([]byte("hello"), list)); got != "<a>hel<b>lo<c>" {
		t.Errorf("inserted %q", got)
	}
}

// A row of the table must name a condition or a rejection of the source as it
// is now.
func TestSurvivorsAreInTheSource(t *testing.T) {
	known, err := readSurvivors()
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSources("../..", rules)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.conditions) < 100 || len(s.sites) < 100 {
		t.Fatalf("only %d conditions and %d rejections found in %s", len(s.conditions), len(s.sites), rules)
	}
	for i := range s.conditions {
		delete(known, s.conditions[i].key())
	}
	for k := range known {
		t.Errorf("survivors.tsv: %s: %s has no condition %q", k.file, k.in, k.what)
	}
}
