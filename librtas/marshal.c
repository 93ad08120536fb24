// SPDX-License-Identifier: LGPL-2.1-or-later
/* The common path of public calls into firmware. rtas_desc() describes their buffers. */
#include <errno.h>
#include <string.h>

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "wire/cursor.h"

/* One buffer of a call: bytes in the work area, bytes to copy in, offset. */
struct part {
	size_t bytes, in, at;
};

struct plan {
	struct part part[2];
	size_t pages;
};

static size_t marshal_prefix_bytes(const void *buffer, size_t width)
{
	struct cursor c = cursor_of(buffer, width);
	uint32_t bytes = width == 2 ? cursor_be16(&c) : cursor_be32(&c);

	return width + (bytes > RMO_BYTES_MAX ? RMO_BYTES_MAX : bytes);
}

/* Return the number of bytes that the caller's buffer has for firmware. */
static size_t marshal_bytes_in(const struct library_call *c, int i)
{
	switch (rtas_desc(c->call)->buffer[i].in) {
	case RTAS_TEXT:
		return strlen(c->buffer[i]) + 1;
	case RTAS_BE16_HEAD:
		return marshal_prefix_bytes(c->buffer[i], 2);
	case RTAS_BE32_HEAD:
		return marshal_prefix_bytes(c->buffer[i], 4);
	case RTAS_GIVEN:
		return c->given;
	default:
		return 0;
	}
}

static bool marshal_is_used(const struct library_call *c, int i)
{
	const struct rtas_buffer *b = &rtas_desc(c->call)->buffer[i];

	return (b->in || b->out) && !(b->optional && !c->buffer[i]);
}

/* Plan one work area. Return 0, -EFAULT without a buffer, -EINVAL for a size of 0,
 * -ENOSPC if it is larger than the largest work area. */
static int marshal_plan_part(const struct library_call *c, int i, struct part *part)
{
	const struct rtas_buffer *b = &rtas_desc(c->call)->buffer[i];

	if (!c->buffer[i])
		return -EFAULT;

	part->bytes = b->size_arg ? c->args.in[b->size_arg] : b->bytes;
	if (!part->bytes)
		return -EINVAL;
	/* The head of a reply buffer may be uninitialized, and the buffer may be smaller
	 * than a head. */
	if (b->in == RTAS_BE16_HEAD && b->out == RTAS_WHOLE)
		part->in = part->bytes < 2 ? 0 : marshal_bytes_in(c, i);
	else
		part->in = b->in == RTAS_WHOLE ? part->bytes : marshal_bytes_in(c, i);
	if (part->in > part->bytes && b->out == RTAS_WHOLE)
		part->in = 0;
	if (part->in > part->bytes)
		part->bytes = part->in;
	return part->bytes > RMO_BYTES_MAX ? -ENOSPC : 0;
}

static int marshal_plan_areas(const struct library_call *c, struct plan *plan)
{
	*plan = (struct plan){ 0 };
	for (int i = 0; i < 2; i++) {
		int err = marshal_is_used(c, i) ? marshal_plan_part(c, i, &plan->part[i])
						: 0;

		if (err)
			return err;
		plan->part[i].at = plan->pages * RMO_PAGE_BYTES;
		plan->pages += rmo_pages_of(plan->part[i].bytes);
	}
	return 0;
}

static void marshal_copy_in(struct library_call *c, const struct plan *plan,
			    const struct rmo_area *area)
{
	for (int i = 0; i < 2; i++) {
		const struct part *part = &plan->part[i];

		if (!part->bytes)
			continue;
		memcpy((uint8_t *)area->va + part->at, c->buffer[i], part->in);
		c->args.in[rtas_desc(c->call)->buffer[i].arg] =
			area->pa + (uint32_t)part->at;
	}
}

/* Copy the results. Return 0, or -EOVERFLOW if firmware has more than the caller has room
 * for. */
static int marshal_copy_out(struct library_call *c, const struct plan *plan,
			    const struct rmo_area *area, int32_t status)
{
	for (int i = 0; i < 2; i++) {
		const struct rtas_buffer *b = &rtas_desc(c->call)->buffer[i];
		const struct part *part = &plan->part[i];
		size_t bytes = 0;

		if (b->out == RTAS_WHOLE)
			bytes = part->bytes;
		if (b->out == RTAS_ANSWERED)
			bytes = status < 0 ? 0 : c->args.out[2];
		if (bytes > part->bytes || (c->given && bytes > c->given))
			return -EOVERFLOW;
		if (bytes)
			memcpy(c->buffer[i], (uint8_t *)area->va + part->at, bytes);
	}
	return 0;
}

static void marshal_store_outputs(const struct library_call *c)
{
	const struct rtas_desc *desc = rtas_desc(c->call);

	for (size_t i = 0, cell = 0; i < sizeof(c->out) / sizeof(c->out[0]);
	     i++, cell++) {
		if (cell == desc->status_at)
			cell++;
		if (c->out[i] && cell < desc->nret)
			memcpy(c->out[i], &c->args.out[cell], sizeof(c->args.out[0]));
	}
}

static int marshal_call(struct library_call *c, const struct rmo_area *area,
			int32_t *status, const struct deadline *dl)
{
	int err = c->make ? c->make(c, &c->args, area, status, dl)
			  : engine_call(library_engine(), c->call, &c->args, status, dl);

	c->answered = !err;
	if (!err)
		marshal_store_outputs(c);
	return err;
}

static int marshal_call_on_areas(struct library_call *c, const struct plan *plan,
				 int32_t *status, const struct deadline *dl)
{
	struct rmo_area area;
	int err = library_rmo_get(plan->pages, dl, &area);

	if (err)
		return err;

	marshal_copy_in(c, plan, &area);
	err = marshal_call(c, &area, status, dl);
	if (!err)
		err = marshal_copy_out(c, plan, &area, *status);
	engine_rmo_put(library_engine(), &area);
	return err;
}

int library_run(struct library_call *c)
{
	struct deadline dl = library_deadline();
	struct plan plan;
	int32_t status = 0;
	int err = 0;

	if (!c->unchecked)
		err = library_check_once();
	else if (!library_engine())
		err = RTAS_NO_MEM;
	if (err)
		return err;

	err = marshal_plan_areas(c, &plan);
	if (!err)
		err = plan.pages ? marshal_call_on_areas(c, &plan, &status, &dl)
				 : marshal_call(c, NULL, &status, &dl);
	return err && !c->unchecked ? library_refuse(err) : library_result(err, status);
}
