/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * work.h - what the daemon's workers do: changes, hooks for events, dumps
 *
 * A worker is a process of its own, a copy of the daemon. So the main loop waits neither for the
 * lock of dynamic reconfiguration nor for a hook, a disk or the kernel. It sends a job over a
 * socket, one message, and receives an answer for each slot of the job. If the other end of the
 * socket is closed, the worker undoes its change, or ends its hook, and ends without an answer.
 */
#pragma once

#include "eventd/act.h"
#include "eventd/event_log.h"

enum work_kind { WORK_NOTHING, WORK_CHANGE, WORK_HOOKS, WORK_DUMP, WORK_KINDS };

struct work_job {
	enum work_kind kind;
	size_t n;		     /* of slots: one, or cards */
	int slots[ACT_CARDS];	     /* their events */
	struct host_request request; /* of a change, the first one; type NULL: all */
	uint32_t indexes[ACT_CARDS];
	unsigned int tries; /* that have failed */
	bool may_wait; /* another worker can take over while the kernel makes it wait */
};

struct work_answer {
	enum work_news {
		WORK_DONE, /* the outcome of a slot */
		WORK_HELD, /* the kernel makes the change wait; another answer follows */
		WORK_LOST, /* the worker has ended, with this outcome of all of its slots */
	} news;
	pid_t pid;
	int slot;
	bool is_last;		    /* of the job */
	struct act_outcome outcome; /* of changes */
};

/* Do jobs until the end. */
_Noreturn void work_run(int fd, struct logger *log, const struct event_log *events);
