/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * new_devices.h - wait until new devices are complete
 *
 * A driver can be loaded by udevd, can begin while the kernel's write returns, and can find its
 * devices by a scan that no file shows. So events are received from before the device appears:
 * a device has a driver when its event "bind" has come, and udevd has finished with a device
 * when udevd's own event for it has come.
 *
 * Errors:  negative errno.
 * Source:  Linux 6.1 drivers/base/dd.c, drivers/scsi/scsi_scan.c, drivers/nvme/host/pci.c
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"

struct new_devices;

/* Called each second of a wait. for_what: "udevd to finish with new devices", ... */
typedef void new_devices_waiting(void *priv, const struct deadline *dl,
				 const char *for_what);

/* Begin to receive events. NULL: no memory, or no events. */
struct new_devices *new_devices_open(new_devices_waiting *waiting, void *priv);
/* Accepts NULL. */
void new_devices_close(struct new_devices *w);

/* Read all events that wait. Return the number of those from udevd. */
unsigned int new_devices_drain(struct new_devices *w);

enum new_devices_end {
	NEW_DEVICES_COMPLETE = 1,
	NEW_DEVICES_MAY_FOLLOW, /* nothing new for 2 seconds, but a scan may continue */
	NEW_DEVICES_UDEVD,	/* udevd has not finished: names can change */
};

/* Wait until the drivers and udevd have finished with this device,
 * "/sys/bus/pci/devices/0000:00:01.0", and all below it: enum new_devices_end, -ENODEV if the
 * device does not exist, or -EINTR if stop_fd (-1: none) became readable. It is not waited for
 * longer than the deadline, or than 5 seconds in which udevd does nothing. */
int new_devices_wait(struct new_devices *w, const char *device, const struct deadline *dl,
		     int stop_fd);
