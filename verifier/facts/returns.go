// SPDX-License-Identifier: GPL-2.0-only

package facts

import "math"

// ReturnRule says how the value a program returns is judged.
type ReturnRule uint8

// The rules for returned values.
const (
	ReturnAny         ReturnRule = iota
	ReturnRange                  // Min to Max
	ReturnUnsupported            // the kernel cannot load such programs
	ReturnLSMHook                // void hooks need no value; else the 32-bit range of LSMHook.Range
	ReturnLSMCgroup              // Min to Max, for void hooks exactly 1
	ReturnStructOps              // void members need no value; a pointer member wants it or Min to Max; else any
)

// Returns is what a program may return.
type Returns struct {
	Rule     ReturnRule
	Min, Max int32
}

type returnRow struct {
	prog     ProgType
	attaches uint64
	Returns
}

// ReturnsOf gives the rule for a program's returned value.
//
// kernel: check_return_code
func ReturnsOf(prog ProgType, attach AttachType) Returns {
	for i := range returnRows {
		if r := &returnRows[i]; r.prog == prog && r.attaches>>attach&1 != 0 {
			return r.Returns
		}
	}
	return Returns{Rule: ReturnAny, Min: math.MinInt32, Max: math.MaxInt32}
}

type callbackReturn struct{ helper, min, max int32 }

// CallbackReturns is the range of values that the callback of a helper may
// return; it fails for helpers without a callback.
func CallbackReturns(id int32) (min, max int32, ok bool) {
	for _, c := range callbackReturns {
		if c.helper == id {
			return c.min, c.max, true
		}
	}
	return 0, 0, false
}
