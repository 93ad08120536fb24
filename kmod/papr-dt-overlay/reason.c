// SPDX-License-Identifier: GPL-2.0
/* Set the reason for a rejected blob: one line of the file's text. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "overlay.h"

int refuse(struct reason *reason, int err, const char *format, ...)
{
	va_list args;
	char *c;

	if (reason->text[0] || err == -ENOMEM)
		return err;
	va_start(args, format);
	vscnprintf(reason->text, sizeof(reason->text), format, args);
	va_end(args);
	/* Names in the live tree may have any bytes. */
	for (c = reason->text; *c; c++)
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
	return err;
}
