// SPDX-License-Identifier: GPL-2.0-or-later
/* What an exit status promises, compared with the state. */
#include <err.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outcomes.h"

enum {
	DONE = 0,
	PARTIAL = 64,
	INCOMPLETE = 65,
	OVER_ITS_TIME = 124,
	TROUBLE = 125,
	PROBES = 64
};

void judge_blame(struct outcomes *o, int status, const char *what, const char *expected,
		 const char *now)
{
	o->wrong++;
	fprintf(stderr, "%s: %s: %s (status %d)\n", o->op.name, o->what, what, status);
	fprintf(stderr, "%s", said(SAID_ERR));
	if (expected && now)
		print_difference(expected, now);
}

/* ---- Connectors ------------------------------------------------------------------------ */

static void add_connector(struct outcomes *o, const char *index)
{
	for (size_t i = 0; i < o->n_drcs; i++)
		if (!strcasecmp(o->drcs[i], index))
			return;
	o->drcs = reallocarray(o->drcs, o->n_drcs + 1, sizeof(*o->drcs));
	if (!o->drcs || !(o->drcs[o->n_drcs++] = strdup(index)))
		err(TROUBLE, "memory");
}

/* Processors and memory: the command may take others than the row names. */
static void probe_connectors(struct outcomes *o)
{
	unsigned long type = strtoul(o->op.drcs[0], NULL, 16) & 0xf0000000;
	char index[16];

	if (type != 0x10000000 && type != 0x80000000)
		return;
	for (unsigned int i = 0; i < PROBES; i++) {
		snprintf(index, sizeof(index), "0x%08lx", type + i);
		if (machine_has_connector(&o->op.machine, index))
			add_connector(o, index);
	}
}

char **judge_connectors(struct outcomes *o)
{
	char **lines = calloc(o->n_drcs + 1, sizeof(*lines));
	struct bytes out = { 0 };

	if (!lines)
		err(TROUBLE, "memory");
	for (size_t i = 0; i < o->n_drcs; i++) {
		machine_connector(&o->op.machine, o->drcs[i], &out);
		lines[i] = strndup((const char *)out.data, out.len);
		if (!lines[i])
			err(TROUBLE, "memory");
		bytes_drop(&out, out.len);
	}
	bytes_free(&out);
	return lines;
}

static void free_lines(struct outcomes *o, char **lines)
{
	for (size_t i = 0; i < o->n_drcs; i++)
		free(lines[i]);
	free(lines);
}

void judge_learn_connectors(struct outcomes *o)
{
	for (int i = 0; i < o->op.n_drcs; i++)
		add_connector(o, o->op.drcs[i]);
	probe_connectors(o);
	o->before = judge_connectors(o);
	operation_must(&o->op, "once more", o->op.command, NULL);
	o->after = judge_connectors(o);
	operation_must(&o->op, "back once more", o->op.inverse, o->op.state_before);
}

/* ---- What JSON calls done -------------------------------------------------------------- */

bool judge_can_read_json(const struct outcomes *o)
{
	return !strstr(o->op.command, "/tmp/enter") && !strstr(o->op.command, " -p ");
}

static bool is_index(json_object *resource, const char *index)
{
	json_object *value;

	return json_object_object_get_ex(resource, "index", &value) &&
	       json_object_get_string(value) &&
	       !strcasecmp(json_object_get_string(value), index);
}

static bool is_called_done(json_object *document, const char *index)
{
	json_object *resources, *resource, *result;

	if (!json_object_object_get_ex(document, "resources", &resources))
		return false;
	for (size_t i = 0; i < json_object_array_length(resources); i++) {
		resource = json_object_array_get_idx(resources, i);
		if (is_index(resource, index) &&
		    json_object_object_get_ex(resource, "result", &result) &&
		    !strcmp(json_object_get_string(result), "done"))
			return true;
	}
	return false;
}

/* Return how many connectors are neither as they were without being done, nor changed and
 * done; each is printed. */
static unsigned int count_liars(struct outcomes *o, json_object *document)
{
	char **now = judge_connectors(o);
	unsigned int n = 0;

	for (size_t i = 0; i < o->n_drcs; i++) {
		bool is_changed = strcmp(now[i], o->before[i]) != 0;
		/* part of the operation, but another connector's */
		bool is_listed = strcmp(o->before[i], o->after[i]) != 0 || o->chooses;

		if (is_changed == is_called_done(document, o->drcs[i]) || !is_listed)
			continue;
		n++;
		fprintf(stderr, "  %s is %s: %s", o->drcs[i],
			is_changed ? "changed, not called done" : "called done", now[i]);
	}
	free_lines(o, now);
	return n;
}

/* True: the document tells the truth, or there is none. */
static bool is_document_true(struct outcomes *o, const struct disturbance *d, int status)
{
	json_object *document;
	unsigned int liars;

	if (!judge_can_read_json(o) || d->is_mute)
		return true;
	document = json_tokener_parse(said(SAID_OUT));
	if (!document) {
		judge_blame(o, status, "no document", NULL, NULL);
		return false;
	}
	liars = count_liars(o, document);
	json_object_put(document);
	if (liars)
		judge_blame(o, status, "the document is not true", NULL, NULL);
	return !liars;
}

/* ---- What each status promises --------------------------------------------------------- */

static bool is_refusal(const struct outcomes *o, int status)
{
	static const int documented[] = { 1, 3, 4, 5, 6, 234, 237, 243, 251, 255 };

	for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); i++)
		if (status == documented[i])
			return true;
	/* acc: the kernel's errno */
	return !strcmp(o->op.name, "acc") && status > 0 && status <= 123 &&
	       status != PARTIAL && status != INCOMPLETE;
}

/* Once a card is out, another one may come: the old one is not put back. */
static bool is_as_before(const struct outcomes *o, const char *now)
{
	return !strcmp(now, o->op.state_before) ||
	       (o->state_between && !strcmp(now, o->state_between));
}

static void judge_done(struct outcomes *o, const struct disturbance *d, const char *now)
{
	bool is_as_after = !strcmp(now, o->op.state_after);
	/* Linux finds no device in configuration space: a warning, if it is behind a host
	 * bridge that is there. So is a slot that cannot be looked at, when all are. */
	bool is_said = (d->fault && strstr(d->fault->step->name, "pci-config")) ||
		       strstr(said(SAID_ERR), "left alone: ");

	if (!is_as_after && !o->chooses && !is_said && !(d->is_mute && d->fault)) {
		judge_blame(o, DONE, "not as after", o->op.state_after, now);
		return;
	}
	if (o->chooses && !is_as_after && !strcmp(now, o->op.state_before)) {
		judge_blame(o, DONE, "nothing is done", o->op.state_after, now);
		return;
	}
	if (is_said || is_document_true(o, d, DONE))
		o->done++;
}

static void judge_partial(struct outcomes *o, const struct disturbance *d,
			  const char *now)
{
	if (!access("/run/drmgr/journal", F_OK))
		judge_blame(o, PARTIAL, "a journal is left", NULL, NULL);
	else if (!strcmp(now, o->op.state_before) || !strcmp(now, o->op.state_after))
		judge_blame(o, PARTIAL, "not partial", NULL, NULL);
	else if (is_document_true(o, d, PARTIAL))
		o->partial++;
}

/* Without a journal: what differs is said. */
static void judge_told(struct outcomes *o, const struct disturbance *d, const char *now)
{
	if (strcmp(now, o->op.state_before) && !d->is_mute &&
	    !strstr(said(SAID_ERR), ": not undone: "))
		judge_blame(o, INCOMPLETE, "what differs is not said", o->op.state_before,
			    now);
	else
		o->undone++;
}

static void judge_recovery(struct outcomes *o)
{
	char *now;
	int status;

	if (access("/run/drmgr/journal", F_OK)) {
		judge_blame(o, INCOMPLETE, "there is no journal", NULL, NULL);
		return;
	}
	status = run(&o->op.machine, "drmgr --recover");
	now = operation_state(&o->op);
	/* of several, those that were complete stay */
	if (status)
		judge_blame(o, status, "recovery fails", o->op.state_before, now);
	else if (!is_as_before(o, now) && !o->chooses &&
		 !strcmp(o->op.repair, o->op.inverse))
		judge_blame(o, status, "not as before after the recovery",
			    o->op.state_before, now);
	else
		o->recovered++;
	free(now);
}

void judge_held(struct outcomes *o, int status)
{
	if (writers_hold_output())
		judge_blame(o, status, "a writer keeps the caller's output open", NULL,
			    NULL);
	if (status == INCOMPLETE && writers_count()) {
		status = run(&o->op.machine, "drmgr --recover");
		if (status != INCOMPLETE)
			judge_blame(o, status, "recovery beside a writer", NULL, NULL);
	}
}

void judge(struct outcomes *o, const struct disturbance *d, int status, const char *now)
{
	bool has_run_folder = d->oddity && d->oddity->run_folder;

	if (status == DONE)
		judge_done(o, d, now);
	else if (status == PARTIAL)
		judge_partial(o, d, now);
	else if (status == INCOMPLETE && has_run_folder)
		judge_told(o, d, now);
	else if (status == INCOMPLETE)
		judge_recovery(o);
	else if (!is_refusal(o, status))
		judge_blame(o, status,
			    status == OVER_ITS_TIME ? "it hangs" : "no status of drmgr's",
			    o->op.state_before, now);
	else if (!is_as_before(o, now))
		judge_blame(o, status, "not as before", o->op.state_before, now);
	else
		o->undone++;
}
