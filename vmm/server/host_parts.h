/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_parts.h - what the files behind host.h want from each other
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"

/* host_memory.c: the sparse file. 0, -ENOMEM, or why there is none; what was made is
 * released by _free() even then. */
int host_memory_new(struct host *host);
void host_memory_free(struct host *host);
/* Forgets what was in DIMMs that are gone: the next one there starts with zeroes. */
void host_memory_drop_unused(struct host *host);

/* host_clock.c */
void host_clock_start(struct host *host);
/* To be called before the clock begins or ceases to run. */
void host_clock_rebase(struct host *host);
int64_t host_time_of_day(const struct host *host);

/* host_state.c: an event of the machine that wants something done. True: that is all;
 * false: listeners are to hear of it now. */
bool host_asked(struct host *host, const struct papr_event *event);

/* host.c */
void host_tell(struct host *host, const struct papr_event *event);
void host_tell_change(struct host *host, enum host_change change);
