// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps of an operation, and their possible answers.
 *
 * Source:  PAPR+ 7.3 and 13.5.3 for calls, Linux for writes: the tables of errors of
 *          /proc/ppc64/ofdt, /sys/kernel/dlpar, rpadlpar_io, and so on
 */
#include <err.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

enum { TROUBLE = 125, ANSWERS = 16, TOLD_MAX = 4096 };

/* ---- Steps ------------------------------------------------------------------------------ */

static struct step *add(struct step **all, size_t *n, const char *name)
{
	struct step *step;
	unsigned int nth = 1;

	for (size_t i = 0; i < *n; i++)
		nth += !strcmp((*all)[i].name, name);
	*all = reallocarray(*all, *n + 1, sizeof(**all));
	if (!*all)
		err(TROUBLE, "memory");
	step = &(*all)[(*n)++];
	*step = (struct step){ .name = strdup(name), .nth = nth };
	if (!step->name)
		err(TROUBLE, "memory");
	return step;
}

struct step *steps_add(struct steps *steps, const char *name, bool is_write)
{
	struct step *step = add(&steps->all, &steps->n, name);

	step->is_write = is_write;
	*(is_write ? &steps->writes : &steps->calls) += 1;
	return step;
}

static void add_own(struct steps *steps, const char *told, const char *end)
{
	char name[512];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(told, end), told);
	add(&steps->own, &steps->n_own, name);
}

static void add_write(struct steps *steps, const char *told)
{
	char name[512];

	snprintf(name, sizeof(name), "write:%.*s", (int)strcspn(told, " \n"), told);
	steps_add(steps, name, true);
}

/* A host bridge has another domain after each addition: use the newest. */
void step_find(struct step *step)
{
	static const char devices[] = "write:/sys/bus/pci/devices/";
	size_t at = strlen(devices), domain = strlen("0000");
	glob_t found;
	char *path;

	if (!step->is_write || strncmp(step->name, devices, at) != 0 ||
	    strlen(step->name) < at + domain ||
	    !access(step->name + strlen("write:"), F_OK))
		return;
	path = strdup(step->name + strlen("write:"));
	if (!path)
		err(TROUBLE, "memory");
	memcpy(path + at - strlen("write:"), "????", domain);
	if (!glob(path, 0, NULL, &found)) {
		memcpy(step->name + at,
		       found.gl_pathv[found.gl_pathc - 1] + at - strlen("write:"),
		       domain);
		globfree(&found);
	}
	free(path);
}

static bool is_call(const struct step *step, const char *told)
{
	size_t len = strlen(step->name);
	char *end;

	if (step->is_write || strncmp(told, step->name, len) || told[len] != '(')
		return false;
	if (strcmp(step->name, "set-indicator") != 0 &&
	    strcmp(step->name, "get-sensor-state") != 0)
		return true;
	return strtoul(told + len + 1, &end, 0) == step->arg[0] && *end == ',' &&
	       strtoul(end + 1, NULL, 0) == step->arg[1];
}

struct told {
	const char *call[TOLD_MAX];
	size_t n;
};

/* drmgr's calls are some of the machine's, in the same order. The kernel may make equal
 * calls. A call is certainly drmgr's if it is found both in a search from the first call
 * and in a search from the last one. */
static void note_calls_of_drmgr(struct steps *steps, const struct told *told)
{
	size_t n = 0;
	bool *is_found = calloc(steps->n + 1, sizeof(*is_found));

	if (!is_found)
		err(TROUBLE, "memory");
	for (size_t i = 0; i < steps->n && n < told->n; i++)
		if (is_call(&steps->all[i], told->call[n])) {
			is_found[i] = true;
			n++;
		}
	n = told->n;
	for (size_t i = steps->n; i-- && n;)
		if (is_call(&steps->all[i], told->call[n - 1])) {
			steps->all[i].is_drmgrs = is_found[i];
			n--;
		}
	free(is_found);
}

void steps_add_trace(struct steps *steps, const char *trace)
{
	static const char mark[] = "trace: ", call[] = "rtas ", write[] = "write ";
	struct told told = { .n = 0 };

	while ((trace = strstr(trace, mark))) {
		trace += strlen(mark);
		if (!strncmp(trace, write, strlen(write))) {
			add_write(steps, trace + strlen(write));
			add_own(steps, trace + strlen(write), " \n");
		} else if (!strncmp(trace, call, strlen(call)) && told.n < TOLD_MAX) {
			told.call[told.n++] = trace + strlen(call);
			add_own(steps, trace + strlen(call), "(\n");
		}
	}
	note_calls_of_drmgr(steps, &told);
}

void steps_add_below(struct steps *steps, const char *log)
{
	char name[1024];

	for (unsigned int n = 1; *log; n++) {
		size_t len = strcspn(log, "\n");

		snprintf(name, sizeof(name), "%.*s", (int)len, log);
		add(&steps->all, &steps->n, name)->below = n;
		log += len + (log[len] == '\n');
	}
}

static unsigned int last_of(const struct step *all, size_t n, const char *name)
{
	unsigned int last = 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].name, name))
			last = all[i].nth;
	return last;
}

bool step_counts(const struct steps *steps, const struct step *step, bool quick)
{
	bool is_kernels = strstr(step->name, "pci-config");
	unsigned int few = quick ? 2 : 12, some, last;

	if (is_kernels)
		return step->nth == 1;

	last = last_of(steps->all, steps->n, step->name);
	some = quick || last > 256 ? 64 : 16;
	return step->nth <= few || step->nth == last || step->nth % some == 0 ||
	       (!quick && last <= 40);
}

bool step_own_counts(const struct steps *steps, size_t n)
{
	const struct step *own = steps->own, *step = &own[n];

	return !n || n + 1 == steps->n_own || strcmp(step->name, own[n - 1].name) != 0 ||
	       strcmp(step->name, own[n + 1].name) != 0 || step->nth % 64 == 0 ||
	       last_of(own, steps->n_own, step->name) <= 40;
}

/* ---- Possible answers
 * ----------------------------------------------------------------- */

/* The last ones of each are undocumented. */
struct call_answers {
	const char *name;
	int status[ANSWERS]; /* ends with 0 */
	/* first further output, with a status of 0; ends with NO_LIE */
	int lies[ANSWERS];
};

enum { NO_LIE = -0x7fffffff - 1 };

static const struct call_answers call_answers[] = {
	{ "set-indicator", { -1, -3, -9000, -9001, -9002, 77, 0 }, { NO_LIE } },
	{ "get-sensor-state",
	  { -1, -3, -9000, -9001, -9002, 77, 0 },
	  { 0, 1, 2, 3, 4, 5, -1, NO_LIE } },
	{ "set-power-level", { -1, -3, -9000, 77, 0 }, { 0, 55, 101, -1, NO_LIE } },
	{ "get-power-level", { -1, -3, -9000, 77, 0 }, { 0, 55, -1, NO_LIE } },
	{ "ibm,configure-connector",
	  { -1, -3, -9001, -9002, -9003, 77, -77, 0 },
	  { NO_LIE } },
	{ "ibm,get-system-parameter", { -1, -3, -9002, -9999, 77, 0 }, { NO_LIE } },
	/* A call of the kernel, which searches for a device that drmgr then waits for. */
	{ "ibm,read-pci-config", { -1, 0 }, { NO_LIE } },
	{ "", { -1, -3, 77, 0 }, { NO_LIE } }, /* any other */
};

/* Busy statuses of a call, and their number. */
static const struct {
	int status;
	unsigned int count;
} delays[] = { { 9900, 1 }, { -2, 1 }, { 9901, 3 }, { -2, 20 }, { 9902, 1 } };

/* Ways in which a call hangs: for ever, or until drmgr gives up and undoes its work,
 * after 5 minutes. It repeats a call with status -2 a thousand times before its first
 * pause; no pause is longer than a second. Linux waits for ever if it makes the call
 * itself. */
static const struct {
	int status;
	unsigned int count; /* 0: for ever */
} hangs[] = { { 9905, 0 }, { 9902, 310 }, { -2, 0 },
	      { 9900, 0 }, { 9903, 0 },	  { -2, 1310 } };

enum {
	N_HANGS = sizeof(hangs) / sizeof(hangs[0]),
	HANGS_OF_ALL = 2
}; /* the other ways, for the first step of each call */

struct write_answers {
	const char *part; /* a part of the path */
	const char *error[ANSWERS];
};

static const struct write_answers write_answers[] = {
	{ "/ofdt", { "EINVAL", "EBUSY", "ENODEV", "EPERM", "ENOMEM" } },
	{ "/device-tree-overlay",
	  { "EINVAL", "EFBIG", "E2BIG", "EOPNOTSUPP", "ENODEV", "ENOENT", "EEXIST",
	    "EPERM", "EBUSY", "ENOMEM", "EFAULT", "ENOSPC" } },
	{ "/kernel/dlpar",
	  { "EINVAL", "ENODEV", "EPERM", "EIO", "EOPNOTSUPP", "EBUSY", "ENOMEM",
	    "ENOSPC" } },
	{ "/slots/control/", { "EIO", "EINVAL", "ENODEV", "ERANGE", "EINTR", "ENOMEM" } },
	{ "/power",
	  { "EIO", "EINVAL", "EFAULT", "EEXIST", "ENODEV", "ERANGE", "EPERM" } },
	{ "/attention", { "EIO", "EINVAL", "ENODEV" } },
	{ "/rescan", { "EINVAL", "EPERM", "EIO", "ENOMEM" } },
	{ "/remove", { "EINVAL", "EPERM", "EIO", "ENODEV" } },
	{ "/online", { "EBUSY", "EINVAL", "EPERM", "EIO", "ENOMEM", "EAGAIN" } },
	{ "/state", { "EBUSY", "EINVAL", "EPERM", "EIO", "EAGAIN", "ENOMEM" } },
	{ "/lparcfg",
	  { "EINVAL", "EBUSY", "EIO", "EPERM", "ENOMEM", "ERANGE", "EOPNOTSUPP" } },
	{ "/update_total_credits", { "EINVAL", "ERANGE", "EIO", "EPERM", "EOPNOTSUPP" } },
	{ "", { "EIO", "EINVAL", "EPERM", "ENODEV", "ENOMEM" } }, /* any other */
};

static bool fault_of_write(const struct step *step, unsigned int n, struct fault *out)
{
	const struct write_answers *answers = write_answers;

	while (!strstr(step->name, answers->part))
		answers++;
	if (n >= ANSWERS || !answers->error[n])
		return false;
	out->error = answers->error[n];
	out->is_error = true;
	snprintf(out->what, sizeof(out->what), "%s", out->error);
	return true;
}

static unsigned int count_status(const int *status)
{
	unsigned int n = 0;

	while (status[n])
		n++;
	return n;
}

static const struct call_answers *answers_of(const struct step *step)
{
	const struct call_answers *answers = call_answers;

	while (*answers->name && strcmp(step->name, answers->name) != 0)
		answers++;
	return answers;
}

/* Invalid answers to a configuration: names and values that are outside the work area or
 * empty, and a step up without one down before. (A readable name cannot be found wrong.)
 * If Linux makes the call itself, it does not check this. */
static const struct {
	int status;
	int filler; /* of the work area's header; -1: leave it unchanged */
} walk_lies[] = { { 1, 0xff }, { 2, 0xff }, { 3, 0xff }, { 3, 0 }, { 2, 0 }, { 4, -1 } };

static bool fault_of_walk(const struct step *step, unsigned int n, struct fault *out)
{
	if (strcmp(step->name, "ibm,configure-connector") != 0 ||
	    n >= sizeof(walk_lies) / sizeof(walk_lies[0]) || !step->is_drmgrs)
		return false;
	out->is_lie = true;
	out->has_area = walk_lies[n].filler >= 0;
	out->filler = (unsigned char)walk_lies[n].filler;
	out->status = walk_lies[n].status;
	snprintf(out->what, sizeof(out->what), "walks with %d, area of %d", out->status,
		 walk_lies[n].filler);
	return true;
}

static bool fault_of_hang(const struct step *step, unsigned int n, struct fault *out)
{
	if (n >= (step->nth == 1 ? N_HANGS : HANGS_OF_ALL) || !step->is_drmgrs)
		return false;
	out->is_hang = true;
	out->is_error = true;
	out->status = hangs[n].status;
	out->count = hangs[n].count;
	snprintf(out->what, sizeof(out->what), "hangs with %d%s", out->status,
		 out->count ? " until it is given up" : "");
	return true;
}

static bool fault_of_call(const struct step *step, unsigned int n, struct fault *out)
{
	const struct call_answers *answers = answers_of(step);
	const unsigned int n_delays = sizeof(delays) / sizeof(delays[0]),
			   n_status = count_status(answers->status),
			   n_hangs = step->nth == 1 ? N_HANGS : HANGS_OF_ALL;
	unsigned int n_lies = 0;

	while (answers->lies[n_lies] != NO_LIE)
		n_lies++;
	if (n < n_status) {
		out->status = answers->status[n];
		out->is_error = true;
		out->asks_for_power = !strcmp(step->name, "get-sensor-state") &&
				      (out->status == -9000 || out->status == -9001);
		out->is_absence =
			!strcmp(step->name, "set-indicator") && out->status == -3;
		snprintf(out->what, sizeof(out->what), "status %d", out->status);
		return true;
	}
	n -= n_status;
	if (n < n_delays) {
		out->delay = delays[n].status;
		out->count = delays[n].count;
		snprintf(out->what, sizeof(out->what), "busy %d, %u times", out->delay,
			 out->count);
		return true;
	}
	n -= n_delays;
	if (n >= n_lies)
		return fault_of_hang(step, n - n_lies, out) ||
		       fault_of_walk(step, n - n_lies - n_hangs, out);
	out->is_lie = true;
	out->has_ret = true;
	out->ret = answers->lies[n];
	snprintf(out->what, sizeof(out->what), "says %d", out->ret);
	return true;
}

static bool quick_fault_of_call(const struct step *step, unsigned int n,
				struct fault *out)
{
	if (!n)
		return fault_of_call(step, 0, out);
	return n == 1 && step->nth == 1 && fault_of_hang(step, 0, out);
}

static bool few_faults_of(const struct step *step, unsigned int n, struct fault *out)
{
	static const struct {
		const char *name, *error[4]; /* none: status -1 */
	} few[] = { { "set-indicator", { NULL } },
		    { "set-power-level", { NULL } },
		    { "ibm,configure-connector", { NULL } },
		    { "write:/proc/ppc64/ofdt", { "EINVAL" } },
		    { "write:/sys/kernel/dlpar", { "EIO", "EINVAL", "ENOMEM" } } };
	size_t i = 0;

	while (i < sizeof(few) / sizeof(few[0]) && strcmp(few[i].name, step->name) != 0)
		i++;
	if (i == sizeof(few) / sizeof(few[0]))
		return false;
	if (!step->is_write)
		return !n && fault_of_call(step, 0, out);
	out->error = n < 4 ? few[i].error[n] : NULL;
	out->is_error = true;
	snprintf(out->what, sizeof(out->what), "%s", out->error ? out->error : "");
	return out->error;
}

bool fault_of(const struct step *step, unsigned int n, enum fault_set set,
	      struct fault *out)
{
	*out = (struct fault){ .step = step, .count = 1 };
	if (set == FAULTS_BELOW) {
		out->is_error = true;
		out->lasts = n;
		snprintf(out->what, sizeof(out->what), "fails%s", n ? " for ever" : "");
		return step->below && n < 2;
	}
	if (set == FAULTS_FEW)
		return few_faults_of(step, n, out);
	if (step->is_write)
		return (set == FAULTS_ALL || !n) && fault_of_write(step, n, out);
	return set == FAULTS_QUICK ? quick_fault_of_call(step, n, out)
				   : fault_of_call(step, n, out);
}
