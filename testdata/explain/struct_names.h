/* SPDX-License-Identifier: GPL-2.0-only */
/* Types of the kernel, as a header has them that asks for relocations. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct parcel;

struct parcels {
	struct parcel *first;
};
#pragma clang attribute pop
