/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - moments as milliseconds of the monotonic clock
 */
#pragma once
#include <limits.h>
#include <stdint.h>
#include <time.h>

#define CLOCK_NEVER INT64_MAX

static inline int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* For poll(2): -1 for CLOCK_NEVER, 0 for a moment that has passed. */
static inline int clock_poll_ms(int64_t until)
{
	int64_t left;

	if (until == CLOCK_NEVER)
		return -1;

	left = until - clock_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
