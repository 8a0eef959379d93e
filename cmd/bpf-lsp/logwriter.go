// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"io"
	"time"
)

// logWriter passes log messages to a goroutine that writes them, so that nobody waits for a client that does not read
// standard error. What does not fit is dropped.
type logWriter struct {
	lines chan []byte
	sync  chan chan struct{}
}

const (
	logLines = 4096            // pending messages
	logSync  = 1 * time.Second // how long the end of the process waits for them
)

func newLogWriter(w io.Writer) *logWriter {
	l := &logWriter{lines: make(chan []byte, logLines), sync: make(chan chan struct{})}
	go func() {
		for {
			select {
			case line := <-l.lines:
				_, _ = w.Write(line)
			case done := <-l.sync:
				for len(l.lines) > 0 {
					_, _ = w.Write(<-l.lines)
				}
				close(done)
			}
		}
	}()
	return l
}

// Write never fails and never blocks.
func (l *logWriter) Write(p []byte) (int, error) {
	select {
	case l.lines <- append([]byte(nil), p...):
	default:
	}
	return len(p), nil
}

// Sync waits a while for pending messages to be written.
func (l *logWriter) Sync() error {
	done, late := make(chan struct{}), time.After(logSync)
	select {
	case l.sync <- done:
	case <-late:
		return nil
	}
	select {
	case <-done:
	case <-late:
	}
	return nil
}
