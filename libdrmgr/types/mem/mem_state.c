// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/mem/mem_state.h"

static int mem_state_add(struct mem_state *s, const struct lmb_row *row)
{
	struct mem *m = s->list.mem;

	number_map_add(m, &s->by_index, row->lmb.drc_index, s->n);
	*vec_add(m, s->lmbs, s->n) =
		(struct mem_lmb){ .address = row->lmb.address,
				  .drc_index = row->lmb.drc_index,
				  .node = lmb_numa_node(&s->list, row),
				  .state = row->state,
				  .before = row->state };
	return mem_check(m);
}

int mem_state_read(struct mem_state *s, struct mem *m, const struct dr_ctx *dr)
{
	struct lmb_iter it;
	struct lmb_row row;
	int more;

	*s = (struct mem_state){ .dr = dr };
	more = lmb_list_read(&s->list, m, dr);
	if (!more)
		more = lmb_list_begin(&it, &s->list);
	while (!more && (more = lmb_list_next(&it, &row)) > 0)
		more = row.lmb.drc_index ? mem_state_add(s, &row) : 0;
	number_map_sort(&s->by_index);
	return more;
}

bool mem_state_find(const struct mem_state *s, uint32_t drc_index, size_t *at)
{
	return drc_index && number_map_find(&s->by_index, drc_index, at);
}

int mem_state_refresh(struct mem_state *s)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct lmb_list now;
	struct lmb_iter it;
	struct lmb_row row;
	size_t next = 0, at;
	int more;

	for (size_t i = 0; i < s->n; i++)
		s->lmbs[i].before = s->lmbs[i].state;
	more = lmb_list_read(&now, &m, s->dr);
	if (!more)
		more = lmb_list_begin(&it, &now);
	while (!more && (more = lmb_list_next(&it, &row)) > 0) {
		more = 0;
		if (!row.lmb.drc_index)
			continue;
		at = next++; /* the index of most LMBs */
		if ((at < s->n && s->lmbs[at].drc_index == row.lmb.drc_index) ||
		    mem_state_find(s, row.lmb.drc_index, &at))
			s->lmbs[at].state = row.state;
	}
	return more;
}

int mem_state_has_block(struct mem_state *s, size_t at)
{
	struct block_range range;
	char folder[64];
	int has = lmb_block_range(&s->list, s->lmbs[at].address, &range);

	if (!has && !range.end) /* Linux does not tell */
		return -ENODATA;
	for (uint64_t n = range.first; !has && n < range.end; n++) {
		snprintf(folder, sizeof(folder), MEMORY_DIR "/memory%" PRIu64, n);
		has = kern_exists(s->dr->root, folder);
	}
	return has;
}

int mem_state_sense(const struct mem_state *s, struct xact *x, size_t at, bool is_walking,
		    int32_t *sense)
{
	const struct connector c = { .drc = { .index = s->lmbs[at].drc_index } };
	struct xact quiet;

	xact_begin(&quiet, x->dr, x->mem);
	quiet.is_walking = is_walking;
	return drc_sense(&quiet, &c, sense);
}

int mem_state_correct_one(struct mem_state *s, struct xact *x, size_t at)
{
	enum lmb_state *state = &s->lmbs[at].state;
	int has = mem_state_has_block(s, at);
	int32_t sense;

	/* Some memory of a larger block may be that of other LMBs. */
	if (has == -ENODATA || *state == LMB_FIXED ||
	    s->list.blocks.bytes > s->list.dm.lmb_bytes)
		return 0;
	if (has > 0)
		*state = LMB_OWNED;
	else if (!has && *state == LMB_OWNED &&
		 !mem_state_sense(s, x, at, true, &sense) && sense == DRC_SENSE_UNUSABLE)
		*state = LMB_FREE;
	return has < 0 ? has : 0;
}

int mem_state_correct(struct mem_state *s, struct xact *x)
{
	struct block_range range;
	int err = 0;

	s->list.has_blocks = false;
	for (size_t i = 0; !err && i < s->n; i++) {
		bool has = false;

		err = lmb_blocks(&s->list, s->lmbs[i].address, &range);
		if (range.first == range.end) /* Linux does not tell */
			break;
		for (uint64_t b = range.first; !has && b < range.end; b++)
			has = number_set_has(&s->list.blocks.present, b);
		if (!err && s->lmbs[i].state == (has ? LMB_FREE : LMB_OWNED))
			err = mem_state_correct_one(s, x, i);
	}
	return err;
}

int mem_state_drc(struct mem_state *s, size_t at, struct drc *drc)
{
	const struct connector *c;
	int err = lmb_connector(&s->list, s->lmbs[at].drc_index, &c);

	*drc = c ? c->drc
		 : (struct drc){ .index = s->lmbs[at].drc_index,
				 .power_domain = DRC_NO_POWER_DOMAIN,
				 .name = "LMB",
				 .type = "MEM" };
	return err;
}
