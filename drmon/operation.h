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
	OPERATION_LEFT, /* by an earlier run: killed, waiting, or not undone */
};

struct operation {
	enum operation_state state;
	int pid;
	char command[200];  /* "drmgr -c pci -a -n" */
	char step[120];	    /* the last step: "isolate: set-indicator(...) = 0" */
	unsigned int steps; /* steps so far */
	bool is_repeated;   /* the last step repeats the one before: it waits */
	char wait[200];	    /* what it waits for; empty: nothing is known */
	double wait_end;    /* seconds of the day; 0: no limit */
	size_t done, total; /* resources; total 0: unknown */
	char error[160];    /* empty: none */
	char hint[160];	    /* what the user can do; empty: unknown */
	double begun, last; /* seconds of the day */
	bool is_logged;	    /* the log will report the end */

	/* of the run with the PID own_pid, which drmon has started */
	int own_pid;
	const char *const *plan; /* its steps, "set-indicator(9001, ...)" */
	size_t n_plan, at;	 /* at: the step that is next */
	size_t requested;	 /* resources */

	bool can_look; /* the lock can be read, which only root may do */
	int holder;
	size_t n_left;		/* leftovers, and the journal of a killed run */
	char left[400];		/* the words of the first */
	const char *left_state; /* of the first */
	bool can_recover;	/* one of them is incomplete */
};

/* Read the journal of the run in progress or of a killed one, otherwise the first leftover.
 * The caller frees it in any case. Return as dr_journal_read(). */
int operation_read_journal(struct dr *dr, struct dr_journal **journal);

/* Set the planned steps of the next run that drmon starts, which must stay valid; n 0: none.
 * Its PID is set later. */
void operation_plan(struct operation *op, const char *const *steps, size_t n,
		    size_t requested);
/* Set what the user can do after the failure of drmon's run. */
void operation_hint(struct operation *op, const char *hint);

/* Read one line of drmgr's log. */
void operation_log_line(struct operation *op, const char *line);

/* Read lock and journal after one of them changed. */
void operation_refresh(struct operation *op, struct dr *dr);

/* Format the operation: "[##........] 1 of 4  drmgr -c mem -r -q 4   pid 60   1.2 s", or its
 * result. Empty: no operation. */
void operation_text(const struct operation *op, char *text, size_t size);
/* Format what it waits for, or what the user can do after a failure. Empty: nothing. */
void operation_next_text(const struct operation *op, char *text, size_t size);
