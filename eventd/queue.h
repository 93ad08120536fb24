/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.h - the host's requests that wait, the oldest first
 *
 * A request of an event has the number of its slot, so there is always room. A request for
 * the same connector replaces an older one that waits: a plug and an unplug of one slot
 * become the last of them. Requests by count, and one that runs, are not replaced.
 *
 * Source:  PAPR+ 10.3.2.2, hotplug section; librtasevent.h
 */
#pragma once

#include <stdint.h>

#include <json-c/json.h>

#include "cli/types.h"
#include "eventd/event_log.h"
#include "librtas/librtasevent.h"

enum {
	QUEUE_NAME_MAX = 80, /* of a DRC name, with its NUL */
	QUEUE_WHY_MAX = 1000,
};

enum queue_kind { QUEUE_NAME, QUEUE_INDEX, QUEUE_COUNT, QUEUE_COUNT_INDEX };

struct queue_request {
	bool is_used;
	bool is_running; /* a worker makes it: it is not replaced */
	uint64_t order;
	const struct dr_type *type;
	enum dr_action action;
	enum queue_kind kind;
	char name[QUEUE_NAME_MAX];
	uint32_t index, count;
	unsigned int tries;	 /* that have failed */
	int64_t not_before;	 /* CLOCK_MONOTONIC, ms */
	char why[QUEUE_WHY_MAX]; /* the last try failed; "": none */
};

struct queue {
	struct queue_request requests[EVENT_SLOTS]; /* by the number of the slot */
	uint64_t next_order;
};

/* Read a request from an event. Return 0, -ENOTSUP: the type, the action or the identifier
 * is unknown; -ENAMETOOLONG. */
int queue_parse(struct queue_request *request, const struct rtas_hotplug_scn *hp);

/* Add a request with the number of its slot. Return the slot of the request that it
 * replaces, or -1. */
int queue_add(struct queue *queue, int slot, const struct queue_request *request);

/* A try of a request has ended without a result. Return true if a newer request for the same
 * connector has replaced it meanwhile; the request is then removed. */
bool queue_again(struct queue *queue, int slot);

/* Return the slot of the oldest request that may run now; -1: none. *wait_ms receives how
 * long to wait for another one; -1: without limit. */
int queue_next(const struct queue *queue, int64_t now_ms, int64_t *wait_ms);

/* Remove a request. */
void queue_remove(struct queue *queue, int slot);

/* Print "add pci 0x40000008" into text. */
void queue_describe(const struct queue_request *request, char *text, size_t size);

/* Return the object of a request for documents of papr.eventd/1. */
json_object *queue_object(const struct queue_request *request);
