// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/json_util.h"
#include "cli/system.h"
#include "eventd/pending.h"

enum {
	LOCK_RETRY_MS = 250,
	BUSY_RETRY_MS = 1000, /* doubled after each try */
};

static int64_t pending_now_ms(void)
{
	return deadline_now_ns() / 1000000;
}

void pendings_init(struct pendings *p, struct logger *log, struct event_log *events)
{
	*p = (struct pendings){ .log = log, .events = events };
	p->all[PENDING_ALL].kind = WORK_CHANGE;
}

/* ---- Entries ---- */

/* Fill the slots that have entries of a kind, the oldest first. Return their number. */
static size_t pendings_list(const struct pendings *p, enum work_kind kind,
			    int slots[EVENT_SLOTS])
{
	const struct event_slot *events = p->events->file->slots;
	size_t n = 0, at;

	for (int slot = 0; slot < EVENT_SLOTS; slot++) {
		if (p->all[slot].kind != kind)
			continue;
		for (at = n++; at && events[slots[at - 1]].order > events[slot].order;
		     at--)
			slots[at] = slots[at - 1];
		slots[at] = slot;
	}
	return n;
}

size_t pendings_count(const struct pendings *p, enum work_kind kind, int *first)
{
	int slots[EVENT_SLOTS];
	size_t n = pendings_list(p, kind, slots);

	*first = n ? slots[0] : -1;
	return n;
}

bool pendings_has(const struct pendings *p, int slot)
{
	return p->all[slot].kind != WORK_NOTHING;
}

/* All is done for this entry. */
static void pendings_remove(struct pendings *p, int slot)
{
	p->all[slot] = (struct pending){ 0 };
	if (slot != PENDING_ALL) {
		event_log_free(p->events, slot);
	} else {
		p->all[slot].kind = WORK_CHANGE;
		p->events->file->lost -= p->all_lost;
	}
}

static void pendings_describe(const struct pendings *p, int slot,
			      char text[REQUEST_TEXT_MAX])
{
	if (slot == PENDING_ALL)
		snprintf(text, REQUEST_TEXT_MAX, "add all");
	else
		host_request_describe(&p->all[slot].request, text);
}

/* ---- Add ---- */

/* Return another entry with a request for the same connectors; -1: none. */
static int pendings_find_same(const struct pendings *p, int slot, bool is_running)
{
	for (int i = 0; i < EVENT_SLOTS; i++)
		if (i != slot && p->all[i].kind == WORK_CHANGE &&
		    !p->all[i].pid == !is_running &&
		    host_request_is_same(&p->all[i].request, &p->all[slot].request))
			return i;
	return -1;
}

int pendings_add_request(struct pendings *p, const struct event_record *record,
			 const struct rtas_hotplug_scn *hp)
{
	struct pending *entry = &p->all[record->slot];
	int older, err = host_request_parse(&entry->request, hp);

	if (err) {
		logger_print(p->log, LOGGER_WARNING, "event #%d: no such request exists",
			     record->sequence);
		return err;
	}
	older = pendings_find_same(p, record->slot, false);
	if (older >= 0)
		pendings_remove(p, older);
	/* The last slot is not for requests: a power event must always be read. */
	if (!event_log_is_full(p->events)) {
		entry->kind = WORK_CHANGE;
		return 0;
	}
	logger_print(p->log, LOGGER_ERROR,
		     "event #%d: too many requests wait: configuring all that is present "
		     "in place of this one",
		     record->sequence);
	p->events->file->lost++;
	return -ENOSPC;
}

void pendings_add(struct pendings *p, int slot, bool has_hooks, bool has_dump)
{
	p->all[slot] = (struct pending){
		.kind = has_hooks  ? WORK_HOOKS
			: has_dump ? WORK_DUMP
				   : WORK_NOTHING,
		.has_dump = has_dump && has_hooks,
	};
}

/* ---- Jobs ---- */

/* Return how long this entry has to wait, in ms; -1: for another one. */
static int64_t pending_wait_ms(const struct pendings *p, int slot)
{
	const struct pending *entry = &p->all[slot];
	int64_t not_before = entry->not_before;

	if (entry->pid || (slot != PENDING_ALL && entry->kind == WORK_CHANGE &&
			   pendings_find_same(p, slot, true) >= 0))
		return -1;
	if (entry->kind == WORK_CHANGE && p->not_before > not_before)
		not_before = p->not_before;
	not_before -= pending_now_ms();
	return not_before > 0 ? not_before : 0;
}

/* Add an entry to a job. Return false if it is for another one: cards of one action, of which
 * no try has failed, are changed together. */
static bool pending_join(struct work_job *job, int slot, const struct pending *entry)
{
	bool joins = host_request_is_of_card(&job->request) && !job->tries &&
		     host_request_is_of_card(&entry->request) && !entry->tries &&
		     job->request.action == entry->request.action && job->n < ACT_CARDS;

	if (job->n && !joins)
		return false;
	if (!job->n) {
		job->request = entry->request;
		job->tries = entry->tries;
	}
	job->indexes[job->n] = entry->request.index;
	job->slots[job->n++] = slot;
	return true;
}

static bool pending_is_running(const struct pending *entry)
{
	return entry->pid && !entry->is_held;
}

int64_t pendings_next(const struct pendings *p, enum work_kind kind, struct work_job *job)
{
	const struct pending *all = &p->all[PENDING_ALL];
	int slots[EVENT_SLOTS + 1] = { PENDING_ALL };
	size_t n = kind == WORK_CHANGE && p->events->file->lost && !all->pid;
	int64_t soonest = -1;

	*job = (struct work_job){ .kind = kind };
	if (!n)
		n = pendings_list(p, kind, slots);
	for (size_t i = 0; i < n; i++)
		if (pending_is_running(&p->all[slots[i]]))
			return -1;
	if (kind == WORK_CHANGE && pending_is_running(all))
		return -1;
	for (size_t i = 0; i < n; i++) {
		int64_t wait = pending_wait_ms(p, slots[i]);

		if (!wait && !pending_join(job, slots[i], &p->all[slots[i]]))
			break;
		if (wait >= 0 && (soonest < 0 || wait < soonest))
			soonest = wait;
	}
	return job->n ? 0 : soonest;
}

void pendings_begin(struct pendings *p, const struct work_job *job, pid_t pid)
{
	for (size_t i = 0; i < job->n; i++)
		p->all[job->slots[i]].pid = pid;
	if (job->slots[0] == PENDING_ALL)
		p->all_lost = p->events->file->lost;
}

/* ---- Answers ---- */

static void pendings_note(struct pendings *p, const char *request, enum act_result result,
			  const char *why)
{
	struct pending_result *note = &p->results[p->n_results++ % PENDING_RESULTS];

	*note = (struct pending_result){ .result = result, .time = time(NULL) };
	snprintf(note->request, sizeof(note->request), "%s", request);
	snprintf(note->why, sizeof(note->why), "%s", why);
	if (result == ACT_FAILED)
		p->failed++;
	else
		p->done++;
	logger_print(p->log, result == ACT_FAILED ? LOGGER_ERROR : LOGGER_NOTICE,
		     "%s: %s%s%s", request, act_result_name(result), *why ? ": " : "",
		     why);
}

/* A try of a request has ended. Return true if it has a result; else it waits. */
static bool pendings_end_try(struct pendings *p, int slot,
			     const struct act_outcome *outcome)
{
	enum act_result result = act_limit(outcome->result, p->all[slot].tries);
	struct pending *entry = &p->all[slot];
	char text[REQUEST_TEXT_MAX];

	entry->pid = 0;
	entry->is_held = false;
	snprintf(entry->why, sizeof(entry->why), "%s", outcome->why);
	pendings_describe(p, slot, text);
	if (result != ACT_LOCKED)
		p->is_lock_logged = false;
	else if (!p->is_lock_logged)
		logger_print(p->log, LOGGER_NOTICE, "%s waits: %s", text, entry->why);
	if (result == ACT_LOCKED) {
		p->not_before = pending_now_ms() + LOCK_RETRY_MS;
		p->is_lock_logged = true;
	} else if (result == ACT_AGAIN) {
		logger_print(p->log, LOGGER_WARNING, "%s: to be tried again: %s", text,
			     entry->why);
		entry->not_before = pending_now_ms() + (BUSY_RETRY_MS << entry->tries++);
	} else {
		pendings_note(p, text, result, outcome->why);
		pendings_remove(p, slot);
		return true;
	}
	if (slot != PENDING_ALL && pendings_find_same(p, slot, false) >= 0)
		pendings_remove(p, slot); /* a newer one has replaced it */
	return false;
}

/* Hooks, or a dump, are done. */
static void pendings_end_step(struct pendings *p, int slot)
{
	if (p->all[slot].has_dump)
		pendings_add(p, slot, false, true);
	else
		pendings_remove(p, slot);
}

/* A worker has ended: what it had is done again, but not without end. */
static bool pendings_lose(struct pendings *p, int slot, const struct act_outcome *how)
{
	struct pending *entry = &p->all[slot];

	if (entry->kind == WORK_CHANGE)
		return pendings_end_try(p, slot, how);
	entry->pid = 0;
	if (++entry->tries < ACT_TRIES)
		return false;
	logger_print(p->log, LOGGER_ERROR,
		     "event #%d: %s given up: the worker ended %u times",
		     p->events->file->slots[slot].sequence,
		     entry->kind == WORK_HOOKS ? "hooks are" : "a dump is", entry->tries);
	pendings_end_step(p, slot);
	return false;
}

bool pendings_hear(struct pendings *p, const struct work_answer *answer)
{
	bool has_result = false;

	for (int slot = 0; slot <= PENDING_ALL; slot++) {
		struct pending *entry = &p->all[slot];

		if (entry->pid != answer->pid ||
		    (answer->news == WORK_DONE && slot != answer->slot))
			continue;
		if (answer->news == WORK_HELD) {
			entry->is_held = true;
			snprintf(entry->why, sizeof(entry->why),
				 "PID %d waits for the kernel", (int)entry->pid);
		} else if (answer->news == WORK_LOST) {
			has_result |= pendings_lose(p, slot, &answer->outcome);
		} else if (entry->kind == WORK_CHANGE) {
			has_result |= pendings_end_try(p, slot, &answer->outcome);
		} else {
			pendings_end_step(p, slot);
		}
	}
	return has_result;
}

/* ---- Documents ---- */

json_object *pendings_waiting(const struct pendings *p)
{
	json_object *array = json_new_array();
	int slots[EVENT_SLOTS];
	size_t n = pendings_list(p, WORK_CHANGE, slots);
	char text[REQUEST_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		const struct pending *entry = &p->all[slots[i]];
		const struct host_request *r = &entry->request;
		json_object *object = json_new_object();

		json_put_text(object, "action", dr_action_name(r->action));
		json_put_text(object, "type", dr_type_get_name(r->type));
		json_put_text(object, "name", *r->name ? r->name : NULL);
		json_put(object, "index", r->has_index ? json_index(r->index) : NULL);
		json_put(object, "count", r->has_count ? json_new_int(r->count) : NULL);
		json_put_bool(object, "running", entry->pid);
		json_put_int(object, "tries", entry->tries);
		json_put_text(object, "problem", *entry->why ? entry->why : NULL);
		host_request_describe(r, text);
		json_put_text(object, "request", text);
		json_append(array, object);
	}
	return array;
}

json_object *pendings_recent(const struct pendings *p)
{
	json_object *array = json_new_array();
	uint64_t first =
		p->n_results > PENDING_RESULTS ? p->n_results - PENDING_RESULTS : 0;

	for (uint64_t i = first; i < p->n_results; i++) {
		const struct pending_result *note = &p->results[i % PENDING_RESULTS];
		json_object *object = json_new_object();

		json_put_time(object, "time", note->time);
		json_put_text(object, "request", note->request);
		json_put_text(object, "result", act_result_name(note->result));
		json_put_text(object, "problem", *note->why ? note->why : NULL);
		json_append(array, object);
	}
	return array;
}
