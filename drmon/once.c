// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <string.h>
#include <time.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/leftover.h"
#include "drmon/child.h"
#include "drmon/once.h"
#include "drmon/operation.h"
#include "drmon/programs.h"
#include "drmon/view.h"

/* ---- The table ---- */

enum { LINE_SIZE = 4096, EVENTS_MS = 10 * 1000 };

static void once_tell_left(void *priv __attribute__((unused)),
			   const struct dr_journal *journal)
{
	_cleanup_free_ char *text = dr_journal_format(journal);

	if (!strcmp(dr_journal_get_state(journal, NULL), "running"))
		return;
	fprintf(stderr, "drmon: %s\n", text ? text : strerror(ENOMEM));
}

static int once_print_table(const struct options *options, struct dr *dr)
{
	int columns = terminal_columns(STDOUT_FILENO), widths[COLUMNS];
	struct inventory inv;
	struct view view;
	char line[LINE_SIZE];
	int err = inventory_read(&inv, dr);

	view_init(&view);
	view.type = options->type;
	view.with_all = options->with_all;
	snprintf(view.filter, sizeof(view.filter), "%s", options->filter);
	if (!err)
		err = view_build(&view, &inv);
	columns_fit(columns ? columns : LINE_SIZE - 1, view.needed, widths);
	columns_line(widths, NULL, 0, line, sizeof(line));
	if (!err)
		puts(line);
	for (size_t i = 0; !err && i < view.n; i++) {
		columns_line(widths, view_conn(&view, i), view.items[i].n, line,
			     sizeof(line));
		puts(line);
	}
	view_free(&view);
	inventory_free(&inv);
	if (!err)
		leftover_each(dr, once_tell_left, NULL);
	return err;
}

/* ---- The document ---- */

static void once_add_sense(json_object *object, struct dr *dr,
			   const struct dr_connector *connector)
{
	uint32_t index = dr_connector_get_index(connector);
	const char *state = NULL;

	if (index && dr_sense(dr, index, &state))
		state = NULL;
	json_put_text(object, "sense", state);
}

/* Return true if the filter matches. The document has no runs. */
static bool once_is_selected(const struct options *options,
			     const struct dr_connector *connector)
{
	struct conn c;
	bool matches;

	if (!*options->filter)
		return true;
	matches = !conn_fill(&c, connector) && filter_matches(options->filter, &c);
	conn_clear(&c);
	return matches;
}

/* Return the error of the context, or NULL. It is not an error if this machine has no
 * connector of the type. */
static json_object *once_list_error(const struct dr *dr)
{
	enum dr_code code = dr_error_get_code(dr_get_error(dr));

	return code == DR_CODE_NO_CONNECTORS ? NULL
					     : error_object(code, dr_get_error_text(dr));
}

static void once_add_connectors(json_object *array, const struct options *options,
				struct dr *dr, const struct dr_type *type,
				json_object **error)
{
	const struct dr_connector *connector;
	struct dr_list *list;
	int err =
		dr_list_new(dr, type, NULL, DR_LIST_DETAILS | DR_LIST_INTERFACES, &list);

	if (err && !*error)
		*error = once_list_error(dr);
	while (list && (connector = dr_list_next(list)))
		if (once_is_selected(options, connector)) {
			json_object *object = connector_object(connector);

			once_add_sense(object, dr, connector);
			json_append(array, object);
		}
	if (!err && !*error)
		*error = list_error_object(dr, dr_list_get_errno(list));
	dr_list_free(list);
}

/* *error receives the first error. */
static json_object *once_connectors(const struct options *options, struct dr *dr,
				    json_object **error)
{
	json_object *array = json_new_array();
	const struct dr_type *type = NULL;

	while ((type = conn_type_next(type)))
		if (!options->type || options->type == type)
			once_add_connectors(array, options, dr, type, error);
	return array;
}

static json_object *once_steps(struct dr *dr)
{
	json_object *array = json_new_array();
	const char *op, *args, *status;
	struct dr_journal *journal;

	operation_read_journal(dr, &journal);
	for (size_t i = 0;
	     journal && dr_journal_get_step(journal, i, &op, &args, &status); i++) {
		json_object *o = json_new_object();

		json_put_text(o, "op", op);
		json_put_text(o, "args", args);
		json_put_text(o, "status", status);
		json_append(array, o);
	}
	dr_journal_free(journal);
	return array;
}

/* Return the running operation, or what an earlier one left; NULL: neither. */
static json_object *once_operation(struct dr *dr)
{
	struct operation op = { .state = OPERATION_NONE };
	json_object *o = NULL;

	operation_refresh(&op, dr);
	if (op.state == OPERATION_RUNS || op.state == OPERATION_LEFT) {
		o = json_new_object();
		json_put_int(o, "pid", op.pid);
		json_put_text(o, "command", *op.command ? op.command : NULL);
		json_put_text(o, "state",
			      op.state == OPERATION_RUNS ? "running" : op.left_state);
		json_put(o, "steps", once_steps(dr));
	}
	return o;
}

/* Return the events of rtas_errd's log, as rtas-event reads them. */
static json_object *once_events(void)
{
	char program[512];
	const char *const argv[] = { program, "--json", "/var/log/platform", NULL };
	json_object *document = NULL, *list = NULL;
	_cleanup_free_ char *text = NULL;
	struct child child;
	int status;

	child_init(&child);
	if (!access(argv[2], R_OK) &&
	    !program_path(PROGRAM_RTAS_EVENT, program, sizeof(program)) &&
	    !child_run(&child, argv, "")) {
		struct pollfd end = { .fd = child.process.end, .events = POLLIN };

		poll(&end, 1, EVENTS_MS);
		if (child_ended(&child, &status, &text) && text)
			document = json_tokener_parse(text);
	}
	if (json_object_object_get_ex(document, "events", &list))
		list = json_object_get(list);
	json_object_put(document);
	return list ? list : json_new_array();
}

/* Begin a document. error NULL: none. */
static json_object *once_begin_document(json_object *error)
{
	json_object *doc = json_new_object();

	json_put_text(doc, "schema", "papr.drmon/1");
	json_put_time(doc, "time", time(NULL));
	json_put(doc, "error", error);
	return doc;
}

json_object *once_document(const struct options *options, struct dr *dr)
{
	json_object *error = NULL, *connectors = once_connectors(options, dr, &error),
		    *doc = once_begin_document(error);

	json_put(doc, "connectors", connectors);
	leftover_put(doc, dr);
	json_put(doc, "operation", options->sysroot ? NULL : once_operation(dr));
	json_put(doc, "events", options->sysroot ? json_new_array() : once_events());
	return doc;
}

void once_print_failure(enum dr_code code, const char *message)
{
	json_object *doc = once_begin_document(error_object(code, message));

	json_put(doc, "connectors", json_new_array());
	leftover_put(doc, NULL);
	json_put(doc, "operation", NULL);
	json_put(doc, "events", json_new_array());
	json_print(doc);
}

int once_print(const struct options *options, struct dr *dr)
{
	json_object *document, *error;
	bool has_error;

	if (!options->json)
		return once_print_table(options, dr);
	document = once_document(options, dr);
	error = json_object_object_get(document, "error");
	if (error)
		fprintf(stderr, "drmon: %s\n",
			json_object_get_string(json_object_object_get(error, "message")));
	has_error = error != NULL;
	json_print(document);
	return has_error;
}
