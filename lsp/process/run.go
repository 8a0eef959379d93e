// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// killDelay is how long the streams of a killed process may stay open before they are closed.
const killDelay = 2 * time.Second

// maxOutputBytes bounds what is kept of each stream.
const maxOutputBytes = 4 << 20

// Job is one process to run to completion.
type Job struct {
	Path        string
	Dir         string
	Args        []string
	Env         []string // nil means this process's environment
	MemoryBytes uint64
	FileBytes   uint64 // largest file it may write, 0 for no limit
}

// Result is how a process ended.
type Result struct {
	Stdout, Stderr []byte
	Status         int    // exit status; -1 after a signal
	Ended          string // the same in words
}

// Run starts a process in a group of its own and waits for it. When the context ends, the whole group is killed. A
// status other than zero is not an error.
func Run(ctx context.Context, j Job) (Result, error) {
	// The system ties a child's life to the thread that started it, so the thread must stay until the child has exited.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	cmd := exec.CommandContext(ctx, j.Path, j.Args...)
	cmd.Dir = j.Dir
	mark := nextMark()
	cmd.Env = append(j.Env, mark)
	if j.Env == nil {
		cmd.Env = append(os.Environ(), mark)
	}
	stdout, stderr := &capped{limit: maxOutputBytes}, &capped{limit: maxOutputBytes}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	g := newGroup(cmd)
	defer g.close()
	cmd.Cancel = func() error { return g.kill(cmd) }
	cmd.WaitDelay = killDelay
	if err := starting(func() (int, error) {
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		return cmd.Process.Pid, nil
	}); err != nil {
		return Result{}, err
	}
	g.limit(cmd, j)
	err := cmd.Wait()
	// Whatever is left in the group ends with the process, even if its streams are open.
	_ = g.kill(cmd)
	endOrphans(cmd.Process.Pid, mark)
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	r := Result{Stdout: stdout.buf.Bytes(), Stderr: stderr.buf.Bytes(), Status: cmd.ProcessState.ExitCode(),
		Ended: cmd.ProcessState.String()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return Result{}, err
	}
	return r, nil
}

// capped keeps the first bytes written to it and drops the rest, so that a compiler's output cannot fill memory.
type capped struct {
	buf   bytes.Buffer
	limit int
}

func (c *capped) Write(p []byte) (int, error) {
	if room := c.limit - c.buf.Len(); room > 0 {
		c.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// WithEnv returns environ with some variables replaced.
func WithEnv(environ []string, set map[string]string) []string {
	out := make([]string, 0, len(environ)+len(set))
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if _, replaced := set[name]; !replaced {
			out = append(out, kv)
		}
	}
	for name, value := range set {
		out = append(out, name+"="+value)
	}
	return out
}
