// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: $(JSON_LIBS) */
/*
 * kills - run an operation, and kill it before each of its steps: the next drmgr restores
 * the first state
 *
 *   kills [-p] [-b COMMAND] [-r ROW] [-s STRIDE] HOW
 *         NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...]
 *
 * Run it like faults. A step is a step of killat. HOW is the continuation:
 *
 *   recover    drmgr --recover; after that the operation works
 *   repeat     the same command again
 *   recovery   the recovery is killed as well, and then there is a second one
 *   signal     instead of a kill, a signal that requests an end
 *
 * The result may be nothing or everything, with -p also a part. -b: a command that leads
 * to one more permitted state; REPAIR leads back from it. Every STRIDE-th step is tried;
 * the first one differs from row to row.
 *
 * Prints, on standard error, a line for each wrong case with the differences, and one at
 * the end. Exit status: 0, 1 a case went wrong, 125 the operation does not work at all.
 */
#include <err.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operation.h"

enum { TROUBLE = 125, PARTLY = 64, STOPPED = 255, NO_MORE = -1 };

enum outcome { UNDONE = 1, COMPLETE = 2, BETWEEN = 4, PARTIAL = 8 };

struct kills {
	struct operation op;
	const char *to_between;
	char *state_between;
	unsigned int row, stride;
	unsigned int outcomes; /* permitted results */
	unsigned int n;	       /* the current step */
	unsigned int kills, wrong;
};

/* ---- Scripts --------------------------------------------------------------------------- */

/* Run with the functions of /tmp/kill.sh; drmgr runs with killat up to "undisturbed". */
__attribute__((format(printf, 3, 4))) static int
script(struct kills *k, const char *killat, const char *fmt, ...)
{
	char *then, *text;
	int status;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&then, fmt, ap) < 0)
		err(TROUBLE, "memory");
	va_end(ap);
	if (asprintf(&text,
		     ". /tmp/kill.sh\ndrmgr() { $k %s drmgr \"$@\"; }\n"
		     "{ %s; } >/tmp/said 2>&1; s=$?; unset -f drmgr\n%s",
		     killat, k->op.command, then) < 0)
		err(TROUBLE, "memory");
	status = run(&k->op.machine, text);
	free(text);
	free(then);
	return status;
}

/* Return true if this is the last word of the output. */
static bool ends_with(const char *word)
{
	const char *text = said(SAID_OUT);
	size_t len = strlen(text), n = strlen(word);

	return len > n && text[len - 1] == '\n' && !strncmp(text + len - 1 - n, word, n);
}

static void complain(struct kills *k, const char *what, const char *now)
{
	k->wrong++;
	fprintf(stderr, "%s, step %u: %s\n%s", k->op.name, k->n, what, said(SAID_OUT));
	fprintf(stderr, "%s", said(SAID_ERR));
	if (now)
		print_difference(k->op.state_before, now);
}

/* ---- The result
 * ----------------------------------------------------------------------- */

static unsigned int outcome(const struct kills *k, const char *now)
{
	if (!strcmp(now, k->op.state_before))
		return UNDONE | (strcmp(k->op.state_after, now) ? 0 : COMPLETE);
	if (!strcmp(now, k->op.state_after))
		return COMPLETE;
	if (k->state_between && !strcmp(now, k->state_between))
		return BETWEEN;
	return PARTIAL;
}

/* Restore the state before, from one of these. */
static void come_home(struct kills *k, unsigned int outcomes)
{
	char *now = operation_state(&k->op);
	unsigned int was = outcome(k, now);

	if (!(was & outcomes))
		complain(k, "not what it may come to", now);
	if (was & (BETWEEN | PARTIAL)) {
		run(&k->op.machine, k->op.repair);
		free(now);
		now = operation_state(&k->op);
	}
	operation_come_back(&k->op, "a kill", now);
}

/* After a recovery: check the state, and that the operation works. */
static void look(struct kills *k)
{
	k->kills++;
	come_home(k, k->outcomes);
	operation_must(&k->op, "afterwards", k->op.command, NULL);
	operation_must(&k->op, "back afterwards", k->op.inverse, NULL);
}

/* ---- The ways -------------------------------------------------------------------------- */

/* Return true if it was killed, false if it ended first. */
static bool kill_once(struct kills *k, const char *then)
{
	char at[16];
	int status;

	snprintf(at, sizeof(at), "%u", k->n);
	status = script(k, at, "killed $s; %s; echo killed", then);
	if (!status && ends_with("killed"))
		return true;
	if (status) {
		complain(k, "failed", NULL);
		come_home(k, k->outcomes);
	}
	return status;
}

static void kill_and_recover(struct kills *k)
{
	for (k->n = k->row % k->stride + 1; kill_once(k, "recover"); k->n += k->stride)
		look(k);
	come_home(k, COMPLETE | UNDONE);
}

static void kill_and_repeat(struct kills *k)
{
	char *again;

	if (asprintf(&again, "{ %s; } >/tmp/out 2>/tmp/err", k->op.command) < 0)
		err(TROUBLE, "memory");
	for (k->n = (k->row + k->stride / 2) % k->stride + 1; kill_once(k, again);
	     k->n += k->stride) {
		k->kills++;
		come_home(k, (k->outcomes & ~(unsigned int)UNDONE) | COMPLETE);
	}
	free(again);
	come_home(k, COMPLETE | UNDONE);
}

static bool kill_both(struct kills *k, unsigned int at_recovery)
{
	char at[16];
	int status;

	snprintf(at, sizeof(at), "%u", k->n);
	status = script(k, at,
			"[ $s = 137 ] || { echo finished; exit; }\n"
			"$k %u drmgr --recover >/tmp/said 2>&1; s=$?\n"
			"[ $s = 137 ] || { echo recovered; exit $s; }\n"
			"recover; echo killed",
			at_recovery);
	if (status)
		complain(k, "the recovery fails", NULL);
	return ends_with("killed");
}

static void kill_the_recovery(struct kills *k)
{
	const unsigned int steps[] = { 5 + k->row % 7, 21 + k->row % 11,
				       45 + k->row % 13 },
			   stride = (k->stride + 1) / 2;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		k->n = steps[i];
		for (unsigned int at = k->row % stride + 1; kill_both(k, at);
		     at += stride)
			look(k);
		come_home(k, k->outcomes);
	}
}

/* Return the status of the command, or that the step does not exist. */
static int signal_once(struct kills *k, int number)
{
	char at[32];
	int status;

	snprintf(at, sizeof(at), "-%d %u", number, k->n);
	status = script(k, at, "signalled $s %d", number);
	if (status)
		complain(k, "what it says is wrong", NULL);
	else if (ends_with("end"))
		return NO_MORE;
	return status ? 0 : atoi(said(SAID_OUT));
}

/* Complete, undone, ended before it began (as any program), or partial. */
static void signal_everywhere(struct kills *k)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	const unsigned int between = k->state_between ? BETWEEN : 0;
	int status, number;

	for (k->n = k->row % k->stride + 1;; k->n += k->stride) {
		unsigned int outcomes = UNDONE | between;

		number = signals[k->kills % 4];
		status = signal_once(k, number);
		if (status == NO_MORE)
			break;
		k->kills++;
		if (!status) {
			outcomes = COMPLETE;
		} else if (status == PARTLY) {
			outcomes = PARTIAL | between;
		} else if (status != STOPPED && status != 128 + number) {
			complain(k, "an undocumented status", NULL);
			outcomes = UNDONE;
		}
		come_home(k, outcomes);
	}
	come_home(k, COMPLETE | UNDONE);
}

static const struct {
	const char *name;
	void (*run)(struct kills *k);
} ways[] = {
	{ "recover", kill_and_recover },
	{ "repeat", kill_and_repeat },
	{ "recovery", kill_the_recovery },
	{ "signal", signal_everywhere },
	{ NULL, NULL },
};

/* ---- Without a kill -------------------------------------------------------------------- */

static void learn(struct kills *k)
{
	struct operation *op = &k->op;

	operation_must(op, "before", op->before, NULL);
	/* The first operation changes names and caches once, so run it before. */
	operation_must(op, "the first time", op->command, NULL);
	operation_must(op, "back the first time", op->inverse, NULL);
	op->state_before = operation_state(op);
	operation_must(op, "the second time", op->command, NULL);
	op->state_after = operation_state(op);
	operation_must(op, "back", op->inverse, op->state_before);
	if (!k->to_between)
		return;
	operation_must(op, "between", k->to_between, NULL);
	k->state_between = operation_state(op);
	operation_must(op, "back from between", op->repair, op->state_before);
	k->outcomes |= BETWEEN;
}

int main(int argc, char *argv[])
{
	struct kills k = { .stride = 1, .outcomes = UNDONE | COMPLETE };
	int option;

	while ((option = getopt(argc, argv, "+b:pr:s:")) != -1) {
		if (option == '?')
			return TROUBLE;
		if (option == 'b')
			k.to_between = optarg;
		if (option == 'p')
			k.outcomes |= PARTIAL;
		if (option == 'r')
			k.row = (unsigned int)strtoul(optarg, NULL, 10);
		if (option == 's')
			k.stride = (unsigned int)strtoul(optarg, NULL, 10);
	}
	for (int i = 0; optind < argc && ways[i].name; i++) {
		if (strcmp(ways[i].name, argv[optind]) != 0)
			continue;
		operation_take(&k.op, argv + optind + 1);
		learn(&k);
		ways[i].run(&k);
		operation_must(&k.op, "home", k.op.home, NULL);
		fprintf(stderr, "%s: %u kills, %u wrong\n", k.op.name, k.kills, k.wrong);
		return k.wrong ? 1 : 0;
	}
	errx(TROUBLE, "HOW is recover, repeat, recovery or signal");
}
