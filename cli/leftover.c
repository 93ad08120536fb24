// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/json_util.h"
#include "cli/leftover.h"
#include "kern/cleanup.h"
#include "kern/text.h"

static void leftover_visit_one(int err, struct dr_journal *journal,
			       leftover_visitor *visit, void *priv)
{
	/* Nothing is left of one of an earlier boot. */
	if (journal && err != -ENOENT && err != -ESTALE)
		visit(priv, journal);
	dr_journal_free(journal);
}

int leftover_each(struct dr *dr, leftover_visitor *visit, void *priv)
{
	struct dr_journal *journal = NULL;
	int err, first;

	if (!dr_needs_recovery(dr))
		return 0;
	first = err = dr_journal_read(dr, &journal);
	if (journal)
		first = 0;
	leftover_visit_one(err, journal, visit, priv);
	for (size_t i = 0;; i++) {
		err = dr_leftover_read(dr, i, &journal);
		if (!journal)
			break;
		leftover_visit_one(err, journal, visit, priv);
	}
	return first ? first : err == -ENOENT ? 0 : err;
}

void leftover_append_connectors(json_object *array, const struct dr_journal *journal)
{
	const char *name;
	uint32_t index;

	for (size_t i = 0; (name = dr_journal_get_connector(journal, i, &index)); i++) {
		json_object *connector = json_new_object();

		json_put_index(connector, "index", index);
		json_put_text(connector, "name", *name ? name : NULL);
		json_append(array, connector);
	}
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

/* The elements of the document. */
struct leftovers_put {
	json_object *array, *needed;
};

static void leftover_append(void *priv, const struct dr_journal *journal)
{
	_cleanup_free_ char *text = dr_journal_format(journal);
	struct leftovers_put *put = priv;
	json_object *o = json_new_object(), *connectors = json_new_array();
	bool is_abandoned;

	json_put_int(o, "pid", dr_journal_get_pid(journal));
	json_put_text(o, "command", dr_journal_get_command(journal));
	json_put_text(o, "state", dr_journal_get_state(journal, &is_abandoned));
	if (dr_journal_get_time(journal))
		json_put_time(o, "since", dr_journal_get_time(journal));
	else
		json_put(o, "since", NULL);
	leftover_append_connectors(connectors, journal);
	json_put(o, "connectors", connectors);
	json_put_text(o, "step", dr_journal_get_open_step(journal));
	leftover_put_writer(o, journal);
	json_put_text(o, "message", text);
	json_append(put->array, o);
	if (is_abandoned && !put->needed)
		put->needed = json_object_get(o);
}

void leftover_put(json_object *document, struct dr *dr)
{
	struct dr_operation operation = { .size = sizeof(operation) };
	struct leftovers_put put = { .array = NULL };
	bool can_look = dr && !geteuid();

	if (dr && !can_look)
		dr_read_operation(dr, &operation);
	can_look |= operation.can_look;
	if (can_look) {
		put.array = json_new_array();
		can_look = !leftover_each(dr, leftover_append, &put);
	}
	if (!can_look) {
		json_object_put(put.array);
		json_object_put(put.needed);
		put = (struct leftovers_put){ .array = NULL };
	}
	json_put_bool(document, "can_look", can_look);
	json_put(document, "recovery_needed", put.needed);
	json_put(document, "leftovers", put.array);
}
