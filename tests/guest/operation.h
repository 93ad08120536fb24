/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation.h - a row of tests/lib/matrix.bash in the guest: the command that changes the
 * machine, its inverse, and the state between
 *
 * A state is a text: the device tree, devices, processors and memory, and firmware's
 * state of the row's connectors.
 */
#pragma once
#include "fault.h"

struct operation {
	struct machine machine;
	/* shell commands */
	const char *name, *before, *command, *inverse, *home, *repair;
	char **drcs;
	int n_drcs;
	char *state_before, *state_after;
};

/* Run the command, and make a trace of it: fills steps and the two states. */
void operation_learn(struct operation *op, struct steps *steps);

/* Parse the words NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...], and connect. */
void operation_take(struct operation *op, char *words[]);

/* Return true if a run has left a journal: of a killed one, or a leftover. */
bool journal_is_left(void);

/* malloc'ed. */
char *operation_state(struct operation *op);
bool operation_is_in(struct operation *op, const char *state);

/* End the program: a command that must work does not. */
_Noreturn void operation_hopeless(struct operation *op, const char *what,
				  const char *command, int status);
/* Run a command. It must end with 0, and with the state, unless that is NULL. */
void operation_must(struct operation *op, const char *what, const char *command,
		    const char *state);

/* Restore the state before, from any state; "now" is the result. Frees it. */
void operation_come_back(struct operation *op, const char *what, char *now);
