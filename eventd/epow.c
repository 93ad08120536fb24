// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/system.h"
#include "eventd/epow.h"

#define NS_OF_SECOND 1000000000LL

enum { EPOW_RETRY_S = 60, EPOW_LIMIT_MS = 60 * 1000 };

/* This clock goes on while the machine is suspended. */
static int64_t epow_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * NS_OF_SECOND + now.tv_nsec;
}

void epow_init(struct epow *epow, struct logger *log, struct event_log *events,
	       unsigned int delay_s)
{
	*epow = (struct epow){ .log = log, .events = events, .delay_s = delay_s };
}

int64_t epow_seconds_left(const struct epow *epow)
{
	int64_t left = epow->events->file->shutdown_at - epow_now_ns();

	if (!epow->events->file->shutdown_at)
		return -1;
	return left < 0 ? 0 : (left + NS_OF_SECOND - 1) / NS_OF_SECOND;
}

int epow_wait_ms(const struct epow *epow)
{
	int64_t left = epow_seconds_left(epow);

	if (epow->is_running)
		return deadline_left_ms(&epow->limit);
	if (left < 0)
		return -1;
	return left > INT_MAX / 1000 ? INT_MAX : (int)left * 1000;
}

/* Further events of this kind do not move the end of the delay. */
static void epow_on_ups(struct epow *epow)
{
	if (!epow->events->file->shutdown_at)
		epow->events->file->shutdown_at =
			epow_now_ns() + epow->delay_s * NS_OF_SECOND;
	logger_print(epow->log, LOGGER_EMERGENCY,
		     "the machine runs on its UPS: it shuts down in %lld s unless the "
		     "power returns",
		     (long long)epow_seconds_left(epow));
}

void epow_event(struct epow *epow, const struct rtas_epow_scn *scn)
{
	bool is_on_ups = scn->shdr.re->version == 6 &&
			 scn->action_code == RTAS_EPOW_ACTION_SYSTEM_SHUTDOWN &&
			 scn->event_modifier == RTAS_EPOW_MOD_UTILITY_POWER_LOSS;

	if (is_on_ups) {
		epow_on_ups(epow);
	} else if (scn->action_code == RTAS_EPOW_ACTION_RESET &&
		   epow->events->file->shutdown_at) {
		epow->events->file->shutdown_at = 0;
		logger_print(epow->log, LOGGER_NOTICE,
			     "the power has returned: no shutdown");
	}
}

int epow_end_fd(const struct epow *epow)
{
	return epow->is_running ? epow->child.end : -1;
}

static void epow_try_again(struct epow *epow, const char *why)
{
	epow->events->file->shutdown_at = epow_now_ns() + EPOW_RETRY_S * NS_OF_SECOND;
	logger_print(epow->log, LOGGER_ERROR, "shutdown(8) failed: %s", why);
}

static void epow_start(struct epow *epow)
{
	static const char *const programs[] = { "/usr/sbin/shutdown", "/sbin/shutdown" },
				 *const env[] = { NULL };
	int err = -ENOENT;

	epow->events->file->shutdown_at = 0;
	logger_print(epow->log, LOGGER_EMERGENCY,
		     "the machine still runs on its UPS: shutting down");
	for (size_t i = 0; i < ARRAY_SIZE(programs) && err; i++) {
		const char *const argv[] = { programs[i], "-P", "now", NULL };

		err = spawn_apart(argv, env, &epow->child);
	}
	epow->is_running = !err;
	epow->limit = deadline_in_ms(EPOW_LIMIT_MS);
	if (err)
		epow_try_again(epow, strerror(-err));
}

/* Report the end of shutdown(8). Kill one that hangs, for example because it waits for a
 * service that does not answer. */
static void epow_reap(struct epow *epow)
{
	char message[512] = "";
	ssize_t n;
	int status;

	if (!fd_is_readable(epow->child.end)) {
		if (!deadline_has_passed(&epow->limit))
			return;
		spawned_signal(&epow->child, SIGKILL);
		epow->limit = deadline_never();
		return;
	}
	n = read(epow->child.output, message, sizeof(message) - 1);
	status = spawned_status(&epow->child);
	epow->is_running = status == -EAGAIN;
	if (status && !epow->is_running)
		epow_try_again(epow, n > 0		? message
				     : status == -EINTR ? "it was killed"
							: "it has no message");
}

void epow_continue(struct epow *epow)
{
	if (epow->is_running)
		epow_reap(epow);
	else if (epow_seconds_left(epow) == 0)
		epow_start(epow);
}
