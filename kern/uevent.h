/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uevent.h - wait until something happens to a device
 *
 * An event says that it is time to look again; what is so now is read from sysfs. Its few
 * words are for people. So the kernel's own multicast group does, and no udev daemon or
 * library is needed.
 *
 * Errors:  negative errno.
 * Source:  Linux 6.1 lib/kobject_uevent.c
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"

/* Events from now on; a descriptor to close. */
int uevents_open(void);

/* 1: something happened. 0: the deadline passed. -EINTR: stop_fd (-1: none) became
 * readable. */
int uevents_wait(int fd, const struct deadline *dl, int stop_fd);

/* What one of them says. Texts are cut. */
struct uevent {
	char action[16];    /* "add", "remove", ... */
	char path[256];	    /* "/devices/pci0000:00/0000:00:02.0" */
	char subsystem[32]; /* "pci" */
};

/* 1: *event; all of it empty if some were lost. 0: there is none now. */
int uevents_read(int fd, struct uevent *event);
