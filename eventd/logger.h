/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logger.h - messages of the daemon
 *
 * They go to journald by its own protocol, with fields. If journald does not run, or
 * standard error is a terminal, they go to standard error, one line each. Texts may come
 * from firmware: bytes that are not printable become \xNN.
 *
 * Source:  systemd, "Native Journal Protocol"
 */
#pragma once

#include <stdbool.h>

struct logger {
	int fd;		 /* a socket of journald; -1: standard error */
	bool is_verbose; /* send LOGGER_DEBUG, too */
};

/* Priorities of syslog(3). */
enum logger_priority {
	LOGGER_EMERGENCY,
	LOGGER_ERROR = 3,
	LOGGER_WARNING,
	LOGGER_NOTICE,
	LOGGER_INFO,
	LOGGER_DEBUG,
};

void logger_open(struct logger *log, bool is_verbose);
void logger_close(struct logger *log);

/* Send a message. */
void logger_print(const struct logger *log, enum logger_priority priority,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Send a message with fields for journald: "EVENT_TYPE=229", the last one NULL. */
void logger_send(const struct logger *log, enum logger_priority priority,
		 const char *text, const char *const fields[]);
