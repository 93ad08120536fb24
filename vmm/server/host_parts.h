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

/* host_nvram.c
 * Open the file of the NVRAM, if there is one, for the machine's nvram_read and
 * nvram_write. Return 0 or a negative errno, with an error text. */
int host_nvram_open(struct host *host, struct papr_error *error);
void host_nvram_close(struct host *host);
int host_nvram_read(void *priv, uint32_t offset, void *buf, size_t len);
int host_nvram_write(void *priv, uint32_t offset, const void *buf, size_t len);

/* host_state.c
 * Handle an event of the machine that requests an action. Return true if no listener
 * needs it, false if the listeners must receive it now. */
bool host_asked(struct host *host, const struct papr_event *event);

/* host.c
 * Set the text of an error that has none. Return err. */
int host_fail_at(struct papr_error *error, const char *what, int err);
void host_tell(struct host *host, const struct papr_event *event);
void host_tell_change(struct host *host, enum host_change change);
