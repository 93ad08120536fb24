/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deadline.h - the moment at which a wait ends, on the monotonic clock
 *
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at_ns; /* CLOCK_MONOTONIC; INT64_MAX: never */
};

int64_t deadline_now_ns(void);

struct deadline deadline_never(void);
struct deadline deadline_in_ms(int64_t ms);
struct deadline deadline_sooner(struct deadline a, struct deadline b);

bool deadline_has_passed(const struct deadline *dl);

/* Milliseconds left, rounded up, for poll(2): 0 passed, -1 never. */
int deadline_left_ms(const struct deadline *dl);

/* Waits so long, but not past the deadline. False if it has passed then. */
bool deadline_wait_ms(const struct deadline *dl, int64_t ms);

/* The next pause of something polled for want of an event: 10 ms, doubled up to
 * 250 ms. Start with 0. */
int deadline_backoff_ms(int previous);
