/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * common.h - what all commands have: state of the process, terminal, log, texts
 */
#pragma once

#include "kern/cleanup.h"
#include "kern/log.h"
#include "kern/process.h"
#include "kern/terminal.h"
#include "kern/text.h"

/* The log file of a command. */
struct log_file {
	struct kern_root root;
};

/* Open a log file of this system, "var/log/drmgr". Return 0 or a negative errno. */
int log_file_open(struct log_file *file, struct log *log, const char *path);
/* End the entry of the log. file must be zeroed if it was never opened. */
void log_file_close(struct log_file *file, struct log *log);
