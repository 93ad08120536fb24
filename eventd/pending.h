/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending.h - what is still to be done for each event, and what came of it
 *
 * An event has one entry, by the number of its slot, from the time when it is taken until all is
 * done; then the slot is free. An event has a request, or hooks, a dump, or a dump after hooks.
 * One more entry, without a slot, configures all after events were lost.
 *
 * One worker has changes at a time, one hooks, and one a dump; while the kernel makes a change
 * wait, another worker has the next one. A request for the same connectors replaces an older
 * one that no worker has: a plug and an unplug of one slot become the last of them. A request
 * that another program's lock, firmware or a lack of memory prevents is tried again. Nothing here
 * waits.
 */
#pragma once

#include <time.h>

#include <json-c/json.h>

#include "eventd/work.h"

enum { PENDING_ALL = EVENT_SLOTS, PENDING_RESULTS = 16 /* that the status has */ };

struct pending {
	enum work_kind kind;
	bool has_dump;		     /* WORK_HOOKS: a dump comes after them */
	struct host_request request; /* type NULL: all */
	unsigned int tries;	     /* that have failed */
	int64_t not_before;	     /* CLOCK_MONOTONIC, ms */
	pid_t pid;		     /* of the worker that has it; 0: none */
	bool is_held;		     /* the kernel makes that worker wait */
	char why[ACT_WHY];	     /* the last try failed, or it is held; "": none */
};

struct pending_result {
	time_t time;
	char request[REQUEST_TEXT_MAX], why[ACT_WHY];
	enum act_result result;
};

struct pendings {
	struct logger *log;
	struct event_log *events;
	struct pending all[EVENT_SLOTS + 1];
	int64_t not_before; /* CLOCK_MONOTONIC, ms: changes; another program has the lock */
	bool is_lock_logged;
	uint64_t all_lost; /* events, before the change that configures all began */
	uint64_t done, failed, n_results;
	struct pending_result results[PENDING_RESULTS];
};

void pendings_init(struct pendings *p, struct logger *log, struct event_log *events);

/* Add what the event of a record requests. Return 0, an error of host_request_parse(), or
 * -ENOSPC: too many wait, so this one is lost, and all is configured. Without an entry after
 * this, the caller frees the slot. */
int pendings_add_request(struct pendings *p, const struct event_record *record,
			 const struct rtas_hotplug_scn *hp);
/* Add hooks, or a dump, or both. */
void pendings_add(struct pendings *p, int slot, bool has_hooks, bool has_dump);
bool pendings_has(const struct pendings *p, int slot);

/* Fill the next job of a kind. Return 0; else there is no job, and the time in ms until one can
 * begin is returned; -1: unknown. */
int64_t pendings_next(const struct pendings *p, enum work_kind kind,
		      struct work_job *job);
/* A worker has the job. */
void pendings_begin(struct pendings *p, const struct work_job *job, pid_t pid);

/* Handle what a worker says. Return true if a request has a result. */
bool pendings_hear(struct pendings *p, const struct work_answer *answer);

/* Return how many entries of a kind there are. *first receives the slot of the oldest one. */
size_t pendings_count(const struct pendings *p, enum work_kind kind, int *first);

/* Return arrays for documents: the requests that wait, and the last results. */
json_object *pendings_waiting(const struct pendings *p);
json_object *pendings_recent(const struct pendings *p);
