// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `usage: conformance header
       conformance ask [flags] FILE.o…
       conformance whole FILE.o…
       conformance compare [flags]
       conformance expect -here FILE FILE.o…
       conformance cost BPF-LSP FILE.o PROGRAM
       conformance claims FILE.o…
`

// verbs are the commands; each returns what went wrong.
var verbs = map[string]func(args []string, stdout io.Writer) error{
	"header":  runHeader,
	"ask":     runAsk,
	"whole":   runWhole,
	"compare": runCompare,
	"expect":  runExpect,
	"cost":    runCost,
	"claims":  runClaims,
}

func main() {
	if len(os.Args) < 2 || verbs[os.Args[1]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	err := verbs[os.Args[1]](os.Args[2:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "conformance: %v\n", err)
		os.Exit(1)
	}
}
