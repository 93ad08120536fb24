// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "cli/common.h"
#include "cli/error.h"

void json_put_error(json_object *object, enum dr_code code, const char *message)
{
	json_put_text(object, "code", dr_code_name(code));
	json_put_text(object, "message", message);
	json_put_text(object, "hint", dr_code_hint(code));
}

json_object *error_object(enum dr_code code, const char *message)
{
	json_object *o;

	if (code == DR_CODE_NONE)
		return NULL;
	o = json_new_object();
	json_put_error(o, code, message);
	return o;
}

void error_print_hint(enum dr_code code)
{
	_cleanup_free_ char *text = NULL;

	if (code == DR_CODE_NONE || code == DR_CODE_BAD_REQUEST ||
	    isatty(STDERR_FILENO) != 1)
		return;
	text = text_of("Hint: %s", dr_code_hint(code));
	fflush(stdout);
	if (text)
		terminal_print(stderr, text);
}
