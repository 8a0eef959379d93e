// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// describe adds to the tool the rows of the catalogue that results and notifications refer to, in the order of the
// catalogue, and sets the references.
func (s *SARIF) describe(driver *sarif.ToolComponent) {
	rules, events := map[string]uint{}, map[string]uint{}
	for _, r := range s.results {
		rules[*r.RuleID] = 0
	}
	for _, n := range s.notes {
		events[*n.Descriptor.Id] = 0
	}
	for _, e := range catalog.All() {
		code := string(e.Code)
		if _, used := rules[code]; used {
			rules[code] = uint(len(driver.Rules))
			driver.Rules = append(driver.Rules, rule(&e))
		}
		if _, used := events[code]; used {
			events[code] = uint(len(driver.Notifications))
			driver.Notifications = append(driver.Notifications, rule(&e))
		}
	}
	for _, r := range s.results {
		index := rules[*r.RuleID]
		r.RuleIndex = &index
	}
	for _, n := range s.notes {
		index := events[*n.Descriptor.Id]
		n.Descriptor.Index = &index
	}
}

// rule is a row of the catalogue. Its texts describe the code in general; a result has the words for its case.
func rule(e *catalog.Entry) *sarif.ReportingDescriptor {
	reason, suggestion := catalog.Fill(e.Reason, nil), strings.TrimSpace(catalog.Fill(e.Suggestion, nil))
	text, markdown := reason, reason
	if suggestion != "" {
		text += "\n\nWhat to do: " + suggestion
		markdown += "\n\n**What to do:** " + suggestion
	}
	markdown += "\n\n[More about `" + string(e.Code) + "`](" + catalog.Href(e.Code) + ")"
	severity := "error"
	if e.Code == catalog.CompileWarning {
		severity = "warning"
	}
	short := e.Title()
	if e.Problem == "" {
		short = reason
	}
	return sarif.NewRule(string(e.Code)).
		WithName(pascal(e.Code.Problem())).
		WithDescription(short).
		WithFullDescription(sarif.NewMultiformatMessageString(reason)).
		WithHelpURI(catalog.Href(e.Code)).
		WithTextHelp(text).WithMarkdownHelp(markdown).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(severity)).
		WithProperties(sarif.Properties{"tags": []string{"ebpf", string(e.Category())}, "precision": "very-high",
			"problem.severity": severity})
}

// pascal turns a name such as unreleased-reference into UnreleasedReference.
func pascal(slug string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(slug, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
