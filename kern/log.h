/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - messages: to stderr as far as the detail level goes, all to the log file
 *
 * The log file is appended to between two separator lines, one line a message:
 *   2026-11-20T06:14:21.482 drmgr[412] error C8: ...
 * and is moved aside to <name>.0 at the end when it has grown to 1 MiB. Control
 * characters are escaped, for texts may come from firmware.
 *
 * Errors:  negative errno; a log file that is not root's own regular file is refused.
 * Layer:   kern
 */
#pragma once

#include <stdarg.h>

#include "kern/root.h"
#include "kern/text.h"

enum log_level {
	LEVEL_ALWAYS, /* to stderr whatever the detail level */
	LEVEL_ERROR,
	LEVEL_WARN,
	LEVEL_INFO,
	LEVEL_DEBUG,
};

struct log {
	const char *program;
	int pid;
	int detail; /* the highest level that goes to stderr */
	const struct kern_root *root;
	const char *file; /* path below the root */
	int fd;		  /* -1: no log file */
};

/* Logs to stderr alone until log_open(). */
void log_init(struct log *log, const char *program, int detail);

/* Starts an entry of the log file, e.g. "var/log/drmgr". */
int log_open(struct log *log, const struct kern_root *root, const char *file);

/* Ends the entry; says so on stderr when it moves the file aside. */
void log_close(struct log *log);

void log_vmsg(const struct log *log, enum log_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
void log_msg(const struct log *log, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define log_err(log, ...)   log_msg(log, LEVEL_ERROR, __VA_ARGS__)
#define log_warn(log, ...)  log_msg(log, LEVEL_WARN, __VA_ARGS__)
#define log_info(log, ...)  log_msg(log, LEVEL_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_msg(log, LEVEL_DEBUG, __VA_ARGS__)
