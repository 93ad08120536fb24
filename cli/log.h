/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - messages: to stderr up to the detail level, all of them to the log file
 *
 * An entry is appended to the log file between two separator lines, with one line per
 * message:
 *   2026-11-20T06:14:21.482 drmgr[412] error C8: ...
 * Lines of calls that follow each other fast are held, and written with the next other one.
 * If the file has grown to 1 MiB at the end, it is renamed to <name>.0. Control
 * characters are escaped, because texts may come from firmware.
 *
 * Errors:  negative errno; a log file that is not root's own regular file is refused.
 * Layer:   commands
 */
#pragma once

#include <stdbool.h>

#include "kern/text.h"

enum log_level {
	LEVEL_ALWAYS, /* to stderr at any detail level */
	LEVEL_ERROR,
	LEVEL_WARN,
	LEVEL_INFO,
	LEVEL_DEBUG,
};

struct log {
	char program[32]; /* with the PID: "drmgr[412]" */
	int detail;	  /* highest level that is printed to stderr */
	char *file;	  /* path */
	int fd;		  /* -1: no log file */
	struct log_held
		*held; /* lines that the next one is written with; NULL: no memory */
};

/* Initialize. Messages go only to stderr until log_open(). */
void log_init(struct log *log, const char *program, int detail);

/* Begin an entry in the log file "var/log/drmgr" below root; NULL: of this system. Return 0
 * or a negative errno. */
int log_open(struct log *log, const char *root, const char *file);

/* End the entry. If the file is renamed, print that on stderr. */
void log_close(struct log *log);

/* Return a copy in which no byte can move the cursor or start a line of its own. keep_lines:
 * LF stays. The caller frees it; NULL: no memory. */
char *log_escape(const char *text, bool keep_lines);

/* Print a text that log_msg() at this level writes to the file alone. */
void log_show(const struct log *log, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Lines of LEVEL_INFO and LEVEL_DEBUG are held until one of another level, or one that comes
 * 100 ms later. A kill loses them. */
void log_msg(const struct log *log, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Write the lines that are held. */
void log_flush(const struct log *log);

/* The same for a complete text. */
void log_text(const struct log *log, enum log_level level, const char *text);

#define log_err(log, ...)   log_msg(log, LEVEL_ERROR, __VA_ARGS__)
#define log_warn(log, ...)  log_msg(log, LEVEL_WARN, __VA_ARGS__)
#define log_info(log, ...)  log_msg(log, LEVEL_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_msg(log, LEVEL_DEBUG, __VA_ARGS__)
