/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * udev.h - events of udevd
 *
 * udevd loads modules and renames network interfaces after the kernel has reported a
 * device, and then sends an event of its own. It writes the record in its database before it
 * loads modules: only the event shows that it has finished. libudev is loaded only if a udevd
 * runs.
 *
 * Errors:  negative errno.
 * Source:  libudev(3); systemd 252 to 257, run
 * Layer:   kern
 */
#pragma once

#include <stdbool.h>

#include "kern/uevent.h"

struct udevd;

/* Begin to receive udevd's events. Return NULL if no udevd runs, or if libudev is not
 * installed. */
struct udevd *udevd_open(void);
/* Accepts NULL. */
void udevd_close(struct udevd *u);

/* Return a descriptor that is readable if an event waits. */
int udevd_fd(const struct udevd *u);

/* Read an event of udevd, as uevents_read() does. The first one of an interface that gets a new
 * name is left out: another one follows. */
int udevd_read(struct udevd *u, struct uevent *event);

/* Return true while udevd has events that it has read. */
bool udevd_is_busy(void);
