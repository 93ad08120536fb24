/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation.h - a row of tests/matrix.bash in the guest: what changes the machine and what
 * changes it back, and the state between
 *
 * A state is a text: the device tree, devices, processors and memory that are there, and what
 * firmware has of the row's connectors.
 */
#pragma once
#include "faults.h"

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

/* The words NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...]; and the machine. */
void operation_take(struct operation *op, char *words[]);

/* malloc'ed. */
char *operation_state(struct operation *op);
bool operation_is_in(struct operation *op, const char *state);

/* The end of it all: what must work does not. */
_Noreturn void operation_hopeless(struct operation *op, const char *what,
				  const char *command, int status);
/* Must end with 0, and with state, unless that is NULL, lead to it. */
void operation_must(struct operation *op, const char *what, const char *command,
		    const char *state);

/* To the state before, whatever has happened; now is the state after that. Frees it. */
void operation_come_back(struct operation *op, const char *what, char *now);
