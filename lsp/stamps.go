// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"path/filepath"
	"slices"
	"time"
)

// A look at a file on disk may take long or never return, for example on a network mount. So the actor never does it:
// checks look at the files that they are about to read, and another goroutine follows up on a client's reports about
// files on disk.

// stamp distinguishes versions of a file on disk.
type stamp struct {
	size     int64
	modified time.Time
}

// unseen is the stamp of a version that no check is known to have read. It differs from that of any file, even of one
// that does not exist.
var unseen = stamp{size: -1}

func (s *server) stampOf(file string) stamp {
	info, err := s.o.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// stampsOf looks at files until the context ends, which a single look does not notice.
func (s *server) stampsOf(ctx context.Context, files []string) map[string]stamp {
	got := make(chan map[string]stamp, 1)
	go s.guarded(func() {
		out := make(map[string]stamp, len(files))
		for _, f := range files {
			if ctx.Err() != nil {
				return
			}
			out[f] = s.stampOf(f)
		}
		got <- out
	})
	select {
	case out := <-got:
		return out
	case <-ctx.Done():
		return map[string]stamp{}
	}
}

// stampsAfter returns the stamps of the files that a check has read, given those from before it. A file only now known
// to be one of them may have changed during the check; changed reports whether one has.
func (s *server) stampsAfter(ctx context.Context, files []string, before map[string]stamp,
	began time.Time) (after map[string]stamp, changed bool) {
	after = map[string]stamp{}
	for f, now := range s.stampsOf(ctx, files) {
		then, known := before[f]
		switch {
		case known:
			after[f] = then
			changed = changed || now != then
		case now == stamp{}:
			after[f] = unseen // it was removed or never existed: messages can name files that do not exist
		case now.modified.After(began):
			after[f] = unseen
			changed = true
		default:
			after[f] = now
		}
	}
	return after, changed
}

// maxLooks bounds how many looks at files are in progress at once.
const maxLooks = 16

// changedOnDisk checks the units that the files, or files below them, are part of, except those whose newest check has
// seen this version: a save is reported twice, by the editor and by the watcher, and so is a renaming.
func (s *server) changedOnDisk(paths []string) {
	if len(paths) == 0 {
		return
	}
	changed := map[string]bool{}
	for _, path := range paths {
		changed[path] = true
	}
	below := map[string]bool{} // whether a dependency is one of the paths or lies below one
	note := func(deps []string) {
		for _, dep := range deps {
			if _, ok := below[dep]; !ok {
				below[dep] = isBelow(dep, changed)
			}
		}
	}
	for _, u := range s.state.units {
		note(u.deps)
	}
	for _, k := range s.state.swept {
		note(k.deps)
	}
	var files []string
	for dep, yes := range below {
		if yes {
			files = append(files, dep)
		}
	}
	if len(files) == 0 {
		return
	}
	go s.guarded(func() {
		select {
		case s.looks <- struct{}{}:
		case <-s.ctx.Done():
			return
		}
		defer func() { <-s.looks }()
		now := make(map[string]stamp, len(files))
		for _, f := range files {
			now[f] = s.stampOf(f)
		}
		s.do(func() { s.changedTo(now) })
	})
}

// isBelow reports whether a path or a directory above it is among others.
func isBelow(path string, others map[string]bool) bool {
	for {
		if others[path] {
			return true
		}
		up := filepath.Dir(path)
		if up == path {
			return false
		}
		path = up
	}
}

// changedTo checks the units that have not seen these versions of files.
func (s *server) changedTo(now map[string]stamp) {
	for _, u := range s.sortedUnits() {
		waits := u.running && u.stamps == nil // the check sees them
		if !waits && slices.ContainsFunc(u.deps, func(dep string) bool {
			version, looked := now[dep]
			return looked && u.stamps[dep] != version
		}) {
			s.start(u)
		}
	}
	s.resweep(func(_ string, k *swept) bool {
		return slices.ContainsFunc(k.deps, func(dep string) bool {
			version, looked := now[dep]
			return looked && (version == stamp{} || version.modified.After(k.began))
		})
	})
}
