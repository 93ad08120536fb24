/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * action.h - what keys change, by drmgr: first its plan, then the question, then the run
 */
#pragma once

#include "drmon/child.h"
#include "drmon/inventory.h"

struct monitor;

enum action_kind {
	ACTION_ADD,
	ACTION_REMOVE,
	ACTION_IDENTIFY,
	ACTION_ADD_ALL, /* cards that wait */
	ACTION_RECOVER,
};

enum { ACTION_ARGS = 10 };

struct action {
	struct child child;
	bool is_plan; /* what runs is only asked what it would do */
	const char *argv[ACTION_ARGS + 1];
	char program[512], name[256]; /* that argv points to */
};

/* Asks drmgr for its plan, which is shown with a question; or says why not. */
void action_ask(struct monitor *m, enum action_kind kind);

/* The answer was yes. */
void action_confirm(struct monitor *m);

/* The child has ended: its plan is shown, or what it did. */
void action_ended(struct monitor *m);
