// SPDX-License-Identifier: GPL-2.0-only
// What shapes.c asks about a kernel and shapes_kernel.c is made for.
#pragma once

#include "loader.h"

#define exists(field) __builtin_preserve_field_info(field, 2)
#define size_of(field) __builtin_preserve_field_info(field, 1)
#define offset_of(field) __builtin_preserve_field_info(field, 0)
#define signed_of(field) __builtin_preserve_field_info(field, 3)
#define left_of(field) __builtin_preserve_field_info(field, 4)
#define right_of(field) __builtin_preserve_field_info(field, 5)
#define type_exists(type) __builtin_preserve_type_info(*(typeof(type) *)0, 0)
#define type_size(type) __builtin_preserve_type_info(*(typeof(type) *)0, 1)
#define type_matches(type) __builtin_preserve_type_info(*(typeof(type) *)0, 2)
#define enum_exists(type, val) __builtin_preserve_enum_value(*(typeof(type) *)val, 0)
#define enum_value(type, val) __builtin_preserve_enum_value(*(typeof(type) *)val, 1)
