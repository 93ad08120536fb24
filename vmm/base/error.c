// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/machine.h"

static void __attribute__((format(printf, 3, 0)))
set_words(struct papr_error *error, enum papr_error_class class, const char *format,
	  va_list args)
{
	/* Keep the first text: it describes the cause. */
	if (!error || error->text)
		return;

	error->kind = class;
	if (vasprintf(&error->text, format, args) < 0)
		error->text = NULL;
}

int papr_fail(struct papr_error *error, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_words(error, PAPR_ERROR_GENERIC, format, args);
	va_end(args);
	return err;
}

int papr_fail_class(struct papr_error *error, enum papr_error_class class, int err,
		    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_words(error, class, format, args);
	va_end(args);
	return err;
}

void papr_error_clear(struct papr_error *error)
{
	free(error->text);
	*error = (struct papr_error){ .kind = PAPR_ERROR_GENERIC };
}
