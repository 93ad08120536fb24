/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * udev.h - wait until udevd has finished with new devices
 *
 * udevd loads modules and renames network interfaces after the kernel has reported a
 * device. libudev is loaded only if a udevd runs.
 *
 * A device has a record in udevd's database if it has a device file or is an interface.
 * Of the others, udevd loads modules for those with a modalias: it has finished with such
 * a device if its event was received. So open before the device appears.
 *
 * Errors:  negative errno.
 * Source:  libudev(3); systemd 252 to 257, run
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"
#include "kern/uevent.h"

struct udevd;

/* Begin to receive udevd's events. Return NULL if no udevd runs, or if libudev is not
 * installed. */
struct udevd *udevd_open(void);
/* Accepts NULL. */
void udevd_close(struct udevd *u);

/* Return a descriptor that is readable if an event waits. */
int udevd_fd(const struct udevd *u);

/* Read an event of udevd, as uevents_read() does. */
int udevd_read(struct udevd *u, struct uevent *event);

/* Read all waiting events, for udevd_wait(). Return their number. */
unsigned int udevd_drain(struct udevd *u);

/* Set a function that is called each second of a wait. */
void udevd_set_waiting(struct udevd *u,
		       void (*waiting)(void *priv, const struct deadline *dl),
		       void *priv);

/* Wait until udevd has finished with this device, "/sys/bus/pci/devices/0000:00:01.0",
 * and all below it. Return 1; 0 if the deadline has passed, or if udevd did nothing for
 * some seconds; -ENODEV if the device does not exist; -EINTR if stop_fd (-1: none) became
 * readable. */
int udevd_wait(struct udevd *u, const char *device, const struct deadline *dl,
	       int stop_fd);
