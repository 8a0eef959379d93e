// SPDX-License-Identifier: GPL-2.0-only
// How long a program of a loader without capabilities may be.
// bpf-lsp: --unprivileged
#include "walk.h"

ASM("socket", too_long, ".rept 4095; goto +0; .endr; r0 = 0; exit")
