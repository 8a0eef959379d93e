// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// unit is a compilation unit: an open BPF file with what is known about it.
type unit struct {
	file       string
	generation uint64 // of the newest check
	cancel     context.CancelFunc
	running    bool
	report     *check.Report // of the last finished check, nil before the first
	lives      []diag.Lives  // of the accepted programs of report, nil until somebody asks
	texts      *textCache    // the files the report is about, as they were
	deps       []string
	stamps     map[string]stamp // of deps when the newest check began
	began      time.Time
	outcome    *outcome        // of the running check
	related    map[string]bool // headers that the client was told of together with the unit
	background bool            // goes on to be checked in the background when it is closed
}

// stamp tells versions of a file on disk apart.
type stamp struct {
	size     int64
	modified time.Time
}

func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// stop cancels the running check and makes sure that its result is dropped.
func (u *unit) stop() {
	u.generation++
	u.running = false
	u.release(true)
	if u.cancel != nil {
		u.cancel()
		u.cancel = nil
	}
}

// adopt makes a unit of an open document if it is a BPF program, and checks it. The project's own files are asked last, outside
// the actor, as they may be large.
func (s *server) adopt(d *document) {
	if d.file == "" || !strings.HasSuffix(d.file, ".c") || s.state.units[d.file] != nil {
		return
	}
	if looksLikeBPF(d.file, d.text) {
		s.addUnit(d.file)
		return
	}
	u, checker := d.uri, s.checkerFor(d.file)
	go s.guarded(func() {
		if !checker.Knows(s.ctx, d.file) {
			return
		}
		s.do(func() {
			if s.state.documents[u] != nil && s.state.units[d.file] == nil {
				s.addUnit(d.file)
			}
		})
	})
}

func (s *server) addUnit(file string) {
	u := &unit{file: file, deps: []string{file}, background: s.state.swept[file] != nil}
	delete(s.state.swept, file)
	s.state.units[file] = u
	s.start(u)
}

// dropUnit forgets a unit and everything published for it.
func (s *server) dropUnit(u *unit) {
	u.stop()
	delete(s.state.units, u.file)
	s.publish(s.state.results.drop(u.file))
	s.orphan(u)
	s.dropOpen(u.file)
}

// start checks a unit. A running check of it ends: what it would find is out of date.
func (s *server) start(u *unit) {
	u.stop()
	ctx, cancel := context.WithCancel(s.ctx)
	u.cancel, u.running = cancel, true
	u.outcome = &outcome{over: make(chan struct{})}
	generation := u.generation
	u.began, u.stamps = time.Now(), map[string]stamp{}
	for _, d := range u.deps {
		u.stamps[d] = stampOf(d)
	}
	req := s.request(u.file)
	s.sendStatus(u)
	finished := make(chan struct{})
	s.showProgress(u, cancel, finished)
	s.tasks.run(func() {
		defer close(finished)
		defer cancel()
		report, err := s.check(ctx, u.file, req)
		s.do(func() {
			if u.generation != generation {
				return
			}
			u.running, u.cancel = false, nil
			s.finish(u, report, err)
			u.release(false)
			s.checkedOpen(u)
		})
	})
}

// turnLength is how long a check keeps others waiting. A compiler that hangs takes a minute to be ended, and must not hold up all files.
const turnLength = 5 * time.Second

// check waits for its turn and runs the check. Only the end of the context is an error; a fault of the server itself is told as
// one of the report.
func (s *server) check(ctx context.Context, file string, req check.Request) (check.Report, error) {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return check.Report{}, ctx.Err()
	}
	over, ended := make(chan struct{}), s.o.Clock.After(Timer{turnWait, file}, turnLength)
	defer close(over)
	go func() {
		select {
		case <-ended:
		case <-over:
		}
		<-s.slots
	}()
	return s.judge(ctx, file, req)
}

// judge runs a check with the settings of the file's folder.
func (s *server) judge(ctx context.Context, file string, req check.Request) (report check.Report, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("check panicked: %v", cause)
		}
	}()
	s.refreshSettings(ctx, file)
	var checker Checker
	if !s.do(func() { checker = s.checkerFor(file) }) {
		return check.Report{}, context.Canceled
	}
	report, err = checker.Unit(ctx, req)
	if report.Source != nil {
		// Hovers ask later which line of this text a line of the edited one is.
		report.Source.Read(file)
	}
	return report, err
}

// finish takes the result of the newest check in place of the one before.
func (s *server) finish(u *unit, report check.Report, err error) {
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			s.log.Error("check failed", zap.String("file", u.file), zap.Error(err))
		}
		s.sendStatus(u)
		return
	}
	u.report, u.lives = &report, nil
	u.texts = newTextCache(report.Source)
	u.deps = cleaned(report.Deps, u.file, s.state.paths)
	for _, d := range u.deps {
		if _, ok := u.stamps[d]; !ok {
			u.stamps[d] = stampOf(d)
		}
	}
	accepted, rejected, unjudged := report.Counts()
	s.log.Info("checked", zap.String("file", u.file), zap.String("flags", report.Command.Source), zap.Int("accepted", accepted), zap.Int("rejected", rejected),
		zap.Int("unjudged", unjudged), zap.Bool("failed", report.Failed()))
	s.publish(s.state.results.replace(u.file, s.state.paths.respelled(report.Diagnostics(s.settingsFor(u.file).ClangDiagnostics))))
	s.sendStatus(u)
}

func cleaned(deps []string, file string, named *paths) []string {
	out := []string{file}
	for _, d := range deps {
		if filepath.IsAbs(d) {
			out = append(out, named.spelled(filepath.Clean(d)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// startDependents checks every unit that a file is part of, or may be part of now that it exists.
func (s *server) startDependents(file string) {
	for _, u := range s.sortedUnits() {
		if slices.Contains(u.deps, file) || u.mayWaitFor(file) {
			s.start(u)
		}
	}
	s.resweep(func(f string, k *swept) bool { return slices.Contains(k.deps, file) })
}

// mayWaitFor reports whether a file could be the header that the unit lacks.
func (u *unit) mayWaitFor(file string) bool {
	return strings.HasSuffix(file, ".h") && u.report != nil && u.report.LacksHeader()
}

// restartAll checks every unit again, as after a change of settings.
func (s *server) restartAll() {
	for _, u := range s.sortedUnits() {
		s.start(u)
	}
	s.resweep(func(string, *swept) bool { return true })
}

// sortedUnits gives the units in an order that does not change from run to run.
func (s *server) sortedUnits() []*unit {
	var out []*unit
	for _, u := range s.state.units {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *unit) int { return strings.Compare(a.file, b.file) })
	return out
}

// checkerFor returns the checker for the settings that apply to a file. Files that share settings share it, and so share what it
// remembers.
func (s *server) checkerFor(file string) Checker {
	settings, root := s.settingsFor(file), s.folderOf(file)
	key := settings.key(root)
	c, ok := s.state.checkers[key]
	if !ok {
		c = s.o.NewChecker(settings.checker(root))
		s.state.checkers[key] = c
	}
	return c
}

// folderOf is the innermost workspace folder that holds a file, or nothing.
func (s *server) folderOf(file string) string {
	best := ""
	for _, f := range s.state.folders {
		if rel, err := filepath.Rel(f, file); err == nil && filepath.IsLocal(rel) && len(f) > len(best) {
			best = f
		}
	}
	return best
}
