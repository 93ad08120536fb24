// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/json_util.h"
#include "eventd/changes.h"

enum {
	LOCK_RETRY_MS = 250,
	BUSY_RETRY_MS = 1000, /* doubled after each try */
};

static int64_t changes_now_ms(void)
{
	return deadline_now_ns() / 1000000;
}

void changes_init(struct changes *changes, struct logger *log, struct event_log *events,
		  struct worker *worker)
{
	*changes = (struct changes){ .log = log, .events = events, .worker = worker };
}

int changes_add(struct changes *c, const struct event_record *record,
		const struct rtas_hotplug_scn *hp)
{
	struct queue_request request;
	int replaced, err = queue_parse(&request, hp);

	if (err) {
		logger_print(c->log, LOGGER_WARNING, "event #%d: no such request exists",
			     record->sequence);
		return err;
	}
	event_log_get(c->events, record->slot);
	replaced = queue_add(&c->queue, record->slot, &request);
	if (replaced >= 0)
		event_log_put(c->events, replaced);
	/* The last slot is not for requests: a power event must always be read. */
	if (!event_log_is_full(c->events))
		return 0;
	logger_print(c->log, LOGGER_ERROR,
		     "event #%d: too many requests wait: configuring all that is present "
		     "in place of this one",
		     record->sequence);
	queue_remove(&c->queue, record->slot);
	event_log_put(c->events, record->slot);
	c->events->file->lost++;
	return -ENOSPC;
}

/* ---- Answers ---- */

static void changes_note(struct changes *c, const char *request, enum act_result result,
			 const char *why)
{
	struct changes_result *note = &c->results[c->n_results++ % CHANGES_RESULTS];

	*note = (struct changes_result){ .result = result, .time = time(NULL) };
	snprintf(note->request, sizeof(note->request), "%s", request);
	snprintf(note->why, sizeof(note->why), "%s", why);
	if (result == ACT_FAILED)
		c->failed++;
	else
		c->done++;
	logger_print(c->log, result == ACT_FAILED ? LOGGER_ERROR : LOGGER_NOTICE,
		     "%s: %s%s%s", request, act_result_name(result), *why ? ": " : "",
		     why);
}

/* A try has ended without a result: the request waits. Return false if there is a result. */
static bool changes_waits(struct changes *c, const struct work_answer *answer,
			  const char *request)
{
	bool is_locked = answer->result == ACT_LOCKED;

	if (is_locked && !c->is_lock_logged)
		logger_print(c->log, LOGGER_NOTICE, "%s waits: %s", request, answer->why);
	c->is_lock_logged = is_locked;
	if (is_locked)
		c->not_before = changes_now_ms() + LOCK_RETRY_MS;
	else if (answer->result == ACT_AGAIN)
		logger_print(c->log, LOGGER_WARNING, "%s: to be tried again: %s", request,
			     answer->why);
	return is_locked || answer->result == ACT_AGAIN;
}

/* Handle an answer to "configure all". */
static void changes_end_all(struct changes *c, const struct work_answer *answer)
{
	uint64_t lost = c->all_lost;

	c->all_lost = 0;
	if (changes_waits(c, answer, "add all")) {
		if (answer->result == ACT_AGAIN)
			c->not_before =
				changes_now_ms() + (BUSY_RETRY_MS << c->all_tries++);
		return;
	}
	c->all_tries = 0;
	c->events->file->lost -= lost;
	changes_note(c, "add all", answer->result, answer->why);
}

static void changes_end_request(struct changes *c, const struct work_answer *answer)
{
	struct queue_request *request = &c->queue.requests[answer->slot];
	char text[QUEUE_NAME_MAX + 64];

	queue_describe(request, text, sizeof(text));
	snprintf(request->why, sizeof(request->why), "%s", answer->why);
	if (changes_waits(c, answer, text)) {
		if (answer->result == ACT_AGAIN)
			request->not_before =
				changes_now_ms() + (BUSY_RETRY_MS << request->tries++);
		if (!queue_again(&c->queue, answer->slot))
			return;
	} else {
		changes_note(c, text, answer->result, answer->why);
		queue_remove(&c->queue, answer->slot);
	}
	event_log_put(c->events, answer->slot);
}

/* A worker that was killed has not limited the tries. */
bool changes_hear(struct changes *c)
{
	uint64_t before = c->n_results;
	struct work_answer answer;

	while (worker_receive(c->worker, &answer)) {
		if (answer.kind == WORK_WAITS) {
			if (answer.slot != WORKER_ALL)
				snprintf(c->queue.requests[answer.slot].why,
					 QUEUE_WHY_MAX, "%s", answer.why);
		} else if (answer.kind == WORK_ALL) {
			answer.result = act_limit(answer.result, c->all_tries);
			changes_end_all(c, &answer);
		} else {
			answer.result = act_limit(answer.result,
						  c->queue.requests[answer.slot].tries);
			changes_end_request(c, &answer);
		}
	}
	return c->n_results != before;
}

/* ---- Requests ---- */

void changes_continue(struct changes *c)
{
	int64_t wait;
	int slot = queue_next(&c->queue, changes_now_ms(), &wait);

	if (!worker_is_idle(c->worker) || changes_now_ms() < c->not_before)
		return;
	if (c->events->file->lost && !c->all_lost) {
		worker_change(c->worker, WORKER_ALL, NULL);
		c->all_lost = worker_is_idle(c->worker) ? 0 : c->events->file->lost;
	} else if (slot >= 0) {
		worker_change(c->worker, slot, &c->queue.requests[slot]);
		c->queue.requests[slot].is_running = !worker_is_idle(c->worker);
	}
}

int64_t changes_wait_ms(const struct changes *c)
{
	int64_t wait, left = c->not_before - changes_now_ms();

	if (!worker_is_idle(c->worker))
		return -1;
	(void)queue_next(&c->queue, changes_now_ms(), &wait);
	if (c->events->file->lost && !c->all_lost)
		wait = 0;
	return wait >= 0 && left > wait ? left : wait;
}

/* ---- Documents ---- */

json_object *changes_waiting(const struct changes *c)
{
	json_object *array = json_new_array();
	char text[QUEUE_NAME_MAX + 64];

	for (int i = 0; i < EVENT_SLOTS; i++) {
		const struct queue_request *request = &c->queue.requests[i];
		json_object *object;

		if (!request->is_used)
			continue;
		object = queue_object(request);
		queue_describe(request, text, sizeof(text));
		json_put_text(object, "request", text);
		json_append(array, object);
	}
	return array;
}

json_object *changes_recent(const struct changes *c)
{
	json_object *array = json_new_array();
	uint64_t first =
		c->n_results > CHANGES_RESULTS ? c->n_results - CHANGES_RESULTS : 0;

	for (uint64_t i = first; i < c->n_results; i++) {
		const struct changes_result *note = &c->results[i % CHANGES_RESULTS];
		json_object *object = json_new_object();

		json_put_time(object, "time", note->time);
		json_put_text(object, "request", note->request);
		json_put_text(object, "result", act_result_name(note->result));
		json_put_text(object, "problem", *note->why ? note->why : NULL);
		json_append(array, object);
	}
	return array;
}
