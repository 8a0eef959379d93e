// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"regexp"
	"strconv"
	"strings"
)

// Report is an explanation of a rejection, as kernels from 7.3 on and
// bpf-lsp check --reports put it behind the message. What a report lacks is
// empty.
type Report struct {
	Category, Problem  string
	Reason, Suggestion string
	At                 Event
	// Lock is where the lock was taken that is in the way, Path how it came to
	// the fault, oldest event first.
	Lock, Path []Event
}

// Event is an instruction that a report shows in its source.
type Event struct {
	Function, File string
	Line, Col      int
	PC             int // -1 if the report does not tell
	// Label is the kind of event, Message what happened.
	Label, Message string
}

const reportHeader = "Verification failed: "

var (
	sectionTitle = regexp.MustCompile(`^[A-Z][A-Za-z ]*:$`)
	placeLine    = regexp.MustCompile(`^  (?:(\S+) @ )?(\S.*):(\d+):(\d+)$`)
	insnLine     = regexp.MustCompile(`^  insn (\d+)$`)
	markedInsn   = regexp.MustCompile(`^  >>> +(\d+) \| `)
	remark       = regexp.MustCompile(`^ +\| +(.*)$`)
)

// Split takes the reports out of a log. The log may have none, or several at
// any place: those about leaks stand between the lines of one message.
func Split(log string) (rest string, reports []Report) {
	if !strings.Contains(log, reportHeader) {
		return log, nil
	}
	var kept []string
	lines := strings.Split(log, "\n")
	for i := 0; i < len(lines); {
		title, ok := strings.CutPrefix(lines[i], reportHeader)
		if !ok {
			kept = append(kept, lines[i])
			i++
			continue
		}
		if n := len(kept); n > 0 && kept[n-1] == "" {
			kept = kept[:n-1]
		}
		p := reportParser{}
		p.Category, p.Problem, _ = strings.Cut(title, ": ")
		for i++; i < len(lines) && belongs(lines[i]); i++ {
			p.line(lines[i])
		}
		if i == len(lines) {
			kept = append(kept, "")
		}
		reports = append(reports, p.Report)
	}
	return strings.Join(kept, "\n"), reports
}

// belongs reports whether a line is of a report, not of the log around it.
func belongs(line string) bool {
	return line == "" || strings.HasPrefix(line, "  ") || sectionTitle.MatchString(line)
}

// reportParser reads a report line by line.
type reportParser struct {
	Report
	section string
	// event is the one that is read, remarked whether its message has begun.
	event    *Event
	remarked bool
}

func (p *reportParser) line(line string) {
	switch {
	case line == "":
		p.event = nil
	case line[0] != ' ':
		p.section, p.event = strings.TrimSuffix(line, ":"), nil
	case p.section == "Reason":
		p.Reason = join(p.Reason, line)
	case p.section == "Suggestion":
		p.Suggestion = join(p.Suggestion, line)
	case p.event == nil:
		p.begin(line)
	default:
		p.inEvent(line)
	}
}

// begin reads the first line of an event.
func (p *reportParser) begin(line string) {
	e := Event{PC: -1}
	if m := insnLine.FindStringSubmatch(line); m != nil {
		e.PC = atoi(m[1])
	} else if m := placeLine.FindStringSubmatch(line); m != nil {
		e.Function, e.File, e.Line, e.Col = m[1], m[2], atoi(m[3]), atoi(m[4])
	} else {
		return // how many events are left out
	}
	p.remarked = false
	var list *[]Event
	switch p.section {
	case "At":
		if p.At == (Event{}) {
			p.At, p.event = e, &p.At
		}
		return
	case "Active lock":
		list = &p.Lock
	case "Causal path":
		list = &p.Path
	default:
		return
	}
	*list = append(*list, e)
	p.event = &(*list)[len(*list)-1]
}

// inEvent reads a further line of an event.
func (p *reportParser) inEvent(line string) {
	if m := markedInsn.FindStringSubmatch(line); m != nil && p.remarked {
		p.event.PC = atoi(m[1])
		return
	}
	m := remark.FindStringSubmatch(line)
	if m == nil {
		return
	}
	if text, first := strings.CutPrefix(m[1], "^-- "); first {
		p.event.Label, p.event.Message, _ = strings.Cut(text, ": ")
		p.remarked = true
	} else if p.remarked {
		p.event.Message = join(p.event.Message, m[1])
	}
}

// join puts a line behind the text that it was wrapped from.
func join(text, line string) string {
	return strings.TrimSpace(text + " " + strings.TrimSpace(line))
}

// atoi reads digits.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
