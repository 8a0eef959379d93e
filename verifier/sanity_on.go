// SPDX-License-Identifier: GPL-2.0-only

//go:build verifiercheck

package verifier

const checkSanity = true
