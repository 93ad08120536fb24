/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_lazy.h - libjson-c, loaded only for a document
 *
 * To map and to bind a library takes a thirtieth of a short command, and most runs print
 * no document. A program with this part has no need of libjson-c at its start. The
 * functions of json-c that json_util.h, connectors.h and the reports call are then those
 * of json_lazy.c, which call the library's.
 */
#pragma once

/* Load the library, before any function of json-c. Return NULL, or why it cannot be
 * loaded. */
const char *json_load(void);
