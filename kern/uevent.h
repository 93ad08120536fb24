/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uevent.h - wait until something happens to a device
 *
 * An event only says that it is time to look again: what happened is read from sysfs, and
 * no event is decoded. So the kernel's own multicast group does, and no udev daemon or
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
