// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// ending is a way for a server to end, and the required exit status.
type ending struct {
	name   string
	status int // -1 for a signal
	atRest bool
	do     func(*life)
}

// unread makes an ending harder: the server cannot write.
const unread = "unread"

// endings are all ways to end.
func endings() []ending {
	return []ending{
		{"shutdown and exit", 0, false, func(l *life) {
			l.conn.request("shutdown", nil, nil)
			l.conn.notify("exit", nil)
		}},
		{"exit without shutdown", 1, false, func(l *life) { l.conn.notify("exit", nil) }},
		{"the end of its input", 1, false, func(l *life) { l.conn.out.close() }},
		{"SIGTERM", 1, false, func(l *life) { l.server.signal(syscall.SIGTERM) }},
		{"SIGHUP", 1, false, func(l *life) { l.server.signal(syscall.SIGHUP) }},
		{"SIGKILL", -1, false, func(l *life) { l.server.signal(syscall.SIGKILL) }},
		{"SIGQUIT", 2, true, func(l *life) { l.server.signal(syscall.SIGQUIT) }},
		{"a frame that is cut off", 1, false, func(l *life) {
			l.conn.out.send([]byte("Content-Length: 1000\r\n\r\n{\"jsonrpc\":"))
			l.conn.out.close()
		}},
		{"a header of a gigabyte", 1, false, func(l *life) {
			l.conn.out.send([]byte("Content-Length: 1073741824\r\n\r\n{\"jsonrpc\":"))
			l.conn.out.close()
		}},
		{"a header without sense", 1, false, func(l *life) {
			l.conn.out.send([]byte(pick(l.rng, []string{"Content-Length: 0\r\n\r\n", "Content-Length: -5\r\n\r\n",
				"Content-Length: many\r\n\r\n", "\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n",
				"Content-Type: none\r\n\r\n{}", strings.Repeat("x", 1<<20) + "\r\n\r\n"})))
		}},
	}
}

// end ends the server, at rest or in the middle of work, and looks for what it leaves behind.
func (l *life) end(atRest bool) error {
	all := slices.DeleteFunc(endings(), func(e ending) bool { return e.atRest && !atRest || l.options.without[e.name] })
	e := pick(l.rng, all)
	l.endedBy = e.name
	l.note("end by %s", e.name)
	l.conn.startReading()
	if !l.options.without[unread] && !atRest && l.chance(3) {
		l.endedBy += ", " + unread
		l.note("%s", l.leaveUnread())
		// The client reads again after the server has ended: nobody waits for what is written then.
		defer l.conn.startReading()
	}
	e.do(l)
	ended := func() string {
		if l.server.hasEnded() {
			return ""
		}
		return "its end"
	}
	if err := await("the server to end by "+e.name, l.conn.broken, ended); err != nil {
		return err
	}
	if status := l.server.cmd.ProcessState.ExitCode(); status != e.status {
		return violated("ended by %s the server has the status %d (%s), not %d", e.name, status, l.server.state(),
			e.status)
	}
	if e.name == "SIGQUIT" {
		return l.countGoroutines()
	}
	if text := l.server.panics(); text != "" {
		return violated("the server panicked: %s", text)
	}
	if err := await("the end of the processes that the server has left", nothing, func() string {
		return processes(l.server.descendants())
	}); err != nil {
		return err
	}
	return await("the end of the temporary files that the server has left", nothing, func() string {
		return strings.Join(l.server.temporary(), ", ")
	})
}

func nothing() error { return nil }

var goroutine = regexp.MustCompile(`(?m)^goroutine \d+ `)

// countGoroutines counts the stacks that a Go program writes on SIGQUIT.
func (l *life) countGoroutines() error {
	text, err := os.ReadFile(l.server.log)
	if err != nil {
		return err
	}
	n := len(goroutine.FindAll(text, -1))
	l.peaks.add(peaks{goroutines: n})
	if n == 0 {
		return violated("the server wrote no stacks when it was asked to quit: %s", l.server.logTail())
	}
	if n > maxGoroutines {
		return violated("%d goroutines at rest:\n%.20000s", n, text)
	}
	return nil
}

// farewell ends a server as correct clients do.
func farewell(server *child, c *connection) error {
	k := c.request("shutdown", nil, nil)
	if err := await("the answer to shutdown", c.broken, c.missing(k)); err != nil {
		return err
	}
	c.notify("exit", nil)
	if err := await("the end of a fresh server", c.broken, func() string {
		if server.hasEnded() {
			return ""
		}
		return "its end"
	}); err != nil {
		return err
	}
	if left := append(server.temporary(), processes(server.descendants())); server.state() != "exit status 0" ||
		strings.Join(left, "") != "" {
		return violated("a fresh server ended with %s and left %s", server.state(), fmt.Sprint(left))
	}
	return nil
}
