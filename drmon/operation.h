/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation.h - drmgr's current or last operation
 *
 * The holder of the lock shows whether drmgr runs. drmgr's log contains each step. If a
 * journal remains while the lock is free, drmgr was killed.
 *
 * Source:  drmgr(8), FILES
 */
#pragma once

#include "libdrmgr/drmgr.h"

enum operation_state {
	OPERATION_NONE,
	OPERATION_RUNS,
	OPERATION_ENDED,
	OPERATION_KILLED
};

struct operation {
	enum operation_state state;
	int pid;
	char command[200];    /* "drmgr -c pci -a -n" */
	char step[120];	      /* the last step: "isolate: set-indicator(...) = 0" */
	unsigned int steps;   /* steps so far */
	unsigned int planned; /* 0: unknown */
	char error[160];      /* empty: none */
	double begun, last;   /* seconds of the day */
	bool is_logged;	      /* the log will report the end */

	bool can_look; /* the lock can be read, which only root may do */
	int holder;
};

/* Read one line of drmgr's log. */
void operation_log_line(struct operation *op, const char *line);

/* Read lock and journal after one of them changed. */
void operation_refresh(struct operation *op, struct dr *dr);

/* Format the operation: "4/9 unisolate: ...", "done", "failed: ...". Empty: no
 * operation. */
void operation_text(const struct operation *op, char *text, size_t size);
