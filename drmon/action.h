/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * action.h - changes by keys, made by drmgr: plan, question, run
 */
#pragma once

#include <json-c/json.h>

#include "drmon/child.h"
#include "drmon/inventory.h"

struct monitor;

enum action_kind {
	ACTION_ADD,
	ACTION_REMOVE,
	ACTION_LIGHT,	 /* to the identify state, or back */
	ACTION_ADD_SOME, /* by number */
	ACTION_REMOVE_SOME,
	ACTION_ADD_ALL, /* all cards that are plugged but not added */
	ACTION_RECOVER,
};

enum { ACTION_ARGS = 10 };

struct action {
	struct child child;
	enum action_kind kind;
	bool is_plan; /* the child is a dry run */
	bool is_back; /* a light is switched back */
	uint32_t n;   /* resources that the user requested; 0: no number */
	const char *argv[ACTION_ARGS + 1];
	char program[512], name[256], number[16]; /* argv points to these */
	json_object *plan;			  /* of the dry run */
	const char **steps;			  /* of the plan */
};

/* Return true if such an action can begin. If not, show the reason. */
bool action_is_possible(struct monitor *m, enum action_kind kind);

/* Run drmgr's dry run, whose end shows the plan with a question. If the action is
 * impossible, show the reason instead. A light is switched without a question. */
void action_plan(struct monitor *m, enum action_kind kind);

/* The same for n resources of a type. */
void action_plan_quantity(struct monitor *m, enum action_kind kind,
			  const struct dr_type *type, uint32_t n);

/* Run the action after the user confirmed it. */
void action_confirm(struct monitor *m);

/* If the child has ended, show its plan or its result. */
void action_ended(struct monitor *m);

/* Free the plan. The child continues to run. */
void action_close(struct action *action);
