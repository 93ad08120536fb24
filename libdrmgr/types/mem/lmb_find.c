// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/mem/lmb_list.h"

bool lmb_key_is_block(const char *key, uint64_t *number)
{
	static const char word[] = "memory";
	char *end;

	if (strncmp(key, word, strlen(word)) || key[strlen(word)] < '0' ||
	    key[strlen(word)] > '9')
		return false;
	*number = strtoull(key + strlen(word), &end, 10);
	return !*end;
}

int lmb_has_block(struct lmb_list *list, const struct lmb_row *row, uint64_t number)
{
	struct block_range range;
	int err = lmb_blocks(list, row->lmb.address, &range);

	return err ? err : number >= range.first && number < range.end;
}

/* Find the LMB with this memory block. Return 1, 0 if no LMB has it, or -ENOMEM. */
static int find_block(struct lmb_list *list, uint64_t number, uint32_t *drc_index)
{
	struct lmb_iter it;
	struct lmb_row row;
	int more = lmb_list_begin(&it, list);

	while (!more && (more = lmb_list_next(&it, &row)) > 0) {
		more = lmb_has_block(list, &row, number);
		if (more > 0)
			*drc_index = row.lmb.drc_index;
	}
	return more;
}

int lmb_find(struct lmb_list *list, const char *key, uint32_t *drc_index,
	     struct dr_error *error)
{
	const struct connector *c;
	uint64_t number;
	int err;

	if (resolve_index(key, drc_index))
		return 0;
	if (lmb_key_is_block(key, &number)) {
		err = find_block(list, number, drc_index);
		if (err > 0)
			return 0;
	} else {
		err = 0;
	}
	if (!err)
		err = lmb_connector(list, 0, &c); /* reads the connectors */
	if (err) {
		dr_error_read(error, list->dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}
	err = connectors_find(&list->connectors, list->dr, key, RESOLVE_NO_DIGITS, &c,
			      error);
	if (!err)
		*drc_index = c->drc.index;
	return err;
}
