/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_fault.h - things around the machine that are told to fail, to try clients
 *
 * The machine itself knows faults that a call answers with (papr_vmm_fault_add());
 * these are for what the simulated guest does with an errno: an rtas system call (by
 * the name of the RTAS call), a write to a kernel file ("write:PATH"). A fault that holds
 * keeps the write waiting until the fault is cleared.
 *
 * Memory:  names are copied.
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/host.h"

/* Ids of these begin here, those of the machine stay below. */
enum { HOST_FAULT_FIRST = 1 << 30 };

/* Actions that fail, or that wait. */
struct host_fault_is {
	const char *what;
	uint32_t nth, count; /* 1: the next action; 0: all that follow */
	int err;	     /* negative errno; 0 only with holds */
	bool holds;	     /* wait for host_fault_clear(), then fail with err or work */
};

/* Return the fault's id, -EINVAL or -ENOMEM. */
int host_fault_add(struct host *host, const struct host_fault_is *is);
/* Clear the fault with this id, or all (0). *released, if not NULL, receives the number of
 * actions that it held. Return 0 or -ENOENT. */
int host_fault_clear(struct host *host, int id, unsigned int *released);
/* To be called once before each action. Return 0, how it fails, or the id of the fault that
 * holds it. */
int host_fault_hit(struct host *host, const char *what);
/* The same for what has many names: is() tells whether this is one of them. */
typedef bool host_fault_is(const char *what, void *arg);
int host_fault_hit_any(struct host *host, host_fault_is *is, void *arg);
