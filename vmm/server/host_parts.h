/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_parts.h - interfaces between the files that implement host.h
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"

/* host_memory.c
 * Create the sparse memory file. Return 0 or a negative errno. Even after an error,
 * host_memory_free() must be called. */
int host_memory_new(struct host *host);
void host_memory_free(struct host *host);
/* Discard the contents of removed DIMMs: a DIMM that is plugged there later starts with
 * zeroes. */
void host_memory_drop_unused(struct host *host);

/* host_clock.c */
void host_clock_start(struct host *host);
/* Record the clock's time. Must be called before the clock starts or stops. */
void host_clock_rebase(struct host *host);
int64_t host_time_of_day(const struct host *host);

/* host_state.c
 * Handle an event of the machine that requests an action. Return true if no listener
 * needs it, false if the listeners must receive it now. */
bool host_asked(struct host *host, const struct papr_event *event);

/* host.c */
void host_tell(struct host *host, const struct papr_event *event);
void host_tell_change(struct host *host, enum host_change change);
