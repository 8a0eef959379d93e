// SPDX-License-Identifier: GPL-2.0-only

package catalog

// callCases word faults about calls of which the tables know more.
var callCases = map[Code][]Case{}
