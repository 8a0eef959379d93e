// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Each part of a message that varies must be known to its family: what a rule
// leaves out of the struct is zero, but what the struct leaves out cannot be
// said.
func TestFamiliesKnowWhatTheirMessagesSay(t *testing.T) {
	for _, text := range Texts() {
		if text.Code.Category() == "" || text.Code.Problem() == "" {
			t.Errorf("%q has the code %q", text.Words, text.Code)
		}
		known := func(name string) bool {
			return slices.ContainsFunc(text.facts, func(f fact) bool { return f.name == name })
		}
		for _, w := range append([]Wording{{Words: text.Words}}, text.Later...) {
			words := w.Words
			fill(words, func(name string) string {
				if !known(name) {
					t.Errorf("%q: the family does not know {%s}", words, name)
				}
				return ""
			})
		}
	}
	if len(Texts()) < 300 {
		t.Errorf("only %d messages", len(Texts()))
	}
}

func TestMessageByRelease(t *testing.T) {
	arg := Argument{Arg: 2, Call: "bpf_dynptr_read", Kind: regtype.PtrToStack}
	for _, test := range []struct {
		fault   *Fault
		release facts.Release
		want    string
	}{
		{UninitializedDynptr.Of(arg), facts.Linux618, "Expected an initialized dynptr as arg #1"},
		{UninitializedDynptr.Of(arg), facts.Linux73, "Expected an initialized dynptr as R2"},
		{ConstDynptrReleased.Of(arg), facts.Linux618, "CONST_PTR_TO_DYNPTR cannot be released"},
		{LockInRbtreeCallback.Of(arg), facts.Linux73, "can't spin_{lock,unlock} in rbtree cb"},
		{NullableArgument.Of(arg), facts.Linux618, "Possibly NULL pointer passed to helper arg2"},
		{UnknownAtomic.Of(Encoding{Opcode: 5}), facts.Linux618, "BPF_ATOMIC uses invalid atomic opcode 05"},
		{AtProgramExit.Of(Returned{Limits: Limits{Max: 1}, Given: Given{-1 << 63, 3}}), facts.Linux618,
			"At program exit the register R0 has smax=3 should have been in [0, 1]"},
	} {
		if got := test.fault.Line(test.release); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestFacts(t *testing.T) {
	f := UnownedArgument.Of(Argument{Arg: 3, Kind: regtype.PtrToCtx})
	f.Append(MultipleReferences.Of(SecondReference{OwnedArgument: OwnedArgument{Reference: Reference{ID: 7,
		Site: Nowhere}}, Other: 8}))
	want := map[string]string{"reg": "0", "nth": "0", "argno": "-1", "type": "ctx", "ref": "7", "other": "8"}
	if got := f.Facts(); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if ref, ok := Get[Reference](f); !ok || ref.ID != 7 {
		t.Errorf("the reference is %+v, %v", ref, ok)
	}
	if _, ok := Get[Access](f); ok {
		t.Error("there is no access")
	}
	if n, ok := f.Int("other"); !ok || n != 8 {
		t.Errorf("the other reference is %d, %v", n, ok)
	}
}

// A rule without a code, or one that says what it does not know, is a mistake
// that no user should see.
func TestMistakesPanic(t *testing.T) {
	for name, mistake := range map[string]func(){
		"no code":    func() { text[None]("", "anything") },
		"no fact":    func() { (&Fault{Value: None{}, text: &Text{Words: "{reg}"}}).Line(facts.Linux618) },
		"other code": func() { DivisionByZero.Of(None{}).As("") },
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.HasPrefix(said, "fault: ") {
					t.Errorf("%s: %q", name, said)
				}
			}()
			mistake()
		}()
	}
}
