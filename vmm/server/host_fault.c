// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/host_fault.h"

struct host_fault {
	struct host_fault *next;
	int id, err;
	uint32_t wait; /* so many times it still works */
	uint32_t left; /* 0: for ever */
	char what[];
};

int host_fault_add(struct host *host, const char *what, uint32_t nth, uint32_t count,
		   int err)
{
	size_t size = strlen(what) + 1;
	struct host_fault *fault;

	if (!nth || err >= 0)
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
				      .err = err,
				      .wait = nth - 1,
				      .left = count };
	memcpy(fault->what, what, size);
	host->faults = fault;
	return fault->id;
}

static void drop(struct host_fault **link)
{
	struct host_fault *gone = *link;

	*link = gone->next;
	free(gone);
}

int host_fault_clear(struct host *host, int id)
{
	struct host_fault **link = &host->faults;
	int err = id ? -ENOENT : 0;

	while (*link) {
		if (id && (*link)->id != id) {
			link = &(*link)->next;
			continue;
		}
		drop(link);
		err = 0;
	}
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

int host_fault_hit_any(struct host *host, host_fault_is *is, void *arg)
{
	struct host_fault **link;

	for (link = &host->faults; *link; link = &(*link)->next) {
		struct host_fault *fault = *link;
		int err = fault->err;

		if (!is(fault->what, arg))
			continue;
		if (fault->wait) {
			fault->wait--;
			continue;
		}
		if (fault->left && !--fault->left)
			drop(link);
		return err;
	}
	return 0;
}
