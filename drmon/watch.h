/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - descriptors that become readable after a change
 *
 * Nothing is polled: the kernel reports changes of devices (uevents) and files (inotify).
 * If udevd runs, it reports the devices, when it has finished with them.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "drmon/events.h"

struct watch {
	int files;	     /* inotify */
	int devices;	     /* uevents; -1: not available */
	struct udevd *udevd; /* to which devices belongs; NULL: to the kernel */
};

enum {
	WATCH_DEVICES = 1,  /* the devices of Linux changed */
	WATCH_DRMGR = 2,    /* its log, lock, journal */
	WATCH_PLATFORM = 4, /* the log of firmware's events was created */
};

int watch_open(struct watch *watch);
void watch_close(struct watch *watch);

/* Read all changes and return them as a set of WATCH_. Added and removed devices become
 * events. */
unsigned int watch_read(struct watch *watch, struct events *events);
