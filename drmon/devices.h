/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - what Linux calls the devices of a connector: "eth0", "cpu0-7"
 *
 * Memory:  texts are malloc'ed, the caller's; NULL: out of memory.
 */
#pragma once

#include "drmon/inventory.h"

/* Of an object of schema papr.lsslot/1: interfaces and disks, or addresses of functions
 * that have none; threads of a core. */
char *devices_text(const struct dr_ctx *dr, enum conn_type type, json_object *object);

/* And their drivers. */
char *drivers_text(json_object *object);
