// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faults - an operation, with each call into firmware and each write to the kernel that it
 * makes failing in turn
 *
 *   faults [-aqv] NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...]
 *   faults -c SOCKET COMMAND...
 *
 * The first is for the guest: its standard input and output lead to QMP of the machine,
 * by way of the second, which is for the host: "faults -c SOCKET guestctl run -i DIR
 * faults NAME..." The words are what a row of tests/matrix.bash has, shell commands for
 * the guest. After each failure the state must be the one before with a status that says so,
 * or the one after with 0; partial with 64 and complete again after REPAIR; or with 65 what
 * --recover can undo; and what is not as it should be must be told, with the step's name.
 * Then, after one failure of each step and each hang, the operation must work. -q: one
 * answer for each call, and not all of those that are alike; -v: tells of each; -a: what
 * there is as many of, so that others may do after a failure. Cases have a clock that does
 * not wait: fastclock.c.
 *
 * Prints, on standard error, a line for each case that went wrong with what differs, and one
 * at the end. Exit status: 0, 1 a case went wrong, 125 the operation does not work at all.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "state.h"

enum { TROUBLE = 125, DONE = 0, PARTIAL = 64, NOT_UNDONE = 65 };

/* What a status may mean besides. */
static bool is_refusal(const struct operation *op, int status)
{
	static const int documented[] = { 1, 3, 4, 5, 6, 234, 237, 243, 251, 255 };

	for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); i++)
		if (status == documented[i])
			return true;
	/* acc: the kernel's errno */
	return !strcmp(op->name, "acc") && status > 0 && status <= 133;
}

/* ---- What the operation does without a fault ----------------------------------------- */

static char *whole_state(struct operation *op)
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

static bool is_state(struct operation *op, const char *state)
{
	char *now = whole_state(op);
	bool same = !strcmp(now, state);

	free(now);
	return same;
}

static _Noreturn void hopeless(struct operation *op, const char *what,
			       const char *command, int status)
{
	fprintf(stderr, "%s: %s: %s: status %d\n", op->name, what, command, status);
	fprintf(stderr, "%s", said(SAID_ERR));
	exit(TROUBLE);
}

static void must_work(struct operation *op, const char *what, const char *command,
		      const char *state)
{
	int status = run(&op->machine, command);

	if (status)
		hopeless(op, what, command, status);
	if (state && !is_state(op, state)) {
		char *now = whole_state(op);

		print_difference(state, now);
		free(now);
		hopeless(op, what, command, status);
	}
}

/* Once to make what is there only from the second time on, once to look. */
static void learn(struct operation *op)
{
	must_work(op, "before", op->before, NULL);
	must_work(op, "the first time", op->command, NULL);
	must_work(op, "back the first time", op->inverse, NULL);
	op->state_before = whole_state(op);
	machine_trace_begin(&op->machine, &op->steps);
	must_work(op, "with a trace", op->command_traced, NULL);
	machine_trace_end(&op->machine);
	steps_add_trace(&op->steps, said(SAID_ERR));
	op->state_after = whole_state(op);
	must_work(op, "back", op->inverse, op->state_before);
}

/* ---- One case -------------------------------------------------------------------------- */

static void blame(struct operation *op, const struct fault *fault, int status,
		  const char *what)
{
	op->count.wrong++;
	fprintf(stderr, "%s: %s #%u %s: %s (status %d)\n", op->name, fault->step->name,
		fault->step->nth, fault->what, what, status);
	fprintf(stderr, "%s", said(SAID_ERR));
}

static void blame_state(struct operation *op, const struct fault *fault, int status,
			const char *what, const char *expected, const char *now)
{
	blame(op, fault, status, what);
	print_difference(expected, now);
}

/* What became of it. False: blamed. */
static bool judge_failed(struct operation *op, const struct fault *fault, int status,
			 const char *now)
{
	if (!is_refusal(op, status)) {
		blame(op, fault, status, "no documented status");
		return false;
	}
	if (strcmp(now, op->state_before)) {
		blame_state(op, fault, status, "not as before", op->state_before, now);
		return false;
	}
	op->count.undone++;
	return true;
}

static bool judge_recovery(struct operation *op, const struct fault *fault)
{
	bool is_back;
	char *now;
	int status;

	if (access("/run/drmgr/journal", F_OK)) {
		blame(op, fault, NOT_UNDONE, "there is no journal");
		return false;
	}
	status = run(&op->machine, "drmgr --recover");
	now = whole_state(op);
	/* of several, those that were complete stay; so does a card that was taken out */
	is_back = !strcmp(now, op->state_before) || op->chooses ||
		  strcmp(op->repair, op->inverse) != 0;
	if (status)
		blame(op, fault, status, "recovery fails");
	else if (!is_back)
		blame_state(op, fault, status, "not as before after the recovery",
			    op->state_before, now);
	else
		op->count.recovered++;
	free(now);
	return !status && is_back;
}

/* Is it said which step it was? What is as it should be needs no words; what a lie led to
 * may come out later than where it was told. */
static bool judge_words(struct operation *op, const struct fault *fault, int status,
			const char *now)
{
	bool is_right = !fault->is_error || op->chooses || !strcmp(now, op->state_after);
	const char *text = said(SAID_ERR);

	if ((!status && is_right) || words_name_step(text, &op->steps, fault->step) ||
	    (fault->is_lie && *text))
		return true;
	blame(op, fault, status, "the message does not name the step");
	return false;
}

static bool judge(struct operation *op, const struct fault *fault, int status,
		  const char *now)
{
	bool is_said;

	if (!judge_words(op, fault, status, now))
		return false;
	if (status == NOT_UNDONE)
		return judge_recovery(op, fault);
	if (status == PARTIAL && strcmp(now, op->state_before)) {
		op->count.partial++;
		return true;
	}
	if (status != DONE)
		return judge_failed(op, fault, status, now);
	/* Linux finds no device in configuration space: a warning, if it is behind a host
	 * bridge that is there. */
	is_said = fault->is_lie || op->chooses || strstr(fault->step->name, "pci-config");
	if (strcmp(now, op->state_after) && !is_said) {
		blame_state(op, fault, status, "not as after", op->state_after, now);
		return false;
	}
	op->count.done++;
	if (fault->is_error)
		op->count.ignored++;
	return true;
}

/* To the state before, whatever has happened; now is the state after that. Frees it. */
static void come_back(struct operation *op, const struct fault *fault, char *now)
{
	const char *const ways[] = { op->inverse, "drmgr --recover", op->repair, NULL };

	for (const char *const *way = ways; strcmp(now, op->state_before); way++) {
		if (!*way) {
			print_difference(op->state_before, now);
			hopeless(op, "no way back after", fault->what, 0);
		}
		run(&op->machine, *way);
		free(now);
		now = whole_state(op);
	}
	free(now);
}

/* Afterwards the operation works. */
static void try_again(struct operation *op, const struct fault *fault)
{
	int status = run(&op->machine, op->command);
	char *now = whole_state(op);

	if (status)
		blame(op, fault, status, "does not work afterwards");
	else if (strcmp(now, op->state_after) && !op->chooses)
		blame_state(op, fault, status, "works otherwise afterwards",
			    op->state_after, now);
	come_back(op, fault, now);
}

/* again: is it tried whether it works afterwards, too? The state tells most of it. */
static void one_case(struct operation *op, const struct fault *fault, bool again)
{
	bool is_reached;
	char *now;
	int status;

	machine_fault(&op->machine, fault);
	status = run_quickly(&op->machine, op->command);
	op->count.cases++;
	op->count.hangs += fault->is_hang;
	is_reached = machine_clear(&op->machine, fault);
	now = whole_state(op);
	if (is_reached) {
		judge(op, fault, status, now);
	} else {
		op->count.unreached++;
		if (!op->chooses)
			blame(op, fault, status, "the step is not reached");
	}
	if (op->is_verbose)
		fprintf(stderr, "%s: %s #%u %s: %d: %s\n", op->name, fault->step->name,
			fault->step->nth, fault->what, status, said(SAID_ERR));
	come_back(op, fault, now);
	if (status != DONE && again)
		try_again(op, fault);
}

static void all_cases(struct operation *op)
{
	struct fault fault;

	for (size_t i = 0; i < op->steps.n; i++) {
		struct step *step = &op->steps.all[i];

		if (!step_counts(&op->steps, step, op->is_quick))
			continue;
		for (unsigned int n = 0; fault_of(step, n, op->is_quick, &fault); n++) {
			step_find(step);
			one_case(op, &fault, !n || fault.is_hang);
		}
	}
}

static void summary(const struct operation *op)
{
	const struct count *c = &op->count;

	fprintf(stderr,
		"%s: %u calls, %u writes, %u cases: %u hangs, %u done (%u in spite of an "
		"error), %u undone, %u partial, %u recovered, %u not reached, %u wrong\n",
		op->name, op->steps.calls, op->steps.writes, c->cases, c->hangs, c->done,
		c->ignored, c->undone, c->partial, c->recovered, c->unreached, c->wrong);
}

int main(int argc, char *argv[])
{
	struct operation op = { 0 };
	int option;

	while ((option = getopt(argc, argv, "+ac:qv")) != -1) {
		if (option == 'c')
			return machine_between(optarg, argv + optind);
		if (option == '?')
			return TROUBLE;
		op.chooses |= option == 'a';
		op.is_quick |= option == 'q';
		op.is_verbose |= option == 'v';
	}
	argv += optind;
	argc -= optind;
	if (argc < 6)
		errx(TROUBLE, "NAME BEFORE COMMAND INVERSE HOME REPAIR");
	machine_connect(&op.machine);
	op.name = argv[0];
	op.before = argv[1];
	op.command = argv[2];
	op.inverse = argv[3];
	op.home = argv[4];
	op.repair = argv[5];
	op.drcs = argv + 6;
	op.n_drcs = argc - 6;
	if (asprintf(&op.command_traced, "drmgr() { command drmgr --trace \"$@\"; }\n%s",
		     op.command) < 0)
		err(TROUBLE, "memory");
	learn(&op);
	all_cases(&op);
	must_work(&op, "home", op.home, NULL);
	summary(&op);
	return op.count.wrong ? 1 : 0;
}
