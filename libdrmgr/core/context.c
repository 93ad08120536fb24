// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/context.h"
#include "kern/text.h"
#include "kern/writer.h"

enum { WORTH_MS = 500 }; /* a shorter wait is not reported */

/* Return the deadline. A user's limit replaces the default, whether shorter or longer. */
struct deadline dr_wait_until(const struct dr_ctx *dr, int64_t default_ms)
{
	return dr->limit.at_ns == INT64_MAX ? deadline_in_ms(default_ms) : dr->limit;
}

static bool dr_stop_within(const struct dr_ctx *dr, int ms)
{
	struct pollfd stop = { .fd = dr->stop_fd, .events = POLLIN };

	return poll(&stop, 1, ms) > 0;
}

bool dr_stop_requested(const struct dr_ctx *dr)
{
	return dr_stop_within(dr, 0);
}

bool dr_pause(const struct dr_ctx *dr, const struct deadline *dl, int ms)
{
	int left = deadline_left_ms(dl);

	return !dr_stop_within(dr, left >= 0 && left < ms ? left : ms) &&
	       !deadline_has_passed(dl);
}

static void __attribute__((format(printf, 3, 0)))
dr_vreport_wait(const struct dr_ctx *dr, const struct deadline *dl, const char *fmt,
		va_list ap)
{
	_cleanup_free_ char *what = NULL;
	int left = deadline_left_ms(dl);

	if (!dr->report.wait || (left >= 0 && left < WORTH_MS))
		return;
	what = vtext_of(fmt, ap);
	if (what)
		dr->report.wait(dr->report.priv, what, left);
}

void dr_report_wait(const struct dr_ctx *dr, const struct deadline *dl, const char *fmt,
		    ...)
{
	va_list ap;

	va_start(ap, fmt);
	dr_vreport_wait(dr, dl, fmt, ap);
	va_end(ap);
}

void dr_tell_wait(const struct dr_ctx *dr, const struct deadline *dl, int64_t *next_ns,
		  const char *fmt, ...)
{
	va_list ap;

	if (!deadline_is_second(next_ns))
		return;
	va_start(ap, fmt);
	dr_vreport_wait(dr, dl, fmt, ap);
	va_end(ap);
}

bool dr_is_writing(const struct dr_ctx *dr, int64_t ms)
{
	struct kern_writers *writers = dr->root->writers;
	struct deadline dl = deadline_in_ms(ms);

	return writers && writers_are_busy(writers, &dl);
}

struct dr_ctx dr_unstoppable(const struct dr_ctx *dr)
{
	struct dr_ctx same = *dr;

	same.stop_fd = -1;
	same.limit = deadline_never();
	return same;
}

void dr_warn(const struct dr_ctx *dr, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	dr->report.warning(dr->report.priv, text_or_reason(text));
}
