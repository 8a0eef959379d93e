// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// session is a server and its client, in one process.
type session struct {
	t       *testing.T
	dir     string // holds the files of the test
	server  protocol.Server
	conn    jsonrpc2.Conn
	client  *fakeClient
	checker *fakeChecker
	clock   *fakeClock
	disk    fileTimes
	served  chan error    // what serve returned
	waits   chan struct{} // a request for diagnostics waits
	created []check.Settings
	mu      sync.Mutex

	opened   map[string]bool
	answered []*pendingCheck // of open files, since the last call of settled
}

// start connects a client to a new server, without initializing it.
func start(t *testing.T) *session {
	t.Helper()
	return startWith(t, nil)
}

// startWith uses another checker than the test itself.
func startWith(t *testing.T, newChecker func(check.Settings) Checker, options ...func(*Options)) *session {
	t.Helper()
	s := &session{t: t, dir: t.TempDir(), client: newFakeClient(), checker: newFakeChecker(), clock: &fakeClock{},
		served: make(chan error, 1),
		waits:  make(chan struct{}, 64), opened: map[string]bool{}}
	s.client.over = t.Context().Done()
	ours, theirs := jsonrpc2.NewChannelStreamPair(64)
	o := Options{Version: "test", Defaults: DefaultSettings(), Clock: s.clock, Runs: 4,
		NewChecker: func(cs check.Settings) Checker {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.created = append(s.created, cs)
			return s.checker
		}}
	if newChecker != nil {
		o.NewChecker = newChecker
	}
	o.Log = zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zapcore.EncoderConfig{}), zapcore.AddSync(io.Discard),
		zapcore.DebugLevel), zap.Hooks(func(e zapcore.Entry) error {
		if e.Message == waitsForCheck {
			s.waits <- struct{}{}
		}
		return nil
	}))
	for _, option := range options {
		option(&o)
	}
	go func() { s.served <- serve(context.Background(), ours, o) }()
	s.conn = patient{jsonrpc2.NewConn(theirs, jsonrpc2.WithCodec(codec{})), t}
	s.server = protocol.ServerDispatcher(s.conn)
	direct := protocol.ClientHandler(s.client, s.client.other)
	calls := protocol.Handlers(direct)
	s.conn.Go(context.Background(), func(ctx context.Context, req *jsonrpc2.Request) (any, error) {
		if s.client.raw != nil && req.Method() == protocol.MethodTextDocumentPublishDiagnostics {
			s.client.raw(req.Params())
			return nil, nil
		}
		if !req.IsCall() {
			return direct(ctx, req) // in order of arrival
		}
		return calls(ctx, req)
	})
	t.Cleanup(func() {
		s.conn.Close()
	})
	return s
}

// newSession returns a server initialized by a client that supports everything.
func newSession(t *testing.T) *session {
	t.Helper()
	s := start(t)
	s.initialize(everything())
	return s
}

func everything() protocol.ClientCapabilities {
	yes := true
	return protocol.ClientCapabilities{
		General: &protocol.GeneralClientCapabilities{PositionEncodings: []protocol.PositionEncodingKind{
			protocol.PositionEncodingKindUTF16}},
		Window: &protocol.WindowClientCapabilities{WorkDoneProgress: &yes},
		TextDocument: &protocol.TextDocumentClientCapabilities{
			PublishDiagnostics: &protocol.PublishDiagnosticsClientCapabilities{
				DiagnosticsCapabilities: protocol.DiagnosticsCapabilities{RelatedInformation: &yes}},
			Hover: &protocol.HoverClientCapabilities{ContentFormat: []protocol.MarkupKind{protocol.MarkupKindMarkdown}},
		},
	}
}

func (s *session) initialize(c protocol.ClientCapabilities, options ...string) *protocol.InitializeResult {
	s.t.Helper()
	params := &protocol.InitializeParams{Capabilities: c}
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(s.dir), Name: "test"}})
	if len(options) > 0 {
		params.InitializationOptions = protocol.LSPAny(options[0])
	}
	r, err := s.server.Initialize(s.t.Context(), params)
	if err != nil {
		s.t.Fatal(err)
	}
	s.must(s.server.Initialized(s.t.Context(), &protocol.InitializedParams{}))
	return r
}

func (s *session) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// file writes a file and returns its absolute name.
func (s *session) file(name, text string) string {
	s.t.Helper()
	name = filepath.Join(s.dir, name)
	s.must(os.WriteFile(name, []byte(text), 0o644))
	return name
}

// open writes a file and opens it in the client, version 1.
func (s *session) open(name, text string) string {
	s.t.Helper()
	name = s.file(name, text)
	s.opened[name] = true
	s.must(s.server.DidOpen(s.t.Context(), &protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{
		URI: uri.File(name), LanguageID: "c", Version: 1, Text: text}}))
	return name
}

func (s *session) change(file string, version int32, changes ...protocol.TextDocumentContentChangeEvent) {
	s.t.Helper()
	params := &protocol.DidChangeTextDocumentParams{ContentChanges: changes}
	params.TextDocument.URI, params.TextDocument.Version = uri.File(file), version
	s.must(s.server.DidChange(s.t.Context(), params))
}

func whole(text string) protocol.TextDocumentContentChangeEvent {
	return &protocol.TextDocumentContentChangeWholeDocument{Text: text}
}

func (s *session) save(file string) {
	s.t.Helper()
	s.must(s.server.DidSave(s.t.Context(),
		&protocol.DidSaveTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}}))
}

func (s *session) close(file string) {
	s.t.Helper()
	delete(s.opened, file)
	s.must(s.server.DidClose(s.t.Context(),
		&protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}}))
}

// hover is the text at the beginning of a line.
func (s *session) hover(file string, line uint32) string {
	s.t.Helper()
	return s.hoverAt(file, line, 0)
}

func (s *session) hoverAt(file string, line, character uint32) string {
	s.t.Helper()
	params := &protocol.HoverParams{}
	params.TextDocument.URI, params.Position.Line, params.Position.Character = uri.File(file), line, character
	h, err := s.server.Hover(s.t.Context(), params)
	s.must(err)
	if h == nil {
		return ""
	}
	return h.Contents.(*protocol.MarkupContent).Value
}

// check waits for the next check to begin.
func (s *session) check() *pendingCheck {
	s.t.Helper()
	c := receive(s.t, s.checker.calls, "a check")
	c.session = s
	return c
}

// published waits for the next diagnostics.
func (s *session) published() *protocol.PublishDiagnosticsParams {
	s.t.Helper()
	return receive(s.t, s.client.diagnostics, "diagnostics")
}

// settled waits until everything sent so far was handled, including the results of checks, and all diagnostics were
// sent: it publishes a known value last. Checks that began before and are cancelled do not count.
func (s *session) settled() {
	s.t.Helper()
	for _, c := range s.answered {
		receive(s.t, c.ctx.Done(), "the server to take the result of the check of "+c.req.File)
	}
	s.answered = nil
	name := s.open("settled.bpf.c", "int x;\n")
	c := s.check()
	for c.req.File != name && c.ctx.Err() != nil {
		c = s.check()
	}
	if c.req.File != name {
		s.t.Fatalf("unexpected check of %s", c.req.File)
	}
	c.finds(at(name, 1, 5, "settled"))
	p := s.published()
	if fileOf(p.URI) != name {
		s.t.Fatalf("unexpected diagnostics for %s: %v", p.URI, p.Diagnostics)
	}
	s.close(name)
	if p := s.published(); fileOf(p.URI) != name || len(p.Diagnostics) != 0 {
		s.t.Fatalf("unexpected diagnostics for %s: %v", p.URI, p.Diagnostics)
	}
}

// checkOf waits for the next check and requires that it is of file.
func (s *session) checkOf(file string) *pendingCheck {
	s.t.Helper()
	c := s.check()
	if c.req.File != file {
		s.t.Fatalf("check of %s, want %s", c.req.File, file)
	}
	return c
}

// ended waits until the server has processed the result of the check of a file. Files that change before that changed
// during the check.
func (s *session) ended(file string) {
	s.t.Helper()
	_, err := s.server.Diagnostic(s.t.Context(),
		&protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}})
	s.must(err)
}

// receive waits for a value, with a deadline.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	return deadline.Receive(t, from, what)
}

// canceled waits until the check was cancelled.
func (c *pendingCheck) canceled(t *testing.T) {
	t.Helper()
	receive(t, c.ctx.Done(), "the end of the check of "+c.req.File)
}

// reports ends the check.
func (c *pendingCheck) reports(r check.Report) {
	select {
	case c.answer <- r:
		if s := c.session; s != nil && s.opened[c.req.File] {
			s.answered = append(s.answered, c)
		}
	case <-c.gone:
		panic("the check of " + c.req.File + " was cancelled before the test ended it")
	}
}

// patient is a connection whose requests must be answered before a deadline.
type patient struct {
	jsonrpc2.Conn
	t *testing.T
}

func (p patient) Call(ctx context.Context, method string, params, result any) (id jsonrpc2.ID, err error) {
	defer deadline.Watch(p.t, "the answer to "+method, func() { p.Close() })()
	return p.Conn.Call(ctx, method, params, result)
}

func (p patient) Notify(ctx context.Context, method string, params any) error {
	defer deadline.Watch(p.t, "the server to read "+method, func() { p.Close() })()
	return p.Conn.Notify(ctx, method, params)
}

// fakeChecker passes every check to the test, which decides when and how it ends.
type fakeChecker struct {
	calls chan *pendingCheck
	known atomic.Bool // the project knows every file
	lives []diag.Lives
	walks []diag.Walked
	costs []diag.ProgramCost
	hints func(context.Context) []diag.LineHint
	asked atomic.Int32 // how often recorded walks were requested
	// forgot counts the calls of Forget.
	forgot atomic.Int32
	// proofs receives the context of each proof, which then waits for its end; nil proves nothing.
	proofs chan context.Context
}

func newFakeChecker() *fakeChecker {
	return &fakeChecker{calls: make(chan *pendingCheck, 64)}
}

type pendingCheck struct {
	session *session
	ctx     context.Context
	req     check.Request
	answer  chan check.Report
	deaf    atomic.Bool   // does not notice that it is cancelled
	gone    chan struct{} // closed when nobody waits for the answer any more
}

func (f *fakeChecker) Prove(ctx context.Context, _ check.Request, _ *check.Report,
	_ *diag.Diagnostic) (check.Proof, error) {
	if f.proofs == nil {
		return check.Proof{}, nil
	}
	f.proofs <- ctx
	<-ctx.Done()
	return check.Proof{}, ctx.Err()
}

func (f *fakeChecker) Together(context.Context, check.Request, *check.Report,
	[]check.Repaired) ([]diag.Edit, bool, error) {
	return nil, false, nil
}

func (f *fakeChecker) Recorded(context.Context, *check.Report) *check.Recorded {
	f.asked.Add(1)
	return &check.Recorded{Lives: f.lives, Walks: f.walks}
}

func (f *fakeChecker) Costs(_ context.Context, _ *check.Report, program string) (out []diag.ProgramCost) {
	for _, c := range f.costs {
		if program == "" || c.Program == program {
			out = append(out, c)
		}
	}
	return out
}

func (f *fakeChecker) Hints(ctx context.Context, _ *check.Report) []diag.LineHint {
	return f.hints(ctx)
}

func (f *fakeChecker) Knows(context.Context, string) bool { return f.known.Load() }

func (f *fakeChecker) Forget() { f.forgot.Add(1) }

func (f *fakeChecker) Unit(ctx context.Context, req check.Request) (check.Report, error) {
	c := &pendingCheck{ctx: ctx, req: req, answer: make(chan check.Report), gone: make(chan struct{})}
	defer close(c.gone)
	f.calls <- c
	select {
	case r := <-c.answer:
		return r, nil
	case <-ctx.Done():
		if c.deaf.Load() {
			return <-c.answer, nil
		}
		return check.Report{}, ctx.Err()
	}
}

// finds ends a check with diagnostics, and with dependencies in addition to the file itself.
func (c *pendingCheck) finds(ds ...diag.Diagnostic) { c.ends(nil, ds...) }

func (c *pendingCheck) ends(deps []string, ds ...diag.Diagnostic) {
	report := check.Report{File: c.req.File, Faults: ds, Deps: append([]string{c.req.File}, deps...),
		Source:       check.NewSource(c.req.Overlay),
		ClangVersion: "clang version 99", Command: compile.Command{File: c.req.File, Clang: "clang",
			Dir: filepath.Dir(c.req.File), Args: []string{"-c", c.req.File}, Source: "defaults"}}
	c.reports(report)
}

func at(file string, line, col int, problem string) diag.Diagnostic {
	return diag.Diagnostic{Code: "resource-lifetime/unreleased-reference", Category: "Resource Lifetime Safety",
		Problem: problem, Reason: "A reason.", Severity: diag.Error,
		Source: diag.SourceVerifier, Span: diag.Span{File: file, Line: line, Col: col}, PC: 7, RefSite: -1,
		Program: "prog", Section: "xdp", Kernel: "Unreleased reference id=1 alloc_insn=2",
		Href: "https://example.org/x"}
}

// fakeClient records what the server sends.
type fakeClient struct {
	protocol.UnimplementedClient
	diagnostics   chan *protocol.PublishDiagnosticsParams
	progress      chan string
	created       chan protocol.ProgressToken
	logs          chan string
	registered    chan string
	configuration func(*protocol.ConfigurationParams) []protocol.LSPAny
	statuses      chan string
	messages      chan string
	over          <-chan struct{} // closed when the test ends: the user answers no more
	offers        chan offer
	pages         chan string
	refreshes     chan struct{}
	lensRefreshes chan struct{}
	hintRefreshes chan struct{}
	// raw receives encoded diagnostics, for tests with very many of them; if it is nil they are decoded. It must be set
	// before the first.
	raw func(params []byte)
}

func newFakeClient() *fakeClient {
	return &fakeClient{diagnostics: make(chan *protocol.PublishDiagnosticsParams, 256), progress: make(chan string, 64),
		created: make(chan protocol.ProgressToken, 64),
		logs:    make(chan string, 256), registered: make(chan string, 8), statuses: make(chan string, 256),
		messages: make(chan string, 8), offers: make(chan offer), pages: make(chan string, 8),
		refreshes:     make(chan struct{}, 256),
		lensRefreshes: make(chan struct{}, 256), hintRefreshes: make(chan struct{}, 256)}
}

func (c *fakeClient) PublishDiagnostics(_ context.Context, p *protocol.PublishDiagnosticsParams) error {
	q, err := protocol.Clone(*p)
	c.diagnostics <- &q
	return err
}

func (c *fakeClient) Progress(_ context.Context, p *protocol.ProgressParams) error {
	c.progress <- string(p.Value)
	return nil
}

func (c *fakeClient) WorkDoneProgressCreate(_ context.Context, p *protocol.WorkDoneProgressCreateParams) error {
	c.created <- p.Token
	return nil
}

func (c *fakeClient) LogMessage(_ context.Context, p *protocol.LogMessageParams) error {
	c.logs <- strings.Clone(p.Message)
	return nil
}

func (c *fakeClient) ShowMessage(_ context.Context, p *protocol.ShowMessageParams) error {
	c.messages <- strings.Clone(p.Message)
	return nil
}

// offer is a message with buttons. The answer is the title of one, or empty.
type offer struct {
	message string
	titles  []string
	answer  chan string
}

func (c *fakeClient) ShowMessageRequest(ctx context.Context, p *protocol.ShowMessageRequestParams) (
	*protocol.MessageActionItem, error) {
	o := offer{message: strings.Clone(p.Message), answer: make(chan string)}
	for _, a := range p.Actions {
		o.titles = append(o.titles, strings.Clone(a.Title))
	}
	select {
	case c.offers <- o:
	case <-c.over:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case title := <-o.answer:
		if title == "" {
			return nil, nil
		}
		return &protocol.MessageActionItem{Title: title}, nil
	case <-c.over:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *fakeClient) ShowDocument(_ context.Context, p *protocol.ShowDocumentParams) (*protocol.ShowDocumentResult,
	error) {
	c.pages <- strings.Clone(string(p.URI))
	return &protocol.ShowDocumentResult{Success: true}, nil
}

func (c *fakeClient) DiagnosticRefresh(context.Context) error {
	c.refreshes <- struct{}{}
	return nil
}

func (c *fakeClient) CodeLensRefresh(context.Context) error {
	c.lensRefreshes <- struct{}{}
	return nil
}

func (c *fakeClient) InlayHintRefresh(context.Context) error {
	c.hintRefreshes <- struct{}{}
	return nil
}

func (c *fakeClient) RegisterCapability(_ context.Context, p *protocol.RegistrationParams) error {
	for _, r := range p.Registrations {
		c.registered <- strings.Clone(r.Method)
	}
	return nil
}

func (c *fakeClient) Configuration(_ context.Context, p *protocol.ConfigurationParams) ([]protocol.LSPAny, error) {
	if c.configuration == nil {
		return nil, jsonrpc2.ErrMethodNotFound
	}
	return c.configuration(p), nil
}

// other receives the messages that are not in the protocol.
func (c *fakeClient) other(_ context.Context, req *jsonrpc2.Request) (any, error) {
	if req.Method() == methodStatus {
		c.statuses <- string(req.Params())
	}
	return nil, nil
}
