/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - Linux names of a connector's devices: "eth0", "cpu0-7"
 *
 * Memory:  texts are malloc'ed and belong to the caller. NULL: out of memory.
 */
#pragma once

#include "libdrmgr/drmgr.h"

/* Return the devices of a connector: interfaces and disks, the addresses of functions that
 * have neither, or the threads of a core. */
char *devices_text(const struct dr_connector *connector);

/* Return the drivers of these devices. */
char *drivers_text(const struct dr_connector *connector);
