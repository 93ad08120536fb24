/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_table.h - print slots as the table that scripts parse, or as JSON
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/types/pci/slot_list.h"

enum slot_table_kind { SLOT_TABLE_PCI, SLOT_TABLE_LOGICAL };

/* Print a table. delimiter '\0': columns with a heading; otherwise fields separated by
 * it. */
void slot_table_print(const struct slot_list *list, enum slot_table_kind kind,
		      char delimiter);

/* Print a document of schema papr.lsslot/1. */
void slot_table_print_json(const struct slot_list *list, const char *type,
			   const struct json_sink *sink);
