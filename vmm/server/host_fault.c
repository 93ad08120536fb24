// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/host_fault.h"

struct host_fault {
	struct host_fault *next;
	int id, err;
	uint32_t wait; /* number of actions that still succeed */
	uint32_t left; /* remaining number of failures; 0: unlimited */
	bool holds;
	bool is_used_up; /* applies to no further action, but still holds some */
	char what[];
};

int host_fault_add(struct host *host, const struct host_fault_is *is)
{
	size_t size = strlen(is->what) + 1;
	struct host_fault *fault;

	if (!is->nth || is->err > 0 || (!is->err && !is->holds))
		return -EINVAL;
	if (!host->last_fault_id)
		host->last_fault_id = HOST_FAULT_FIRST - 1;
	if (host->last_fault_id == INT_MAX)
		return -ENOMEM;
	fault = malloc(sizeof(*fault) + size);
	if (!fault)
		return -ENOMEM;
	*fault = (struct host_fault){ .next = host->faults,
				      .id = ++host->last_fault_id,
				      .err = is->err,
				      .wait = is->nth - 1,
				      .left = is->count,
				      .holds = is->holds };
	memcpy(fault->what, is->what, size);
	host->faults = fault;
	return fault->id;
}

static void drop(struct host_fault **link)
{
	struct host_fault *gone = *link;

	*link = gone->next;
	free(gone);
}

static unsigned int release(struct host *host, const struct host_fault *fault)
{
	unsigned int n = 0;

	if (!fault->holds)
		return 0;
	for (struct host_listener *l = host->listeners; l; l = l->next)
		if (l->fault_cleared)
			n += l->fault_cleared(l, fault->id, fault->err);
	return n;
}

int host_fault_clear(struct host *host, int id, unsigned int *released)
{
	struct host_fault **link = &host->faults;
	int err = id ? -ENOENT : 0;
	unsigned int n = 0;

	while (*link) {
		if (id && (*link)->id != id) {
			link = &(*link)->next;
			continue;
		}
		n += release(host, *link);
		drop(link);
		err = 0;
	}
	if (released)
		*released = n;
	return err;
}

static bool is_this(const char *what, void *arg)
{
	return !strcmp(what, arg);
}

int host_fault_hit(struct host *host, const char *what)
{
	return host_fault_hit_any(host, is_this, (void *)(uintptr_t)what);
}

/* Apply the fault to an action. Return the errno, or the id if it holds. */
static int hit(struct host_fault **link)
{
	struct host_fault *fault = *link;
	int err = fault->err;

	if (fault->holds) {
		fault->is_used_up = fault->left && !--fault->left;
		return fault->id;
	}
	if (fault->left && !--fault->left)
		drop(link);
	return err;
}

int host_fault_hit_any(struct host *host, host_fault_is *is, void *arg)
{
	struct host_fault **link;

	for (link = &host->faults; *link; link = &(*link)->next) {
		struct host_fault *fault = *link;

		if (fault->is_used_up || !is(fault->what, arg))
			continue;
		if (!fault->wait)
			return hit(link);
		fault->wait--;
	}
	return 0;
}
