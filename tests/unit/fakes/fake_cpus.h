/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_cpus.h - processors of the fake platform: firmware's and Linux' states
 *
 * Four cores of two threads, "CPU 3", "CPU 0", "CPU 1", "CPU 2" in firmware's order, with
 * the indexes 0x10000000 and so on. Core N is the node PowerPC,POWER9@(8 * N) and, when
 * it is online, Linux' processors 2 * N and 2 * N + 1. Words in the trace besides those
 * of fake_platform.h:
 *   cpu-add cpu-remove    requests    cpu2=0 cpu2=1  a thread
 */
#pragma once

#include "tests/unit/fakes/fake_platform.h"

enum { FAKE_CORES = 4 };

/* owned, attached: a bit for each core. Other cores are only connectors. */
struct fake *fake_cpus_new(unsigned int owned, unsigned int attached);

/* The kernel has /sys/kernel/dlpar for processors. */
void fake_cpus_by_kernel(struct fake *f);

/* Return the online processors, "0-1,4"; malloc'ed. */
char *fake_cpus_online(const struct fake *f);
