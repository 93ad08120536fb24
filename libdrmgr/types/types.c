// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/types.h"

/* A line for each type: its file has "const struct dr_type type_NAME". */
/* clang-format off */
#define TYPES(type)	\
	type(pci)	\
	type(slot)	\
	type(phb)	\
	type(cpu)	\
	type(mem)	\
	type(port)	\
	type(acc)	\
	type(phib)	\
	type(pmig)
/* clang-format on */

#define TYPE_DECLARE(name) extern const struct dr_type type_##name;
TYPES(TYPE_DECLARE)

#define TYPE_ADDRESS(name) &type_##name,
const struct dr_type *const dr_types[] = { TYPES(TYPE_ADDRESS) NULL };
