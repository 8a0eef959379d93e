// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

var (
	kindWords = [...]string{"branch", "acquire", "release", "enter", "leave", "modify", "invalidate", "call", "return",
		"create", "destroy"}
	whyWords = [...]string{"", " write", " spill", " argument", " return", " call-write", " widened", " lent",
		" var-write",
		" release", " packet-moved", " borrow-ended", " rcu-ended", " caller-saved", " source-gone", " null"}
)

// eventText is an event on one line: "3 modify spill fp-8#1 <- r1#1: scalar".
func eventText(e *record.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s%s", e.PC, kindWords[e.Kind], whyWords[e.Reason])
	switch e.Kind {
	case record.EventBranch:
		fmt.Fprintf(&b, " %t", e.Taken)
		for _, c := range e.Learnt {
			fmt.Fprintf(&b, "; %s %s -> %s", placeText(c.Place), valueText(c.Old), valueText(c.New))
		}
	case record.EventAcquire, record.EventRelease:
		fmt.Fprintf(&b, " ref %d", e.Ref)
	case record.EventEnter, record.EventLeave:
		fmt.Fprintf(&b, " %d depth %d", e.Context, e.Depth)
	case record.EventModify, record.EventInvalidate:
		b.WriteString(" " + placeText(e.Place))
		if e.Origin.Kind != record.NoPlace {
			b.WriteString(" <- " + placeText(e.Origin))
		}
		if e.Operand.Kind != record.NoPlace {
			b.WriteString(" , " + placeText(e.Operand))
		}
		fmt.Fprintf(&b, ": %s -> %s", valueText(e.Old), valueText(e.New))
	case record.EventCall, record.EventReturn:
		fmt.Fprintf(&b, " #%d", e.Activation)
	case record.EventCreate, record.EventDestroy:
		fmt.Fprintf(&b, " %s %s ref %d", [...]string{"", "dynptr", "iterator", "irq-flag"}[e.Object],
			placeText(e.Place), e.Ref)
	}
	return b.String()
}

func placeText(p record.Place) string {
	switch p.Kind {
	case record.InRegister:
		return fmt.Sprintf("r%d#%d", p.Index, p.Activation)
	case record.InSlot:
		return fmt.Sprintf("fp-%d#%d", 8*(int(p.Index)+1), p.Activation)
	}
	return fmt.Sprintf("fp%d..%d#%d", p.From, p.To, p.Activation)
}

func valueText(x *record.Value) string {
	switch {
	case x == nil:
		return "none"
	case x.Type != regtype.Scalar:
		return x.Type.String() + x.Map
	case x.IsConst():
		return fmt.Sprint(x.Min)
	case x.Mask == ^uint64(0):
		return "any"
	}
	return fmt.Sprintf("%d..%d", x.UMin, x.UMax)
}

// historyOf is the history of a program that must be rejected with a text.
func historyOf(t *testing.T, p *program.Program, text string) ([]record.Event, Result) {
	t.Helper()
	r := Verify(p, Options{LogLevel: 1, Record: true})
	if r.Verdict != Rejected || !strings.Contains(r.Reports[0].Kernel, text) {
		t.Fatalf("verdict %d %v, want a rejection with %q\n%s", r.Verdict, r.Reports, text, r.Log)
	}
	return r.History, r
}

func checkHistory(t *testing.T, got []record.Event, want string) {
	t.Helper()
	var lines []string
	for i := range got {
		lines = append(lines, eventText(&got[i]))
	}
	var wanted []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			wanted = append(wanted, line)
		}
	}
	if d := cmp.Diff(wanted, lines); d != "" {
		t.Error(d)
	}
}

func hashMap() *program.Map {
	return &program.Map{Name: "values", Type: facts.MapHash, KeySize: 4, ValueSize: 8, MaxEntries: 1}
}

func ringbufMap() *program.Map {
	return &program.Map{Name: "ring", Type: facts.MapRingBuf, MaxEntries: 4096}
}

// TestHistory has a small program for each kind of event; all but the events
// of the failing path, in their order, is wrong.
func TestHistory(t *testing.T) {
	for _, test := range []struct {
		name, code, text, want string
	}{
		{"spill and fill", `
			r6 = *(u32 *)(r1 +0)
			*(u64 *)(r10 -8) = r6
			r7 = *(u64 *)(r10 -8)
			r7 += 4
			r0 = *(u8 *)(r7 +0)
			exit`, "R7 offset is outside of the packet", `
			0 modify write r6#1: ? -> pkt
			1 modify spill fp-8#1 <- r6#1: none -> pkt
			2 modify write r7#1 <- fp-8#1: ? -> pkt
			3 modify write r7#1: pkt -> pkt
			`},
		{"both sides of a branch", `
			r0 = *(u32 *)(r1 +12)
			r2 = r0
			if r0 > 9 goto +2
			r0 = 1
			exit
			if r2 > 99 goto +1
			r0 = *(u8 *)(r0 +0)
			exit`, "R0 invalid mem access 'scalar'", `
			0 modify write r0#1: ? -> 0..4294967295
			1 modify write r2#1 <- r0#1: ? -> 0..4294967295
			2 branch true; r0#1 0..4294967295 -> 10..4294967295; r2#1 0..4294967295 -> 10..4294967295
			5 branch false; r2#1 10..4294967295 -> 10..99; r0#1 10..4294967295 -> 10..99
			`},
		{"nothing of a path walked before", `
			r0 = *(u32 *)(r1 +12)
			if r0 == 7 goto +4
			*(u64 *)(r10 -8) = r0
			r3 = 3
			r0 = r3
			exit
			r0 = r9
			exit`, "R9 !read_ok", `
			0 modify write r0#1: ? -> 0..4294967295
			1 branch true; r0#1 0..4294967295 -> 7
			`},
		{"reference on the NULL side", `
			r1 = map[1] ll
			r2 = 8
			r3 = 0
			call 131
			r6 = r0
			if r0 != 0 goto +1
			r0 = *(u8 *)(r6 +0)
			r1 = r6
			r2 = 0
			call 132
			r0 = 0
			exit`, "R6 invalid mem access 'scalar'", `
			0 modify write r1#1: ctx -> map_ptrring
			2 modify write r2#1: ? -> 8
			3 modify write r3#1: ? -> 0
			4 acquire ref 2
			4 modify write r0#1: ? -> ringbuf_mem_or_null
			4 invalidate caller-saved r1#1: map_ptrring -> ?
			4 invalidate caller-saved r2#1: 8 -> ?
			4 invalidate caller-saved r3#1: 0 -> ?
			5 modify write r6#1 <- r0#1: ? -> ringbuf_mem_or_null
			6 branch false; r0#1 ringbuf_mem_or_null -> 0; r6#1 ringbuf_mem_or_null -> 0
			6 release null ref 2
			`},
		{"end of a reference", `
			r1 = map[1] ll
			r2 = 8
			r3 = 0
			call 131
			r6 = r0
			*(u64 *)(r10 -8) = r0
			if r0 == 0 goto +5
			r1 = r6
			r2 = 0
			call 132
			r0 = *(u64 *)(r10 -8)
			r0 = *(u8 *)(r0 +0)
			r0 = 0
			exit`, "R0 invalid mem access 'scalar'", `
			0 modify write r1#1: ctx -> map_ptrring
			2 modify write r2#1: ? -> 8
			3 modify write r3#1: ? -> 0
			4 acquire ref 2
			4 modify write r0#1: ? -> ringbuf_mem_or_null
			4 invalidate caller-saved r1#1: map_ptrring -> ?
			4 invalidate caller-saved r2#1: 8 -> ?
			4 invalidate caller-saved r3#1: 0 -> ?
			5 modify write r6#1 <- r0#1: ? -> ringbuf_mem_or_null
			6 modify spill fp-8#1 <- r0#1: none -> ringbuf_mem_or_null
			7 branch false; r0#1 ringbuf_mem_or_null -> ringbuf_mem; r6#1 ringbuf_mem_or_null -> ringbuf_mem; fp-8#1 ringbuf_mem_or_null -> ringbuf_mem
			8 modify write r1#1 <- r6#1: ? -> ringbuf_mem
			9 modify write r2#1: ? -> 0
			10 release release ref 2
			10 invalidate caller-saved r0#1: ringbuf_mem -> ?
			10 invalidate caller-saved r1#1: ringbuf_mem -> ?
			10 invalidate caller-saved r2#1: 0 -> ?
			10 invalidate release r6#1: ringbuf_mem -> any
			10 invalidate release fp-8#1: ringbuf_mem -> any
			11 modify write r0#1 <- fp-8#1: ? -> any
			`},
		{"calls and results", `
			r6 = r1
			r1 = 5
			call pc+4
			r1 = r6
			call pc+2
			r0 = *(u8 *)(r0 +0)
			exit
			r0 = r1
			if r0 == 5 goto +1
			r0 = 0
			exit`, "R0 invalid mem access 'scalar'", `
			0 modify write r6#1 <- r1#1: ? -> ctx
			1 modify write r1#1: ctx -> 5
			2 call #2
			2 modify argument r1#2 <- r1#1: none -> 5
			2 invalidate caller-saved r1#1: 5 -> ?
			7 modify write r0#2 <- r1#2: ? -> 5
			8 branch true
			10 return #2
			10 modify return r0#1 <- r0#2: ? -> 5
			3 modify write r1#1 <- r6#1: ? -> ctx
			4 call #3
			4 modify argument r1#3 <- r1#1: none -> ctx
			4 invalidate caller-saved r0#1: 5 -> ?
			4 invalidate caller-saved r1#1: ctx -> ?
			7 modify write r0#3 <- r1#3: ? -> ctx
			8 branch false
			9 modify write r0#3: ctx -> 0
			10 return #3
			10 modify return r0#1 <- r0#3: ? -> 0
			`},
		{"through the caller's stack", `
			*(u64 *)(r10 -8) = r1
			r1 = r10
			r1 += -16
			call pc+2
			r0 = *(u8 *)(r3 +0)
			exit
			r2 = *(u64 *)(r1 +8)
			*(u64 *)(r1 +0) = r2
			r2 = *(u64 *)(r1 +0)
			r2 *= 2
			exit`, "R2 pointer arithmetic", `
			0 modify spill fp-8#1 <- r1#1: none -> ctx
			1 modify write r1#1 <- r10#1: ctx -> fp
			2 modify write r1#1: fp -> fp
			3 call #2
			3 modify argument r1#2 <- r1#1: none -> fp
			3 invalidate caller-saved r1#1: fp -> ?
			6 modify write r2#2 <- fp-8#1: ? -> ctx
			7 modify spill fp-16#1 <- r2#2: none -> ctx
			8 modify write r2#2 <- fp-16#1: ctx -> ctx
			`},
		{"packet moved", `
			r6 = r1
			r7 = *(u32 *)(r1 +0)
			r8 = *(u32 *)(r1 +4)
			r9 = r7
			r9 += 14
			if r9 > r8 goto +4
			r1 = r6
			r2 = 4
			call 44
			r0 = *(u8 *)(r7 +0)
			r0 = 0
			exit`, "R7 invalid mem access 'scalar'", `
			0 modify write r6#1 <- r1#1: ? -> ctx
			1 modify write r7#1: ? -> pkt
			2 modify write r8#1: ? -> pkt_end
			3 modify write r9#1 <- r7#1: ? -> pkt
			4 modify write r9#1: pkt -> pkt
			5 branch false; r9#1 pkt -> pkt; r7#1 pkt -> pkt
			6 modify write r1#1 <- r6#1: ctx -> ctx
			7 modify write r2#1: ? -> 4
			8 modify write r0#1: ? -> any
			8 invalidate caller-saved r1#1: ctx -> ?
			8 invalidate caller-saved r2#1: 4 -> ?
			8 invalidate packet-moved r7#1: pkt -> any
			8 invalidate packet-moved r8#1: pkt_end -> any
			8 invalidate packet-moved r9#1: pkt -> any
			`},
		{"a store somewhere in the stack", `
			r6 = *(u32 *)(r1 +12)
			r6 &= 7
			*(u64 *)(r10 -8) = r1
			*(u64 *)(r10 -16) = r1
			r2 = r10
			r2 += -16
			r2 += r6
			*(u8 *)(r2 +0) = 1
			r3 = *(u64 *)(r10 -16)
			r0 = *(u8 *)(r3 +0)
			exit`, "R3 invalid mem access 'scalar'", `
			0 modify write r6#1: ? -> 0..4294967295
			1 modify write r6#1: 0..4294967295 -> 0..7
			2 modify spill fp-8#1 <- r1#1: none -> ctx
			3 modify spill fp-16#1 <- r1#1: none -> ctx
			4 modify write r2#1 <- r10#1: ? -> fp
			5 modify write r2#1: fp -> fp
			6 modify write r2#1 , r6#1: fp -> fp
			7 invalidate var-write fp-16..-7#1: none -> none
			8 modify write r3#1 <- fp-16#1: ? -> any
			`},
		{"overwritten", `
			*(u64 *)(r10 -8) = r1
			*(u8 *)(r10 -8) = 7
			r3 = *(u64 *)(r10 -8)
			r0 = *(u8 *)(r3 +0)
			exit`, "R3 invalid mem access 'scalar'", `
			0 modify spill fp-8#1 <- r1#1: none -> ctx
			1 modify spill fp-8#1: ctx -> 7
			2 modify write r3#1 <- fp-8#1: ? -> any
			`},
		{"a number that a pointer is added to", `
			r6 = *(u32 *)(r1 +0)
			r0 = *(u32 *)(r1 +12)
			r0 &= 15
			r0 += r6
			r0 = *(u8 *)(r0 +0)
			exit`, "R0 offset is outside of the packet", `
			0 modify write r6#1: ? -> pkt
			1 modify write r0#1: ? -> 0..4294967295
			2 modify write r0#1: 0..4294967295 -> 0..15
			3 modify write r0#1 <- r6#1 , r0#1: 0..15 -> pkt
			`},
		{"atomic and division", `
			*(u64 *)(r10 -8) = 1
			r2 = 3
			lock *(u64 *)(r10 -8) += r2
			r2 /= 2
			r0 = *(u8 *)(r2 +0)
			exit`, "R2 invalid mem access 'scalar'", `
			0 modify spill fp-8#1: none -> 1
			1 modify write r2#1: ? -> 3
			2 invalidate write fp-8#1: 1 -> any
			3 modify write r2#1: 3 -> any
			`},
		{"a dynptr from its making to its end", `
			r1 = map[1] ll
			r2 = 8
			r3 = 0
			r4 = r10
			r4 += -16
			call 198
			r1 = r10
			r1 += -16
			r2 = 0
			call 200
			r0 = r9
			exit`, "R9 !read_ok", `
			0 modify write r1#1: ctx -> map_ptrring
			2 modify write r2#1: ? -> 8
			3 modify write r3#1: ? -> 0
			4 modify write r4#1 <- r10#1: ? -> fp
			5 modify write r4#1: fp -> fp
			6 acquire ref 2
			6 modify write r0#1: ? -> any
			6 invalidate caller-saved r1#1: map_ptrring -> ?
			6 invalidate caller-saved r2#1: 8 -> ?
			6 invalidate caller-saved r3#1: 0 -> ?
			6 invalidate caller-saved r4#1: fp -> ?
			6 create dynptr fp-16#1 ref 2
			7 modify write r1#1 <- r10#1: ? -> fp
			8 modify write r1#1: fp -> fp
			9 modify write r2#1: ? -> 0
			10 release release ref 2
			10 invalidate caller-saved r0#1: any -> ?
			10 invalidate caller-saved r1#1: fp -> ?
			10 invalidate caller-saved r2#1: 0 -> ?
			10 destroy dynptr fp-16#1 ref 2
			`},
		{"may_goto", `
			r6 = 1
			may_goto +2
			r6 += 1
			goto -3
			r0 = *(u8 *)(r6 +0)
			exit`, "R6 invalid mem access 'scalar'", `
			0 modify write r6#1: ? -> 1
			1 branch true
			`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _ := historyOf(t, newProgram(t, test.code, hashMap(), ringbufMap()), test.text)
			checkHistory(t, got, test.want)
		})
	}
}

// TestHistoryOfCalls has what only whole objects can: kernel functions that
// take ownership, and callbacks. Calls, arguments, references and what became
// of pointers are looked at.
func TestHistoryOfCalls(t *testing.T) {
	elf, err := os.ReadFile("../testdata/objects/report_history.bpf.o")
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "report_history.bpf.o"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"preemption_off": `
			1 enter 5 depth 1
			4 enter 5 depth 2
			5 leave 5 depth 1
			`,
		"leak_beside_null": `
			1 acquire ref 2
			7 acquire ref 4
			8 release null ref 4
			`,
		"nothing_to_add_to": `
			5 call #2
			5 modify argument r1#2: none -> any
			5 modify argument r2#2 <- r3#1: none -> 0
			`,
		"given_away": `
			3 acquire ref 2
			8 enter 1 depth 1
			14 release lent ref 2
			14 modify lent r6#1: ptr_ -> ptr_
			19 leave 1 depth 0
			19 invalidate borrow-ended r6#1: ptr_ -> any
			`,
		"in_callback": `
			16 call #2
			16 modify argument r1#2: none -> any
			16 modify argument r2#2 <- r3#1: none -> fp
			`,
		"through_two_functions": `
			20 call #2
			20 modify argument r1#2 <- r1#1: none -> fp
			20 modify argument r2#2 <- r2#1: none -> 1
			28 call #3
			28 modify argument r1#3 <- r1#2: none -> fp
			28 modify argument r2#3 <- r2#2: none -> 1
			34 return #3
			34 modify return r0#2 <- r0#3: ? -> 1
			30 return #2
			30 modify return r0#1 <- r0#2: ? -> 2
			26 call #4
			26 modify argument r1#4 <- r1#1: none -> map_value_or_nullrows
			26 modify argument r2#4 <- r2#1: none -> 2
			28 call #5
			28 modify argument r1#5 <- r1#4: none -> map_value_or_nullrows
			28 modify argument r2#5 <- r2#4: none -> 2
			`,
	}
	for _, p := range obj.Programs {
		if want[p.Name] == "" {
			continue
		}
		history, _ := historyOf(t, p, "")
		var some []record.Event
		for _, e := range history {
			switch {
			case e.Kind >= record.EventAcquire && e.Kind <= record.EventLeave, e.Kind >= record.EventCall,
				e.Reason == record.ReasonArgument, e.Reason == record.ReasonReturn,
				e.Reason >= record.ReasonLent && e.Reason != record.ReasonCallerSaved:
				some = append(some, e)
			}
		}
		t.Run(p.Name, func(t *testing.T) { checkHistory(t, some, want[p.Name]) })
	}
}

// TestNoHistoryUnlessAskedFor requires a run that is not recorded to keep nothing
// and to find the same.
func TestNoHistoryUnlessAskedFor(t *testing.T) {
	p := newProgram(t, "r0 = *(u32 *)(r1 +12)\nif r0 > 9 goto +1\nr0 = *(u8 *)(r0 +0)\nexit")
	recorded, plain := Verify(p, Options{LogLevel: 2 | 4, Record: true}), Verify(p, Options{LogLevel: 2 | 4})
	if len(plain.History) != 0 || plain.Path != nil || len(recorded.History) == 0 {
		t.Errorf("%d and %d events", len(plain.History), len(recorded.History))
	}
	if string(plain.Log) != string(recorded.Log) || plain.Stats != recorded.Stats {
		t.Error("recording changes what is found")
	}
	if end := string(plain.Log[plain.LogEnd:]); !strings.HasPrefix(end, "verification time") {
		t.Errorf("the statistics begin with %q", end)
	}
}
