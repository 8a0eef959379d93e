// SPDX-License-Identifier: GPL-2.0-only

package kernellog

import (
	"regexp"
	"strings"
)

// Pasted is what a text has of the log of one program.
type Pasted struct {
	// Program is the C function, "" if the text does not name it.
	Program string
	Lines   []Line
	// Refused says that the words around the log say that the program was not
	// loaded.
	Refused bool
	// Whole says that the log has its last line, the statistics.
	Whole bool
}

// Logs finds the logs in a text, one for each program. What loaders print
// around a log is left out of it; what nobody knows is kept, since it may be a
// message.
func Logs(text string) []Pasted {
	var s splitter
	for _, line := range Clean(text) {
		s.line(line)
	}
	s.finish()
	return s.logs
}

// Log is the text of the log.
func (p *Pasted) Log() string {
	texts := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, "\n")
}

// Accepted reports whether the log is that of an accepted program.
func (p *Pasted) Accepted() bool {
	if !p.Whole || p.Refused {
		return false
	}
	rest, reports := Split(p.Log())
	start, end := closing(strings.Split(rest, "\n"))
	return start == end && len(reports) == 0
}

// splitter collects the lines of one log after the other.
type splitter struct {
	logs    []Pasted
	current Pasted
	// started says that the current log has begun, ended that its statistics
	// or the loader's mark of its end were read.
	started, ended bool
	// walked says that the log has an instruction behind the first; alone that
	// global functions were verified before the program.
	walked, alone bool
}

// What loaders print around a log. The name of the program is the first group,
// what follows the words is the second.
var (
	refusedProgram = regexp.MustCompile(`prog '([^']*)': (?:BPF program load failed|failed to load)\b`)
	refusedOld     = regexp.MustCompile(`failed to load program '([^']*)'`)
	refusedSection = regexp.MustCompile(`^Prog section '[^']*' rejected: `)
	refusedObject  = regexp.MustCompile(`(?i)^(?:Error: )?(?:load bpf program failed|bpf: failed to load program|failed to load (?:BPF )?(?:object|skeleton)|failed to load object)\b`)
	loadProgram    = regexp.MustCompile(`^(?:.*\bprogram ([^\s:]+): )?.*\bload program: ([^:]*[^:\d]):?(?: (.*))?$`)
	verifierSays   = regexp.MustCompile(`^.*[Vv]erifier (?:output|log|error|analysis): ?(.*)$`)
	beginOfLog     = regexp.MustCompile(`^(?:prog '([^']*)': )?-- BEGIN (?:PROG LOAD|DUMP) LOG --`)
	endOfLog       = regexp.MustCompile(`^(?:prog '[^']*': )?-- END (?:PROG LOAD )?LOG --`)
	ourHeading     = regexp.MustCompile(`^== \S+ \S+ (\S+)$`)
	omitted        = regexp.MustCompile(` ?\((?:truncated(?:\.\.\.)?|(?:truncated, )?\d+ line\(s\) omitted)\)$`)
)

// line takes the next line of the text.
func (s *splitter) line(l Line) {
	bare := strings.TrimSpace(l.Text)
	if bare == "" || strings.HasPrefix(bare, "```") {
		if s.started && !s.ended && bare == "" {
			s.current.Lines = append(s.current.Lines, l)
		}
		return
	}
	if s.wrapping(bare, l.N) {
		return
	}
	if words, rest := withoutWords(l.Text); words != "" {
		l.Text, bare = rest, strings.TrimSpace(rest)
	}
	s.add(l, bare)
}

// wrapping takes a line that a loader printed around a log.
func (s *splitter) wrapping(bare string, n int) bool {
	if m := beginOfLog.FindStringSubmatch(bare); m != nil {
		s.begin(m[1])
		return true
	}
	if endOfLog.MatchString(bare) {
		s.ended = true
		return true
	}
	if m := ourHeading.FindStringSubmatch(bare); m != nil {
		s.finish()
		s.begin(m[1])
		return true
	}
	if m := refusedProgram.FindStringSubmatch(bare); m != nil {
		s.refused(m[1])
		return true
	}
	if m := refusedOld.FindStringSubmatch(bare); m != nil {
		s.refused(m[1])
		return true
	}
	if refusedSection.MatchString(bare) {
		s.finish()
		s.refused("")
		return true
	}
	if refusedObject.MatchString(bare) {
		s.refused("")
		return true
	}
	if m := loadProgram.FindStringSubmatch(bare); m != nil {
		s.finish()
		s.refused(m[1])
		s.joined(m[3], n)
		return true
	}
	if m := verifierSays.FindStringSubmatch(bare); m != nil && !isStep(bare) {
		s.begin("")
		s.current.Refused = true
		s.joined(m[1], n)
		return true
	}
	return false
}

// begin starts a log, of which the program may be known.
func (s *splitter) begin(program string) {
	if s.started && len(s.current.Lines) > 0 {
		s.finish()
	}
	s.started = true
	if program != "" {
		s.current.Program = program
	}
}

// refused notes that a program was not loaded. The loader says so before the
// log, behind it, or both.
func (s *splitter) refused(program string) {
	if s.ended || len(s.current.Lines) > 0 && (program == "" || s.current.Program == "" || s.current.Program == program) {
		if s.current.Program == "" || program == "" || s.current.Program == program {
			s.current.Refused = true
			if program != "" {
				s.current.Program = program
			}
			return
		}
	}
	if len(s.current.Lines) > 0 {
		s.finish()
	}
	s.current.Program, s.current.Refused = program, true
	s.started = true
}

// joined takes the end of a log that a loader wrote into one line, with ": "
// between the lines of the log.
func (s *splitter) joined(text string, n int) {
	text = omitted.ReplaceAllString(text, "")
	parts := strings.Split(text, ": ")
	if len(parts) > 2 && strings.Trim(parts[0], "0123456789") == "" {
		s.add(Line{parts[0] + ": " + parts[1], n}, parts[0]+": "+parts[1])
		parts = parts[2:]
	}
	if text = strings.Join(parts, ": "); text != "" {
		s.add(Line{text, n}, text)
	}
}

// add takes a line of a log, or one that is not known to be none.
func (s *splitter) add(l Line, bare string) {
	pc, isInsn := instruction(bare)
	at, isState := position(bare)
	restart := s.walked && !s.alone && !strings.HasPrefix(bare, "from ") && (isInsn && pc == 0 || isState && at == 0)
	switch {
	case restart, s.ended && begins(bare):
		s.finish()
	case s.ended && !isClosing(bare):
		return
	}
	s.started = true
	s.walked = s.walked || isInsn && pc > 0
	s.alone = s.alone || strings.HasPrefix(bare, "Validating ")
	s.current.Lines = append(s.current.Lines, l)
	if strings.HasPrefix(bare, "processed ") {
		s.current.Whole, s.ended = true, true
	}
}

// begins reports whether a line behind the end of a log is the first of the next.
func begins(bare string) bool {
	return isStep(bare) || strings.HasPrefix(bare, reportHeader)
}

// finish ends the current log.
func (s *splitter) finish() {
	if lines := trimmed(s.current.Lines); len(lines) > 0 {
		s.current.Lines = lines
		dedent(s.current.Lines)
		s.logs = append(s.logs, s.current)
	}
	*s = splitter{logs: s.logs}
}

// trimmed is lines without the empty ones at the end.
func trimmed(lines []Line) []Line {
	for len(lines) > 0 && lines[len(lines)-1].Text == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
