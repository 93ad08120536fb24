// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/json_util.h"
#include "cli/leftover.h"
#include "kern/cleanup.h"
#include "kern/text.h"

/* The holder of the lock: 0 is this process, too; -1: unknown, if root cannot read the lock. */
static struct dr_operation leftover_operation(struct dr *dr)
{
	struct dr_operation operation = { .size = sizeof(operation) };

	operation.can_look = dr && dr_has_lock(dr);
	if (dr && !operation.can_look)
		dr_read_operation(dr, &operation);
	if (dr && !operation.can_look && !geteuid()) {
		operation.can_look = true;
		operation.holder = -1;
	}
	return operation;
}

static void leftover_visit_one(int err, struct dr_journal *journal,
			       leftover_visitor *visit, void *priv)
{
	/* Nothing is left of one of an earlier boot. */
	if (journal && err != -ENOENT && err != -ESTALE)
		visit(priv, journal);
	dr_journal_free(journal);
}

void leftover_each(struct dr *dr, leftover_visitor *visit, void *priv)
{
	struct dr_journal *journal = NULL;
	int err;

	if (!dr_needs_recovery(dr))
		return;
	/* While another run is in progress, the journal is its own. */
	if (!leftover_operation(dr).holder) {
		err = dr_journal_read(dr, &journal);
		leftover_visit_one(err, journal, visit, priv);
	}
	for (size_t i = 0;; i++) {
		err = dr_leftover_read(dr, i, &journal);
		if (err == -ENOENT || !journal)
			break;
		leftover_visit_one(err, journal, visit, priv);
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

static json_object *leftover_object(const struct dr_journal *journal)
{
	json_object *o = json_new_object();
	_cleanup_free_ char *text = dr_journal_format(journal);

	json_put_int(o, "pid", dr_journal_get_pid(journal));
	json_put_text(o, "command", dr_journal_get_command(journal));
	json_put_time(o, "since", dr_journal_get_time(journal));
	leftover_put_connectors(o, journal);
	json_put_text(o, "step", dr_journal_get_open_step(journal));
	leftover_put_writer(o, journal);
	json_put_text(o, "message", text);
	return o;
}

static void leftover_append(void *priv, const struct dr_journal *journal)
{
	json_append(priv, leftover_object(journal));
}

void leftover_put(json_object *document, struct dr *dr)
{
	bool can_look = leftover_operation(dr).can_look;
	json_object *array = can_look ? json_new_array() : NULL;

	if (can_look)
		leftover_each(dr, leftover_append, array);
	json_put_bool(document, "can_look", can_look);
	json_put(document, "recovery_needed",
		 json_object_get(array ? json_object_array_get_idx(array, 0) : NULL));
	json_put(document, "leftovers", array);
}
