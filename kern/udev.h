/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * udev.h - has udevd finished with new devices?
 *
 * udevd loads modules and renames network interfaces after the kernel has reported a
 * device. libudev is loaded only if a udevd runs.
 *
 * A device has a record in udevd's database if it has a device file or is an interface.
 * For a device with a modalias, udevd loads modules after it has written a record: it has
 * finished with such a device if its event was received. So open before the device appears.
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

/* Read an event of udevd, as uevents_read() does. */
int udevd_read(struct udevd *u, struct uevent *event);

/* Read all waiting events. Return their number. */
unsigned int udevd_drain(struct udevd *u);

/* Return 1 if udevd has finished with this device, "/sys/bus/pci/devices/0000:00:01.0", and all
 * below it, 0 if not, or -ENODEV if the device does not exist. */
int udevd_has_finished(const struct udevd *u, const char *device);

/* Return true while udevd has events that it has read. */
bool udevd_is_busy(void);
