/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_thread.h - a thread for each processor
 *
 * The machine's processors run nowhere here. But QMP reports the thread of each one, and
 * tools read its files in /proc and set its affinity. So a thread that sleeps exists from
 * the first query on, until the host is freed.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include <sys/types.h>

#include "vmm/server/host.h"

/* Return the id of this processor's thread. Without resources for one, return the id of the
 * process. */
pid_t host_thread(struct host *host, uint32_t cpu);
void host_threads_end(struct host *host);
