// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "drmon/events.h"

void events_add(struct events *events, const char *clock, const char *fmt, ...)
{
	struct event *event = &events->ring[events->n++ % EVENTS_KEPT];
	time_t now = time(NULL);
	struct tm tm;
	va_list ap;

	if (clock)
		snprintf(event->clock, sizeof(event->clock), "%s", clock);
	else
		strftime(event->clock, sizeof(event->clock), "%H:%M:%S",
			 localtime_r(&now, &tm));
	va_start(ap, fmt);
	vsnprintf(event->text, sizeof(event->text), fmt, ap);
	va_end(ap);
}

const struct event *events_last(const struct events *events, size_t i)
{
	return i < events->n && i < EVENTS_KEPT
		       ? &events->ring[(events->n - 1 - i) % EVENTS_KEPT]
		       : NULL;
}
