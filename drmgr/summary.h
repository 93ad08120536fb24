/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.h - how many connectors the partition has of each type, and its ranges of memory
 */
#pragma once

#include "libdrmgr/drmgr.h"

/* Statuses of --check. */
enum { SUMMARY_COMPLETE, SUMMARY_INCOMPLETE, SUMMARY_UNKNOWN };

/* Read the connectors of a type, or of all types (NULL), and print how many the partition
 * owns. LMBs that follow each other and have the same state are one range. json: print one
 * document of papr.lsslot-summary/1, also after an error. A type that the machine does not have
 * counts 0. is_system: not a captured tree. sense: also how many the host offers. Return 0, or the
 * negative errno of dr_list_new(). */
int summary_print(struct dr *dr, const struct dr_type *type, bool is_system, bool sense,
		  bool json);

/* Return whether an earlier run of drmgr left something incomplete. */
int summary_check(struct dr *dr);

/* Print the document of an error that occurred earlier. */
void summary_print_error(enum dr_code code, const char *message);
