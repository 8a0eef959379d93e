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

// Callback is a function of the program that a helper or kfunc calls: when,
// and the range of values that it may return.
type Callback struct {
	Async    bool // after the call has returned
	Min, Max int32
}

// CallbackOf is the callback of a helper, nil for helpers without one.
func CallbackOf(id int32) *Callback {
	if id < 0 || id >= NumHelpers {
		return nil
	}
	return helpers[id].callback
}
