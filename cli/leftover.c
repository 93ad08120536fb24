// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/json_util.h"
#include "cli/leftover.h"
#include "kern/cleanup.h"
#include "kern/text.h"

typedef void leftover_visitor(void *priv, const struct dr_journal *journal);

/* Return true if a run was killed, and none is in progress. */
static bool leftover_is_killed(struct dr *dr)
{
	struct dr_operation operation = { .size = sizeof(operation) };

	if (dr_has_lock(dr))
		return true;
	dr_read_operation(dr, &operation);
	return operation.can_look && !operation.holder;
}

/* Visit the journal of a killed run, and each leftover. */
static void leftover_each(struct dr *dr, leftover_visitor *visit, void *priv)
{
	struct dr_journal *journal = NULL;
	int err;

	if (!dr_needs_recovery(dr))
		return;
	if (leftover_is_killed(dr) && !dr_journal_read(dr, &journal))
		visit(priv, journal);
	dr_journal_free(journal);
	for (size_t i = 0;
	     (err = dr_leftover_read(dr, i, &journal)) != -ENOENT && journal; i++) {
		if (err != -ESTALE)
			visit(priv, journal);
		dr_journal_free(journal);
	}
	dr_journal_free(journal);
}

static void leftover_put_connectors(json_object *o, const struct dr_journal *journal)
{
	json_object *array = json_new_array();
	const char *name;
	uint32_t index;

	for (size_t i = 0; (name = dr_journal_get_connector(journal, i, &index)); i++) {
		json_object *connector = json_new_object();

		json_put_index(connector, "index", index);
		json_put_text(connector, "name", *name ? name : NULL);
		json_append(array, connector);
	}
	json_put(o, "connectors", array);
}

static void leftover_put_writer(json_object *o, const struct dr_journal *journal)
{
	_cleanup_free_ char *file = NULL;
	json_object *writer = NULL;
	const char *path;
	int pid = dr_journal_get_writer(journal, &path);

	if (pid && asprintf(&file, "/%s", path) < 0)
		file = NULL;
	if (pid) {
		writer = json_new_object();
		json_put_int(writer, "pid", pid);
		json_put_text(writer, "file", file);
	}
	json_put(o, "writer", writer);
}

static void leftover_print(FILE *to, const struct dr_journal *journal)
{
	time_t time = (time_t)dr_journal_get_time(journal);
	const char *step = dr_journal_get_open_step(journal), *path;
	int writer = dr_journal_get_writer(journal, &path);
	_cleanup_free_ char *connectors = dr_journal_format_connectors(journal);
	struct tm tm = { .tm_mday = 1 };
	char since[32];

	localtime_r(&time, &tm);
	strftime(since, sizeof(since), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(to, "%s: incomplete since %s, step %s of PID %d (%s): ",
		connectors ? connectors : "", since, step ? step : "-",
		dr_journal_get_pid(journal), dr_journal_get_command(journal));
	if (writer)
		fprintf(to, "when PID %d has ended its write to /%s, ", writer, path);
	fputs("run drmgr --recover", to);
}

/* Return what the function prints. The caller frees it; NULL: no memory. */
static char *leftover_format(const struct dr_journal *journal)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	leftover_print(to, journal);
	return text_close(to, &text);
}

static json_object *leftover_object(const struct dr_journal *journal)
{
	json_object *o = json_new_object();
	char *text = leftover_format(journal);

	json_put_int(o, "pid", dr_journal_get_pid(journal));
	json_put_text(o, "command", dr_journal_get_command(journal));
	json_put_time(o, "since", dr_journal_get_time(journal));
	leftover_put_connectors(o, journal);
	json_put_text(o, "step", dr_journal_get_open_step(journal));
	leftover_put_writer(o, journal);
	json_put_text(o, "message", text);
	free(text);
	return o;
}

struct leftover_objects {
	json_object *array, *first;
};

static void leftover_append(void *priv, const struct dr_journal *journal)
{
	struct leftover_objects *all = priv;
	json_object *o = leftover_object(journal);

	json_append(all->array, o);
	if (!all->first)
		all->first = json_object_get(o);
}

void leftover_put(json_object *document, struct dr *dr)
{
	struct leftover_objects all = { .array = json_new_array() };

	if (dr)
		leftover_each(dr, leftover_append, &all);
	json_put(document, "recovery_needed", all.first);
	json_put(document, "leftovers", all.array);
}

/* Add a line to the text in *priv. */
static void leftover_add_line(void *priv, const struct dr_journal *journal)
{
	char **text = priv, *line = leftover_format(journal), *both = NULL;

	if (line && *text && asprintf(&both, "%s\n%s", *text, line) >= 0) {
		free(*text);
		free(line);
		*text = both;
	} else if (line && !*text) {
		*text = line;
	} else {
		free(line);
	}
}

char *leftover_text(struct dr *dr)
{
	char *text = NULL;

	leftover_each(dr, leftover_add_line, &text);
	return text;
}
