// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// mark is the environment variable of a server that all its descendants inherit.
const mark = "BPF_LSP_CHAOS"

// child is a server process.
type child struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	mark   string // the value that its descendants have in their environment
	tmp    string // its directory for temporary files
	log    string // file that holds its standard error
	ended  chan struct{}
}

// startChild starts a server. Its name distinguishes what it leaves behind from what others leave.
func startChild(path string, p *project, name string) (*child, error) {
	tmp, err := os.MkdirTemp(p.root, name+"-tmp-")
	if err != nil {
		return nil, err
	}
	c := &child{mark: tmp, tmp: tmp, log: tmp + ".log", ended: make(chan struct{})}
	log, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	in, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	stdout, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	c.stdin, c.stdout = stdin, stdout
	c.cmd = exec.Command(path, "serve")
	c.cmd.Dir = p.root
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = in, out, log
	c.cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + p.root, "TMPDIR=" + tmp, "XDG_CACHE_HOME=" +
		filepath.Join(p.root, "cache"), mark + "=" + c.mark}
	// An interrupt of the terminal is for the client; the server then sees its input end.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// state describes how the server ended.
func (c *child) state() string {
	if !c.hasEnded() {
		return "still running"
	}
	return c.cmd.ProcessState.String()
}

func (c *child) signal(s syscall.Signal) { _ = c.cmd.Process.Signal(s) }

// kill ends the server and its descendants, for a life that is over.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.ended
	for _, d := range c.descendants() {
		_ = syscall.Kill(d.pid, syscall.SIGKILL)
	}
	c.stdin.Close()
	c.stdout.Close()
}

// process is another process of this machine.
type process struct {
	pid  int
	name string
}

func (p process) String() string { return fmt.Sprintf("%d (%s)", p.pid, p.name) }

// descendants returns the server's descendants, without itself and, while it lives, its guard. A zombie has no
// environment any more and does not count.
func (c *child) descendants() []process {
	entries, _ := os.ReadDir("/proc")
	want := []byte(mark + "=" + c.mark)
	var out []process
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == c.pid() && !c.hasEnded() {
			continue
		}
		environ, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !hasVariable(environ, want) {
			continue
		}
		name, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if words := bytes.Split(name, []byte{0}); len(words) > 1 && string(words[0]) == c.cmd.Path &&
			string(words[1]) == "guard" && !c.hasEnded() {
			continue
		}
		out = append(out, process{pid,
			strings.TrimSpace(string(bytes.ReplaceAll(name[:min(len(name), 200)], []byte{0}, []byte{' '})))})
	}
	return out
}

func hasVariable(environ, want []byte) bool {
	for v := range bytes.SplitSeq(environ, []byte{0}) {
		if bytes.Equal(v, want) {
			return true
		}
	}
	return false
}

// temporary returns the names in the server's directory for temporary files.
func (c *child) temporary() []string {
	entries, _ := os.ReadDir(c.tmp)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// logTail returns the end of what the server wrote to standard error.
func (c *child) logTail() string {
	text, _ := os.ReadFile(c.log)
	return string(text[max(0, len(text)-30_000):])
}

// panics returns what the server's log says about a panic, if anything.
func (c *child) panics() string {
	text, _ := os.ReadFile(c.log)
	for _, word := range []string{"panicked", "panic: ", "fatal error: ", "DATA RACE", "cannot be encoded"} {
		if i := bytes.Index(text, []byte(word)); i >= 0 {
			return string(text[max(0, i-200):min(len(text), i+3000)])
		}
	}
	return ""
}

// peaks are the largest values seen.
type peaks struct {
	memoryBytes, descriptors, threads, processes, goroutines int
}

func (p peaks) String() string {
	text := fmt.Sprintf("peak %d MB, %d descriptors, %d threads, %d compilers", p.memoryBytes>>20, p.descriptors,
		p.threads, p.processes)
	if p.goroutines > 0 {
		text += fmt.Sprintf(", %d goroutines at rest", p.goroutines)
	}
	return text
}

func (p *peaks) add(q peaks) {
	p.memoryBytes = max(p.memoryBytes, q.memoryBytes)
	p.descriptors = max(p.descriptors, q.descriptors)
	p.threads = max(p.threads, q.threads)
	p.processes = max(p.processes, q.processes)
	p.goroutines = max(p.goroutines, q.goroutines)
}

// measure asks the system what the server uses. A server that has just ended uses nothing.
func (c *child) measure() peaks {
	var p peaks
	dir := filepath.Join("/proc", strconv.Itoa(c.pid()))
	status, _ := os.ReadFile(filepath.Join(dir, "status"))
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		number := 0
		if f := strings.Fields(value); len(f) > 0 {
			number, _ = strconv.Atoi(f[0])
		}
		switch name {
		case "VmHWM":
			p.memoryBytes = number << 10
		case "Threads":
			p.threads = number
		}
	}
	fds, _ := os.ReadDir(filepath.Join(dir, "fd"))
	p.descriptors = len(fds)
	p.processes = len(c.descendants())
	return p
}
