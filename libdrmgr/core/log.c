// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "libdrmgr/core/log.h"
#include "kern/cleanup.h"
#include "kern/text.h"

void dr_log(const struct dr_log *log, enum dr_level level, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	if (!log->print)
		return;
	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	log->print(log->priv, level, text_or_reason(text));
}
