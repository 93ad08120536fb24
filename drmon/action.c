// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmon/monitor.h"
#include "drmon/programs.h"
#include "cli/common.h"

static const struct {
	char key;
	const char *option;
} kinds[] = {
	[ACTION_ADD] = { 'a', "-a" },
	[ACTION_REMOVE] = { 'r', "-r" },
	[ACTION_IDENTIFY] = { 'i', "-i" },
	[ACTION_ADD_ALL] = { 'A', "-a" },
	[ACTION_RECOVER] = { 'R', "--recover" },
};

static void action_append(struct action *action, const char *arg)
{
	for (size_t i = 0; i < ACTION_ARGS; i++)
		if (!action->argv[i]) {
			action->argv[i] = arg;
			action->argv[i + 1] = NULL;
			return;
		}
}

static void action_set_arguments(struct action *action, enum action_kind kind,
				 const struct conn *c)
{
	action->argv[0] = NULL;
	action_append(action, action->program);
	if (kind != ACTION_RECOVER) {
		action_append(action, "-c");
		action_append(action, c ? dr_type_get_name(c->type) : "pci");
	}
	action_append(action, kinds[kind].option);
	if (c) {
		snprintf(action->name, sizeof(action->name), "%s", c->name);
		action_append(action, "-s");
		action_append(action, action->name);
	}
	if (kind != ACTION_RECOVER && (!c || conn_is(c, "pci")))
		action_append(action, "-n"); /* drmgr must not ask the user */
}

/* Return "drmgr -c pci -a -s C16", malloc'ed. */
static char *action_command_text(const struct action *action)
{
	char *text = strdup("drmgr"), *longer;

	for (size_t i = 1; text && action->argv[i]; i++) {
		longer = text_of("%s %s", text, action->argv[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* Return why the action is impossible, or NULL. */
static const char *action_objection(const struct monitor *m, enum action_kind kind,
				    const struct conn *c)
{
	bool is_one = kind != ACTION_ADD_ALL && kind != ACTION_RECOVER;

	if (geteuid())
		return "only root may change connectors";
	if (m->action.child.is_running)
		return "drmgr is still running";
	if (is_one && !c)
		return "no connector is selected";
	if (is_one && m->view.items[m->view.selected].n > 1)
		return "this line is a group; press enter to open it";
	if (is_one && !*c->name)
		return "the connector has no name";
	if (kind == ACTION_IDENTIFY && !conn_is(c, "pci"))
		return "only PCI slots have a light";
	if (kind == ACTION_RECOVER && m->operation.state != OPERATION_KILLED)
		return "no run was interrupted";
	return NULL;
}

static void action_start(struct monitor *m, const char *const argv[], bool is_plan)
{
	int err = child_run(&m->action.child, argv);

	m->action.is_plan = is_plan;
	if (err)
		monitor_message(m, "%s: %s", argv[0], strerror(-err));
}

static void action_start_plan(struct monitor *m)
{
	const char *argv[ACTION_ARGS + 2];
	size_t n = 0;

	for (; m->action.argv[n]; n++)
		argv[n] = m->action.argv[n];
	argv[n] = "--dry-run";
	argv[n + 1] = NULL;
	action_start(m, argv, true);
}

void action_plan(struct monitor *m, enum action_kind kind)
{
	bool is_one = kind != ACTION_ADD_ALL && kind != ACTION_RECOVER;
	const struct conn *c = is_one ? view_conn(&m->view, m->view.selected) : NULL;
	const char *why = action_objection(m, kind, c);

	if (!why &&
	    program_path(PROGRAM_DRMGR, m->action.program, sizeof(m->action.program)))
		why = "drmgr does not exist in the directory of drmon";
	if (why) {
		monitor_message(m, "%c: %s", kinds[kind].key, why);
		return;
	}
	action_set_arguments(&m->action, kind, c);
	/* The journal shows what --recover undoes, so no dry run is needed. */
	if (kind == ACTION_RECOVER)
		window_open(
			&m->window, "Recover? y: yes, any other key: no",
			text_of("drmgr --recover\n\nundoes the steps of this interrupted run:\n%s",
				m->operation.command),
			true);
	else
		action_start_plan(m);
}

void action_confirm(struct monitor *m)
{
	window_close(&m->window);
	action_start(m, m->action.argv, false);
}

static unsigned int action_count_steps(const char *plan)
{
	static const char in_use[] = "in use: "; /* a consequence, not a step */
	unsigned int n = 0;

	for (const char *line = plan; line; line = strchr(line + 1, '\n'))
		n += !strncmp(line, "\n  ", 3) &&
		     strncmp(line + 3, in_use, strlen(in_use));
	return n;
}

static void action_show_plan(struct monitor *m, int status, const char *plan)
{
	char *command = action_command_text(&m->action);

	if (status)
		window_open(&m->window, "drmgr rejects this",
			    text_of("%s\n\n%s", command ? command : "", plan), false);
	else
		window_open(&m->window, "Run this? y: yes, any other key: no",
			    text_of("%s\n\n%s", command ? command : "", plan), true);
	free(command);
	m->operation.planned = status ? 0 : action_count_steps(plan);
}

void action_ended(struct monitor *m)
{
	char *text = NULL;
	int status;

	if (!child_ended(&m->action.child, &status, &text))
		return;
	if (m->action.is_plan) {
		action_show_plan(m, status, text ? text : "");
	} else {
		m->operation.planned = 0;
		if (status && text)
			text[strcspn(text, "\n")] = '\0';
		if (status)
			events_add(&m->events, NULL, "drmgr: exit status %d: %s", status,
				   text ? text : "");
		monitor_stale(m);
	}
	free(text);
}
