// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap/zaptest"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// bareSession returns a server without a connection, whose methods are called as the connection would. Nothing of it
// outlives the test, so it can run in a bubble of synctest. Connections cannot, because they share a pool of channels.
func bareSession(t *testing.T, options ...func(*Options)) *session {
	t.Helper()
	s := &session{t: t, dir: t.TempDir(), checker: newFakeChecker(), clock: &fakeClock{}, opened: map[string]bool{}}
	o := Options{Defaults: DefaultSettings(), Clock: s.clock, Runs: 4, NewChecker: func(check.Settings) Checker {
		return s.checker
	}}
	o.Stat = s.disk.stat
	o.Log = zaptest.NewLogger(t)
	for _, option := range options {
		option(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := newServer(ctx, o.withDefaults())
	go server.act()
	t.Cleanup(func() {
		cancel()
		server.wait()
	})
	s.server = server
	caps := everything()
	caps.Window = nil
	s.initialize(caps)
	return s
}

// fileTimes has the modification times of files in a bubble, whose clock differs from the file system's.
type fileTimes struct {
	mu       sync.Mutex
	modified map[string]time.Time
}

type bubbleInfo struct {
	fs.FileInfo
	modified time.Time
}

func (i bubbleInfo) ModTime() time.Time { return i.modified }

func (d *fileTimes) stat(name string) (fs.FileInfo, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return bubbleInfo{info, d.modified[name]}, nil
}

// modify makes another version of a file, later than all before.
func (s *session) modify(file string) {
	s.t.Helper()
	synctest.Wait()
	time.Sleep(time.Millisecond)
	s.disk.mu.Lock()
	if s.disk.modified == nil {
		s.disk.modified = map[string]time.Time{}
	}
	s.disk.modified[file] = time.Now()
	s.disk.mu.Unlock()
	time.Sleep(time.Millisecond)
}

// begun returns the files whose checks have begun, when everything is blocked. Use it inside synctest.Test.
func (s *session) begun() (files []string, checks map[string]*pendingCheck) {
	s.t.Helper()
	synctest.Wait()
	checks = map[string]*pendingCheck{}
	for len(s.checker.calls) > 0 {
		c := <-s.checker.calls
		if c.ctx.Err() == nil {
			files, checks[c.req.File] = append(files, c.req.File), c
		}
	}
	return files, checks
}

// crowd opens files until n wait for their turn, and returns the running checks and the waiting files, in the order of
// opening.
func (s *session) crowd(n int) (running map[string]*pendingCheck, waiting []string) {
	s.t.Helper()
	const runs = 4 // of the server in these tests
	for i := range runs {
		s.open(fmt.Sprintf("running%d.bpf.c", i), "#include \"all.h\"\nint a;\n")
	}
	_, running = s.begun()
	if len(running) != runs {
		s.t.Fatalf("%d checks run", len(running))
	}
	for i := range n {
		waiting = append(waiting, s.open(fmt.Sprintf("waiting%02d.bpf.c", i), "#include \"all.h\"\nint a;\n"))
	}
	if more, _ := s.begun(); len(more) > 0 {
		s.t.Fatalf("more than %d checks run: %v", runs, more)
	}
	return running, waiting
}

// next ends a running check, and returns the file whose check begins.
func (s *session) next(running map[string]*pendingCheck) string {
	s.t.Helper()
	for file, c := range running {
		delete(running, file)
		c.ends([]string{filepath.Join(s.dir, "all.h")})
		files, checks := s.begun()
		if len(files) != 1 {
			s.t.Fatalf("%d checks begin when one ends: %v", len(files), files)
		}
		running[files[0]] = checks[files[0]]
		return files[0]
	}
	s.t.Fatal("no check runs")
	return ""
}

// TestSavedFileIsCheckedFirst saves one file while sixty others are being checked or wait.
func TestSavedFileIsCheckedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		_, waiting := s.crowd(60)
		saved := waiting[17]
		s.save(saved)
		begun, _ := s.begun()
		place := 1 + slices.Index(begun, saved)
		t.Logf("the saved file is number %d of %d", place, len(waiting))
		if place != 1 {
			t.Errorf("saved was %s, and begun are %v", saved, begun)
		}
		// A second saved file waits for a turn, but comes before all others.
		s.save(waiting[3])
		if begun, _ := s.begun(); len(begun) > 0 {
			t.Errorf("the turns for saved files do not end: %v", begun)
		}
	})
}

// TestOrderOfChecks queues files that the user has worked on, one after the other.
func TestOrderOfChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		running, waiting := s.crowd(6)
		s.change(waiting[1], 2, whole("int b;\n"))
		s.hover(waiting[0], 0)
		s.open("other.bpf.c", "int a;\n")
		s.change(waiting[4], 2, whole("int b;\n"))
		want := []string{waiting[4], filepath.Join(s.dir, "other.bpf.c"), waiting[0], waiting[1], waiting[5],
			waiting[3], waiting[2]}
		for i, file := range want {
			if got := s.next(running); got != file {
				t.Fatalf("number %d is %s, want %s", i, got, file)
			}
		}
	})
}

// TestWaitingCheckReadsTextsWhenItsTurnComes closes a header while a check of its unit waits: from then on the disk
// decides.
func TestWaitingCheckReadsTextsWhenItsTurnComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		h := s.open("all.h", "int old;\n")
		running, waiting := s.crowd(1)
		s.close(h)
		if got := s.next(running); got != waiting[0] {
			t.Fatalf("next is %s", got)
		}
		if text, ok := running[waiting[0]].req.Overlay(h); ok {
			t.Errorf("the check reads %q of a closed document", text)
		}
	})
}

// TestUsersOfASavedHeaderComeBeforeOthers saves a header of one waiting file.
func TestUsersOfASavedHeaderComeBeforeOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		h := s.open("one.h", "int h;\n")
		user := s.open("user.bpf.c", "#include \"one.h\"\n")
		_, checks := s.begun()
		checks[user].ends([]string{h})
		running, waiting := s.crowd(5)
		s.save(h)
		s.hover(waiting[2], 0)
		if begun, _ := s.begun(); len(begun) > 0 {
			t.Fatalf("begun are %v", begun)
		}
		if got := s.next(running); got != user {
			t.Errorf("first is %s", got)
		}
		if got := s.next(running); got != waiting[2] {
			t.Errorf("second is %s", got)
		}
	})
}

// TestClosedFilesWaitForOpenOnes starts a check of the workspace while open files wait.
func TestClosedFilesWaitForOpenOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		running, waiting := s.crowd(2)
		closed := s.file("closed.bpf.c", "int a;\n")
		_, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandCheckWorkspace})
		s.must(err)
		if begun, _ := s.begun(); len(begun) > 0 {
			t.Fatalf("begun are %v", begun)
		}
		for i := range waiting {
			if got := s.first(running, closed); got != waiting[len(waiting)-1-i] {
				t.Errorf("number %d is %s", i, got)
			}
		}
	})
}

// first is like next, but another file may begin together with it.
func (s *session) first(running map[string]*pendingCheck, too string) string {
	s.t.Helper()
	for file, c := range running {
		delete(running, file)
		c.finds()
		files, checks := s.begun()
		files = slices.DeleteFunc(files, func(f string) bool { return f == too })
		if len(files) != 1 {
			s.t.Fatalf("%d checks begin when one ends: %v", len(files), files)
		}
		running[files[0]] = checks[files[0]]
		return files[0]
	}
	return ""
}

// TestDependenciesOutliveFailedBuilds changes a header after a build that failed before it could name it.
func TestDependenciesOutliveFailedBuilds(t *testing.T) {
	for _, ending := range []string{"timeout", "crash", "cancelled"} {
		t.Run(ending, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := bareSession(t)
				old, now := s.file("old.h", "int h;\n"), s.file("new.h", "int h;\n")
				f := s.open("a.bpf.c", "#include \"old.h\"\n")
				begins := func() *pendingCheck {
					t.Helper()
					begun, checks := s.begun()
					if !slices.Equal(begun, []string{f}) {
						t.Fatalf("begun are %v", begun)
					}
					return checks[f]
				}
				begins().ends([]string{old})
				synctest.Wait()
				s.save(f)
				switch c := begins(); ending {
				case "timeout":
					c.reports(check.Report{File: f, Deps: []string{f}, Partial: true, Faults: nil})
				case "crash":
					c.reports(check.Report{File: f, Deps: []string{f, now}, Partial: true})
				case "cancelled":
					s.change(f, 2, whole("int x;\n"))
					s.save(f)
					begins().reports(check.Report{File: f, Deps: []string{f}, Partial: true})
				}
				s.modify(old)
				s.watched(protocol.FileChangeTypeChanged, old)
				c := begins()
				if ending == "crash" {
					c.reports(check.Report{File: f, Deps: []string{f}, Partial: true})
					s.modify(now)
					s.watched(protocol.FileChangeTypeChanged, now)
					c = begins()
				}
				c.ends([]string{now})
				// A complete build decides.
				s.modify(old)
				s.watched(protocol.FileChangeTypeChanged, old)
				if begun, _ := s.begun(); len(begun) > 0 {
					t.Errorf("a file that is no part of it any more has %v checked", begun)
				}
			})
		})
	}
}

// TestFileThatChangesDuringItsCheck changes a header during a check that is not known to read it.
func TestFileThatChangesDuringItsCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareSession(t)
		h := s.file("h.h", "int h;\n")
		f := s.open("a.bpf.c", "#include \"h.h\"\n")
		for i := range 3 {
			begun, checks := s.begun()
			if !slices.Equal(begun, []string{f}[:min(1, 2-i)]) {
				t.Fatalf("after %d checks, begun are %v", i, begun)
			}
			if i < 2 {
				// It changes each time, but causes only one new check.
				s.modify(h)
				checks[f].ends([]string{h})
			}
		}
	})
}
