// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"time"
)

const (
	// patience bounds every wait. Nothing takes that long on a machine that is merely busy.
	patience = 2 * time.Minute
	// remembered is how many operations are printed for a failed life.
	remembered = 60
)

// violation is a violated invariant.
type violation struct{ what string }

func (v *violation) Error() string { return v.what }

func violated(format string, args ...any) error { return &violation{fmt.Sprintf(format, args...)} }

// manner is the kind of client of a life. It does not change during the life.
type manner struct {
	pull          bool
	encoding      string // empty: the client does not say
	checkOn       string
	configuration bool // announces workspace/configuration
	silent        bool // but never answers it
	progress      bool
	watch         bool
	related       bool // accepts diagnostics of headers with those of a document
	margins       bool // requests lenses and hints again when told to
}

func (m manner) String() string {
	mode := "push"
	if m.pull {
		mode = "pull"
	}
	encoding := m.encoding
	if encoding == "" {
		encoding = "no encoding"
	}
	return fmt.Sprintf("%s, %s, checked on %s", mode, encoding, m.checkOn)
}

// life is one server with its client and project.
type life struct {
	options  options
	number   int
	rng      *rand.Rand
	manner   manner
	project  *project
	server   *child
	conn     *connection
	settings map[string]any
	opened   map[string]*document // by file
	versions int
	touched  map[string]bool // files touched in this round

	hostile     bool // the round is
	swept       bool // the workspace was checked, so headers also have findings of closed files
	operations  int
	comparisons int // of documents with the findings of a fresh server
	log         []string
	peaks       peaks
	endedBy     string
}

func newLife(o options, number int, c compiler) (*life, error) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], o.seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(number))
	l := &life{options: o, number: number, rng: rand.New(rand.NewChaCha8(key)),
		opened: map[string]*document{}, touched: map[string]bool{}}
	pull := o.mode == "pull" || o.mode == "both" && number%2 == 1
	l.manner = manner{
		pull:          pull,
		encoding:      pick(l.rng, []string{"", "utf-8", "utf-16", "utf-32"}),
		checkOn:       pick(l.rng, []string{"save", "save", "type"}),
		configuration: l.chance(2),
		silent:        l.chance(6),
		progress:      l.chance(2),
		watch:         l.chance(2),
		related:       pull && l.chance(2),
		margins:       l.chance(2),
	}
	var err error
	if l.project, err = newProject(l.rng, c, o.objects); err != nil {
		return nil, err
	}
	l.settings = map[string]any{"clangPath": l.project.compiler(), "checkOn": l.manner.checkOn, "timeoutSeconds": 60}
	return l, nil
}

// chance is true once in n times.
func (l *life) chance(n int) bool { return l.rng.IntN(n) == 0 }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// live runs the life to its end. An error that is not a violation means that the machine did not allow it.
func (l *life) live() error {
	if err := l.start(); err != nil {
		return err
	}
	for range 1 + l.rng.IntN(4) {
		l.hostile = !l.chance(3)
		if err := l.round(40 + l.rng.IntN(120)); err != nil {
			return err
		}
		if err := l.rest(); err != nil {
			return err
		}
	}
	if !l.chance(3) {
		// Most ends come in the middle of work.
		l.hostile = true
		if err := l.round(10 + l.rng.IntN(40)); err != nil {
			return err
		}
		return l.end(false)
	}
	return l.end(true)
}

// start initializes the server.
func (l *life) start() error {
	var err error
	if l.server, err = startChild(l.options.server, l.project, "server"); err != nil {
		return err
	}
	l.conn = connect(l.server, l.manner, l.settings, l.rng.Uint64())
	return l.conn.initialize(l.project, l.alive)
}

// round performs some operations without waiting for their results.
func (l *life) round(n int) error {
	l.note("a round of %d operations, %s", n, map[bool]string{true: "hostile", false: "calm"}[l.hostile])
	l.conn.beRude(l.hostile)
	for range n {
		what := l.operate()
		l.operations++
		l.note("%s", what)
		if l.operations%25 == 0 {
			l.sample()
		}
		if err := l.alive(); err != nil {
			return err
		}
	}
	return nil
}

// alive returns an error if an invariant was violated that can be noticed at any time.
func (l *life) alive() error {
	if err := l.conn.broken(); err != nil {
		return err
	}
	if l.server.hasEnded() {
		return violated("the server ended by itself: %s", l.server.state())
	}
	return nil
}

// await polls until missing returns nothing. On timeout it reports what is missing.
func (l *life) await(what string, missing func() string) error {
	return await(what, l.alive, missing)
}

func await(what string, alive func() error, missing func() string) error {
	pause := time.Millisecond
	for began := time.Now(); ; {
		// What arrived before a fault counts, so ask first.
		still := missing()
		if still == "" {
			return nil
		}
		if err := alive(); err != nil {
			return err
		}
		if time.Since(began) > patience {
			return violated("waited %s for %s; still missing: %s", patience, what, still)
		}
		time.Sleep(pause)
		pause = min(2*pause, 50*time.Millisecond)
	}
}

// note records an operation.
func (l *life) note(format string, args ...any) {
	l.log = append(l.log, fmt.Sprintf("%5d  ", l.operations)+fmt.Sprintf(format, args...))
	if len(l.log) > 2*remembered {
		l.log = append(l.log[:0], l.log[len(l.log)-remembered:]...)
	}
}

// explain describes a violation, the operations before it, and how to repeat it.
func (l *life) explain(err error) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nVIOLATED in life %d (%s) after %d operations: %v\n\nThe last operations:\n", l.number, l.manner,
		l.operations, err)
	for _, line := range l.log[max(0, len(l.log)-remembered):] {
		fmt.Fprintln(&b, line)
	}
	// The stacks that a Go program writes on SIGQUIT show best what hangs.
	if !l.server.hasEnded() {
		l.server.signal(syscall.SIGQUIT)
		<-l.server.ended
	}
	fmt.Fprintf(&b, "\nThe end of the server's log:\n%s\n", l.server.logTail())
	mode := "push"
	if l.manner.pull {
		mode = "pull"
	}
	fmt.Fprintf(&b, "Seed %d. To replay: make chaos SEED=%d MODE=%s LIFE=%d\n", l.options.seed, l.options.seed, mode,
		l.number)
	if l.options.keep {
		fmt.Fprintf(&b, "The project is in %s\n", l.project.root)
	} else {
		_ = os.RemoveAll(l.project.root)
	}
	if _, ok := err.(*violation); !ok {
		return fmt.Errorf("%w\n%s", err, b.String())
	}
	return &violation{b.String()}
}
