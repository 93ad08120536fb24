// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "vmm/server/backends.h"
#include "vmm/server/json_options.h"
#include "vmm/server/keyval.h"
#include "vmm/server/plan.h"
#include "vmm/server/verb.h"

#define SECOND_NS UINT64_C(1000000000)

enum { MAX_SECONDS = 1000000 };

struct plan_step {
	const char *option, *text; /* as the user wrote them */
	uint64_t at_ns;
	size_t order;	  /* on the command line */
	char *id;	  /* of the device to unplug; NULL: plug */
	struct keyval kv; /* the device to plug */
};

struct plan_fault {
	const char *text;
	struct papr_fault is; /* its call is owned */
	int id;		      /* in the machine */
	char *call;
};

/* Return the array with room for one more element, or NULL. */
static void *plan_grow(void *array, size_t n, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 8;
	void *bigger;

	if (n < *room)
		return array;
	bigger = reallocarray(array, more, size);
	if (bigger)
		*room = more;
	return bigger;
}

/* ---- Parsing ----------------------------------------------------------------------- */

/* Parse "2" or "0.5". Locales do not change this notation. */
static bool plan_seconds(const char *text, uint64_t *ns)
{
	uint64_t unit = SECOND_NS / 10;

	if (!isdigit((unsigned char)*text))
		return false;
	for (*ns = 0; isdigit((unsigned char)*text); text++) {
		*ns = *ns * 10 + (uint64_t)(*text - '0') * SECOND_NS;
		if (*ns > MAX_SECONDS * SECOND_NS)
			return false;
	}
	if (*text == '.' && isdigit((unsigned char)text[1]))
		for (text++; isdigit((unsigned char)*text); text++, unit /= 10)
			*ns += (uint64_t)(*text - '0') * unit;
	return !*text && *ns <= MAX_SECONDS * SECOND_NS;
}

/* Split "WHAT[@SECONDS]". An "@" that is followed by a character of options or of JSON is
 * a part of WHAT. The caller frees *what. */
static int plan_split(const char *option, const char *text, char **what, uint64_t *ns)
{
	const char *at = strrchr(text, '@');

	if (at && at[1 + strcspn(at + 1, ",=}\"")])
		at = NULL;
	*ns = 0;
	if (at && !plan_seconds(at + 1, ns))
		return verb_refuse(
			option, text,
			"after '@', give seconds from 0 to 1000000, such as 2 or 0.5");
	*what = at ? strndup(text, (size_t)(at - text)) : strdup(text);
	return *what ? 0 : verb_refuse(option, text, strerror(ENOMEM));
}

static struct plan_step *plan_new_step(struct plan *plan, const char *option,
				       const char *text)
{
	struct plan_step *steps =
		plan_grow(plan->steps, plan->n_steps, &plan->steps_room, sizeof(*steps));

	if (!steps) {
		verb_refuse(option, text, strerror(ENOMEM));
		return NULL;
	}
	plan->steps = steps;
	steps[plan->n_steps] = (struct plan_step){ .option = option,
						   .text = text,
						   .order = plan->n_steps };
	return &steps[plan->n_steps++];
}

int plan_plug(struct plan *plan, const char *text)
{
	struct plan_step *step = plan_new_step(plan, "--plug", text);
	char *device;
	bool json;
	int err = step ? plan_split(step->option, text, &device, &step->at_ns) : -ENOMEM;

	if (err)
		return err;
	json = *device == '{';
	err = json ? json_options_of_text(&step->kv, device)
		   : keyval_parse(&step->kv, device, "driver");
	free(device);
	if (err)
		return verb_refuse(step->option, text,
				   err == -ENOMEM ? strerror(ENOMEM)
				   : json	  ? "JSON parse error"
						  : "a parameter has no name");
	return keyval_put_first(&step->kv, "driver")
		       ? 0
		       : verb_refuse(step->option, text, "Parameter 'driver' is missing");
}

int plan_unplug(struct plan *plan, const char *text)
{
	struct plan_step *step = plan_new_step(plan, "--unplug", text);
	int err =
		step ? plan_split(step->option, text, &step->id, &step->at_ns) : -ENOMEM;

	return err || *step->id ? err
				: verb_refuse(step->option, text, "the id is missing");
}

/* Parse "NAME:N=STATUS". NAME may have a colon: "hcall:0xf000". */
static bool plan_parse_fault(struct papr_fault *fault, char *text)
{
	char *equals = strrchr(text, '='), *colon, *end;
	long long status;

	if (!equals)
		return false;
	*equals++ = '\0';
	colon = strrchr(text, ':');
	if (!colon || colon == text)
		return false;
	*colon++ = '\0';
	errno = 0;
	status = strtoll(equals, &end, 10);
	if (!isdigit((unsigned char)equals[*equals == '-']) || *end || errno)
		return false;
	*fault = (struct papr_fault){ .size = sizeof(struct papr_fault),
				      .call = text,
				      .status = status,
				      .count = 1 };
	/* RTAS returns 32 bits, a hypercall returns 64. */
	return !word_u32(colon, &fault->nth) && fault->nth &&
	       (strchr(text, ':') || (status >= INT32_MIN && status <= INT32_MAX));
}

int plan_fault(struct plan *plan, const char *text)
{
	struct plan_fault *faults = plan_grow(plan->faults, plan->n_faults,
					      &plan->faults_room, sizeof(*faults));
	char *call = faults ? strdup(text) : NULL;

	if (faults)
		plan->faults = faults;
	if (!call)
		return verb_refuse("--fault", text, strerror(ENOMEM));
	faults[plan->n_faults] = (struct plan_fault){ .text = text, .call = call };
	if (plan_parse_fault(&faults[plan->n_faults++].is, call))
		return 0;
	return verb_refuse("--fault", text,
			   "use CALL:N=STATUS, such as set-indicator:3=-1");
}

bool plan_is_empty(const struct plan *plan)
{
	return !plan->n_steps && !plan->n_faults;
}

/* ---- Execution --------------------------------------------------------------------- */

static int plan_execute(const struct plan_step *step, struct host *host)
{
	struct papr_error error = { 0 };
	int err = step->id ? papr_vmm_device_del(host->vmm, step->id, &error)
			   : backends_device_add(host, &step->kv, &error);

	if (err)
		verb_refuse(step->option, step->text,
			    error.text ? error.text : strerror(-err));
	papr_error_clear(&error);
	return err;
}

static int plan_add_fault(struct plan_fault *fault, struct host *host)
{
	bool exists = strchr(fault->is.call, ':') ||
		      papr_vmm_rtas_token(host->vmm, fault->is.call);
	int id = exists ? papr_vmm_fault_add(host->vmm, &fault->is) : -EINVAL;

	if (id == -EINVAL)
		return verb_refuse("--fault", fault->text, "this call does not exist");
	fault->id = id;
	return id < 0 ? verb_refuse("--fault", fault->text, strerror(-id)) : 0;
}

static int plan_compare(const void *a, const void *b)
{
	const struct plan_step *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

int plan_try(struct plan *plan, struct host *trial)
{
	bool pending = false; /* an unplug; a reset completes it */
	int err = 0;

	if (plan->n_steps)
		qsort(plan->steps, plan->n_steps, sizeof(*plan->steps), plan_compare);
	for (size_t i = 0; !err && i < plan->n_faults; i++)
		err = plan_add_fault(&plan->faults[i], trial);
	for (size_t i = 0; !err && i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];

		if (pending && papr_vmm_reset(trial->vmm))
			return verb_refuse(step->option, step->text, strerror(ENOMEM));
		err = plan_execute(step, trial);
		pending = step->id;
	}
	return err;
}

static uint64_t plan_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* Execute what is due, and set the timer for the next step. */
static int plan_continue(struct plan *plan)
{
	uint64_t now = plan_clock() - plan->start_ns, due;
	struct itimerspec when = { 0 };

	while (plan->next < plan->n_steps && plan->steps[plan->next].at_ns <= now) {
		plan->has_failed |=
			plan_execute(&plan->steps[plan->next++], plan->host) != 0;
		/* The machine may have ended. */
		if (host_settle(plan->host))
			return 0;
	}
	if (plan->next == plan->n_steps)
		return 0;
	due = plan->start_ns + plan->steps[plan->next].at_ns;
	when.it_value.tv_sec = (time_t)(due / SECOND_NS);
	when.it_value.tv_nsec = (long)(due % SECOND_NS);
	return timerfd_settime(plan->timer, TFD_TIMER_ABSTIME, &when, NULL) ? -errno : 0;
}

static void plan_timer(void *arg, uint32_t events)
{
	struct plan *plan = arg;
	uint64_t n;

	(void)events;
	if (read(plan->timer, &n, sizeof(n)) == (ssize_t)sizeof(n))
		plan_continue(plan);
}

int plan_start(struct plan *plan, struct loop *loop, struct host *host)
{
	int err = 0;

	if (plan->host || plan_is_empty(plan))
		return 0;
	plan->host = host;
	plan->loop = loop;
	plan->start_ns = plan_clock();
	plan->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (plan->timer < 0)
		return -errno;
	for (size_t i = 0; !err && i < plan->n_faults; i++)
		err = plan_add_fault(&plan->faults[i], host);
	if (!err)
		err = loop_add(loop, plan->timer, EPOLLIN, plan_timer, plan);
	return err ? err : plan_continue(plan);
}

bool plan_was_executed(const struct plan *plan)
{
	bool all = !plan->has_failed && plan->next == plan->n_steps;

	for (size_t i = 0; plan->host && i < plan->n_faults; i++) {
		if (papr_vmm_fault_hits(plan->host->vmm, plan->faults[i].id) > 0)
			continue;
		fprintf(stderr, "papr-vmm: --fault %s: no call has reached it\n",
			plan->faults[i].text);
		all = false;
	}
	return all;
}

static void plan_report_left(const struct plan *plan)
{
	const struct plan_step *first = &plan->steps[plan->next];
	size_t more = plan->n_steps - plan->next - 1;
	char others[64] = "";

	if (more)
		snprintf(others, sizeof(others), ", and %zu more", more);
	fprintf(stderr, "papr-vmm: %s %s%s: not executed, because the command ended\n",
		first->option, first->text, others);
}

void plan_free(struct plan *plan)
{
	if (plan->host && plan->next < plan->n_steps)
		plan_report_left(plan);
	if (plan->host && plan->timer >= 0) {
		loop_remove(plan->loop, plan->timer);
		close(plan->timer);
	}
	for (size_t i = 0; i < plan->n_steps; i++) {
		free(plan->steps[i].id);
		keyval_free(&plan->steps[i].kv);
	}
	for (size_t i = 0; i < plan->n_faults; i++)
		free(plan->faults[i].call);
	free(plan->steps);
	free(plan->faults);
	*plan = (struct plan){ 0 };
}
