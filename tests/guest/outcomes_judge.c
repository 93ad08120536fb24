// SPDX-License-Identifier: GPL-2.0-or-later
/* Compare the meaning of an exit status with the state. */
#include <err.h>
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

/* Processors and memory: the command may change others than the row's. */
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

void judge_free_connectors(struct outcomes *o, char **lines)
{
	for (size_t i = 0; i < o->n_drcs; i++)
		free(lines[i]);
	free(lines);
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

/* Print and count the connectors that are neither unchanged and not done, nor changed and
 * done. */
static unsigned int count_liars(struct outcomes *o, json_object *document)
{
	char **now = judge_connectors(o);
	unsigned int n = 0;

	for (size_t i = 0; i < o->n_drcs; i++) {
		bool is_changed = strcmp(now[i], o->before[i]) != 0;

		/* a card of a host bridge is not listed */
		if (is_changed == is_called_done(document, o->drcs[i]) ||
		    !o->is_listed[i])
			continue;
		n++;
		fprintf(stderr, "  %s is %s: %s", o->drcs[i],
			is_changed ? "changed, not called done" : "called done", now[i]);
	}
	judge_free_connectors(o, now);
	return n;
}

/* Return true if the document is true, or if none can be read. */
static bool is_document_true(struct outcomes *o, const struct disturbance *d,
			     const struct verdict *v)
{
	unsigned int liars;

	if (!judge_can_read_json(o) || d->is_mute)
		return true;
	/* a replacement card makes no difference to firmware */
	if (o->state_between)
		return true;
	if (!v->document) {
		judge_blame(o, v->status, "no document", NULL, NULL);
		return false;
	}
	liars = count_liars(o, v->document);
	if (liars)
		judge_blame(o, v->status, "the document is not true", NULL, NULL);
	return !liars;
}

/* Run it again with a document: it lists the connectors of its results. */
void judge_learn_connectors(struct outcomes *o)
{
	json_object *document;
	char *text;

	for (int i = 0; i < o->op.n_drcs; i++)
		add_connector(o, o->op.drcs[i]);
	probe_connectors(o);
	o->before = judge_connectors(o);
	o->is_listed = calloc(o->n_drcs, sizeof(*o->is_listed));
	if (!o->is_listed ||
	    asprintf(&text, "drmgr() { command drmgr%s \"$@\"; }\n%s",
		     judge_can_read_json(o) ? " --json" : "", o->op.command) < 0)
		err(TROUBLE, "memory");
	operation_must(&o->op, "once more", text, NULL);
	free(text);
	o->after = judge_connectors(o);
	document = json_tokener_parse(said(SAID_OUT));
	for (size_t i = 0; i < o->n_drcs; i++)
		o->is_listed[i] = o->chooses || is_called_done(document, o->drcs[i]);
	json_object_put(document);
	operation_must(&o->op, "back once more", o->op.inverse, o->op.state_before);
}

/* ---- The meaning of each status
 * --------------------------------------------------------- */

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

/* When the old card is out, another card may be plugged: the old one is not restored. */
static bool is_as_before(const struct outcomes *o, const char *now)
{
	return !strcmp(now, o->op.state_before) ||
	       (o->state_between && !strcmp(now, o->state_between));
}

static void judge_done(struct outcomes *o, const struct disturbance *d,
		       const struct verdict *v)
{
	bool is_as_after = !strcmp(v->now, o->op.state_after);
	/* Linux finds no device in configuration space: a warning, if it is below an
	 * existing host bridge. The same for a slot that cannot be read, if all are
	 * read. */
	bool is_said = (d->fault && strstr(d->fault->step->name, "pci-config")) ||
		       strstr(said(SAID_ERR), "not changed: ");

	if (!is_as_after && !o->chooses && !is_said && !(d->is_mute && d->fault))
		judge_blame(o, DONE, "not as after", o->op.state_after, v->now);
	else if (!is_as_after && !strcmp(v->now, o->op.state_before) && !is_said)
		judge_blame(o, DONE, "nothing is done", o->op.state_after, v->now);
	else if (is_said || is_document_true(o, d, v))
		o->done++;
}

static void judge_partial(struct outcomes *o, const struct disturbance *d,
			  const struct verdict *v)
{
	if (journal_is_left())
		judge_blame(o, PARTIAL, "a journal is left", NULL, NULL);
	else if (!strcmp(v->now, o->op.state_before) ||
		 !strcmp(v->now, o->op.state_after))
		judge_blame(o, PARTIAL, "not partial", o->op.state_before, v->now);
	else if (is_document_true(o, d, v))
		o->partial++;
}

/* Names of a difference in "NAME (INDEX): not undone: WORD...". One of them is enough. */
enum { NAMES = 3 };

static const struct {
	const char *in_line, *words[NAMES];
} differences[] = {
	{ "/proc/device-tree/", { " node", " memory" } },
	{ "/sys/bus/pci/devices/", { " device" } },
	{ "/sys/bus/vio/devices/", { " device" } },
	{ "/adapter: ", { " adapter" } },
	{ "/sys/devices/system/memory/", { " memory" } },
	{ "/sys/devices/system/cpu/", { " cpu" } },
	{ "\"sense\":", { " isolation", " allocation", " indicator" } },
};

static bool is_line_named(const char *line, const char *said_words)
{
	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		bool is_named = !strstr(line, differences[i].in_line);

		for (int n = 0; n < NAMES && differences[i].words[n]; n++)
			is_named |= strstr(said_words, differences[i].words[n]) != NULL;
		if (!is_named)
			return false;
	}
	return true;
}

/* Return true if each line of the text that the other one lacks is named. */
static bool are_lines_named(const char *text, const char *other, const char *said_words)
{
	char *copy = strdup(text), *rest = copy, *line;
	bool is_named = true;

	if (!copy)
		err(TROUBLE, "memory");
	while ((line = strsep(&rest, "\n")))
		is_named &= strstr(other, line) || is_line_named(line, said_words);
	free(copy);
	return is_named;
}

static bool is_difference_told(const struct outcomes *o, const char *now)
{
	const char *words = strstr(said(SAID_ERR), ": not undone: ");

	if (o->is_many) /* finished changes stay */
		return words;
	return words && are_lines_named(o->op.state_before, now, words) &&
	       are_lines_named(now, o->op.state_before, words);
}

/* Without a journal, messages list the differences. */
static void judge_told(struct outcomes *o, const struct disturbance *d,
		       const struct verdict *v)
{
	if (!is_as_before(o, v->now) && !d->is_mute && !is_difference_told(o, v->now))
		judge_blame(o, INCOMPLETE, "what differs is not said", o->op.state_before,
			    v->now);
	else
		o->told++;
}

static void judge_recovery(struct outcomes *o, const struct disturbance *d,
			   struct verdict *v)
{
	bool has_journal = journal_is_left();
	int status = run(&o->op.machine, "drmgr --recover");
	char *now = operation_state(&o->op);

	v->now = now;
	if (!has_journal)
		judge_blame(o, INCOMPLETE, "there is no journal", o->op.state_before,
			    now);
	else if (status)
		judge_blame(o, status, "recovery fails", o->op.state_before, now);
	else if (!is_as_before(o, now) && !o->is_many)
		judge_blame(o, status, "not as before after the recovery",
			    o->op.state_before, now);
	else if (is_as_before(o, now) || is_document_true(o, d, v))
		o->recovered++;
	v->now = NULL;
	free(now);
}

void judge_held(struct outcomes *o, const struct disturbance *d, int status)
{
	if (status != OVER_ITS_TIME && writers_hold_output())
		judge_blame(o, status, "a writer keeps the caller's output open", NULL,
			    NULL);
	if (status != INCOMPLETE || !writers_count() ||
	    (d->oddity && d->oddity->run_folder)) /* no journal to recover by */
		return;
	status = run_beside(&o->op.machine, "drmgr --recover");
	if (status != INCOMPLETE)
		judge_blame(o, status, "recovery beside a writer", NULL, NULL);
}

static void judge_failed(struct outcomes *o, const struct verdict *v)
{
	const char *what = NULL;

	if (v->status == OVER_ITS_TIME)
		what = "it hangs";
	else if (!is_refusal(o, v->status))
		what = "no status of drmgr's";
	else if (!is_as_before(o, v->now))
		what = "not as before";
	if (what)
		judge_blame(o, v->status, what, o->op.state_before, v->now);
	else
		o->undone++;
}

void judge(struct outcomes *o, const struct disturbance *d, struct verdict *v)
{
	bool has_no_journal = d->oddity && (d->oddity->run_folder || d->oddity->is_full);

	if (v->status == DONE)
		judge_done(o, d, v);
	else if (v->status == PARTIAL)
		judge_partial(o, d, v);
	else if (v->status == INCOMPLETE && has_no_journal)
		judge_told(o, d, v);
	else if (v->status == INCOMPLETE)
		judge_recovery(o, d, v);
	else
		judge_failed(o, v);
}
