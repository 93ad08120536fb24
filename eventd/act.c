// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "cli/resource_text.h"
#include "eventd/act.h"
#include "librtas/librtas.h"

#define LOG_FILE "var/log/drmgr"

enum {
	INDICATOR_ISOLATION = 9001,
	UNISOLATE = 1,
	ACT_LIMIT_MS = 5 * 60 * 1000, /* of one request */
};

/* One request, with its context and the entry in the log. */
struct act_session {
	const struct act *act;
	struct dr *dr;
	struct log log;
	char *command[3]; /* for journals */
	char *why;
	size_t size;
};

/* A text that does not fit ends after a whole word. */
static void act_explain(struct act_session *s, const char *text)
{
	static const char cut[] = " ...";
	char *end;

	if (snprintf(s->why, s->size, "%s", text) < (int)s->size)
		return;
	s->why[s->size - sizeof(cut)] = '\0';
	end = strrchr(s->why, ' ');
	memcpy(end ? end : s->why + s->size - sizeof(cut), cut, sizeof(cut));
}

/* ---- What the library reports ---- */

static void act_on_log(void *priv, enum dr_level level, const char *text)
{
	const struct act_session *s = priv;

	log_msg(&s->log, (enum log_level)level, "%s", text);
}

static void act_on_warning(void *priv, const char *text)
{
	const struct act_session *s = priv;

	log_warn(&s->log, "%s", text);
	logger_print(s->act->log, LOGGER_WARNING, "%s", text);
}

static void act_on_error(void *priv, const struct dr_error *error, const char *text)
{
	const struct act_session *s = priv;

	(void)error;
	log_err(&s->log, "%s", text);
}

/* Print what Linux has for an added resource. */
static void act_on_end(void *priv, const struct dr_resource *resource)
{
	const struct act_session *s = priv;
	_cleanup_free_ char *devices = NULL;

	if (dr_resource_get_outcome(resource) == DR_DONE)
		devices = resource_devices_text(resource);
	if (devices)
		logger_print(s->act->log, LOGGER_NOTICE, "%s (0x%08x): configured %s",
			     dr_resource_get_name(resource),
			     dr_resource_get_index(resource), devices);
}

/* The host removes it in any case. */
static void act_on_impact(void *priv, const struct dr_impact *impact, const char *text)
{
	const struct act_session *s = priv;

	(void)impact;
	logger_print(s->act->log, LOGGER_WARNING, "in use: %s", text);
}

/* ---- Session ---- */

/* Return the result of a request that has changed nothing: short of memory or descriptors, it
 * can work later. */
static enum act_result act_failure(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE ? ACT_AGAIN
								  : ACT_FAILED;
}

static void act_on_yield(void *priv)
{
	const struct act_session *s = priv;

	if (s->act->yield)
		s->act->yield(s->act->priv);
}

static int act_open(struct act_session *s, const char *command)
{
	static char program[] = "papr-eventd";
	const struct dr_callbacks callbacks = {
		.size = sizeof(callbacks),
		.priv = s,
		.log = act_on_log,
		.warning = act_on_warning,
		.error = act_on_error,
		.end = act_on_end,
		.impact = act_on_impact,
		.yield = act_on_yield,
	};
	int err = dr_new(&s->dr, NULL);

	log_init(&s->log, program, -1);
	if (err) {
		act_explain(s, strerror(-err));
		return err;
	}
	s->command[0] = program;
	s->command[1] = strdup(command);
	if (s->command[1])
		dr_set_command(s->dr, 2, s->command);
	dr_set_callbacks(s->dr, &callbacks);
	dr_set_time_limit(s->dr, ACT_LIMIT_MS);
	dr_set_stop_fd(s->dr, s->act->stop_fd);
	return 0;
}

static void act_close(struct act_session *s)
{
	log_close(&s->log);
	dr_unref(s->dr);
	free(s->command[1]);
}

static enum act_result act_lock(struct act_session *s)
{
	int pid, err = dr_lock(s->dr, 0);

	if (!err)
		return ACT_DONE;
	pid = dr_get_lock_holder(s->dr);
	if (err != -EAGAIN)
		act_explain(s, dr_get_error_text(s->dr));
	else if (pid)
		snprintf(s->why, s->size, "the lock is held by PID %d (%s)", pid,
			 dr_get_lock_holder_command(s->dr));
	else
		act_explain(s, "the lock is held by another process");
	return err == -EAGAIN ? ACT_LOCKED : act_failure(err);
}

/* Undo what a killed run has left. What cannot be undone blocks only its connectors. */
static enum act_result act_recover(struct act_session *s)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	int err = dr_recover(s->dr, NULL, &interrupted);

	if (!err && interrupted.undone)
		logger_print(s->act->log, LOGGER_WARNING,
			     "an earlier run (PID %d: %s) was interrupted: %u of its "
			     "steps undone",
			     interrupted.pid, interrupted.command, interrupted.undone);
	if (!err || err == -EUCLEAN || err == -EINPROGRESS)
		return ACT_DONE;
	act_explain(s, dr_get_error_text(s->dr));
	return act_failure(err);
}

/* Prepare a change. */
static enum act_result act_begin(struct act_session *s, const char *command)
{
	int err = act_open(s, command);
	enum act_result result = err ? act_failure(err) : act_lock(s);

	if (result != ACT_DONE)
		return result;
	if (log_open(&s->log, NULL, LOG_FILE))
		s->log.fd = -1;
	log_info(&s->log, "papr-eventd: %s", command);
	return act_recover(s);
}

/* ---- One change ---- */

/* Return true if the error says that the request needs no change. */
static bool act_is_needless(const struct dr_request *request, enum dr_code code)
{
	if (request->action == DR_ADD)
		return code == DR_CODE_ALREADY_THERE;
	return code == DR_CODE_NOTHING_THERE || code == DR_CODE_NO_SUCH_INDEX ||
	       code == DR_CODE_NO_SUCH_CONNECTOR || code == DR_CODE_NO_CONNECTORS;
}

/* Return true if firmware answered that it is busy, also for longer than its limit. */
static bool act_is_busy(const struct dr_error *error)
{
	int32_t status;

	if (dr_error_get_code(error) == DR_CODE_TIMED_OUT)
		return true;
	return dr_error_get_status(error, &status) &&
	       (status == -2 || (status >= 9900 && status <= 9905));
}

/* Return true if a write of an earlier run holds up the change, which was not begun. */
static bool act_is_held_up(const struct dr_error *error)
{
	return dr_error_get_code(error) == DR_CODE_TIMED_OUT && !dr_error_get_step(error);
}

/* Return the result of a request that failed with an error and an errno. */
static enum act_result act_on_failure(const struct dr_request *request,
				      const struct dr_results *results,
				      const struct dr_error *error, int err)
{
	enum dr_status status =
		results ? dr_results_get_status(results) : DR_STATUS_FAILED;
	enum dr_code code = dr_error_get_code(error);

	/* A part of a quantity is not repeated, because it remains. */
	if (code == DR_CODE_INTERRUPTED && status != DR_STATUS_PARTIAL)
		return ACT_STOPPED;
	/* An earlier run left the connector: its write may end. */
	if (status == DR_STATUS_NOT_UNDONE && !dr_results_is_prepared(results))
		return ACT_AGAIN;
	if (status != DR_STATUS_FAILED)
		return ACT_FAILED;
	if (act_is_needless(request, code))
		return ACT_NOTHING;
	return act_is_busy(error) || act_is_held_up(error) ? ACT_AGAIN : act_failure(err);
}

static enum act_result act_change(struct act_session *s, const struct dr_request *request)
{
	struct dr_request change = *request;
	enum act_result result = ACT_DONE;
	struct dr_results *results;
	int err;

	change.may_yield = true;
	change.try_once = !s->act->may_wait;
	err = dr_run(s->dr, &change, &results);
	if (err) {
		act_explain(s, dr_get_error_text(s->dr));
		result = act_on_failure(request, results,
					results ? dr_results_get_error(results)
						: dr_get_error(s->dr),
					err);
	}
	dr_results_free(results);
	return result;
}

/* Return true if the host has removed the card of a slot again. */
static bool act_is_withdrawn(struct act_session *s, const struct queue_request *request,
			     uint32_t index)
{
	const char *state;

	return request->action == DR_ADD && !dr_sense(s->dr, index, &state) && state &&
	       !strcmp(state, "empty");
}

/* Firmware gives only the host's requests here, so memory is not stranded: force. */
static struct dr_request act_request(const struct queue_request *request, const char *key)
{
	bool is_memory = type_is(request->type, TYPE_MEMORY);

	return (struct dr_request){
		.size = sizeof(struct dr_request),
		.type = request->type,
		.action = request->action,
		.key = key,
		.describe = request->action == DR_ADD && !is_memory,
		.force = request->action == DR_REMOVE && is_memory,
	};
}

static enum act_result act_change_index(struct act_session *s,
					const struct queue_request *request,
					uint32_t index)
{
	char key[16];
	struct dr_request change;

	if (act_is_withdrawn(s, request, index)) {
		act_explain(s, "the slot is empty");
		return ACT_NOTHING;
	}
	snprintf(key, sizeof(key), "0x%08x", index);
	change = act_request(request, key);
	return act_change(s, &change);
}

static bool act_is_unknown(const struct dr *dr)
{
	enum dr_code code = dr_error_get_code(dr_get_error(dr));

	return code == DR_CODE_NO_SUCH_INDEX || code == DR_CODE_NO_SUCH_CONNECTOR;
}

/* libdrmgr has no request for a count from an index. Connectors of one resource have
 * consecutive indexes. Stop at the first one that fails. */
static enum act_result act_change_indexes(struct act_session *s,
					  const struct queue_request *request)
{
	enum act_result result = ACT_NOTHING;
	bool is_done = false;

	for (uint32_t i = 0; i < request->count; i++) {
		result = act_change_index(s, request, request->index + i);
		is_done |= result == ACT_DONE;
		if (result != ACT_DONE && result != ACT_NOTHING)
			return result;
		if (result == ACT_NOTHING && act_is_unknown(s->dr))
			break; /* the count is wrong */
	}
	return is_done ? ACT_DONE : result;
}

static enum act_result act_execute(struct act_session *s,
				   const struct queue_request *request)
{
	struct dr_request change = act_request(request, NULL);

	switch (request->kind) {
	case QUEUE_INDEX:
		return act_change_index(s, request, request->index);
	case QUEUE_COUNT_INDEX:
		return act_change_indexes(s, request);
	case QUEUE_NAME:
		change.key = request->name;
		return act_change(s, &change);
	case QUEUE_COUNT:
		change.count = request->count;
		change.has_count = true;
		return act_change(s, &change);
	}
	return ACT_FAILED;
}

/* ---- Refuse a removal ---- */

/* Return the index of the connector of a request; 0: unknown. */
static uint32_t act_find_index(struct act_session *s, const struct queue_request *request)
{
	const struct dr_connector *connector;
	struct dr_list *list;
	uint32_t index = 0;

	if (request->kind != QUEUE_NAME)
		return request->index;
	if (dr_list_new(s->dr, request->type, request->name, 0, &list) == -ENOMEM)
		return 0;
	connector = dr_list_next(list);
	if (connector)
		index = dr_connector_get_index(connector);
	dr_list_free(list);
	return index;
}

/* Unisolate the connector. This has an effect only if the host waits for its removal. */
static void act_refuse(struct act_session *s, const struct queue_request *request)
{
	uint32_t index;
	const char *state;
	int status;

	if (request->action != DR_REMOVE || type_is(request->type, TYPE_CARDS))
		return;
	index = act_find_index(s, request);
	if (!index || dr_sense(s->dr, index, &state) || !state ||
	    strcmp(state, "present") != 0)
		return;
	status = rtas_set_indicator(INDICATOR_ISOLATION, (int)index, UNISOLATE);
	if (status)
		logger_print(s->act->log, LOGGER_WARNING,
			     "0x%08x: the host cannot be informed: set-indicator "
			     "returned %d",
			     index, status);
	else
		logger_print(s->act->log, LOGGER_NOTICE,
			     "0x%08x: the removal is refused towards the host", index);
}

/* ---- Requests ---- */

enum act_result act_limit(enum act_result result, unsigned int tries)
{
	return result == ACT_AGAIN && tries + 1 >= ACT_TRIES ? ACT_FAILED : result;
}

enum act_result act_run(const struct act *act, const struct queue_request *request,
			char *why, size_t size)
{
	struct act_session s = { .act = act, .why = why, .size = size };
	char command[QUEUE_NAME_MAX + 64];
	enum act_result result;

	*why = '\0';
	queue_describe(request, command, sizeof(command));
	result = act_begin(&s, command);
	if (result == ACT_DONE)
		result = act_execute(&s, request);
	result = act_limit(result, request->tries);
	if (result == ACT_FAILED && s.dr && dr_has_lock(s.dr))
		act_refuse(&s, request);
	act_close(&s);
	return result;
}

/* Return how many host bridges this partition could add. */
static unsigned int act_count_bridges(struct act_session *s, const struct dr_type *type)
{
	struct dr_list *list;
	unsigned int n = 0;

	if (dr_list_new(s->dr, type, NULL, DR_LIST_ABSENT, &list) == -ENOMEM)
		return 0;
	while (dr_list_next(list))
		n++;
	dr_list_free(list);
	return n;
}

/* The host's sensor does not show which bridges it offers, so request all. Fewer are no
 * error. */
static void act_add_bridges(struct act_session *s)
{
	struct dr_request change = {
		.size = sizeof(change),
		.type = type_with(TYPE_BRIDGES),
		.action = DR_ADD,
		.describe = true,
		.has_count = true,
	};

	change.count = act_count_bridges(s, change.type);
	if (change.count)
		act_change(s, &change);
}

enum act_result act_run_all(const struct act *act, char *why, size_t size)
{
	struct act_session s = { .act = act, .why = why, .size = size };
	const struct dr_request cards = {
		.size = sizeof(cards),
		.type = type_with(TYPE_CARDS),
		.action = DR_ADD,
		.describe = true,
	};
	enum act_result result;

	*why = '\0';
	result = act_begin(&s, "add all");
	if (result == ACT_DONE) {
		act_add_bridges(&s);
		*why = '\0';
		result = act_change(&s, &cards);
	}
	act_close(&s);
	return result;
}

const char *act_result_name(enum act_result result)
{
	static const char *const names[] = {
		[ACT_DONE] = "done",	 [ACT_NOTHING] = "nothing-to-do",
		[ACT_LOCKED] = "locked", [ACT_AGAIN] = "busy",
		[ACT_FAILED] = "failed", [ACT_STOPPED] = "stopped",
	};

	return names[result];
}
