// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"io"
	"sync"
)

// A client may stop reading, because of a bug or because it is stopped in a debugger. The server must still notice what
// it sent last: exit, or the end of its input. So neither side waits for the client: input is read ahead, and output is
// buffered.

// maxAhead and maxBehind bound the buffers. Beyond them, reads or writes do wait.
const (
	maxAhead  = 64 << 20
	maxBehind = 64 << 20
	maxIdle   = 1 << 20 // memory that an empty buffer keeps
)

// buffer holds bytes on their way from a writer to a reader.
type buffer struct {
	mu      sync.Mutex
	changed *sync.Cond
	data    bytes.Buffer
	max     int
	err     error // why nothing is added any more
	broken  bool  // there is no reader any more
}

func newBuffer(limit int) *buffer {
	b := &buffer{max: limit}
	b.changed = sync.NewCond(&b.mu)
	return b
}

// Write adds bytes as soon as there is room.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.err == nil && !b.broken && b.data.Len() >= b.max {
		b.changed.Wait()
	}
	if b.err != nil || b.broken {
		return 0, io.ErrClosedPipe
	}
	b.data.Write(p)
	b.changed.Broadcast()
	return len(p), nil
}

// end makes readers get err when they have read the rest.
func (b *buffer) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
	}
	b.changed.Broadcast()
}

// abandon makes readers and writers fail at once.
func (b *buffer) abandon() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = true
	b.changed.Broadcast()
}

// Read waits for bytes.
func (b *buffer) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.broken && b.err == nil && b.data.Len() == 0 {
		b.changed.Wait()
	}
	switch {
	case b.broken:
		return 0, io.ErrClosedPipe
	case b.data.Len() == 0:
		return 0, b.err
	}
	n, _ := b.data.Read(p)
	if b.data.Len() == 0 && b.data.Cap() > maxIdle {
		b.data = bytes.Buffer{}
	}
	b.changed.Broadcast()
	return n, nil
}

// stdio is a connection over two files whose pending reads and writes may return only when the process ends: those of a
// pipe cannot be interrupted.
type stdio struct {
	in, out *buffer
	// ended is closed when the client's side of the input is, flushed when all output was written or cannot be.
	ended, flushed chan struct{}
}

// newStdio starts to read in and to write to out, which it closes at the end.
func newStdio(in io.Reader, out io.WriteCloser) *stdio {
	s := &stdio{in: newBuffer(maxAhead), out: newBuffer(maxBehind), ended: make(chan struct{}),
		flushed: make(chan struct{})}
	go func() {
		defer close(s.ended)
		_, err := io.Copy(struct{ io.Writer }{s.in}, in)
		if err == nil {
			err = io.EOF
		}
		s.in.end(err)
	}()
	go func() {
		defer close(s.flushed)
		defer out.Close()
		if _, err := io.Copy(out, struct{ io.Reader }{s.out}); err != nil {
			s.out.abandon()
		}
	}()
	return s
}

func (s *stdio) Read(p []byte) (int, error) { return s.in.Read(p) }

func (s *stdio) Write(p []byte) (int, error) { return s.out.Write(p) }

// Close ends the connection; output already written is still sent.
func (s *stdio) Close() error {
	s.in.abandon()
	s.out.end(io.EOF)
	return nil
}
