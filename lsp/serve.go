// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// ErrNoShutdown is returned by Serve when the connection ended without the shutdown request that the protocol asks for; a process
// then exits with status 1.
var ErrNoShutdown = errors.New("the client left without asking the server to shut down")

// Checker checks units as check.Checker does.
type Checker interface {
	Unit(ctx context.Context, req check.Request) (check.Report, error)
	// Lives tells where the resources of a unit's accepted programs live.
	Lives(ctx context.Context, r *check.Report) []diag.Lives
	// Knows reports whether the project says that a file is a BPF program.
	Knows(ctx context.Context, file string) bool
	// Forget has everything looked for anew that was found where files of the project lay.
	Forget()
}

// Options configure a server; the zero value is a working one.
type Options struct {
	// Version of the server, for the client's log.
	Version string
	// Log receives what the server has to say; nil discards it. It must not write to the connection.
	Log *zap.Logger
	// Defaults are the settings that apply until a client sends others.
	Defaults Settings
	// NewChecker makes the checker for some settings; nil is check.New.
	NewChecker func(check.Settings) Checker
	// Clock measures how long the server waits before it does something; nil is the system's.
	Clock Clock
	// Stat looks at a file on disk, to see whether it has changed; nil is os.Stat.
	Stat func(name string) (fs.FileInfo, error)
	// Runs bounds how many units are checked at once; 0 means half the processors.
	Runs int
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.NewChecker == nil {
		o.NewChecker = func(s check.Settings) Checker { return check.New(s) }
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Stat == nil {
		o.Stat = os.Stat
	}
	if o.Runs <= 0 {
		o.Runs = max(1, runtime.GOMAXPROCS(0)/2)
	}
	return o
}

// endDelay is how long the server takes at most to end. A client that does not read what is written must not keep it.
const endDelay = 3 * time.Second

// killDelay is how long after that the processes which it started have to end.
const killDelay = time.Second

// Serve speaks the protocol over in and out until the client says exit, the input ends, or the context does. It returns nil after an
// orderly shutdown, ErrNoShutdown after any other end. No process that it started is left then, and all that was written has gone out;
// only for a client that does not read, or a disk that does not answer, that is given up after a while.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, o Options) error {
	files := newStdio(in, out)
	return serveUntil(ctx, jsonrpc2.NewStream(files), files.ended, files.flushed, o)
}

func serve(ctx context.Context, stream jsonrpc2.Stream, o Options) error {
	flushed := make(chan struct{})
	close(flushed)
	return serveUntil(ctx, stream, nil, flushed, o)
}

// serveUntil also ends some time after the input has: the client may have said exit before, and that is still to be read. It waits for
// the output to be flushed.
func serveUntil(ctx context.Context, stream jsonrpc2.Stream, inputEnded, flushed <-chan struct{}, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(ctx, o.withDefaults())
	conn := s.connect(stream)
	s.awaitEnd(conn, inputEnded)
	late := s.o.Clock.After(Timer{Wait: endWait}, endDelay)
	stopped, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.stop()
		cancel()
		// A reader in the middle of a frame only returns when the stream is closed.
		_ = stream.Close()
		<-conn.Done()
		s.wait()
		close(stopped)
		<-flushed
	}()
	select {
	case <-ended:
	case <-late:
		cancel()
		select {
		case <-stopped:
		case <-s.o.Clock.After(Timer{Wait: endWait}, killDelay): // what runs notices meanwhile that its context has ended
		}
	}
	orderly := s.orderly.Load()
	select {
	case <-conn.Done():
		if err := conn.Err(); err != nil && !orderly {
			return fmt.Errorf("%w: %w", ErrNoShutdown, err)
		}
	default:
	}
	if !orderly {
		return ErrNoShutdown
	}
	return nil
}

// awaitEnd returns when the server is to end.
func (s *server) awaitEnd(conn jsonrpc2.Conn, inputEnded <-chan struct{}) {
	var late <-chan time.Time
	for {
		select {
		case <-conn.Done():
			return
		case <-s.exit:
			return
		case <-s.ctx.Done():
			return
		case <-late:
			return
		case <-inputEnded:
			inputEnded, late = nil, s.o.Clock.After(Timer{Wait: inputWait}, endDelay)
		}
	}
}
