/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation.h - what drmgr is doing, or did last
 *
 * Who has the lock says whether one runs; its log, which has each step as it is made, says
 * what it does; a journal that stays while nobody has the lock is one that was killed.
 *
 * Source:  drmgr(8), FILES
 */
#pragma once

#include "drmgr/model/context.h"

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
	char step[120];	      /* the last one: "isolate: set-indicator(...) = 0" */
	unsigned int steps;   /* made so far */
	unsigned int planned; /* 0: not known */
	char error[160];      /* empty: none */
	double begun, last;   /* seconds of the day */
	bool is_logged;	      /* the log is still to tell of its end */

	bool can_look; /* at the lock: root's alone */
	int lock_fd, holder;
};

void operation_init(struct operation *op);
void operation_close(struct operation *op);

/* One line of drmgr's log. */
void operation_log_line(struct operation *op, const char *line);

/* After something happened to lock or journal. */
void operation_look(struct operation *op, const struct dr_ctx *dr);

/* "4/9 unisolate: ...", "done", "failed: ..."; empty: there was none. */
void operation_text(const struct operation *op, char *text, size_t size);
