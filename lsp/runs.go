// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// unit is a compilation unit: an open BPF file with its results.
type unit struct {
	file       string
	generation uint64 // of the newest check
	cancel     context.CancelFunc
	running    bool
	report     *check.Report   // of the last completed check, nil before the first
	recorded   *check.Recorded // of the programs of report, nil before the first request
	hints      *hintJob        // of the accepted programs of report, nil before the first request
	texts      *textCache      // the files of the report, as they were
	// the files that it is made of, according to the last complete build and failed ones since
	deps   []string
	stamps map[string]stamp // of deps when the newest check began; nil before that
	began  time.Time        // when it did
	again  bool             // it is checked again because a file changed during the previous check
	// Go files that changed during the running check, which alone knows whether it uses them
	touched    map[string]bool
	urgency    urgency         // of the check that waits or runs
	used       uint64          // when the user last worked on it; greater is later
	outcome    *outcome        // of the running check
	related    map[string]bool // headers that the client received together with the unit
	proofs     *proofs         // of the faults of report, nil if there are no changes to try
	background bool            // is checked in the background after it is closed

	cancelHints context.CancelFunc // of the running job
}

// stop cancels the running check and ensures that its result is dropped.
func (u *unit) stop() {
	u.generation++
	u.dropProofs()
	u.running = false
	u.release(superseded)
	u.stopHints()
	if u.cancel != nil {
		u.cancel()
		u.cancel = nil
	}
}

// adopt makes an open document a unit if it is a BPF program, and checks it. The project's own files are read last,
// outside the actor, as they may be large.
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
	u := &unit{file: file, deps: []string{file}}
	if k := s.state.swept[file]; k != nil {
		u.background, u.deps = true, k.deps
		delete(s.state.swept, file)
	}
	s.state.units[file] = u
	s.use(file)
	s.start(u)
}

// dropUnit drops a unit and everything published for it.
func (s *server) dropUnit(u *unit) {
	u.stop()
	delete(s.state.units, u.file)
	s.publish(s.state.results.drop(u.file))
	s.orphan(u)
	s.dropOpen(u.file)
}

// start checks a unit and cancels a running check of it, whose result would be out of date.
func (s *server) start(u *unit) {
	u.stop()
	ctx, cancel := context.WithCancel(s.ctx)
	u.cancel, u.running, u.again, u.stamps, u.touched = cancel, true, false, nil, map[string]bool{}
	u.outcome = &outcome{over: make(chan struct{})}
	generation := u.generation
	r := &run{unit: u, turn: s.turnFor(u), deps: u.deps}
	s.sendStatus(u)
	finished := make(chan struct{})
	s.showProgress(u, cancel, finished)
	s.tasks.run(func() {
		defer close(finished)
		defer cancel()
		f, err := s.check(ctx, r)
		s.do(func() {
			if u.generation != generation {
				return
			}
			u.running, u.cancel, u.urgency = false, nil, urgencyNone
			again, outdated := u.again, r.outdated || err == nil && u.touched[f.report.Command.Origin]
			s.finish(r, f, err)
			if outdated && !again {
				u.release(completed)
				s.start(u)
				u.again = true
				return
			}
			s.checkedOpen(u)
			// Requests that wait for this check are answered with what the client holds.
			ended := u.outcome
			s.afterPublishing(func() {
				if u.outcome == ended {
					u.release(completed)
				}
			})
		})
	})
}

// run is one check of a unit, with what is known about the files that it reads.
type run struct {
	unit     *unit
	turn     *turn
	began    time.Time
	deps     []string
	stamps   map[string]stamp
	outdated bool // one of them changed during the check
}

// found is the result of a check.
type found struct {
	req    check.Request
	report check.Report
	shown  []diag.Diagnostic            // what the client gets
	files  map[string][]diag.Diagnostic // the same by file
}

// check waits for its turn and runs the check. The only error is the end of the context; a bug in the server becomes a
// fault in the report.
func (s *server) check(ctx context.Context, r *run) (found, error) {
	file := r.unit.file
	defer s.do(func() { s.endTurn(r.turn) })
	select {
	case <-r.turn.came:
	case <-ctx.Done():
		return found{}, ctx.Err()
	}
	over, ended := make(chan struct{}), s.o.Clock.After(Timer{turnWait, file}, turnLength)
	defer close(over)
	go func() {
		select {
		case <-ended:
			s.do(func() { s.endTurn(r.turn) })
		case <-over:
		}
	}()
	s.look(ctx, r)
	if ctx.Err() != nil {
		return found{}, ctx.Err()
	}
	// Only now, since a document may have been closed and its file changed while the check waited for its turn.
	var req check.Request
	s.do(func() { req = s.request(file) })
	f, err := s.judge(ctx, file, req)
	f.req = req
	if err == nil {
		s.lookAgain(ctx, r, &f.report)
		f.files = byFile(file, f.shown)
	}
	return f, err
}

// look records which versions of the unit's files a check is about to read.
func (s *server) look(ctx context.Context, r *run) {
	r.began = time.Now()
	r.stamps = s.stampsOf(ctx, r.deps)
	s.do(func() {
		if ctx.Err() == nil {
			r.unit.began, r.unit.stamps = r.began, r.stamps
		}
	})
}

// lookAgain finds out which files a check has read. If the build did not complete, files known before are kept.
func (s *server) lookAgain(ctx context.Context, r *run, report *check.Report) {
	deps := cleaned(report.Deps, report.File, s.paths.Load())
	if report.Partial {
		deps = slices.Concat(deps, r.deps)
		slices.Sort(deps)
		deps = slices.Compact(deps)
	}
	r.deps = deps
	r.stamps, r.outdated = s.stampsAfter(ctx, deps, r.stamps, r.began)
}

// judge runs a check with the settings of the file's folder.
func (s *server) judge(ctx context.Context, file string, req check.Request) (f found, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("check panicked: %v", cause)
		}
	}()
	s.refreshSettings(ctx, file)
	var checker Checker
	var compiler bool
	if !s.do(func() { checker, compiler = s.checkerFor(file), s.settingsFor(file).ClangDiagnostics }) {
		return found{}, context.Canceled
	}
	f.report, err = checker.Unit(ctx, req)
	if f.report.Source != nil {
		// Hovers later map a line of the edited text to this one.
		f.report.Source.Read(file)
	}
	if err == nil {
		ds := f.report.Diagnostics()
		if !compiler {
			ds = f.report.DiagnosticsBesideClangd()
		}
		f.shown = s.paths.Load().respelled(f.report.ForEditor(aboutFiles(ds)))
	}
	return f, err
}

// finish replaces the previous result by that of the newest check.
func (s *server) finish(r *run, f found, err error) {
	u, report := r.unit, &f.report
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			s.log.Error("check failed", zap.String("file", u.file), zap.Error(err))
		}
		s.sendStatus(u)
		return
	}
	u.report, u.recorded, u.hints = report, nil, nil
	u.texts = newTextCache(report.Source)
	u.deps, u.stamps = r.deps, r.stamps
	accepted, rejected, unjudged := report.Counts()
	s.log.Info("checked", zap.String("file", u.file), zap.String("flags", report.Command.Source),
		zap.Int("accepted", accepted), zap.Int("rejected", rejected),
		zap.Int("unjudged", unjudged), zap.Bool("failed", report.Failed()))
	s.noticeMachine(report)
	s.publish(s.state.results.replace(u.file, f.files))
	s.refreshLenses()
	s.refreshHints()
	s.prove(u, &f)
	s.afterPublishing(func() {
		if s.state.units[u.file] == u {
			s.sendStatus(u)
		}
	})
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
			u.hurry(urgencyHeader)
			s.start(u)
		}
	}
	s.resweep(func(f string, k *swept) bool { return slices.Contains(k.deps, file) })
}

// mayWaitFor reports whether a file may be the header that the unit lacks.
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

// sortedUnits returns the units in an order that does not change from run to run.
func (s *server) sortedUnits() []*unit {
	var out []*unit
	for _, u := range s.state.units {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *unit) int { return strings.Compare(a.file, b.file) })
	return out
}

// checkedUnits returns the units that are made of a file, and were checked.
func (s *server) checkedUnits(file string) []*unit {
	return slices.DeleteFunc(s.sortedUnits(), func(u *unit) bool {
		return u.report == nil || !slices.Contains(u.deps, file)
	})
}

// checkerFor returns the checker for the settings that apply to a file. Files with equal settings share a checker and
// its caches.
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

// folderOf returns the innermost workspace folder that holds a file, empty for none.
func (s *server) folderOf(file string) string {
	best := ""
	for _, f := range s.state.folders {
		if rel, err := filepath.Rel(f, file); err == nil && filepath.IsLocal(rel) && len(f) > len(best) {
			best = f
		}
	}
	return best
}
