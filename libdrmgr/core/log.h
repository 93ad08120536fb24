/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - messages for the log of the caller
 */
#pragma once

#include <stdarg.h>

#include "libdrmgr/drmgr.h"

struct dr_log {
	/* Receives each message, without an LF at its end. NULL: there is no log. */
	void (*print)(void *priv, enum dr_level level, const char *text);
	void *priv;
};

/* Log a text. Without memory for it, nothing is logged. */
void dr_log(const struct dr_log *log, enum dr_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define dr_log_err(log, ...)   dr_log(log, DR_LEVEL_ERROR, __VA_ARGS__)
#define dr_log_warn(log, ...)  dr_log(log, DR_LEVEL_WARNING, __VA_ARGS__)
#define dr_log_info(log, ...)  dr_log(log, DR_LEVEL_INFO, __VA_ARGS__)
#define dr_log_debug(log, ...) dr_log(log, DR_LEVEL_DEBUG, __VA_ARGS__)
