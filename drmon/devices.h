/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - Linux names of a connector's devices: "eth0", "cpu0-7"
 *
 * Memory:  texts are malloc'ed and belong to the caller. NULL: out of memory.
 */
#pragma once

#include "drmon/inventory.h"

/* Return the devices of an object of schema papr.lsslot/1: interfaces and disks, the
 * addresses of functions that have neither, or the threads of a core. */
char *devices_text(const struct dr_ctx *dr, enum conn_type type, json_object *object);

/* Return the drivers of these devices. */
char *drivers_text(json_object *object);
