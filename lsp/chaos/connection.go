// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// message is anything that the server writes.
type message struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  *string         `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *failure        `json:"error"`
}

// failure is an error response.
type failure struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// Codes of errors that the client knows.
const (
	methodNotFound   = -32601
	requestCancelled = -32800
	serverCancelled  = -32802
)

// call is a request to the server.
type call struct {
	id, method string
	stream     bool                            // stays open until it is cancelled
	then       func(json.RawMessage, *failure) // runs with the connection locked
	answered   bool
	result     json.RawMessage
	failure    *failure
}

// connection is the client's end of the protocol. The goroutine of the life sends. Another one reads, answers the
// server's requests and stores what the client shows.
type connection struct {
	server *child
	manner manner
	out    *sender
	// gate is locked for writing while the client does not read.
	gate sync.Mutex
	deaf bool

	mu       sync.Mutex
	fault    error
	count    int
	calls    map[string]*call
	open     []string // ids of calls without an answer, in order
	settings map[string]any
	rude     bool
	rng      *rand.Rand // for answers to the server
	kept     []message  // unanswered requests of the server
	shown    map[string]*shown
	states   map[string]string // of bpf-lsp/status, by file
	// Answers without an id belong to invalid frames: each of those due must get one, each of those possible may.
	nullDue, nullPossible, nulls int
}

// connect starts to talk to a server.
func connect(server *child, m manner, settings map[string]any, seed uint64) *connection {
	c := &connection{server: server, manner: m, out: newSender(server.stdin), calls: map[string]*call{},
		settings: settings,
		rng:      rand.New(rand.NewPCG(seed, 0)), shown: map[string]*shown{}, states: map[string]string{}}
	go c.read()
	return c
}

// broken returns the violation, if any.
func (c *connection) broken() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// violate stores the first violation. The connection must be locked.
func (c *connection) violate(format string, args ...any) {
	if c.fault == nil {
		c.fault = violated(format, args...)
	}
}

// notify sends a notification.
func (c *connection) notify(method string, params any) {
	c.out.send(frame(map[string]any{"jsonrpc": "2.0", "method": method, "params": params}))
}

// request sends a request. The function for the answer runs in the reader, with the connection locked.
func (c *connection) request(method string, params any, then func(json.RawMessage, *failure)) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ask(method, params, then)
}

// ask is request for callers that hold the lock.
func (c *connection) ask(method string, params any, then func(json.RawMessage, *failure)) *call {
	c.count++
	var id any = c.count
	if c.count%3 == 0 {
		id = fmt.Sprintf("request %d", c.count)
	}
	key := string(encode(id))
	k := &call{id: key, method: method, then: then}
	c.calls[key] = k
	c.open = append(c.open, key)
	c.out.send(frame(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
	return k
}

// cancel cancels a request, which the server still has to answer.
func (c *connection) cancel(id string) {
	c.out.send(frame(map[string]any{"jsonrpc": "2.0", "method": "$/cancelRequest",
		"params": map[string]any{"id": json.RawMessage(id)}}))
}

// unanswered returns the requests that have no answer yet.
func (c *connection) unanswered() []*call {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = slices.DeleteFunc(c.open, func(id string) bool { return c.calls[id].answered })
	var out []*call
	for _, id := range c.open {
		out = append(out, c.calls[id])
	}
	return out
}

// missingAnswers describes the requests and invalid frames that have no answer.
func (c *connection) missingAnswers() string {
	var out []string
	for _, k := range c.unanswered() {
		out = append(out, fmt.Sprintf("the answer to %s %s", k.method, k.id))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.nulls < c.nullDue {
		out = append(out, fmt.Sprintf("%d answers to frames that are no messages", c.nullDue-c.nulls))
	}
	return strings.Join(out, ", ")
}

// beRude sets whether requests of the server get wrong answers or none. A polite client also answers the pending ones.
func (c *connection) beRude(rude bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rude = rude
	if !rude {
		for _, m := range c.kept {
			c.answer(m, c.proper(m), nil)
		}
		c.kept = nil
	}
}

// stopReading leaves the server's output unread, until startReading.
func (c *connection) stopReading() {
	if !c.deaf {
		c.deaf = true
		c.gate.Lock()
	}
}

func (c *connection) startReading() {
	if c.deaf {
		c.deaf = false
		c.gate.Unlock()
	}
}

// read reads the server's output until it ends.
func (c *connection) read() {
	r := bufio.NewReader(c.server.stdout)
	for {
		c.gate.Lock()
		c.gate.Unlock()
		body, err := readFrame(r)
		if errors.Is(err, io.EOF) {
			return
		}
		c.mu.Lock()
		if err != nil {
			c.violate("the server wrote what is no frame: %v", err)
			c.mu.Unlock()
			return
		}
		c.take(body)
		c.mu.Unlock()
	}
}

// readFrame reads one message. The stream may end in the middle of one: the server can be killed at any time.
func readFrame(r *bufio.Reader) ([]byte, error) {
	header, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		return nil, err
	}
	n, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || n < 0 {
		return nil, fmt.Errorf("header %v", header)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, io.EOF
	}
	return body, nil
}

// take handles one frame of the server.
func (c *connection) take(body []byte) {
	batch := []json.RawMessage{body}
	if len(body) > 0 && body[0] == '[' {
		if err := json.Unmarshal(body, &batch); err != nil {
			c.violate("the server wrote what is no JSON: %.300s", body)
			return
		}
	}
	for _, raw := range batch {
		var m message
		if err := json.Unmarshal(raw, &m); err != nil || m.JSONRPC != "2.0" {
			c.violate("the server wrote what is no message: %.300s", raw)
			return
		}
		switch {
		case m.Method != nil && m.ID != nil:
			c.serve(m)
		case m.Method != nil:
			c.notice(*m.Method, m.Params)
		case (m.Result == nil) == (m.Error == nil):
			c.violate("an answer has neither or both of a result and an error: %.300s", raw)
		default:
			c.answered(m)
		}
	}
}

// answered matches an answer with its request.
func (c *connection) answered(m message) {
	if id := string(m.ID); id == "" || id == "null" {
		if c.nulls++; c.nulls > c.nullDue+c.nullPossible {
			c.violate("an answer without an id that no broken frame called for: %d %s", m.Error.Code, m.Error.Message)
		}
		return
	}
	k := c.calls[string(m.ID)]
	switch {
	case k == nil:
		c.violate("an answer to request %s, which was never sent", m.ID)
		return
	case k.answered:
		c.violate("%s %s was answered twice", k.method, k.id)
		return
	}
	k.answered, k.result, k.failure = true, m.Result, m.Error
	if k.then != nil {
		k.then(m.Result, m.Error)
	}
}

// serve answers a request of the server, sometimes in a wrong way if the client is rude.
func (c *connection) serve(m message) {
	if !c.announced(*m.Method) {
		c.violate("the server sent %s, which the client did not announce", *m.Method)
		return
	}
	if c.manner.silent && *m.Method == "workspace/configuration" {
		return
	}
	if !c.rude {
		c.answer(m, c.proper(m), nil)
		return
	}
	switch c.rng.IntN(6) {
	case 0:
		c.answer(m, c.proper(m), nil)
	case 1:
		c.answer(m, nil, &failure{Code: methodNotFound, Message: "no"})
	case 2:
		c.answer(m, pick(c.rng, []any{17, "words", []any{}, []any{nil}, map[string]any{}, []any{17},
			[]any{map[string]any{"flags": 5}}, true}), nil)
	case 3:
		c.answer(m, c.proper(m), nil)
		c.answer(m, c.proper(m), nil)
	default:
		c.kept = append(c.kept, m)
	}
}

// announced reports whether the client said that it answers such requests.
func (c *connection) announced(method string) bool {
	switch method {
	case "workspace/configuration":
		return c.manner.configuration
	case "client/registerCapability":
		return c.manner.watch
	case "window/workDoneProgress/create":
		return c.manner.progress
	case "workspace/diagnostic/refresh":
		return c.manner.pull
	case "workspace/codeLens/refresh", "workspace/inlayHint/refresh":
		return c.manner.margins
	case "window/showMessageRequest":
		return true // no client has to announce it
	}
	return false
}

// proper returns the answer of a correct client. On a refresh it requests all diagnostics.
func (c *connection) proper(m message) any {
	switch *m.Method {
	case "workspace/configuration":
		var params struct{ Items []any }
		_ = json.Unmarshal(m.Params, &params)
		out := []any{}
		for range params.Items {
			out = append(out, maps.Clone(c.settings))
		}
		return out
	case "workspace/diagnostic/refresh":
		c.pullAll()
	}
	return nil
}

func (c *connection) answer(m message, result any, f *failure) {
	a := map[string]any{"jsonrpc": "2.0", "id": m.ID}
	if f != nil {
		a["error"] = map[string]any{"code": f.Code, "message": f.Message}
	} else {
		a["result"] = result
	}
	c.out.send(frame(a))
}

func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("messages are plain data: " + err.Error())
	}
	return text
}

// frame is a message as it goes over the wire.
func frame(v any) []byte {
	body := encode(v)
	return append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body)), body...)
}

// sender writes to the server. The client never waits for it.
type sender struct {
	mu      sync.Mutex
	wake    *sync.Cond
	queue   [][]byte
	closing bool
}

// newSender starts the goroutine that writes. What cannot be written is dropped: the server has ended, which is noticed
// elsewhere.
func newSender(to io.WriteCloser) *sender {
	s := &sender{}
	s.wake = sync.NewCond(&s.mu)
	go func() {
		for {
			s.mu.Lock()
			for len(s.queue) == 0 && !s.closing {
				s.wake.Wait()
			}
			if len(s.queue) == 0 {
				s.mu.Unlock()
				to.Close()
				return
			}
			next := s.queue[0]
			s.queue = s.queue[1:]
			s.mu.Unlock()
			_, _ = to.Write(next)
		}
	}()
	return s
}

func (s *sender) send(raw []byte) {
	s.mu.Lock()
	s.queue = append(s.queue, raw)
	s.mu.Unlock()
	s.wake.Signal()
}

// close ends the server's input after everything was written.
func (s *sender) close() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.wake.Signal()
}
