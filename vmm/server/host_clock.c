// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "vmm/server/host_parts.h"

#define NS_PER_S INT64_C(1000000000)

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void host_clock_start(struct host *host)
{
	host->rtc_start_ns = now_ns(CLOCK_REALTIME);
	host->clock_started_ns = (uint64_t)now_ns(CLOCK_MONOTONIC);
}

uint64_t host_clock(const struct host *host)
{
	if (host->state != HOST_RUNNING)
		return host->clock_ns;
	return host->clock_ns + (uint64_t)now_ns(CLOCK_MONOTONIC) -
	       host->clock_started_ns;
}

void host_clock_rebase(struct host *host)
{
	host->clock_ns = host_clock(host);
	host->clock_started_ns = (uint64_t)now_ns(CLOCK_MONOTONIC);
}

int64_t host_time_of_day(const struct host *host)
{
	const struct host_options *options = &host->options;
	int64_t base = options->rtc_has_base ? options->rtc_base_ns : host->rtc_start_ns;
	int64_t passed = options->rtc_vm_clock
				 ? (int64_t)host_clock(host)
				 : now_ns(CLOCK_REALTIME) - host->rtc_start_ns;

	return __builtin_add_overflow(base, passed, &base) ? INT64_MAX : base;
}
