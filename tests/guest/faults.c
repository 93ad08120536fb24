// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: $(JSON_LIBS) */
/*
 * faults - run an operation, and let each of its calls of firmware and writes to the
 * kernel fail in turn
 *
 *   faults [-ampquvw] [-b COMMAND]... [-e ERROR] [-i PATTERN] NAME BEFORE COMMAND INVERSE HOME REPAIR [CONNECTOR...]
 *   faults -c SOCKET COMMAND...
 *
 * The first form runs in the guest: its standard input and output are connected to QMP of
 * the machine by the second form, which runs on the host: "faults -c SOCKET guestctl run
 * -i DIR faults NAME..." The words are those of a row of tests/lib/matrix.bash, shell
 * commands for the guest.
 *
 * After each failure, the state must be one of these: the state before, with a status
 * that says so; the state after, with 0; a partial one with 64, complete after REPAIR; or
 * with 65 a state that --recover undoes. Messages must report a wrong state, with the
 * step's name. Then, after one failure of each step and each hang, the operation must
 * work. -p: few errors, and 65 is always wrong, because the undo works. -i: but not after
 * these, such as "set-indicator #2 *": the first of them is tried at the end, and must be
 * 65. -q: one answer for each call, and fewer of equal steps. -u: let each read of a
 * file fail instead (failcall.c), with -q every eighth of them; -w: each change of one; -m:
 * each allocation (failalloc.c). -e: with this number of an error. -v: print each case. -a:
 * the command chooses among equal connectors, so after a failure it may be others. -b: leads
 * to one more state that a recovery may restore. The clock of cases does not wait:
 * fastclock.c.
 *
 * Prints, on standard error, a line for each wrong case with the differences, and one at
 * the end. Exit status: 0, 1 a case went wrong, 3 nothing went wrong and the machine cannot
 * be used again (-i), 125 the operation does not work at all.
 */
#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operation.h"

struct count {
	unsigned int cases, hangs, done, ignored, undone, partial, recovered, unreached,
		wrong;
};

enum { BETWEEN_MAX = 4 };

struct trial {
	struct operation op;
	enum fault_set set;
	size_t below_stride;
	bool is_verbose;
	bool chooses; /* it chooses the connectors */
	const char *lasting;
	struct fault last; /* the first that lasts */
	const char *to_between[BETWEEN_MAX + 1];
	char *between[BETWEEN_MAX];
	int error; /* of calls of failcall.c; 0: its choice */
	struct steps steps;
	struct steps traced; /* calls and writes, if steps are calls of failcall.c */
	char call[1024];     /* of failcall.c, that failed */
	struct count count;
};

/* An operation has thousands. */
enum { QUICK_ALLOCATIONS = 40 };

enum { TROUBLE = 125, DONE = 0, PARTIAL = 64, NOT_UNDONE = 65, USED_UP = 3 };

/* Further statuses that mean a refusal. */
static bool is_refusal(const struct trial *t, int status)
{
	static const int documented[] = { 1, 3, 4, 5, 6, 234, 237, 243, 251, 255 };

	for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); i++)
		if (status == documented[i])
			return true;
	/* acc: the kernel's errno */
	return !strcmp(t->op.name, "acc") && status > 0 && status <= 133;
}

/* ---- One case -------------------------------------------------------------------------- */

static void blame(struct trial *t, const struct fault *fault, int status,
		  const char *what)
{
	t->count.wrong++;
	fprintf(stderr, "%s: %s #%u %s: %s (status %d)\n", t->op.name, fault->step->name,
		fault->step->nth, fault->what, what, status);
	fprintf(stderr, "%s", said(SAID_ERR));
}

static void blame_state(struct trial *t, const struct fault *fault, int status,
			const char *what, const char *expected, const char *now)
{
	blame(t, fault, status, what);
	print_difference(expected, now);
}

/* Check the state. Return false if it was reported as wrong. */
static bool judge_failed(struct trial *t, const struct fault *fault, int status,
			 const char *now)
{
	if (!is_refusal(t, status)) {
		blame(t, fault, status, "no documented status");
		return false;
	}
	if (strcmp(now, t->op.state_before)) {
		blame_state(t, fault, status, "not as before", t->op.state_before, now);
		return false;
	}
	t->count.undone++;
	return true;
}

static bool is_between(const struct trial *t, const char *state)
{
	for (int i = 0; t->to_between[i]; i++)
		if (!strcmp(state, t->between[i]))
			return true;
	return false;
}

static bool judge_recovery(struct trial *t, const struct fault *fault)
{
	bool is_back;
	char *now;
	int status;

	if (!journal_is_left()) {
		blame(t, fault, NOT_UNDONE, "there is no journal");
		return false;
	}
	status = run(&t->op.machine, "drmgr --recover");
	now = operation_state(&t->op);
	/* of several, complete ones stay; a card that was taken out is not restored */
	is_back = !strcmp(now, t->op.state_before) || t->chooses || is_between(t, now) ||
		  strcmp(t->op.repair, t->op.inverse) != 0;
	if (status)
		blame(t, fault, status, "recovery fails");
	else if (!is_back)
		blame_state(t, fault, status, "not as before after the recovery",
			    t->op.state_before, now);
	else
		t->count.recovered++;
	free(now);
	return !status && is_back;
}

/* Return true if the text has this path, which the kernel prints, or its usual name. */
static bool has_path(const char *text, const char *path)
{
	static const char *const names[][2] = {
		{ "/sys/firmware/devicetree/base", "/proc/device-tree" },
		{ "/run/lock/", "/var/lock/" },
	};
	char usual[1024];

	if (strstr(text, path))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i][0]);

		if (strncmp(path, names[i][0], len) != 0)
			continue;
		snprintf(usual, sizeof(usual), "%s%s", names[i][1], path + len);
		if (strstr(text, usual))
			return true;
	}
	return false;
}

/* Return true if the text names the failed call of failcall.c: its file, or out of memory. A
 * pipe is part of a write, whose file is named. librtas returns an errno, so for its files the
 * text has that of the call of firmware. */
static bool words_name_call(const struct trial *t, const char *text)
{
	static const char *const librtas[] = { "/dev/mem", "/LCK..librtas", NULL };
	const char *path = strchr(t->call, '/');

	if (fails_memory() || t->error == ENOMEM)
		return strstr(text, "out of memory") || strstr(text, strerror(ENOMEM)) ||
		       (path && has_path(text, path));
	if (!path)
		return words_name_write(text, &t->traced);
	for (int i = 0; librtas[i]; i++)
		if (strstr(path, librtas[i]) && strstr(text, "ibm,"))
			return true;
	return has_path(text, path);
}

/* Check that messages name the step. A right state needs no message. A wrong answer may
 * be found at a later step. */
static bool judge_words(struct trial *t, const struct fault *fault, int status,
			const char *now)
{
	bool is_right = !fault->is_error || t->chooses || !strcmp(now, t->op.state_after);
	const char *text = said(SAID_ERR);

	if (fault->step->below && words_name_call(t, text))
		return true;
	if ((!status && is_right) || words_name_step(text, &t->steps, fault->step) ||
	    ((fault->is_lie || fault->asks_for_power) && *text) ||
	    (fault->is_absence && strstr(text, "Could not find available cpu")))
		return true;
	blame(t, fault, status, "the message does not name the step");
	return false;
}

/* Return true if the state is that after, but for files of the journal that could not be
 * removed, as the messages say. */
static bool is_after_with_files(const struct trial *t, const char *now)
{
	const char *after = t->op.state_after, *line;
	char text[512];

	/* The lines of a state are sorted. */
	for (; *now; now = line + 1) {
		size_t len = strcspn(now, "\n");

		line = now + len;
		if (!strncmp(now, after, len + 1)) {
			after += len + 1;
			continue;
		}
		snprintf(text, sizeof(text), "%.*s cannot be removed: ", (int)len, now);
		if (strncmp(now, "/run/drmgr/", strlen("/run/drmgr/")) != 0 ||
		    !strstr(said(SAID_ERR), text))
			return false;
	}
	return !*after;
}

static bool judge(struct trial *t, const struct fault *fault, int status, const char *now)
{
	bool is_said;

	if (!judge_words(t, fault, status, now))
		return false;
	if (status == NOT_UNDONE && t->set == FAULTS_FEW)
		blame(t, fault, status, "not undone");
	if (status == NOT_UNDONE)
		return judge_recovery(t, fault);
	if (status == PARTIAL && strcmp(now, t->op.state_before)) {
		t->count.partial++;
		return true;
	}
	if (status != DONE)
		return judge_failed(t, fault, status, now);
	/* Linux finds no device in configuration space: a warning, if it is below an
	 * existing host bridge. The same for a slot that cannot be read, if all are
	 * read. */
	is_said = fault->is_lie || t->chooses ||
		  strstr(fault->step->name, "pci-config") || is_after_with_files(t, now);
	if (strcmp(now, t->op.state_after) && !is_said) {
		blame_state(t, fault, status, "not as after", t->op.state_after, now);
		return false;
	}
	t->count.done++;
	if (fault->is_error)
		t->count.ignored++;
	return true;
}

/* After that, the operation must work. */
static void try_again(struct trial *t, const struct fault *fault)
{
	int status = run(&t->op.machine, t->op.command);
	char *now = operation_state(&t->op);

	if (status)
		blame(t, fault, status, "does not work afterwards");
	else if (strcmp(now, t->op.state_after) && !t->chooses)
		blame_state(t, fault, status, "works otherwise afterwards",
			    t->op.state_after, now);
	operation_come_back(&t->op, fault->what, now);
}

/* again: also check that the operation works after that. The state shows most errors. */
static void one_case(struct trial *t, const struct fault *fault, bool again)
{
	bool is_reached;
	char *now;
	int status;

	if (fault->step->below) {
		status = run_below(&t->op.machine, t->op.command, fault->step->below,
				   fault->lasts);
		is_reached = !access(FAILCALL_LOG, F_OK);
		/* Children share the count: it may not be the learned one. */
		snprintf(t->call, sizeof(t->call), "%s", said(FAILCALL_LOG));
		t->call[strcspn(t->call, "\n")] = '\0';
	} else {
		machine_fault(&t->op.machine, fault);
		status = run_quickly(&t->op.machine, t->op.command);
		is_reached = machine_clear(&t->op.machine, fault);
	}
	t->count.cases++;
	t->count.hangs += fault->is_hang;
	now = operation_state(&t->op);
	if (is_reached) {
		judge(t, fault, status, now);
	} else {
		t->count.unreached++;
		blame(t, fault, status, "the step is not reached");
	}
	if (t->is_verbose)
		fprintf(stderr, "%s: %s #%u %s: %d: %s\n", t->op.name, fault->step->name,
			fault->step->nth, fault->what, status, said(SAID_ERR));
	/* Or the judge has recovered it. */
	if (status == NOT_UNDONE) {
		free(now);
		now = operation_state(&t->op);
	}
	operation_come_back(&t->op, fault->what, now);
	if (status != DONE && again)
		try_again(t, fault);
}

/* Note the first failure that lasts. */
static bool is_lasting(struct trial *t, const struct fault *fault)
{
	char name[256];

	snprintf(name, sizeof(name), "%s #%u %s", fault->step->name, fault->step->nth,
		 fault->what);
	if (!t->lasting || fnmatch(t->lasting, name, FNM_EXTMATCH))
		return false;
	if (!t->last.step)
		t->last = *fault;
	return true;
}

/* No interface of this kernel can undo it. The messages say so, and drmgr can go on. */
static void last_case(struct trial *t)
{
	const struct fault *fault = &t->last;
	int status;

	machine_fault(&t->op.machine, fault);
	status = run_quickly(&t->op.machine, t->op.command);
	t->count.cases++;
	machine_clear(&t->op.machine, fault);
	if (status != NOT_UNDONE || !strstr(said(SAID_ERR), ": not undone: "))
		blame(t, fault, status, "does not last");
	else if (run(&t->op.machine, "drmgr --recover || drmgr --recover --discard"))
		blame(t, fault, status, "cannot be discarded");
}

/* Replace the steps by the reads of files. */
static void learn_below(struct trial *t)
{
	int status = run_below(&t->op.machine, t->op.command, 0, false);

	t->traced = t->steps;
	t->steps = (struct steps){ 0 };
	steps_add_below(&t->steps, said(FAILCALL_LOG));
	t->below_stride = t->set != FAULTS_QUICK ? 1
			  : fails_memory()	 ? t->steps.n / QUICK_ALLOCATIONS + 1
						 : 8;
	t->set = FAULTS_BELOW;
	if (status || !t->steps.n)
		operation_hopeless(&t->op, "with failcall", t->op.command, status);
	operation_must(&t->op, "back", t->op.inverse, t->op.state_before);
}

/* A change of threads is complete for each core: only an incomplete core is recovered, for
 * example after a read of cpu5/online that fails for ever. */
static void learn_between(struct trial *t)
{
	for (int i = 0; t->to_between[i]; i++) {
		operation_must(&t->op, "between", t->to_between[i], NULL);
		t->between[i] = operation_state(&t->op);
	}
	if (t->to_between[0])
		operation_must(&t->op, "back", t->op.inverse, t->op.state_before);
}

static void all_cases(struct trial *t)
{
	struct fault fault;

	for (size_t i = 0; i < t->steps.n; i++) {
		struct step *step = &t->steps.all[i];

		if (t->set == FAULTS_BELOW
			    ? i % t->below_stride != 0
			    : !step_counts(&t->steps, step, t->set == FAULTS_QUICK))
			continue;
		for (unsigned int n = 0; fault_of(step, n, t->set, &fault); n++) {
			/* A call that is always interrupted is repeated for ever. */
			if (is_lasting(t, &fault) || (fault.lasts && t->error == EINTR))
				continue;
			step_find(step);
			one_case(t, &fault, !n || fault.is_hang);
		}
	}
}

static void summary(const struct trial *t)
{
	const struct count *c = &t->count;

	fprintf(stderr,
		"%s: %u calls, %u writes, %u cases: %u hangs, %u done (%u in spite of an "
		"error), %u undone, %u partial, %u recovered, %u not reached, %u wrong\n",
		t->op.name, t->steps.calls, t->steps.writes, c->cases, c->hangs, c->done,
		c->ignored, c->undone, c->partial, c->recovered, c->unreached, c->wrong);
}

int main(int argc, char *argv[])
{
	struct trial t = { 0 };
	bool is_below = false;
	int option, n_between = 0;

	while ((option = getopt(argc, argv, "+ab:c:e:i:mpquvw")) != -1) {
		if (option == 'c')
			return machine_between(optarg, argv + optind);
		if (option == '?' || (option == 'b' && n_between == BETWEEN_MAX))
			return TROUBLE;
		if (option == 'b')
			t.to_between[n_between++] = optarg;
		if (option == 'i')
			t.lasting = optarg;
		t.chooses |= option == 'a';
		if (option == 'p' || option == 'q')
			t.set = option == 'p' ? FAULTS_FEW : FAULTS_QUICK;
		is_below |= option == 'u' || option == 'w' || option == 'm';
		if (option == 'm')
			setenv("FAILCALL_KIND", "memory", 1);
		if (option == 'w')
			setenv("FAILCALL_KIND", "changes", 1);
		if (option == 'e') {
			setenv("FAILCALL_ERROR", optarg, 1);
			t.error = atoi(optarg);
		}
		t.is_verbose |= option == 'v';
	}
	operation_take(&t.op, argv + optind);
	operation_learn(&t.op, &t.steps);
	learn_between(&t);
	if (is_below)
		learn_below(&t);
	all_cases(&t);
	if (t.last.step)
		last_case(&t);
	else
		operation_must(&t.op, "home", t.op.home, NULL);
	summary(&t);
	if (t.last.step)
		return t.count.wrong ? TROUBLE : USED_UP;
	return t.count.wrong ? 1 : 0;
}
