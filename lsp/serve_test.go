// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

const (
	sayInitialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`
	sayShutdown   = `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`
	sayExit       = `{"jsonrpc":"2.0","method":"exit"}`
)

// TestEndWithoutAReader ends a server in each way while its client reads nothing, not even the answer to initialize. In
// a bubble of synctest, time passes when nothing else can happen.
func TestEndWithoutAReader(t *testing.T) {
	for _, way := range []struct {
		name    string
		says    []string
		closes  bool // the input
		signal  bool
		orderly bool
	}{
		{name: "exit after shutdown", says: []string{sayInitialize, sayShutdown, sayExit}, orderly: true},
		{name: "exit", says: []string{sayInitialize, sayExit}},
		{name: "exit and the end of the input", says: []string{sayInitialize, sayShutdown, sayExit}, closes: true,
			orderly: true},
		{name: "the end of the input", says: []string{sayInitialize}, closes: true},
		{name: "the end of the input after shutdown", says: []string{sayInitialize, sayShutdown}, closes: true,
			orderly: true},
		{name: "a signal", says: []string{sayInitialize}, signal: true},
		{name: "a signal before anything was said", signal: true},
	} {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, signal := context.WithCancel(t.Context())
				defer signal()
				in, say := io.Pipe()
				unread, out := io.Pipe()
				checker := newFakeChecker()
				served := make(chan error, 1)
				go func() {
					served <- Serve(ctx, in, out, Options{NewChecker: func(check.Settings) Checker { return checker }})
				}()
				for i, body := range way.says {
					if _, err := io.WriteString(say, frame(body)); err != nil {
						t.Fatal(err)
					}
					if i == 0 {
						// A check runs, and requests pile up whose answers nobody reads.
						io.WriteString(say, frame(
							`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.bpf.c","languageId":"c","version":1,"text":"int a;\n"}}}`))
						for id := range 100 {
							io.WriteString(say, frame(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"unknown"}`,
								10+id)))
						}
						synctest.Wait()
						if len(checker.calls) == 0 {
							t.Error("no check runs")
						}
					}
				}
				if way.closes {
					say.Close()
				}
				synctest.Wait()
				before := time.Now()
				if way.signal {
					signal()
				}
				err := <-served
				if orderly := err == nil; orderly != way.orderly || !orderly && !errors.Is(err, ErrNoShutdown) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(before); took > 2*endDelay+killDelay {
					t.Errorf("it took %s", took)
				}
				// This is what the end of the process would do.
				unread.Close()
				in.Close()
				say.Close()
			})
		})
	}
}

// TestEndWithAnOpenRequest disconnects a client that waits for workspace diagnostics.
func TestEndWithAnOpenRequest(t *testing.T) {
	for _, way := range []struct{ name, says string }{
		{"the end of the input", ""},
		{"a header without sense", "Content-Length: many\r\n\r\n"},
		{"a frame that is cut off", "Content-Length: 100\r\n\r\n{"},
	} {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, say := io.Pipe()
				read, out := io.Pipe()
				go io.Copy(io.Discard, read)
				served := make(chan error, 1)
				go func() { served <- Serve(t.Context(), in, out, Options{}) }()
				io.WriteString(say, frame(sayInitialize)+frame(
					`{"jsonrpc":"2.0","id":3,"method":"workspace/diagnostic","params":{"previousResultIds":[],"partialResultToken":"news"}}`))
				synctest.Wait()
				io.WriteString(say, way.says)
				if way.says == "" || strings.HasSuffix(way.says, "{") {
					say.Close()
				}
				synctest.Wait()
				select {
				case err := <-served:
					if !errors.Is(err, ErrNoShutdown) {
						t.Errorf("got %v", err)
					}
				default:
					t.Error("the server goes on")
				}
				// This is what the end of the process would do.
				in.Close()
				say.Close()
				out.Close()
			})
		})
	}
}

// TestLastAnswersAreRead ends a server whose client reads late.
func TestLastAnswersAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, say := io.Pipe()
		read, out := io.Pipe()
		served := make(chan error, 1)
		go func() { served <- Serve(t.Context(), in, out, Options{}) }()
		io.WriteString(say, frame(sayInitialize)+frame(sayShutdown)+frame(sayExit))
		say.Close()
		synctest.Wait()
		time.Sleep(endDelay / 2)
		text, err := io.ReadAll(read)
		if err != nil || strings.Count(string(text), `"id":`) != 2 {
			t.Errorf("got %q, %v", text, err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
