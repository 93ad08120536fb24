/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - report readiness, state and life to the service manager
 *
 * Source:  sd_notify(3), which documents the protocol: datagrams to $NOTIFY_SOCKET
 */
#pragma once

#include <stdint.h>

struct notify {
	int fd;		     /* -1: there is no service manager */
	int64_t watchdog_ms; /* it expects a sign of life this often; 0: never */
};

/* Read the environment. */
void notify_open(struct notify *notify);
void notify_close(struct notify *notify);

/* Send "READY=1\nSTATUS=..." and the like. */
void notify_send(const struct notify *notify, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Report that the configuration is read again. READY=1 must follow. */
void notify_reloading(const struct notify *notify);
