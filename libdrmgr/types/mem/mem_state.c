// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include "libdrmgr/types/mem/lmb_tree.h"
#include "libdrmgr/types/mem/mem_state.h"

static int mem_state_add(struct mem_state *s, const struct lmb_row *row)
{
	struct mem *m = s->list.mem;

	number_map_add(m, &s->by_index, row->lmb.drc_index, s->n);
	*vec_add(m, s->lmbs, s->n) =
		(struct mem_lmb){ .address = row->lmb.address,
				  .bytes = row->bytes,
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

int mem_state_refresh_one(struct mem_state *s, size_t at)
{
	struct mem_lmb *known = &s->lmbs[at];
	struct lmb now;
	int err;

	if (!s->list.is_dynamic)
		return mem_state_refresh(s);
	err = lmb_tree_read(s->dr, known->drc_index, &now);
	if (err)
		return err;
	known->before = known->state;
	known->state = lmb_state_of(now.flags);
	return 0;
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
