// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"slices"
	"strconv"
	"strings"
)

// emitReleases writes the set of facts of each release.
func emitReleases(g *generator) {
	rows := g.sheets["releases"].rows
	g.printf("// Releases, oldest first.\nconst (\n")
	for i, r := range rows {
		if i > 0 && r.version(r.str("release")) <= r.version(rows[i-1].str("release")) {
			r.fail("releases must be in order")
		}
		typ := ""
		if i == 0 {
			typ = " Release = iota"
		}
		g.printf("%s%s\n", releaseName(r), typ)
	}
	options := map[string]string{}
	for _, c := range configs {
		options[c] = "Config" + camel(c)
	}
	g.printf(")\n\nvar sets = [...]Set{\n")
	for _, r := range rows {
		g.printf("%s: {Release: %s, name: %q, without: %s, kfuncs: []uint16{",
			releaseName(r), releaseName(r),
			r.str("release"), r.flags("without", options))
		last := ""
		for i, k := range g.kfuncs() {
			if !k[0].in(r.str("release")) {
				continue
			}
			if name := k[0].str("name"); name == last {
				k[0].fail("%s is known in two ways in %s", name, r.str("release"))
			} else {
				last = name
			}
			g.printf("%d, ", i)
		}
		g.printf("}},\n")
	}
	g.printf("}\n")
}

// releaseName is the Go constant of a release: Linux618.
func releaseName(r row) string { return "Linux" + strings.ReplaceAll(r.str("release"), ".", "") }

// in reports whether a row with since and until is of a release.
func (r row) in(release string) bool {
	at := r.version(release)
	since, until := r.str("since"), r.str("until")
	return (since == "" || at >= r.version(since)) && (until == "" || at < r.version(until))
}

// span is the Go fields since and until of a row: the first of the releases that
// has it, and the first that no longer does.
func (g *generator) span(r row) (fields string) {
	releases := g.sheets["releases"].rows
	has := func(release row) bool { return r.in(release.str("release")) }
	first := slices.IndexFunc(releases, has)
	if first < 0 {
		r.fail("no release has the row")
	}
	if first > 0 {
		fields = ", since: " + releaseName(releases[first])
	}
	for _, release := range releases[first:] {
		if !has(release) {
			return fields + ", until: " + releaseName(release)
		}
	}
	return fields
}

// version makes a release comparable.
func (r row) version(release string) int {
	major, minor, ok := strings.Cut(release, ".")
	a, aerr := strconv.Atoi(major)
	b, berr := strconv.Atoi(minor)
	if !ok || aerr != nil || berr != nil {
		r.fail("%q is no release", release)
	}
	return a<<16 | b
}
