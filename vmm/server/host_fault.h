/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_fault.h - things around the machine that are told to fail, to try clients
 *
 * The machine itself knows faults that a call answers with (papr_vmm_fault_add());
 * these are for what the simulated guest does with an errno: an rtas system call (by
 * the name of the RTAS call), a write to a kernel file ("write:PATH").
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

/* The nth (1: next) and count - 1 more after it (count 0: all) fail with err, a negative
 * errno. Returns an id, -EINVAL or -ENOMEM. */
int host_fault_add(struct host *host, const char *what, uint32_t nth, uint32_t count,
		   int err);
/* id 0: all of them. 0, or -ENOENT. */
int host_fault_clear(struct host *host, int id);
/* To be asked once each time that it is about to be done: 0, or how it fails. */
int host_fault_hit(struct host *host, const char *what);
/* The same for what has many names: is() tells whether this is one of them. */
typedef bool host_fault_is(const char *what, void *arg);
int host_fault_hit_any(struct host *host, host_fault_is *is, void *arg);
