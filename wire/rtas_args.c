// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

int rtas_args_encode(const struct rtas_args *args, void *image)
{
	struct builder b = builder_of(image, RTAS_IMAGE_BYTES);

	if (args->nargs >= RTAS_CELLS || args->nret > RTAS_CELLS ||
	    args->nargs + args->nret > RTAS_CELLS)
		return -EINVAL;

	memset(image, 0, RTAS_IMAGE_BYTES);
	builder_be32(&b, args->token);
	builder_be32(&b, args->nargs);
	builder_be32(&b, args->nret);
	for (uint32_t i = 0; i < args->nargs; i++)
		builder_be32(&b, args->in[i]);
	return 0;
}

void rtas_args_decode_reply(struct rtas_args *args, const void *image)
{
	struct cursor c = cursor_of(image, RTAS_IMAGE_BYTES);

	cursor_bytes(&c, RTAS_HEAD_BYTES + 4 * args->nargs);
	for (uint32_t i = 0; i < args->nret; i++)
		args->out[i] = cursor_be32(&c);
}

bool rtas_status_is_busy(int32_t status)
{
	return status == RTAS_BUSY ||
	       (status >= RTAS_DELAY_MIN && status <= RTAS_DELAY_MAX);
}

uint32_t rtas_status_delay_ms(int32_t status)
{
	uint32_t ms = 1;

	if (status < RTAS_DELAY_MIN || status > RTAS_DELAY_MAX)
		return 0;

	for (int32_t s = RTAS_DELAY_MIN; s < status; s++)
		ms *= 10;
	return ms;
}
