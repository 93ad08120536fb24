// SPDX-License-Identifier: LGPL-2.1-or-later
/* System parameters. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "librtas/librtas.h"
#include "librtas/library.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum { HEAD = 2, ANY_ROOM = HEAD + UINT16_MAX };

/* Copy the caller's input to the device's block: be16 length and data, within room bytes.
 * Return false if it does not fit. */
static bool sysparm_value_in(const char *data, size_t room, size_t max,
			     struct papr_sysparm *block)
{
	struct cursor c = cursor_of(data, room < HEAD ? room : HEAD);
	size_t len = cursor_be16(&c);

	if (c.err || len > max || len > room - HEAD)
		return false;
	memcpy(block->data, data + HEAD, len);
	block->length = (uint16_t)len;
	return true;
}

static int sysparm_value_out(const struct papr_sysparm *block, size_t room, char *data)
{
	struct builder b = builder_of(data, room);

	if (block->length > sizeof(block->data) || room < HEAD + (size_t)block->length)
		return RTAS_BAD_LENGTH;

	builder_be16(&b, block->length);
	room -= HEAD;
	builder_bytes(&b, block->data,
		      room < sizeof(block->data) ? room : sizeof(block->data));
	return RTAS_SUCCESS;
}

static bool sysparm_query(enum rtas_call call, struct papr_sysparm *block,
			  struct papr_answer *answer)
{
	char subject[16];

	snprintf(subject, sizeof(subject), "%u", block->parameter);
	return papr_dev_query(library_devices(), call, subject, block, answer);
}

/* Return false if the caller must use the system call. */
static bool sysparm_get(unsigned int parameter, unsigned int length, char *data,
			int *result)
{
	struct papr_sysparm block = { .parameter = parameter };
	struct papr_answer answer;

	/* Ignore input whose length the kernel would reject. Most parameters have no
	 * input, and most callers do not clear their buffers. */
	sysparm_value_in(data, length, PAPR_SYSPARM_MAX_INPUT, &block);
	if (!sysparm_query(RTAS_GET_SYSTEM_PARAMETER, &block, &answer))
		return false;
	*result = answer.status ? papr_dev_result(&answer)
				: sysparm_value_out(&block, length, data);
	return true;
}

int rtas_get_sysparm(unsigned int parameter, unsigned int length, char *data)
{
	int result;

	if (!data)
		return library_refuse(-EFAULT);
	if (!papr_dev_is_missing(library_devices(), RTAS_GET_SYSTEM_PARAMETER) &&
	    sysparm_get(parameter, length, data, &result))
		return result;
	return LIBRARY_CALL(RTAS_GET_SYSTEM_PARAMETER,
			    INPUTS(parameter, 0, library_size(length)), BUFFERS(data));
}

int rtas_set_sysparm(unsigned int parameter, char *data)
{
	struct papr_sysparm block = { .parameter = parameter };
	struct papr_answer answer;

	if (!data)
		return library_refuse(-EFAULT);
	if (!sysparm_value_in(data, ANY_ROOM, sizeof(block.data), &block) &&
	    papr_dev_can_open(library_devices(), RTAS_SET_SYSTEM_PARAMETER)) {
		errno = EINVAL;
		return RTAS_BAD_LENGTH;
	}

	if (!sysparm_query(RTAS_SET_SYSTEM_PARAMETER, &block, &answer))
		return LIBRARY_CALL(RTAS_SET_SYSTEM_PARAMETER, INPUTS(parameter),
				    BUFFERS(data));
	return papr_dev_result(&answer);
}
