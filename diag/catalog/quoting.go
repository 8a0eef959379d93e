// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Quote shows C text in a message.
func Quote(code string) string {
	if code == "" {
		return ""
	}
	return "`" + code + "`"
}

// Call is a function's name as messages show it.
func Call(name string) string {
	if name == "" || name == "unknown" || name == "bpf_unspec" {
		return ""
	}
	return CName(name) + "()"
}

// Bytes gives a number its unit; other text stays.
func Bytes(number string) string {
	switch _, err := strconv.ParseUint(number, 10, 63); {
	case err != nil:
		return number
	case number == "1":
		return "1 byte"
	}
	return number + " bytes"
}

// Parameters is a number of parameters of a function.
func Parameters(n int) string {
	if n == 1 {
		return "1 parameter"
	}
	return strconv.Itoa(n) + " parameters"
}

// Calls lists functions to choose from.
func Calls(names []string) string {
	calls := make([]string, len(names))
	for i, n := range names {
		calls[i] = Call(n)
	}
	return AnyOf(calls)
}

// AnyOf lists words to choose from.
func AnyOf(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

// OneOf lists C texts to choose from.
func OneOf(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Quote(n)
	}
	return AnyOf(quoted)
}

// AllOf lists C texts that are all meant.
func AllOf(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Quote(n)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " and " + quoted[n-1]
	}
	return strings.Join(quoted, "")
}

// Lines lists numbers of lines that are all meant.
func Lines(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// Struct returns the C type of a structure, "" for one without a name.
func Struct(name string) string {
	if name == "" {
		return ""
	}
	return "struct " + name
}

// Capitalize makes the first letter of a sentence a capital, unless the
// sentence starts with a quoted C name.
func Capitalize(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// MapsOfType names the maps of a type by its number, "" for a type without a name.
func MapsOfType(number uint32) string {
	name := facts.MapType(number).String()
	if name == "" {
		return ""
	}
	return "maps of type " + name
}

// BytesFrom names all bytes but the first n, "" for n = 0.
func BytesFrom(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("the bytes from number %d on", n)
}

// Between names the numbers of a range.
func Between(min, max int64) string {
	if min == max {
		return fmt.Sprint(min)
	}
	return fmt.Sprintf("%d to %d", min, max)
}
