// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operation.h"
#include "state.h"

enum { TROUBLE = 125, WORDS = 6 };

void operation_take(struct operation *op, char *words[])
{
	int n = 0;

	while (words[n])
		n++;
	if (n < WORDS)
		errx(TROUBLE, "NAME BEFORE COMMAND INVERSE HOME REPAIR");
	op->name = words[0];
	op->before = words[1];
	op->command = words[2];
	op->inverse = words[3];
	op->home = words[4];
	op->repair = words[5];
	op->drcs = words + WORDS;
	op->n_drcs = n - WORDS;
	machine_connect(&op->machine);
}

bool journal_is_left(void)
{
	return !access("/run/drmgr/journal", F_OK) || !access("/run/drmgr/left-1", F_OK);
}

char *operation_state(struct operation *op)
{
	struct bytes out = { 0 };
	char *text;

	state_read(&out);
	for (int i = 0; i < op->n_drcs; i++)
		machine_connector(&op->machine, op->drcs[i], &out);
	text = strndup((const char *)out.data, out.len);
	bytes_free(&out);
	if (!text)
		err(TROUBLE, "memory");
	return text;
}

/* Run it once, because the first run changes names and caches, and once for the trace. */
void operation_learn(struct operation *op, struct steps *steps)
{
	char *traced;

	if (asprintf(&traced, "drmgr() { command drmgr --trace \"$@\"; }\n%s",
		     op->command) < 0)
		err(TROUBLE, "memory");
	operation_must(op, "before", op->before, NULL);
	operation_must(op, "the first time", op->command, NULL);
	operation_must(op, "back the first time", op->inverse, NULL);
	op->state_before = operation_state(op);
	machine_trace_begin(&op->machine, steps);
	operation_must(op, "with a trace", traced, NULL);
	machine_trace_end(&op->machine);
	free(traced);
	steps_add_trace(steps, said(SAID_ERR));
	op->state_after = operation_state(op);
	operation_must(op, "back", op->inverse, op->state_before);
}

bool operation_is_in(struct operation *op, const char *state)
{
	char *now = operation_state(op);
	bool same = !strcmp(now, state);

	free(now);
	return same;
}

_Noreturn void operation_hopeless(struct operation *op, const char *what,
				  const char *command, int status)
{
	fprintf(stderr, "%s: %s: %s: status %d\n", op->name, what, command, status);
	fprintf(stderr, "%s", said(SAID_ERR));
	exit(TROUBLE);
}

void operation_must(struct operation *op, const char *what, const char *command,
		    const char *state)
{
	int status = run(&op->machine, command);

	if (status)
		operation_hopeless(op, what, command, status);
	if (state && !operation_is_in(op, state)) {
		char *now = operation_state(op);

		print_difference(state, now);
		free(now);
		operation_hopeless(op, what, command, status);
	}
}

void operation_come_back(struct operation *op, const char *what, char *now)
{
	const char *const ways[] = { op->inverse, "drmgr --recover", op->repair, NULL };

	for (const char *const *way = ways; strcmp(now, op->state_before); way++) {
		if (!*way) {
			print_difference(op->state_before, now);
			operation_hopeless(op, "no way back after", what, 0);
		}
		run(&op->machine, *way);
		free(now);
		now = operation_state(op);
	}
	free(now);
}
