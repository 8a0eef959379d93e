// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"strings"
	"testing"
)

func TestMacroAgainst(t *testing.T) {
	tests := []struct{ text, want string }{
		{"#ifndef A\n", "A"},
		{"#if !defined(A)\n", "A"},
		{"#if !defined(A) || B\n", ""},
		{"#ifdef A\n", ""},
		{"#ifdef A\nx\n#else\n", "A"},
		{"#ifndef A\nx\n#else\n", ""},
		{"#ifndef H\n#define H\n", ""},
		{"#ifndef A\n#ifdef B\n#endif\n", "A"},
		{"#ifndef A\n#ifdef B\n", "A"},
		{"#ifdef A\n#elif B\n", ""},
	}
	for _, tt := range tests {
		if got := macroAgainst(strings.Split(tt.text, "\n")); got != tt.want {
			t.Errorf("%q gives %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add([]byte("#cmakedefine01 X\n#cmakedefine Y @Z@\n#define A \"@B@\" ${C}\n"),
		[]byte("#ifndef X\n#if !defined(Y)\n#else\n"))
	f.Fuzz(func(_ *testing.T, template, source []byte) {
		fillTemplate(template)
		macroAgainst(strings.Split(string(source), "\n"))
	})
}
