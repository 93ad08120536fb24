// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

static bool rtas_args_fit(const struct rtas_args *args)
{
	return args->nargs < RTAS_CELLS && args->nret <= RTAS_CELLS &&
	       args->nargs + args->nret <= RTAS_CELLS;
}

int rtas_args_encode(const struct rtas_args *args, void *image)
{
	struct builder b = builder_of(image, RTAS_IMAGE_BYTES);

	if (!rtas_args_fit(args))
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

int rtas_args_decode(struct rtas_args *args, const void *image, size_t len)
{
	struct cursor c = cursor_of(image, len);

	*args = (struct rtas_args){ 0 };
	args->token = cursor_be32(&c);
	args->nargs = cursor_be32(&c);
	args->nret = cursor_be32(&c);
	if (c.err)
		return -EBADMSG;
	if (!rtas_args_fit(args))
		return -EINVAL;

	for (uint32_t i = 0; i < args->nargs; i++)
		args->in[i] = cursor_be32(&c);
	return c.err ? -EBADMSG : 0;
}

int rtas_args_encode_reply(const struct rtas_args *args, void *image, size_t len)
{
	size_t at = RTAS_HEAD_BYTES + 4 * (size_t)args->nargs;
	struct builder b;

	if (len < at)
		return -EBADMSG;

	b = builder_of((uint8_t *)image + at, len - at);
	for (uint32_t i = 0; i < args->nret; i++)
		builder_be32(&b, args->out[i]);
	return builder_fits(&b) ? 0 : -EBADMSG;
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
