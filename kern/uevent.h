/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uevent.h - wait for device events
 *
 * Except in kern/new_devices.c, events are only a wake-up: the new state is read from sysfs,
 * and the fields of an event are for messages. The kernel's multicast group is enough; no udev daemon or library is
 * needed.
 *
 * Errors:  negative errno.
 * Source:  Linux 6.1 lib/kobject_uevent.c
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"

/* Begin to receive events. Return a descriptor that the caller must close. */
int uevents_open(void);

/* Wait for an event. Return 1, 0 if the deadline has passed, or -EINTR if stop_fd (-1:
 * none) became readable. */
int uevents_wait(int fd, const struct deadline *dl, int stop_fd);

/* Fields of an event. Texts are cut. */
struct uevent {
	char action[16];    /* "add", "remove", ... */
	char path[256];	    /* "/devices/pci0000:00/0000:00:02.0" */
	char subsystem[32]; /* "pci" */
};

/* Read an event into *event. Return 1, or 0 if no event is waiting. If events were lost,
 * return 1 with all fields empty. */
int uevents_read(int fd, struct uevent *event);
