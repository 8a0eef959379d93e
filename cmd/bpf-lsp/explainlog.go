// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explainlog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

const explainLogUsage = `usage: bpf-lsp explain-log [flags] FILE|-

Explains pasted verifier logs: from any kernel, complete or cut, as libbpf,
cilium/ebpf, bpftool or dmesg print them, of one program or several. The report
is that of bpf-lsp check as far as the log allows. With --object the program is
verified too; if that fails with the fault of the log, the full report is shown.

Exit status: 0 if every log is of an accepted program, 1 if one is of a rejected
program and its message is known, 2 if there is none of those but an unknown
message, or the command was invalid.

flags:
`

// explainLog holds the flags of the command.
type explainLog struct {
	format, object, source, program string
	noColor                         bool
	file                            string
	stdout, stderr                  io.Writer
}

func parseExplainLog(args []string, stderr io.Writer) (*explainLog, error) {
	o := &explainLog{}
	fs := flag.NewFlagSet("explain-log", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprint(stderr, explainLogUsage)
		fs.PrintDefaults()
	}
	fs.StringVar(&o.format, "format", "text", "output format: `name` is text, or jsonl for one line of JSON per log")
	fs.StringVar(&o.object, "object", "",
		"object `file` with the program; its types and lines complete the report")
	fs.StringVar(&o.source, "source", "", "C `file` whose lines the log quotes")
	fs.StringVar(&o.program, "program", "", "`name` of the program of the log, if the log does not have it")
	fs.BoolVar(&o.noColor, "no-color", false, "do not use colours on a terminal")
	var files []string
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if rest = fs.Args(); len(rest) == 0 {
			break
		}
		files, rest = append(files, rest[0]), rest[1:]
	}
	switch {
	case len(files) != 1:
		return nil, errors.New("explain-log reads one file, or standard input for -; see bpf-lsp explain-log -h")
	case o.format != "text" && o.format != "jsonl":
		return nil, fmt.Errorf("unknown format %q: must be text or jsonl", o.format)
	}
	o.file = files[0]
	return o, nil
}

func runExplainLog(args []string, stdout, stderr io.Writer) int {
	o, err := parseExplainLog(args, stderr)
	if err != nil {
		return notParsed(err, stderr)
	}
	o.stdout, o.stderr = stdout, stderr
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	status, err := o.run(ctx, os.Stdin)
	if err != nil {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	return status
}

// run explains every log in the text and returns the exit status.
func (o *explainLog) run(ctx context.Context, stdin io.Reader) (int, error) {
	text, name, err := o.read(stdin)
	if err != nil {
		return 0, err
	}
	quotes, err := newQuotes(name, text, o.source)
	if err != nil {
		return 0, err
	}
	logs := distinct(o.readLogs(text, name, quotes))
	if len(logs) == 0 {
		return 0, fmt.Errorf("%s has no verifier log", name)
	}
	var verified *verifiedObject
	if o.object != "" {
		if verified, err = o.verify(ctx); err != nil {
			return 0, err
		}
	}
	out := o.output(quotes)
	for _, l := range logs {
		if err := out(l, verified); err != nil {
			return 0, written(err)
		}
	}
	return statusOf(logs), nil
}

// read returns the text to explain, and its name.
func (o *explainLog) read(stdin io.Reader) (text, name string, err error) {
	if o.file == "-" {
		data, err := io.ReadAll(stdin)
		if err != nil {
			return "", "", fmt.Errorf("cannot read standard input: %w", reason(err))
		}
		return string(data), "standard input", nil
	}
	data, err := os.ReadFile(o.file)
	if err != nil {
		return "", "", fmt.Errorf("cannot read %s: %w", o.file, reason(err))
	}
	return string(data), o.file, nil
}

// readLogs finds the logs in a text.
func (o *explainLog) readLogs(text, name string, quotes *quotes) []*explainlog.Log {
	var logs []*explainlog.Log
	found := kernellog.Logs(text)
	for i := range found {
		p := &found[i]
		if p.Program == "" && len(found) == 1 {
			p.Program = o.program
		}
		if o.program != "" && p.Program != o.program {
			continue
		}
		l := explainlog.Read(p, name, quotes.find)
		quotes.add(l.Quoted())
		logs = append(logs, l)
	}
	return logs
}

// distinct drops text that is not about the verifier if there are also logs, and the short form of an error whose log
// is there too.
func distinct(logs []*explainlog.Log) []*explainlog.Log {
	isLog := func(l *explainlog.Log) bool { return l.Recognized() || l.Accepted() || l.HasSteps() }
	if slices.ContainsFunc(logs, isLog) {
		logs = slices.DeleteFunc(logs, func(l *explainlog.Log) bool { return !isLog(l) })
	}
	return slices.DeleteFunc(slices.Clone(logs), func(short *explainlog.Log) bool {
		return slices.ContainsFunc(logs, func(l *explainlog.Log) bool { return l != short && l.Covers(short) })
	})
}

// statusOf returns the exit status for what the logs contain.
func statusOf(logs []*explainlog.Log) int {
	status := exitAccepted
	for _, l := range logs {
		switch {
		case l.Recognized():
			return exitRejected
		case !l.Accepted():
			status = exitFailed
		}
	}
	return status
}

// output writes the explanation of a log in the requested format.
func (o *explainLog) output(q *quotes) func(*explainlog.Log, *verifiedObject) error {
	if o.format == "jsonl" {
		return func(l *explainlog.Log, v *verifiedObject) error {
			record := render.NewLogRecord(l, filepath.Base(q.log))
			if run, _ := v.same(l); run != nil {
				record = render.NewRecord(run, false)
			}
			return render.WriteRecord(o.stdout, &record)
		}
	}
	printer := render.Printer{Color: !o.noColor && colorful(o.stdout), Read: q.read, Show: shown, Quoted: q.quoted}
	return func(l *explainlog.Log, v *verifiedObject) error { return o.text(printer, l, v) }
}

// text writes the explanation of a log for people.
func (o *explainLog) text(printer render.Printer, l *explainlog.Log, v *verifiedObject) error {
	who := "the program"
	if l.Program != "" {
		who = l.Program
	}
	switch {
	case l.Accepted():
		_, err := fmt.Fprintf(o.stdout, "The log says that %s was accepted.\n", who)
		return err
	case !l.Recognized():
		_, err := fmt.Fprintf(o.stdout, "Not recognised: %s.\n", l.Unrecognized())
		return err
	}
	run, why := v.same(l)
	if run == nil {
		for _, d := range l.Diagnostics() {
			if err := printer.Print(o.stdout, &d); err != nil {
				return err
			}
		}
		if why == "" {
			why = "This report is based on the log alone"
		}
		_, err := fmt.Fprintf(o.stdout, "%s.\n", why)
		return err
	}
	printer.Read, printer.Quoted = v.unit.Source.Read, nil
	for _, d := range run.Diagnostics {
		if err := printer.Print(o.stdout, &d); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(o.stdout, "%s.\n", why)
	return err
}

// quotes are the texts that places of a log refer to: the log itself, and the sources that it quotes.
type quotes struct {
	log, text    string
	source       string
	sourceText   string
	sourceLines  []string
	quotedByFile map[string]map[int]string
}

func newQuotes(name, text, source string) (*quotes, error) {
	q := &quotes{log: name, text: cleaned(text), source: source, quotedByFile: map[string]map[int]string{}}
	if source == "" {
		return q, nil
	}
	data, err := os.ReadFile(source)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", source, reason(err))
	}
	q.sourceText = string(data)
	q.sourceLines = strings.Split(strings.ReplaceAll(q.sourceText, "\r\n", "\n"), "\n")
	return q, nil
}

// cleaned returns a text with numbered lines and without terminal control characters.
func cleaned(text string) string {
	var b strings.Builder
	n := 0
	for _, l := range kernellog.Clean(text) {
		if l.N == n {
			b.WriteString("  ")
		}
		for ; n < l.N; n++ {
			if n > 0 {
				b.WriteByte('\n')
			}
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

func (q *quotes) add(files map[string]map[int]string) {
	for file, lines := range files {
		for n, text := range lines {
			if text == "" {
				continue // an object built somewhere else
			}
			if q.quotedByFile[file] == nil {
				q.quotedByFile[file] = map[int]string{}
			}
			q.quotedByFile[file][n] = text
		}
	}
}

// find returns the place of a line that the log quotes. The source may have changed since: a line that is not at the
// kernel's line number is looked up by its text, which must be unique.
func (q *quotes) find(file string, line int, text string) (diag.Span, bool) {
	if q.source != "" && (file == "" || filepath.Base(file) == filepath.Base(q.source)) {
		if n, ok := q.inSource(line, text); ok {
			return diag.Span{File: q.source, Line: n}, true
		}
	}
	return diag.Span{File: file, Line: line}, file != ""
}

func (q *quotes) inSource(line int, text string) (int, bool) {
	if line > 0 && line <= len(q.sourceLines) && (text == "" || strings.TrimSpace(q.sourceLines[line-1]) == text) {
		return line, true
	}
	found := 0
	for i, l := range q.sourceLines {
		if strings.TrimSpace(l) == text && text != "" {
			if found > 0 {
				return 0, false
			}
			found = i + 1
		}
	}
	return found, found > 0
}

// read returns the known text of a place's file.
func (q *quotes) read(file string) ([]byte, bool) {
	switch file {
	case q.log:
		return []byte(q.text), true
	case q.source:
		return []byte(q.sourceText), true
	}
	lines := q.quotedByFile[file]
	if len(lines) == 0 {
		return nil, false
	}
	last := 0
	for n := range lines {
		last = max(last, n)
	}
	all := make([]string, last)
	for n, text := range lines {
		if n > 0 {
			all[n-1] = text
		}
	}
	return []byte(strings.Join(all, "\n")), true
}

// quoted reports whether only some lines of a file are known.
func (q *quotes) quoted(file string) bool { return file != q.log && file != q.source }
