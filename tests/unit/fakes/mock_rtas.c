// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/mock_rtas.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

/* Compare word by word, and the number of words. */
static void check_block(const struct rtas_args *args, const char *text)
{
	uint8_t image[RTAS_IMAGE_BYTES];
	char *end, *copy = strdup(text), *rest = copy;
	uint32_t n = 0;

	assert_int_equal(rtas_args_encode(args, image), 0);
	for (char *word; (word = strsep(&rest, " ")); n++) {
		struct cursor c = cursor_of(image + 4 * (size_t)n, 4);
		uint32_t want = *word == 'T' ? args->token : MOCK_AREA;

		assert_true(n < RTAS_HEAD_BYTES / 4 + args->nargs);
		if (*word == 'P' && word[1] == '+')
			want += (uint32_t)strtoul(word + 2, &end, 16);
		else if (*word != 'T' && *word != 'P')
			want = (uint32_t)strtoul(word, &end, 16);
		assert_int_equal(cursor_be32(&c), want);
	}
	assert_int_equal(n, RTAS_HEAD_BYTES / 4 + args->nargs);
	free(copy);
}

static int call(void *priv, struct rtas_args *args)
{
	struct mock *m = priv;
	const struct mock_call *want = &m->calls[m->next];

	if (m->next++ == m->n)
		fail_msg("call %zu: token %u is one too many", m->next, args->token);
	assert_int_equal(args->token, want->token);
	if (want->block && *want->block)
		check_block(args, want->block);
	for (uint32_t i = 0; !want->block && i < args->nargs && i < COUNT(want->in); i++)
		assert_int_equal(args->in[i], want->in[i]);
	if (want->want)
		assert_memory_equal(m->area, want->want, want->want_len);
	if (want->give)
		memcpy((uint8_t *)m->area + want->give_at, want->give, want->give_len);
	for (uint32_t i = 0; i < args->nret && i < COUNT(want->out); i++)
		args->out[i] = want->out[i];
	return want->err;
}

static int rmo_get(void *priv, size_t pages, const struct deadline *dl,
		   struct rmo_area *area)
{
	struct mock *m = priv;
	size_t first, n;

	(void)dl;
	if (!pages || pages > COUNT(m->used))
		return -ENOSPC;
	for (first = 0; first + pages <= COUNT(m->used); first++) {
		for (n = 0; n < pages && !m->used[first + n]; n++)
			;
		if (n < pages)
			continue;
		memset(m->area[first], 0, pages * RMO_PAGE_BYTES);
		memset(&m->used[first], true, pages);
		*area = (struct rmo_area){
			.va = m->area[first],
			.pa = MOCK_AREA + (uint32_t)first * RMO_PAGE_BYTES,
			.pages = pages,
		};
		return 0;
	}
	return -EBUSY;
}

static int rmo_put(void *priv, const struct rmo_area *area)
{
	struct mock *m = priv;
	size_t first = (area->pa - MOCK_AREA) / RMO_PAGE_BYTES;

	for (size_t n = 0; n < area->pages; n++) {
		if (first + n >= COUNT(m->used) || !m->used[first + n])
			return -EINVAL;
		m->used[first + n] = false;
	}
	return 0;
}

void mock_init(struct mock *m, const struct mock_call *calls, size_t n)
{
	*m = (struct mock){ .calls = calls, .n = n };
	m->transport = (struct rtas_transport){
		.call = call, .rmo_get = rmo_get, .rmo_put = rmo_put, .priv = m
	};
}

void mock_done(const struct mock *m)
{
	assert_int_equal(m->next, m->n);
	for (size_t i = 0; i < COUNT(m->used); i++)
		assert_false(m->used[i]);
}
