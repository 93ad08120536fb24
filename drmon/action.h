/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * action.h - changes by keys, made by drmgr: plan, question, run
 */
#pragma once

#include "drmon/child.h"
#include "drmon/inventory.h"

struct monitor;

enum action_kind {
	ACTION_ADD,
	ACTION_REMOVE,
	ACTION_IDENTIFY,
	ACTION_ADD_ALL, /* all cards that are plugged but not added */
	ACTION_RECOVER,
};

enum { ACTION_ARGS = 10 };

struct action {
	struct child child;
	bool is_plan; /* the child is a dry run */
	const char *argv[ACTION_ARGS + 1];
	char program[512], name[256]; /* argv points to these */
};

/* Run drmgr's dry run, whose end shows the plan with a question. If the action is
 * impossible, show the reason instead. */
void action_plan(struct monitor *m, enum action_kind kind);

/* Run the action after the user confirmed it. */
void action_confirm(struct monitor *m);

/* If the child has ended, show its plan or its result. */
void action_ended(struct monitor *m);
