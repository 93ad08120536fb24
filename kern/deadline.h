/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deadline.h - the end of a wait, on the monotonic clock
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
struct deadline deadline_later(struct deadline a, struct deadline b);

/* Return the end of one piece of a long wait: in a second, or the deadline. */
struct deadline deadline_second(const struct deadline *dl);

bool deadline_has_passed(const struct deadline *dl);

/* Return the remaining milliseconds, rounded up, for poll(2): 0 if the deadline has
 * passed, -1 if it never does. */
int deadline_left_ms(const struct deadline *dl);

/* Wait for ms milliseconds, but not past the deadline. Return false if the deadline has
 * passed. */
bool deadline_wait_ms(const struct deadline *dl, int64_t ms);

/* Return true at most once a second, first a second after the first call, for reports of a
 * long wait. *next_ns: 0 at first. */
bool deadline_is_second(int64_t *next_ns);

/* Return the next pause between two polls: 10 ms, doubled up to 250 ms. previous is the
 * last pause, 0 at first. */
int deadline_backoff_ms(int previous);
