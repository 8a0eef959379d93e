// SPDX-License-Identifier: GPL-2.0-only

package clang

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

// killDelay is how long the streams of a killed process may stay open before they are closed for it.
const killDelay = 2 * time.Second

// job is one process to run to its end.
type job struct {
	path        string
	dir         string
	args        []string
	env         []string // nil is this process's
	memoryBytes uint64
	fileBytes   uint64 // largest file it may write, 0 for no limit
}

// ran is how a process ended.
type ran struct {
	stdout, stderr []byte
	status         int    // exit status; -1 if a signal ended it
	ended          string // the same in words
}

// run starts a process in a group of its own and waits for it. When the context ends, the whole group is killed. A status other
// than zero is no error.
func run(ctx context.Context, j job) (ran, error) {
	// The system ties a child's life to the thread that started it, so the thread must stay until the child has gone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := ctx.Err(); err != nil {
		return ran{}, err
	}
	cmd := exec.CommandContext(ctx, j.path, j.args...)
	cmd.Dir = j.dir
	mark := nextMark()
	cmd.Env = append(j.env, mark)
	if j.env == nil {
		cmd.Env = append(os.Environ(), mark)
	}
	stdout, stderr := &capped{limit: defaultOutputBytes}, &capped{limit: defaultOutputBytes}
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
		return ran{}, err
	}
	g.limit(cmd, j)
	err := cmd.Wait()
	// What it has left in its group, with or without its streams open, ends with it.
	_ = g.kill(cmd)
	endOrphans(cmd.Process.Pid, mark)
	if ctx.Err() != nil {
		return ran{}, ctx.Err()
	}
	r := ran{stdout: stdout.buf.Bytes(), stderr: stderr.buf.Bytes(), status: cmd.ProcessState.ExitCode(), ended: cmd.ProcessState.String()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return ran{}, err
	}
	return r, nil
}

// capped keeps the first bytes written to it and drops the rest, so that a compiler gone wild cannot fill memory.
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

// withEnv returns environ with the variables replaced.
func withEnv(environ []string, set map[string]string) []string {
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
