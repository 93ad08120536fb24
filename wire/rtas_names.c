// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "wire/drc.h"
#include "wire/papr_dev.h"
#include "wire/rtas_args.h"
#include "wire/rtas_names.h"
#include "wire/workarea.h"

#define STATUSES(...)                     \
	(const struct rtas_status_text[]) \
	{                                 \
		__VA_ARGS__,              \
		{                         \
			0                 \
		}                         \
	}
#define RTAS_CALL(id, ...) [id] = { __VA_ARGS__ },
static const struct rtas_desc descs[RTAS_CALLS] = {
#include "wire/rtas_calls.inc"
};
#undef RTAS_CALL

static const struct rtas_status_text shared[] = {
	{ RTAS_SUCCESS, "success" },
	{ RTAS_HARDWARE_ERROR, "hardware error" },
	{ RTAS_BUSY, "busy" },
	{ RTAS_PARAMETER_ERROR, "parameter error" },
	{ 0 },
};

const struct rtas_desc *rtas_desc(enum rtas_call call)
{
	return &descs[call];
}

enum rtas_call rtas_call_by_name(const char *name)
{
	int i;

	for (i = 0; i < RTAS_CALLS; i++)
		if (!strcmp(descs[i].name, name))
			break;
	return (enum rtas_call)i;
}

/* Return the text of this status, or NULL. list may be NULL. */
static const char *rtas_text_of(const struct rtas_status_text *list, int32_t status)
{
	for (; list && list->text; list++)
		if (list->status == status)
			return list->text;
	return NULL;
}

const char *rtas_status_text(enum rtas_call call, int32_t status)
{
	const char *text = rtas_text_of(descs[call].statuses, status);

	if (!text)
		text = rtas_text_of(shared, status);
	if (text)
		return text;
	return status >= RTAS_DELAY_MIN && status <= RTAS_DELAY_MAX
		       ? "busy, extended delay"
		       : "unknown status";
}
