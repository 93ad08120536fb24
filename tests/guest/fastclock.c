// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fastclock - a clock for endless waits, loaded with LD_PRELOAD
 *
 * A sleep returns immediately, and its time has passed, at least a second, as on a very
 * busy machine. poll(2), which can end early, waits a part of its time, and at most a
 * second. So the five minutes after which drmgr gives up a call pass at once.
 */
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PART = 20, MS_PER_S = 1000, LONG_MS = 20000 };

static const int64_t ns_per_s = 1000000000, ns_per_ms = 1000000;

static _Atomic int64_t ahead_ns;

static int64_t ns_of(const struct timespec *ts)
{
	return ts->tv_sec * ns_per_s + ts->tv_nsec;
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	int status = (int)syscall(SYS_clock_gettime, id, ts);
	int64_t ns;

	if (status || id != CLOCK_MONOTONIC)
		return status;
	ns = ns_of(ts) + ahead_ns;
	ts->tv_sec = ns / ns_per_s;
	ts->tv_nsec = ns % ns_per_s;
	return 0;
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *when,
		    struct timespec *left)
{
	struct timespec now = { 0 };
	int64_t ns = ns_of(when);

	(void)left;
	clock_gettime(id, &now);
	if (flags & TIMER_ABSTIME)
		ns -= ns_of(&now);
	if (ns > 0)
		ahead_ns += ns < ns_per_s ? ns_per_s : ns;
	return 0;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int part = timeout <= 0	       ? timeout
		   : timeout > LONG_MS ? MS_PER_S
				       : 1 + timeout / PART;
	struct timespec ts = { .tv_sec = part / MS_PER_S,
			       .tv_nsec = part % MS_PER_S * ns_per_ms };
	int ready = (int)syscall(SYS_ppoll, fds, n, timeout < 0 ? NULL : &ts, NULL, 0);

	if (!ready && timeout > part)
		ahead_ns += (timeout - part) * ns_per_ms;
	return ready;
}
