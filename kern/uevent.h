/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uevent.h - wait until something happens to the devices of a subsystem
 *
 * An event only says that it is time to look again; what happened is read from sysfs.
 * The kernel's own events are heard, so no udev daemon is needed.
 *
 * Errors:  negative errno.
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"

struct uevents;

/* Events from now on of one subsystem ("pci"). */
int uevents_open(struct uevents **events, const char *subsystem);
void uevents_close(struct uevents *events);

/* 1: something happened. 0: the deadline passed. -EINTR: stop_fd (-1: none) became
 * readable. */
int uevents_wait(struct uevents *events, const struct deadline *dl, int stop_fd);
