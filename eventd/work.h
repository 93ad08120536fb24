/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * work.h - what the daemon's worker does: changes, hooks for events, dumps
 *
 * The worker is a process of its own, a copy of the daemon. So the main loop waits neither
 * for the lock of dynamic reconfiguration nor for a hook, a disk or the kernel. It sends
 * jobs over a socket, one message each, and receives one answer for each.
 */
#pragma once

#include "eventd/act.h"
#include "eventd/event_log.h"
#include "eventd/logger.h"

enum work_kind {
	WORK_HOOKS, /* for the event of a slot */
	WORK_DUMP,  /* that the event of a slot announces */
	WORK_SLOT_KINDS,
	WORK_REQUEST = WORK_SLOT_KINDS,
	WORK_ALL, /* act_run_all(); slot is not used */
	WORK_WAITS, /* an answer: the kernel makes the request wait; another answer follows */
};

struct work_job {
	enum work_kind kind;
	int slot;
	struct queue_request request; /* of WORK_REQUEST */
	bool may_wait; /* another worker can take over while the kernel makes it wait */
};

struct work_answer {
	enum work_kind kind;
	int slot;
	enum act_result result; /* of changes */
	char why[QUEUE_WHY_MAX];
};

/* Do jobs until the other end of the socket is closed. Then, and if stop_fd becomes readable,
 * undo the change that runs, which is not answered. Then end the process. */
_Noreturn void work_run(int fd, int stop_fd, struct logger *log,
			const struct event_log *events);
