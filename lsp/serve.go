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

// ErrNoShutdown is returned by Serve if the connection ends without the shutdown request that the protocol requires; a
// process then exits with status 1.
var ErrNoShutdown = errors.New("the client disconnected without a shutdown request")

// Checker checks units as check.Checker does.
type Checker interface {
	Unit(ctx context.Context, req check.Request) (check.Report, error)
	// Recorded returns what recorded walks of a unit's programs tell.
	Recorded(ctx context.Context, r *check.Report) *check.Recorded
	// Costs returns where the verification of a unit's programs of a name, all if there is none, spent what.
	Costs(ctx context.Context, r *check.Report, program string) []diag.ProgramCost
	// Hints returns what the verifier knew at the lines of a unit's accepted programs.
	Hints(ctx context.Context, r *check.Report) []diag.LineHint
	// Prove tries the changes for a fault of a unit, and Together several proven ones at once.
	Prove(ctx context.Context, req check.Request, r *check.Report, d *diag.Diagnostic) (check.Proof, error)
	Together(ctx context.Context, req check.Request, r *check.Report, all []check.Repaired) ([]diag.Edit, bool, error)
	// Knows reports whether the project says that a file is a BPF program.
	Knows(ctx context.Context, file string) bool
	// Forget drops everything cached from project files.
	Forget()
}

// Options configure a server; the zero value is valid.
type Options struct {
	// Version of the server, for the client's log.
	Version string
	// Log receives the server's messages; nil discards them. It must not write to the connection.
	Log *zap.Logger
	// Defaults are the settings that apply until a client sends others.
	Defaults Settings
	// NewChecker creates the checker for some settings; nil is check.New.
	NewChecker func(check.Settings) Checker
	// Doctor describes how a file is built and what a check of it depends on; file is empty for this machine alone.
	// Nil means that there is no such command.
	Doctor func(ctx context.Context, file string, s check.Settings) (string, error)
	// Clock is the source of time for waits; nil is the system's.
	Clock Clock
	// Stat returns the state of a file on disk, to detect changes; nil is os.Stat.
	Stat func(name string) (fs.FileInfo, error)
	// Runs bounds how many units are checked at once; 0 selects half the number of processors.
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

// endDelay bounds how long the server takes to end. A client that does not read must not block it.
const endDelay = 3 * time.Second

// killDelay bounds how long after that the processes that it started take to end.
const killDelay = time.Second

// Serve speaks the protocol over in and out until the client sends exit, the input ends, or the context ends. It
// returns nil after an orderly shutdown and ErrNoShutdown otherwise. By then no process that it started is left, and
// all output was written. It gives up on that after a while if the client does not read or a disk does not answer.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, o Options) error {
	files := newStdio(in, out)
	return serveUntil(ctx, jsonrpc2.NewStream(files), files.ended, files.flushed, o)
}

func serve(ctx context.Context, stream jsonrpc2.Stream, o Options) error {
	flushed := make(chan struct{})
	close(flushed)
	return serveUntil(ctx, stream, nil, flushed, o)
}

// serveUntil also ends some time after the input has ended: the client may have sent exit before, and that is still to
// be read. It waits for the output to be flushed.
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
		// A reader in the middle of a frame returns only when the stream is closed.
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
		// meanwhile running work notices that its context has ended
		case <-s.o.Clock.After(Timer{Wait: endWait}, killDelay):
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

// awaitEnd returns when the server must end.
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
