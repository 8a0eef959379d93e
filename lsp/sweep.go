// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unique"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// sweep checks many files that are not open, in the background. It has its own workers, so that a save never waits for
// it.
type sweep struct {
	ctx    context.Context
	cancel context.CancelFunc
	// asked is set if the user asked for the sweep and is told how it ends.
	asked     bool
	searching bool // the search for files is still running
	queue     []string
	waiting   map[string]bool // those in the queue
	running   map[string]bool // those being checked; false if the result will be out of date
	// open are the files that are open, and so are checked as units, but count here; false once they are counted.
	open    map[string]bool
	workers int
	// shared are files with results of more than one unit. They are published occasionally, because the union of
	// thousands of units takes time.
	shared                        map[string]bool
	sharedDue                     int    // how many files are to be done before that
	token                         string // of the progress bar, empty before there is one
	total, done, rejected, failed int
	finished                      chan struct{}
}

// swept is what is kept of a file checked in the background: its results are in the store, the rest would fill the
// memory.
type swept struct {
	deps        []string
	began       time.Time
	lacksHeader bool
}

// maxSweptDiagnostics bounds what is kept of one file. A workspace whose programs do not compile has many thousands of
// errors, and each file shows all of its own when it is opened.
const maxSweptDiagnostics = 20

// sweeping returns the running sweep, or a new one.
func (s *server) sweeping() *sweep {
	if s.state.sweep != nil {
		return s.state.sweep
	}
	sw := &sweep{waiting: map[string]bool{}, running: map[string]bool{}, open: map[string]bool{},
		shared: map[string]bool{}, finished: make(chan struct{})}
	sw.ctx, sw.cancel = context.WithCancel(s.ctx)
	s.state.sweep = sw
	s.progressBar("Checking BPF programs", "", func() { s.cancelSweep(sw) }, sw.finished,
		func(token string) { sw.token = token })
	return sw
}

// cancelSweep ends a sweep; its results stay.
func (s *server) cancelSweep(sw *sweep) {
	sw.queue = nil
	clear(sw.waiting)
	sw.cancel()
	if s.state.sweep == sw {
		s.state.sweep = nil
		s.publishShared(sw)
		close(sw.finished)
	}
}

// enqueue queues files to be checked in the background. A file that is being checked is queued again, because it has
// changed.
func (s *server) enqueue(sw *sweep, files []string) {
	if sw != s.state.sweep {
		return
	}
	for _, f := range files {
		if u := s.state.units[f]; u != nil {
			u.background = true
			s.countOpen(sw, u)
			continue
		}
		if _, runs := sw.running[f]; runs {
			sw.running[f] = false
		}
		if !sw.waiting[f] {
			sw.waiting[f] = true
			sw.queue = append(sw.queue, f)
			if !sw.open[f] {
				sw.total++
			}
			delete(sw.open, f) // closed while it was waited for
		}
	}
	for sw.workers < min(s.o.Runs, len(sw.queue)) {
		sw.workers++
		s.tasks.run(func() { s.sweepOn(sw) })
	}
	s.endSweep(sw)
}

// countOpen counts an open file of a sweep, once, with the result of its own check.
func (s *server) countOpen(sw *sweep, u *unit) {
	awaited, known := sw.open[u.file]
	if !known {
		sw.total++
		awaited = true
	}
	sw.open[u.file] = awaited && u.running
	if !awaited || u.running {
		return
	}
	sw.done++
	if u.report == nil {
		sw.failed++
	} else {
		sw.count(u.report)
	}
}

// checkedOpen continues a sweep that waits for an open file.
func (s *server) checkedOpen(u *unit) {
	if sw := s.state.sweep; sw != nil && sw.open[u.file] {
		s.countOpen(sw, u)
		s.tellSweep(sw)
		s.endSweep(sw)
	}
}

// dropOpen makes a sweep stop waiting for an open file that is gone.
func (s *server) dropOpen(file string) {
	if sw := s.state.sweep; sw != nil && sw.open[file] {
		delete(sw.open, file)
		sw.total--
		s.endSweep(sw)
	}
}

// awaitsOpen reports whether a sweep waits for an open file.
func (sw *sweep) awaitsOpen() bool {
	for _, awaited := range sw.open {
		if awaited {
			return true
		}
	}
	return false
}

// count adds the result of a file.
func (sw *sweep) count(r *check.Report) {
	_, rejected, _ := r.Counts()
	switch {
	case rejected > 0:
		sw.rejected++
	case r.Failed():
		sw.failed++
	}
}

// resweep checks those background files again for which something has changed.
func (s *server) resweep(changed func(file string, k *swept) bool) {
	var files []string
	for f, k := range s.state.swept {
		if changed(f, k) {
			files = append(files, f)
		}
	}
	if len(files) > 0 {
		slices.Sort(files)
		s.enqueue(s.sweeping(), files)
	}
}

// forget drops the background files that do not exist any more.
func (s *server) forget(gone func(file string) bool) {
	for f := range s.state.swept {
		if gone(f) {
			delete(s.state.swept, f)
			s.publish(s.state.results.drop(f))
		}
	}
	if sw := s.state.sweep; sw != nil {
		sw.queue = slices.DeleteFunc(sw.queue, func(f string) bool {
			if !gone(f) {
				return false
			}
			delete(sw.waiting, f)
			sw.total--
			return true
		})
		for f := range sw.running {
			if gone(f) {
				sw.running[f] = false
			}
		}
	}
}

// retire continues with a unit in the background when its file is closed. Its results stay, unless they are for unsaved
// text.
func (s *server) retire(u *unit, unsaved bool) {
	due := unsaved || u.running || u.report == nil
	u.stop()
	delete(s.state.units, u.file)
	s.state.swept[u.file] = &swept{deps: u.deps, began: u.began, lacksHeader: u.report != nil && u.report.LacksHeader()}
	for _, f := range s.state.results.filesOf(u.file) {
		s.publishFile(f)
	}
	s.orphan(u)
	if due {
		s.enqueue(s.sweeping(), []string{u.file})
	}
}

// sweepOn checks file after file until none is left.
func (s *server) sweepOn(sw *sweep) {
	for {
		var file string
		var req check.Request
		var open <-chan struct{}
		s.do(func() {
			if open = s.noneWaits(); open != nil && sw.ctx.Err() == nil {
				return
			}
			open = nil
			if len(sw.queue) == 0 {
				sw.workers--
				s.endSweep(sw)
				return
			}
			file, sw.queue = sw.queue[0], sw.queue[1:]
			delete(sw.waiting, file)
			sw.running[file] = true
			req = s.request(file)
		})
		if open != nil {
			select {
			case <-open:
			case <-sw.ctx.Done():
			}
			continue
		}
		if file == "" {
			return
		}
		began := time.Now()
		f, err := s.judge(sw.ctx, file, req)
		f.files = byFile(file, compacted(f.shown))
		s.do(func() {
			current := sw.running[file]
			delete(sw.running, file)
			sw.done++
			if err != nil && !errors.Is(err, context.Canceled) {
				s.log.Error("check failed", zap.String("file", file), zap.Error(err))
			}
			if err == nil && current && s.state.units[file] == nil && sw.ctx.Err() == nil {
				s.keepSwept(sw, &f, began)
			}
			s.tellSweep(sw)
		})
	}
}

// keepSwept stores the result of a file.
func (s *server) keepSwept(sw *sweep, f *found, began time.Time) {
	report := &f.report
	sw.count(report)
	kept := &swept{began: began, lacksHeader: report.LacksHeader()}
	deps := report.Deps
	if before := s.state.swept[report.File]; before != nil && report.Partial {
		deps = slices.Concat(deps, before.deps)
	}
	for _, d := range cleaned(deps, report.File, s.state.paths) {
		kept.deps = append(kept.deps, unique.Make(d).Value())
	}
	s.state.swept[report.File] = kept
	for _, file := range s.state.results.replace(report.File, f.files) {
		if file == report.File {
			s.publishFile(file)
		} else {
			sw.shared[file] = true
		}
	}
}

// compacted returns the diagnostics to keep, the most severe if there are too many. It copies their strings, so that
// they do not keep larger texts alive.
func compacted(ds []diag.Diagnostic) []diag.Diagnostic {
	if len(ds) > maxSweptDiagnostics {
		slices.SortStableFunc(ds, func(a, b diag.Diagnostic) int { return int(a.Severity) - int(b.Severity) })
		ds = ds[:maxSweptDiagnostics]
	}
	out := slices.Clone(ds)
	for i := range out {
		d := &out[i]
		d.Reason, d.Suggestion, d.Problem, d.Kernel = strings.Clone(d.Reason), strings.Clone(d.Suggestion),
			strings.Clone(d.Problem), strings.Clone(d.Kernel)
		d.Span.File = unique.Make(d.Span.File).Value()
		d.Related = slices.Clone(d.Related[:min(len(d.Related), 2*maxRelated)])
		for k := range d.Related {
			r := &d.Related[k]
			r.Message, r.Span.File = strings.Clone(r.Message), unique.Make(r.Span.File).Value()
		}
	}
	return out
}

// tellSweep moves the progress bar, at most a hundred times.
func (s *server) tellSweep(sw *sweep) {
	if s.state.sweep != sw || sw.done*100/sw.total == (sw.done-1)*100/sw.total {
		return
	}
	if sw.done >= sw.sharedDue {
		s.publishShared(sw)
		sw.sharedDue = sw.done + sw.done/4 // merging takes longer with more units
	}
	if sw.token == "" {
		return
	}
	message, percentage := fmt.Sprintf("%d of %d files", sw.done, sw.total), uint32(sw.done*100/sw.total)
	s.sendProgress(sw.token, &protocol.WorkDoneProgressReport{Kind: "report", Message: &message,
		Percentage: &percentage})
}

func (s *server) publishShared(sw *sweep) {
	for f := range sw.shared {
		s.publishFile(f)
	}
	clear(sw.shared)
}

// endSweep ends a sweep that has nothing left to do, and reports to a user who asked for it.
func (s *server) endSweep(sw *sweep) {
	if s.state.sweep != sw || sw.searching || sw.workers > 0 || len(sw.queue) > 0 || sw.awaitsOpen() {
		return
	}
	s.state.sweep = nil
	s.publishShared(sw)
	close(sw.finished)
	sw.cancel()
	if !sw.asked {
		return
	}
	text := fmt.Sprintf("bpf-lsp: files checked: %d, with rejected programs: %d, not checked: %d.",
		sw.done, sw.rejected, sw.failed)
	s.log.Info("workspace checked", zap.Int("files", sw.done), zap.Int("rejected", sw.rejected),
		zap.Int("failed", sw.failed))
	s.outbox.send(func(ctx context.Context) {
		_ = s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text})
	})
}
