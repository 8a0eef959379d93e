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

// Serve speaks the protocol over in and out until the client says exit, the input ends, or the context does. It returns when no
// process that it started is left: nil after an orderly shutdown, ErrNoShutdown after any other end.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, o Options) error {
	// A read of standard input cannot be interrupted, so it happens in a goroutine of its own, which the exit of the process ends.
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	return serve(ctx, jsonrpc2.NewStream(pipe{r, out}), o)
}

func serve(ctx context.Context, stream jsonrpc2.Stream, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(ctx, o.withDefaults())
	conn := s.connect(stream)
	select {
	case <-conn.Done():
	case <-s.exit:
	case <-ctx.Done():
	}
	orderly := s.stop()
	cancel()
	// A reader in the middle of a frame only returns when the stream is closed.
	_ = stream.Close()
	<-conn.Done()
	s.wait()
	if err := conn.Err(); err != nil && !orderly {
		return fmt.Errorf("%w: %w", ErrNoShutdown, err)
	}
	if !orderly {
		return ErrNoShutdown
	}
	return nil
}

// pipe makes one stream of two.
type pipe struct {
	io.ReadCloser
	out io.WriteCloser
}

func (p pipe) Write(b []byte) (int, error) { return p.out.Write(b) }

func (p pipe) Close() error { return errors.Join(p.ReadCloser.Close(), p.out.Close()) }
