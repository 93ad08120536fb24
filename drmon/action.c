// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmon/answer.h"
#include "drmon/monitor.h"
#include "drmon/programs.h"
#include "cli/common.h"

enum { NAME_IN_TITLE = 30 };

static const struct {
	char key;
	const char *option, *verb;
} kinds[] = {
	[ACTION_ADD] = { 'a', "-a", "Add" },
	[ACTION_REMOVE] = { 'r', "-r", "Remove" },
	[ACTION_LIGHT] = { 'i', "-i", "Identify" },
	[ACTION_ADD_SOME] = { '+', "-a", "Add" },
	[ACTION_REMOVE_SOME] = { '-', "-r", "Remove" },
	[ACTION_ADD_ALL] = { 'C', "-a", "Configure all cards" },
	[ACTION_RECOVER] = { 'R', "--recover", "Recover" },
};

static bool action_is_of_one(enum action_kind kind)
{
	return kind == ACTION_ADD || kind == ACTION_REMOVE || kind == ACTION_LIGHT;
}

/* ---- The command ---- */

static void action_append(struct action *action, const char *arg)
{
	for (size_t i = 0; i < ACTION_ARGS; i++)
		if (!action->argv[i]) {
			action->argv[i] = arg;
			action->argv[i + 1] = NULL;
			return;
		}
}

/* Set the arguments: name and n are NULL and 0 if they are not given. drmgr must not ask the
 * user. For a light that is switched back, it must: the answer ends the identify state. */
static void action_set_arguments(struct action *action, enum action_kind kind,
				 const struct dr_type *type, const char *name, uint32_t n)
{
	action->kind = kind;
	action->n = n;
	action->name[0] = action->number[0] = '\0';
	action->argv[0] = NULL;
	action_append(action, action->program);
	if (kind != ACTION_RECOVER) {
		action_append(action, "-c");
		action_append(action, dr_type_get_name(type));
	}
	action_append(action, kinds[kind].option);
	if (name) {
		snprintf(action->name, sizeof(action->name), "%s", name);
		action_append(action, "-s");
		action_append(action, action->name);
	}
	if (n) {
		snprintf(action->number, sizeof(action->number), "%u", n);
		action_append(action, "-q");
		action_append(action, action->number);
	}
	if (type_is(type, TYPE_CARDS) && !action->is_back)
		action_append(action, "-n");
}

/* Return "drmgr -c pci -a -n -s C16", malloc'ed. */
static char *action_command_text(const struct action *action)
{
	char *text = strdup("drmgr"), *longer;

	for (size_t i = 1; text && action->argv[i]; i++) {
		bool has_blank = strchr(action->argv[i], ' ');

		longer = text_of("%s %s%s%s", text, has_blank ? "\"" : "",
				 action->argv[i], has_blank ? "\"" : "");
		free(text);
		text = longer;
	}
	return text;
}

/* ---- The start ---- */

/* Return why the action is impossible, or NULL. */
static const char *action_objection(const struct monitor *m, enum action_kind kind,
				    const struct conn *c)
{
	if (geteuid())
		return "only root may change connectors";
	if (m->action.child.is_running)
		return "drmgr is still running";
	if (action_is_of_one(kind) && !c)
		return "no connector is selected";
	if (action_is_of_one(kind) && m->view.items[m->view.selected].n > 1)
		return "this line is a group: enter opens it, + and - count";
	if (action_is_of_one(kind) && !*c->name)
		return "the connector has no name";
	if (kind == ACTION_LIGHT && !type_is(c->type, TYPE_CARDS))
		return "only PCI slots have a light";
	if (kind == ACTION_RECOVER && !m->operation.n_left)
		return "no run was interrupted";
	if (kind == ACTION_RECOVER && !m->operation.can_recover)
		return m->operation.left;
	return NULL;
}

static const struct conn *action_selected(const struct monitor *m, enum action_kind kind)
{
	return action_is_of_one(kind) ? view_conn(&m->view, m->view.selected) : NULL;
}

bool action_is_possible(struct monitor *m, enum action_kind kind)
{
	const char *why = action_objection(m, kind, action_selected(m, kind));

	if (!why &&
	    program_path(PROGRAM_DRMGR, m->action.program, sizeof(m->action.program)))
		why = "drmgr does not exist in the directory of drmon";
	if (why)
		monitor_message(m, "%c: %s", kinds[kind].key, why);
	return !why;
}

void action_close(struct action *action)
{
	free(action->steps);
	json_object_put(action->plan);
	action->steps = NULL;
	action->plan = NULL;
	child_abandon(&action->child);
}

/* Run drmgr with one or two more options. */
static void action_start(struct monitor *m, bool is_plan)
{
	struct action *action = &m->action;
	const char *argv[ACTION_ARGS + 3];
	size_t n = 0;
	int err;

	for (; action->argv[n]; n++)
		argv[n] = action->argv[n];
	if (!action->is_back) /* a document comes without questions */
		argv[n++] = "--json";
	if (is_plan)
		argv[n++] = "--dry-run";
	argv[n] = NULL;
	action->is_plan = is_plan;
	err = child_run(&action->child, argv, action->is_back ? "\n" : "");
	if (err)
		monitor_message(m, "%s: %s", argv[0], strerror(-err));
	else if (!is_plan)
		m->operation.own_pid = action->child.process.pid;
}

/* Forget the plan of an earlier action, and begin the dry run of this one. */
static void action_start_plan(struct monitor *m)
{
	operation_plan(&m->operation, NULL, 0, 0);
	action_close(&m->action);
	action_start(m, true);
}

static void action_switch_light(struct monitor *m, const struct conn *c)
{
	m->action.is_back = lights_identifies(&m->lights, c->index);
	action_set_arguments(&m->action, ACTION_LIGHT, c->type, c->name, 0);
	operation_plan(&m->operation, NULL, 0, 0);
	action_close(&m->action);
	action_start(m, false);
}

/* The journal shows what --recover undoes, so no dry run is needed. */
static void action_ask_to_recover(struct monitor *m)
{
	action_set_arguments(&m->action, ACTION_RECOVER, NULL, NULL, 0);
	window_open(
		&m->window, "Recover? y: yes, any other key: no",
		text_of("drmgr --recover\n\nundoes what is left:\n%s", m->operation.left),
		true);
}

void action_plan(struct monitor *m, enum action_kind kind)
{
	const struct conn *c = action_selected(m, kind);

	if (!action_is_possible(m, kind))
		return;
	m->action.is_back = false;
	if (kind == ACTION_RECOVER) {
		action_ask_to_recover(m);
	} else if (kind == ACTION_LIGHT) {
		action_switch_light(m, c);
	} else {
		action_set_arguments(&m->action, kind,
				     c ? c->type : type_with(TYPE_CARDS),
				     c ? c->name : NULL, 0);
		action_start_plan(m);
	}
}

void action_plan_quantity(struct monitor *m, enum action_kind kind,
			  const struct dr_type *type, uint32_t n)
{
	if (!action_is_possible(m, kind))
		return;
	m->action.is_back = false;
	action_set_arguments(&m->action, kind, type, NULL, n);
	action_start_plan(m);
}

void action_confirm(struct monitor *m)
{
	struct action *action = &m->action;
	size_t n = 0;

	window_close(&m->window);
	/* drmgr may have been started by the key of another action meanwhile */
	if (action->child.is_running)
		return;
	free(action->steps);
	action->steps = action->plan ? answer_steps(action->plan, &n) : NULL;
	operation_plan(&m->operation, action->steps, n, answer_requested(action->plan));
	action_start(m, false);
}

/* ---- The end ---- */

static void action_show_failure(struct monitor *m, const char *title,
				json_object *document, const char *output)
{
	_cleanup_free_ char *command = action_command_text(&m->action);

	window_open(&m->window, title,
		    answer_failure_text(document, command ? command : "", output), false);
}

static void action_show_plan(struct monitor *m, int status, const char *output)
{
	struct action *action = &m->action;
	_cleanup_free_ char *command = action_command_text(action);
	char title[sizeof(m->window.title)], what[60] = "";

	action->plan = answer_parse(output);
	/* The next key would be an answer. */
	if (m->is_filtering || m->quantity.is_open || m->window.text) {
		events_add(&m->events, NULL, "%c: cancelled by another key",
			   kinds[action->kind].key);
		return;
	}
	if (status || !action->plan) {
		action_show_failure(m, "drmgr refuses this. Any key: back", action->plan,
				    output);
		return;
	}
	/* the command below has a long name */
	if (*action->name && strlen(action->name) <= NAME_IN_TITLE)
		snprintf(what, sizeof(what), " %.*s", NAME_IN_TITLE, action->name);
	else if (action->n)
		snprintf(what, sizeof(what), " %u %s", action->n,
			 quantity_words(dr_type_by_name(action->argv[2])));
	snprintf(title, sizeof(title), "%s%s? y: yes, any other key: no",
		 kinds[action->kind].verb, what);
	window_open(&m->window, title,
		    answer_plan_text(action->plan, command ? command : "", &m->inventory),
		    true);
}

static void action_show_light(struct monitor *m)
{
	const char *name = m->action.name;

	if (m->action.is_back)
		monitor_message(m, "%s: the light is back in its normal state", name);
	else
		monitor_message(m, "%s: the light is in its identify state (i: back)",
				name);
}

/* A window shows why a run has failed, unless the user reads or types something else. */
static void action_show_result(struct monitor *m, int status, const char *output)
{
	json_object *document = answer_parse(output);
	const char *hint = status ? answer_hint(document) : NULL;

	operation_hint(&m->operation, hint ? hint : "");
	if (status && (m->window.text || m->is_filtering || m->quantity.is_open))
		events_add(&m->events, NULL, "drmgr: exit status %d: %.*s", status,
			   (int)strcspn(output, "\n"), output);
	else if (status)
		action_show_failure(m, "drmgr has failed. Any key: back", document,
				    output);
	else if (!status && m->action.kind == ACTION_LIGHT)
		action_show_light(m);
	json_object_put(document);
	monitor_stale(m);
}

void action_ended(struct monitor *m)
{
	_cleanup_free_ char *text = NULL;
	int status;

	if (!child_ended(&m->action.child, &status, &text))
		return;
	if (m->action.is_plan)
		action_show_plan(m, status, text ? text : "");
	else
		action_show_result(m, status, text ? text : "");
}
