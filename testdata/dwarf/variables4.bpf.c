// SPDX-License-Identifier: GPL-2.0-only
// The same for DWARF 4, which has other sections.
#include "variables.bpf.c"
