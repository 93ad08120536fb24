/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - the changes that the host requests: which one is next, and what came of it
 *
 * The worker makes them, one at a time. A request waits while another program has the lock;
 * one that can work later is tried again. Nothing here waits.
 */
#pragma once

#include <time.h>

#include "eventd/worker.h"

enum { CHANGES_RESULTS = 16 }; /* that the status has */

struct changes_result {
	time_t time;
	char request[QUEUE_NAME_MAX + 64], why[QUEUE_WHY_MAX];
	enum act_result result;
};

struct changes {
	struct logger *log;
	struct event_log *events;
	struct worker *worker;
	struct queue queue;
	uint64_t done, failed;
	int64_t not_before;	/* CLOCK_MONOTONIC, ms: the next try */
	unsigned int all_tries; /* that have failed, to configure all */
	uint64_t all_lost;	/* before the change that configures all began */
	bool is_lock_logged;
	struct changes_result results[CHANGES_RESULTS];
	uint64_t n_results;
};

void changes_init(struct changes *changes, struct logger *log, struct event_log *events,
		  struct worker *worker);

/* Queue what a record requests. The slot gets a use. Return 0; -ENOSPC: too many requests
 * wait, so this one is lost, and all is configured; or an error of queue_parse(). */
int changes_add(struct changes *changes, const struct event_record *record,
		const struct rtas_hotplug_scn *hp);

/* Let the worker make the next change, if it has none. */
void changes_continue(struct changes *changes);
/* Return how long to wait in ms until then; -1: without limit. */
int64_t changes_wait_ms(const struct changes *changes);

/* Handle the answers of the worker. Return true if there is a result. */
bool changes_hear(struct changes *changes);

/* Return arrays for documents: the requests that wait, and the last results. */
json_object *changes_waiting(const struct changes *changes);
json_object *changes_recent(const struct changes *changes);
