/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - descriptors that become readable when something may have changed
 *
 * Nothing is polled: the kernel tells of devices (uevents) and of files (inotify).
 *
 * Errors:  negative errno.
 */
#pragma once

#include "drmon/events.h"

struct watch {
	int files;   /* inotify */
	int devices; /* uevents; -1: there are none to be had */
};

enum {
	WATCH_DEVICES = 1,  /* what Linux has has changed */
	WATCH_DRMGR = 2,    /* its log, lock, journal */
	WATCH_PLATFORM = 4, /* the log of firmware's events came to be */
};

int watch_open(struct watch *watch);
void watch_close(struct watch *watch);

/* What has happened: of WATCH_. Devices that came and went are put into events. */
unsigned int watch_read(struct watch *watch, struct events *events);
