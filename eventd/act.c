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
};

/* Set an outcome. A text that does not fit ends after a whole word. */
static void act_end(struct act_outcome *outcome, enum act_result result, const char *why)
{
	static const char cut[] = " ...";
	char *end;

	outcome->result = result;
	if (snprintf(outcome->why, ACT_WHY, "%s", why) < ACT_WHY)
		return;
	outcome->why[ACT_WHY - sizeof(cut)] = '\0';
	end = strrchr(outcome->why, ' ');
	memcpy(end ? end : outcome->why + ACT_WHY - sizeof(cut), cut, sizeof(cut));
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

/* The kernel can make it wait for long. */
static void act_on_wait(void *priv, const char *what, int64_t left_ms)
{
	const struct act_session *s = priv;

	(void)what;
	(void)left_ms;
	log_flush(&s->log);
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
		.wait = act_on_wait,
	};
	int err = dr_new(&s->dr, NULL);

	log_init(&s->log, program, -1);
	if (err)
		return err;
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

/* Set the outcome of a lock that was not acquired. If its folder is missing, for example, this
 * may end. */
static void act_end_unlocked(const struct act_session *s, int err,
			     struct act_outcome *outcome)
{
	int pid = err == -EAGAIN ? dr_get_lock_holder(s->dr) : 0;

	act_end(outcome, err == -EAGAIN ? ACT_LOCKED : ACT_AGAIN,
		err == -EAGAIN ? "the lock is held by another process"
			       : dr_get_error_text(s->dr));
	if (pid)
		snprintf(outcome->why, ACT_WHY, "the lock is held by PID %d (%s)", pid,
			 dr_get_lock_holder_command(s->dr));
}

/* Undo what a killed run has left. What cannot be undone blocks only its connectors. */
static int act_recover(struct act_session *s)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	int err = dr_recover(s->dr, NULL, &interrupted);

	if (!err && interrupted.undone)
		logger_print(s->act->log, LOGGER_WARNING,
			     "an earlier run (PID %d: %s) was interrupted: %u of its "
			     "steps undone",
			     interrupted.pid, interrupted.command, interrupted.undone);
	return err == -EUCLEAN || err == -EINPROGRESS ? 0 : err;
}

/* Prepare a change. Return false if it cannot begin, and the outcome. */
static bool act_begin(struct act_session *s, const char *command,
		      struct act_outcome *outcome)
{
	int err = act_open(s, command);

	if (err) {
		act_end(outcome, act_failure(err), strerror(-err));
		return false;
	}
	err = dr_lock(s->dr, 0);
	if (err) {
		act_end_unlocked(s, err, outcome);
		return false;
	}
	if (log_open(&s->log, NULL, LOG_FILE))
		s->log.fd = -1;
	log_info(&s->log, "papr-eventd: %s", command);
	err = act_recover(s);
	if (err)
		act_end(outcome, act_failure(err), dr_get_error_text(s->dr));
	return !err;
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

/* Return the result of a request that failed with an error and an errno. is_left: because an
 * earlier run has left the connector, of which a write may still end. */
static enum act_result act_on_failure(const struct dr_request *request,
				      enum dr_status status, bool is_left,
				      const struct dr_error *error, int err)
{
	enum dr_code code = dr_error_get_code(error);

	/* A part of a quantity is not repeated, because it remains. */
	if (code == DR_CODE_INTERRUPTED && status != DR_STATUS_PARTIAL)
		return ACT_STOPPED;
	if (is_left)
		return ACT_AGAIN;
	if (status != DR_STATUS_FAILED)
		return ACT_FAILED;
	if (act_is_needless(request, code))
		return ACT_NOTHING;
	return act_is_busy(error) ? ACT_AGAIN : act_failure(err);
}

/* Firmware gives only the host's requests here, so memory is not stranded: force. */
static struct dr_request act_request(const struct act_session *s,
				     const struct host_request *request)
{
	bool is_memory = type_is(request->type, TYPE_MEMORY);

	return (struct dr_request){
		.size = sizeof(struct dr_request),
		.type = request->type,
		.action = request->action,
		.key = *request->name ? request->name : NULL,
		.describe = request->action == DR_ADD && !is_memory,
		.lmbs_in_all = is_memory ? request->count : 0,
		.force = request->action == DR_REMOVE && is_memory,
		.may_yield = true,
		.try_once = !s->act->may_wait,
	};
}

/* Run a request that has one outcome. */
static void act_change(struct act_session *s, const struct dr_request *request,
		       struct act_outcome *outcome)
{
	enum dr_status status = DR_STATUS_FAILED;
	struct dr_results *results;
	int err = dr_run(s->dr, request, &results);
	bool is_left;

	if (results)
		status = dr_results_get_status(results);
	is_left = status == DR_STATUS_NOT_UNDONE && !dr_results_is_prepared(results);
	if (err)
		act_end(outcome,
			act_on_failure(request, status, is_left, dr_get_error(s->dr),
				       err),
			dr_get_error_text(s->dr));
	else
		act_end(outcome, ACT_DONE, "");
	dr_results_free(results);
}

/* Return true if the host has removed the card of a slot again; then there is an outcome. */
static bool act_is_withdrawn(struct act_session *s, const struct host_request *request,
			     uint32_t index, struct act_outcome *outcome)
{
	const char *state;

	if (request->action != DR_ADD || dr_sense(s->dr, index, &state) || !state ||
	    strcmp(state, "empty") != 0)
		return false;
	act_end(outcome, ACT_NOTHING, "the slot is empty");
	return true;
}

/* Change the connector of an index, and done others of the request before. */
static void act_change_index(struct act_session *s, const struct host_request *request,
			     uint32_t done, struct act_outcome *outcome)
{
	struct dr_request change = act_request(s, request);
	const uint32_t index = request->index + done;

	change.indexes = &index;
	change.lmbs_in_all -= change.lmbs_in_all ? done : 0;
	change.n_indexes = 1;
	if (!act_is_withdrawn(s, request, index, outcome))
		act_change(s, &change, outcome);
}

static bool act_is_unknown(const struct dr *dr)
{
	enum dr_code code = dr_error_get_code(dr_get_error(dr));

	return code == DR_CODE_NO_SUCH_INDEX || code == DR_CODE_NO_SUCH_CONNECTOR;
}

/* libdrmgr has no request for a count from an index. Connectors of one resource have
 * consecutive indexes. Stop at the first one that fails. */
static void act_change_range(struct act_session *s, const struct host_request *request,
			     struct act_outcome *outcome)
{
	bool is_done = false;

	act_end(outcome, ACT_NOTHING, "");
	for (uint32_t i = 0; i < request->count; i++) {
		act_change_index(s, request, i, outcome);
		is_done |= outcome->result == ACT_DONE;
		if (outcome->result > ACT_NOTHING)
			return;
		if (outcome->result == ACT_NOTHING && act_is_unknown(s->dr))
			break; /* the count is wrong */
	}
	if (is_done)
		act_end(outcome, ACT_DONE, "");
}

static void act_change_one(struct act_session *s, const struct host_request *request,
			   struct act_outcome *outcome)
{
	struct dr_request change = act_request(s, request);

	change.count = request->count;
	change.has_count = request->has_count;
	if (request->has_index && request->has_count)
		act_change_range(s, request, outcome);
	else if (request->has_index)
		act_change_index(s, request, 0, outcome);
	else
		act_change(s, &change, outcome);
}

/* ---- Cards ---- */

/* Return what became of a card; NULL: it was not begun. */
static const struct dr_resource *act_find_resource(const struct dr_results *results,
						   uint32_t index)
{
	const struct dr_resource *resource;

	for (size_t i = 0; (resource = dr_results_get_resource(results, i)); i++)
		if (dr_resource_get_index(resource) == index &&
		    dr_resource_get_outcome(resource) != DR_SKIPPED)
			return resource;
	return NULL;
}

/* Set the outcome of a card that is not done. */
static void act_end_card(const struct act_session *s, const struct dr_request *change,
			 enum dr_status status, const struct dr_resource *resource,
			 int err, struct act_outcome *outcome)
{
	const struct dr_error *error =
		resource ? dr_resource_get_error(resource) : dr_get_error(s->dr);
	enum act_result result = act_on_failure(
		change, status, dr_error_get_code(error) == DR_CODE_UNDO_INCOMPLETE,
		error, resource ? dr_error_get_errno(error) : err);

	if (!resource && result == ACT_FAILED)
		result = ACT_AGAIN; /* one before it has ended the request */
	act_end(outcome, result,
		resource ? dr_resource_get_error_text(resource)
			 : dr_get_error_text(s->dr));
}

/* An undo that failed has ended the request, so it is that of the last card that failed. */
static void act_change_cards(struct act_session *s, const struct host_request *request,
			     const uint32_t indexes[], size_t n,
			     struct act_outcome outcomes[])
{
	struct dr_request change = act_request(s, request);
	struct act_outcome *of[ACT_CARDS];
	uint32_t present[ACT_CARDS];
	struct dr_results *results;
	enum dr_status status;
	int err;

	for (size_t i = 0; i < n; i++) {
		if (act_is_withdrawn(s, request, indexes[i], &outcomes[i]))
			continue;
		of[change.n_indexes] = &outcomes[i];
		present[change.n_indexes++] = indexes[i];
	}
	change.indexes = present;
	if (change.n_indexes < 2) {
		if (change.n_indexes)
			act_change(s, &change, of[0]);
		return;
	}
	err = dr_run(s->dr, &change, &results);
	status = results && dr_results_is_undo_incomplete(results) ? DR_STATUS_NOT_UNDONE
								   : DR_STATUS_FAILED;
	for (size_t i = change.n_indexes; i--;) {
		const struct dr_resource *resource =
			results ? act_find_resource(results, present[i]) : NULL;

		if (resource && dr_resource_get_outcome(resource) == DR_DONE) {
			act_end(of[i], ACT_DONE, "");
			continue;
		}
		act_end_card(s, &change, resource ? status : DR_STATUS_FAILED, resource,
			     err, of[i]);
		if (resource)
			status = DR_STATUS_FAILED;
	}
	dr_results_free(results);
}

/* ---- Refuse a removal ---- */

/* Return the index of the connector of a request; 0: unknown. */
static uint32_t act_find_index(struct act_session *s, const struct host_request *request)
{
	const struct dr_connector *connector;
	struct dr_list *list;
	uint32_t index = 0;

	if (!*request->name)
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
static void act_refuse(struct act_session *s, const struct host_request *request)
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
static void act_add_bridges(struct act_session *s, struct act_outcome *outcome)
{
	const struct host_request bridges = { .type = type_with(TYPE_BRIDGES),
					      .action = DR_ADD };
	struct dr_request change = act_request(s, &bridges);

	change.has_count = true;
	change.count = act_count_bridges(s, change.type);
	if (change.count)
		act_change(s, &change, outcome);
}

static void act_add_all(struct act_session *s, struct act_outcome *outcome)
{
	const struct host_request cards = { .type = type_with(TYPE_CARDS),
					    .action = DR_ADD };
	const struct dr_request change = act_request(s, &cards);

	act_add_bridges(s, outcome);
	act_change(s, &change, outcome);
}

/* Print the command of a request, for the log and the journal. */
static void act_describe(const struct host_request *request, size_t n,
			 char text[REQUEST_TEXT_MAX + 32])
{
	snprintf(text, REQUEST_TEXT_MAX, "add all");
	if (request->type)
		host_request_describe(request, text);
	if (n > 1)
		snprintf(text + strlen(text), 32, " and %zu more", n - 1);
}

void act_run(const struct act *act, const struct host_request *request,
	     unsigned int tries, const uint32_t indexes[], size_t n,
	     struct act_outcome outcomes[])
{
	struct act_session s = { .act = act };
	char command[REQUEST_TEXT_MAX + 32];

	act_describe(request, n, command);
	if (!act_begin(&s, command, outcomes))
		for (size_t i = 1; i < n; i++)
			outcomes[i] = outcomes[0];
	else if (!request->type)
		act_add_all(&s, outcomes);
	else if (n > 1)
		act_change_cards(&s, request, indexes, n, outcomes);
	else
		act_change_one(&s, request, outcomes);
	for (size_t i = 0; i < n; i++) {
		outcomes[i].result = act_limit(outcomes[i].result, tries);
		if (outcomes[i].result == ACT_FAILED && request->type && s.dr &&
		    dr_has_lock(s.dr))
			act_refuse(&s, request);
	}
	act_close(&s);
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
