/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * no_memory.h - allocations that fail when a test requests it
 *
 * The linker replaces malloc() and similar functions in statically linked code
 * (-Wl,--wrap). Shared libraries are not changed.
 */
#pragma once

#include <stdbool.h>

struct no_memory {
	unsigned long calls, fail_at; /* 0: none fails */
	bool for_ever, failed, paused;
	unsigned int alike; /* not 0: only one of so many allocations counts */
};

extern struct no_memory memory_now;
