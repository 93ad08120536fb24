// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <limits.h>
#include <time.h>

#include "kern/deadline.h"

enum {
	NS_PER_MS = 1000000,
	SECOND_MS = 1000,
	BACKOFF_FIRST_MS = 10,
	BACKOFF_LAST_MS = 250,
};

static const int64_t ns_per_s = 1000000000;

int64_t deadline_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * ns_per_s + ts.tv_nsec;
}

struct deadline deadline_never(void)
{
	return (struct deadline){ INT64_MAX };
}

struct deadline deadline_in_ms(int64_t ms)
{
	int64_t now = deadline_now_ns();

	if (ms > (INT64_MAX - now) / NS_PER_MS)
		return deadline_never();
	return (struct deadline){ now + ms * NS_PER_MS };
}

struct deadline deadline_sooner(struct deadline a, struct deadline b)
{
	return a.at_ns < b.at_ns ? a : b;
}

struct deadline deadline_later(struct deadline a, struct deadline b)
{
	return a.at_ns < b.at_ns ? b : a;
}

struct deadline deadline_second(const struct deadline *dl)
{
	return deadline_sooner(deadline_in_ms(SECOND_MS), *dl);
}

bool deadline_has_passed(const struct deadline *dl)
{
	return deadline_now_ns() >= dl->at_ns;
}

int deadline_left_ms(const struct deadline *dl)
{
	int64_t left;

	if (dl->at_ns == INT64_MAX)
		return -1;

	left = (dl->at_ns - deadline_now_ns() + NS_PER_MS - 1) / NS_PER_MS;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

bool deadline_wait_ms(const struct deadline *dl, int64_t ms)
{
	struct deadline until = deadline_sooner(deadline_in_ms(ms), *dl);
	struct timespec ts = { .tv_sec = until.at_ns / ns_per_s,
			       .tv_nsec = until.at_ns % ns_per_s };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
	return !deadline_has_passed(dl);
}

bool deadline_is_second(int64_t *next_ns)
{
	int64_t now = deadline_now_ns();
	bool is_due = *next_ns && now >= *next_ns;

	if (!*next_ns || is_due)
		*next_ns = now + ns_per_s;
	return is_due;
}

int deadline_backoff_ms(int previous)
{
	int next = previous ? previous * 2 : BACKOFF_FIRST_MS;

	return next > BACKOFF_LAST_MS ? BACKOFF_LAST_MS : next;
}
