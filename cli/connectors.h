/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connectors.h - members of connectors, and documents of the schema papr.lsslot/1
 */
#pragma once

#include "cli/error.h"
#include "cli/json_util.h"
#include "libdrmgr/drmgr.h"

/* Return a text or number of a connector; NULL or -1: unknown. */
const char *connector_text(const struct dr_connector *connector, const char *key);
int64_t connector_number(const struct dr_connector *connector, const char *key);

/* Get a list of a connector. It has no items if it is unknown. */
void connector_items(const struct dr_connector *connector, const char *key,
		     struct dr_value *list);

/* Return a text or number of an item; NULL or -1: unknown. key NULL: a plain value. */
const char *item_text(const struct dr_value *list, size_t i, const char *key);
int64_t item_number(const struct dr_value *list, size_t i, const char *key);

/* Print "2 GiB" into text, without a fraction: "1536 MiB". */
void size_format(uint64_t bytes, char *text, size_t size);

/* Return the object of a connector. */
json_object *connector_object(const struct dr_connector *connector);

/* Return the code for an error of dr_new(). sysroot NULL: the running system. */
enum dr_code code_of_open(int err, const char *sysroot);

/* Return the object of an error of reading connectors, a negative errno, whose text is dr's
 * last error; NULL: 0. */
json_object *list_error_object(const struct dr *dr, int err);

/* Print the document of a list. list NULL: one without connectors, and dr is not used. type
 * NULL: unknown. code, message: the error, or DR_CODE_NONE. An error of the list itself is
 * reported, too. */
void connectors_print(const struct dr *dr, const struct dr_type *type,
		      struct dr_list *list, enum dr_code code, const char *message);
