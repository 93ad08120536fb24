/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logger.h - messages of the daemon
 *
 * They go to journald by its own protocol, with fields. If journald does not run, or
 * standard error is a terminal, they go to standard error, one line each. Texts may come
 * from firmware: bytes that are not printable become \xNN. A text of more than about 4000
 * bytes is cut, and ends with "...".
 *
 * Nothing here waits or needs memory. While a reader of standard error has stopped, messages
 * are lost; their number is the first that it gets then.
 *
 * Source:  systemd, "Native Journal Protocol"
 */
#pragma once

#include <stdbool.h>

struct logger {
	int fd;	       /* a socket of journald; -1: standard error */
	int stderr_fd; /* does not block; -1: standard error cannot be opened again */
	unsigned long lost; /* messages */
	bool is_verbose;    /* send LOGGER_DEBUG, too */
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
void logger_print(struct logger *log, enum logger_priority priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Send a message with fields for journald: "EVENT_TYPE=229", the last one NULL. */
void logger_send(struct logger *log, enum logger_priority priority, const char *text,
		 const char *const fields[]);
