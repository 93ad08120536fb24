/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * no_memory.h - allocations that fail when a test wants them to
 *
 * The linker sends malloc() and its like of all that is linked statically here
 * (-Wl,--wrap); those of shared libraries are not touched.
 */
#pragma once

#include <stdbool.h>

struct no_memory {
	unsigned long calls, fail_at; /* 0: none fails */
	bool for_ever, failed, paused;
	unsigned int alike; /* not 0: of so many allocations one counts */
};

extern struct no_memory memory_now;
