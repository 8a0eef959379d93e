// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"go.lsp.dev/protocol"
)

// TestNoRequestWaitsForADisk makes looks at one header never return, as on a network mount whose server is down.
func TestNoRequestWaitsForADisk(t *testing.T) {
	var hangs atomic.Bool
	entered, goOn := make(chan struct{}, 64), make(chan struct{})
	s := startWith(t, nil, func(o *Options) {
		o.Stat = func(name string) (fs.FileInfo, error) {
			if hangs.Load() && filepath.Base(name) == "far.h" {
				entered <- struct{}{}
				<-goOn
			}
			return os.Stat(name)
		}
	})
	s.initialize(everything())
	far := s.open("far.h", "int h;\n")
	f, other := s.open("a.bpf.c", "#include \"far.h\"\n"), filepath.Join(s.dir, "b.bpf.c")
	s.checkOf(f).ends([]string{far}, at(f, 1, 1, "x"))
	s.published()
	hangs.Store(true)
	for i, event := range []func(){
		func() { s.touch(far); s.watched(protocol.FileChangeTypeChanged, far) },
		func() { s.watched(protocol.FileChangeTypeDeleted, far) },
		func() { s.watched(protocol.FileChangeTypeCreated, far) },
		func() { s.save(far) },
		func() { s.save(f) },
	} {
		event()
		receive(t, entered, "look at the header")
		if s.hover(f, 0) == "" {
			t.Errorf("event %d: no hover", i)
		}
		s.open("b.bpf.c", "int b;\n")
		s.checkOf(other).finds(at(other, 1, 5, "y"))
		if got := s.published(); fileOf(got.URI) != other {
			t.Errorf("event %d: diagnostics of %s", i, got.URI)
		}
		s.close(other)
		s.published()
	}
	hangs.Store(false)
	close(goOn)
	s.checkOf(f).finds()
}

// touch makes another version of a file, whatever the resolution of the file system's clock.
func (s *session) touch(file string) {
	s.t.Helper()
	text, err := os.ReadFile(file)
	s.must(err)
	s.must(os.WriteFile(file, append(text, '\n'), 0o644))
}
