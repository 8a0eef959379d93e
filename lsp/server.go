// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
)

// phase is the stage in the life of a server.
type phase int32

const (
	phaseNew phase = iota
	phaseRunning
	phaseShutdown
)

// server answers one client. The fields up to exit are set before the first message. Only the actor uses state.
type server struct {
	protocol.UnimplementedServer

	ctx    context.Context // ends with the connection
	o      Options
	log    *zap.Logger
	conn   jsonrpc2.Conn
	client protocol.Client
	outbox *outbox
	inbox  chan func()
	looks  chan struct{} // one per goroutine that looks at files on disk
	// proving holds one value while changes are tried
	proving chan struct{}
	exit    chan struct{} // closed by the exit notification
	quiet   chan struct{} // closed by the shutdown request

	exitOnce  sync.Once
	quietOnce sync.Once
	phase     atomic.Int32
	paths     atomic.Pointer[paths]
	orderly   atomic.Bool
	tasks     tasks

	state state
}

// state is owned by the actor.
type state struct {
	client    clientFeatures
	settings  Settings
	folders   []string // workspace folders, absolute
	paths     *paths   // the same as the server's
	documents map[uri.URI]*document
	units     map[string]*unit // by file name
	turns     turns
	uses      uint64 // how often the user worked on a unit
	results   store
	published map[string]published // by file name
	publisher publisher
	checkers  map[string]Checker // by settings
	// pulled are the settings requested from the client, by workspace folder; elsewhere the settings it has sent apply.
	pulled map[string]Settings
	// questions are the pending requests for settings, by workspace folder.
	questions map[string]*question
	// swept are the files that were checked though they are not open. sweep checks such files; it is nil while there
	// are none to check.
	swept map[string]*swept
	sweep *sweep
	// edits has the number of the newest edit of each file that is to be checked when the user pauses.
	edits     map[string]uint64
	editCount uint64
	// workspacePulled reports whether the client has requested the workspace's diagnostics; streams are its pending
	// requests.
	workspacePulled bool
	streams         map[*stream]bool
	// These tell the client to request again.
	diagnosticRefresh, lensRefresh, hintRefresh refresher
	// orphans are closed headers that the client received with units that are gone.
	orphans map[string]bool
	// progress cancels the check of a progress bar, by token.
	progress      map[string]context.CancelFunc
	progressCount int
	// machineFault is what the user was told that this machine lacks, empty if nothing.
	machineFault string
}

func newServer(ctx context.Context, o Options) *server {
	s := &server{ctx: ctx, o: o, log: o.Log, outbox: newOutbox(), inbox: make(chan func()),
		looks: make(chan struct{}, maxLooks), exit: make(chan struct{}),
		quiet: make(chan struct{}), proving: make(chan struct{}, 1)}
	s.log = withClientLog(o.Log, s)
	s.state = state{
		settings:  o.Defaults,
		documents: map[uri.URI]*document{},
		units:     map[string]*unit{},
		results:   newStore(),
		published: map[string]published{},
		publisher: publisher{waiting: map[string]bool{}},
		checkers:  map[string]Checker{},
		pulled:    map[string]Settings{},
		questions: map[string]*question{},
		swept:     map[string]*swept{},
		edits:     map[string]uint64{},
		streams:   map[*stream]bool{},
		orphans:   map[string]bool{},
		progress:  map[string]context.CancelFunc{},
	}
	s.tasks.guard = s.guarded
	s.setPaths(&paths{})
	return s
}

// setPaths is for the actor; others read the server's own pointer.
func (s *server) setPaths(p *paths) {
	s.state.paths = p
	s.paths.Store(p)
}

// stop cancels all checks.
func (s *server) stop() {
	s.do(s.stopChecks)
	s.outbox.flush()
}

// stopChecks cancels every check, including those in the background.
func (s *server) stopChecks() {
	for _, u := range s.state.units {
		u.stop()
	}
	if s.state.sweep != nil {
		s.cancelSweep(s.state.sweep)
	}
}

// guarded runs f. A panic of f must not end the server: it is logged, and the result is lost.
func (s *server) guarded(f func()) {
	defer func() {
		if cause := recover(); cause != nil {
			s.log.Error("a task panicked", zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
		}
	}()
	f()
}

// wait returns when every goroutine that may hold a process has ended.
func (s *server) wait() { s.tasks.close() }

// tasks counts goroutines that must end before the server does; none starts after close.
type tasks struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
	guard  func(func())
}

// run starts f in a goroutine, unless the server is ending.
func (t *tasks) run(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.wg.Go(func() { t.guard(f) })
	}
}

func (t *tasks) close() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.wg.Wait()
}
