/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_fault.h - injected faults outside the machine, to test clients
 *
 * The machine itself has faults for the result of a call (papr_vmm_fault_add()). The
 * faults here make the simulated guest fail with an errno. They are for an rtas system call
 * (by the name of the RTAS call), a write to a kernel file ("write:PATH"), a read of one
 * ("read:PATH"), or the kernel's update of the property of memory
 * ("update:ibm,dynamic-memory"). A fault that holds makes the write wait until the fault is
 * cleared.
 *
 * Memory:  names are copied.
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/host.h"

/* First id of these faults; the machine's ids are lower. */
enum { HOST_FAULT_FIRST = 1 << 30 };

/* Which actions fail, or wait */
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
/* Return how the action must proceed: 0, a negative errno with which it fails, or the id
 * of the fault that holds it. Must be called once before each action. */
int host_fault_hit(struct host *host, const char *what);
/* Like host_fault_hit(), for an action with several names. is() returns true for each of
 * them. */
typedef bool host_fault_is(const char *what, void *arg);
int host_fault_hit_any(struct host *host, host_fault_is *is, void *arg);
