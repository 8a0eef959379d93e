// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"io"
	"os"
	"sync"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// progress is a bar on the terminal that counts files. A nil progress shows nothing.
type progress struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar
	ended bool
}

// newProgress returns a bar if there is something to count and a terminal to show it on.
func newProgress(w io.Writer, files int) *progress {
	if files < 2 || os.Getenv("CI") != "" || !isTerminal(w) {
		return nil
	}
	return &progress{bar: progressbar.NewOptions(files,
		progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("checking"), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(false),
		progressbar.OptionUseANSICodes(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(true))}
}

// isTerminal reports whether w is a terminal that can move its cursor.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd())
}

// step counts a file. It ignores errors of the bar, which are no reason to stop.
func (p *progress) step() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		_ = p.bar.Add(1)
	}
}

// end removes the bar from the terminal.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.bar.IsFinished() {
		_ = p.bar.Clear()
	}
	p.ended = true
}

// above returns a writer to a stream that may be on the bar's terminal. The bar is cleared while it writes.
func (p *progress) above(w io.Writer) io.Writer {
	if p == nil || !isTerminal(w) {
		return w
	}
	return &aboveBar{w, p}
}

type aboveBar struct {
	w io.Writer
	p *progress
}

func (a *aboveBar) Write(b []byte) (int, error) {
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	if a.p.ended || a.p.bar.IsFinished() {
		return a.w.Write(b)
	}
	_ = a.p.bar.Clear()
	n, err := a.w.Write(b)
	_ = a.p.bar.RenderBlank()
	return n, err
}
