// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// compilerName is the name under which this program acts as a compiler.
const compilerName = "clang"

// compiler is the clang of this machine; empty if there is none.
type compiler string

func (c compiler) name() string {
	if c == "" {
		return "a fake one that hands out objects, as no clang with the BPF target was found"
	}
	return string(c)
}

// findCompiler looks for the clang that the tests use, else for any.
func findCompiler() compiler {
	names := []string{"clang-19", "clang"}
	more, _ := filepath.Glob("/usr/bin/clang-[0-9]*")
	for _, name := range append(names, more...) {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if out, err := exec.Command(path, "--print-targets").Output(); err == nil &&
			bytes.Contains(out, []byte(" bpf ")) {
			return compiler(path)
		}
	}
	return ""
}

// behaviours are what a misbehaving compiler does.
var behaviours = map[string]func(){
	"is slow": func() { time.Sleep(300 * time.Millisecond) },
	"hangs":   func() { time.Sleep(time.Hour) },
	"hangs and ignores signals": func() {
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		time.Sleep(time.Hour)
	},
	"fails in silence": func() { os.Exit(1) },
	"crashes":          func() { _ = syscall.Kill(os.Getpid(), syscall.SIGSEGV); time.Sleep(time.Hour) },
	"is killed":        func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); time.Sleep(time.Hour) },
	"prints a gigabyte": func() {
		block := bytes.Repeat([]byte("a.bpf.c:1:1: warning: more than anybody reads [-Wchaos]\n"), 1<<14)
		for n := 0; n < 1<<30; n += 2 * len(block) {
			_, _ = os.Stderr.Write(block)
			_, _ = os.Stdout.Write(block)
		}
		os.Exit(1)
	},
	"prints what is no text": func() {
		_, _ = os.Stderr.WriteString(
			"a.bpf.c:99999999999999999999:0: error: \xff\xfe\x00\n:::\na.bpf.c:-1:-1: error: \n")
		os.Exit(1)
	},
	"writes no object":            func() { os.Exit(0) },
	"writes an object of nothing": func() { _ = os.WriteFile(argument("-o"), nil, 0o644); os.Exit(0) },
	"writes half an object": func() {
		_ = os.WriteFile(argument("-o"), []byte("\x7fELF\x02\x01\x01"),
			0o644)
		os.Exit(0)
	},
	"leaves a child":              func() { leave(nil) },
	"leaves a child in a session": func() { leave(&syscall.SysProcAttr{Setsid: true}) },
}

// leave starts a process that holds the compiler's output open and runs for a long time.
func leave(attr *syscall.SysProcAttr) {
	cmd := exec.Command("sleep", "3600")
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdout, os.Stderr, attr
	_ = cmd.Start()
}

// argument returns what follows a flag on the command line.
func argument(flag string) string {
	if i := slices.Index(os.Args, flag); i >= 0 && i+1 < len(os.Args) {
		return os.Args[i+1]
	}
	return ""
}

// compile is the program as a compiler: it misbehaves as told, and then executes the real one.
func compile(args []string) int {
	dir := filepath.Dir(args[0])
	if text, err := os.ReadFile(filepath.Join(dir, "behaviour")); err == nil {
		name := string(text)
		// A question answered with success and no output is answered: such a compiler cannot build for BPF.
		if f := behaviours[name]; f != nil && (argument("-o") != "" || !strings.HasPrefix(name, "writes ")) {
			f()
		}
	}
	path, err := os.ReadFile(filepath.Join(dir, "real"))
	if err != nil {
		return 1
	}
	if len(path) > 0 {
		err = syscall.Exec(string(path), append([]string{string(path)}, args[1:]...), os.Environ())
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return pretend(dir, args[1:])
}

var include = regexp.MustCompile(`^[ \t]*#[ \t]*include[ \t]+"([^"]+)"`)

// pretend replaces the compiler on a machine without one. Texts with the word missing do not compile; the text selects
// the object of others.
func pretend(dir string, args []string) int {
	switch {
	case slices.Contains(args, "--print-targets"):
		fmt.Println("    bpf        - BPF (host endian)")
		return 0
	case slices.Contains(args, "--version"):
		fmt.Println("clang version 0 (chaos)")
		return 0
	case slices.Contains(args, "-E"):
		return 0
	}
	var source string
	for _, a := range args {
		if filepath.Ext(a) == ".c" {
			source = a
		}
	}
	hash := fnv.New32()
	status := 0
	deps := []string{}
	var read func(name string)
	read = func(name string) {
		text, err := os.ReadFile(name)
		if err != nil || slices.Contains(deps, name) {
			return
		}
		deps = append(deps, name)
		hash.Write(text)
		line := 0
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			line++
			if at := strings.Index(s.Text(), "missing"); at >= 0 {
				fmt.Fprintf(os.Stderr, "%s:%d:%d: error: use of undeclared identifier\n", name, line, at+1)
				status = 1
			}
			if m := include.FindStringSubmatch(s.Text()); m != nil {
				header := filepath.Join(filepath.Dir(name), m[1])
				if info, err := os.Stat(header); err != nil || !info.Mode().IsRegular() {
					fmt.Fprintf(os.Stderr, "%s:%d:10: fatal error: '%s' file not found\n", name, line, m[1])
					status = 1
				} else {
					read(header)
				}
			}
		}
	}
	read(source)
	if status == 0 && len(deps) == 0 {
		fmt.Fprintf(os.Stderr, "error: no such file or directory: '%s'\n", source)
		status = 1
	}
	escaped := strings.ReplaceAll(strings.Join(deps, "\n"), " ", `\ `)
	_ = os.WriteFile(argument("-MF"), []byte("out.o: "+strings.ReplaceAll(escaped, "\n", " ")+"\n"), 0o644)
	objects, _ := filepath.Glob(filepath.Join(dir, "objects", "*.o"))
	if status == 0 && len(objects) > 0 {
		object, err := os.ReadFile(objects[int(hash.Sum32()%uint32(len(objects)))])
		if err != nil || os.WriteFile(argument("-o"), object, 0o644) != nil {
			return 1
		}
	}
	return status
}
