// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/number_map.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "kern/text.h"

static bool phb_accept_slot(const char *type)
{
	return connector_is_pci_slot(type) || connector_is_logical_slot(type);
}

/* Read the slots of a host bridge. Connectors of one parent follow each other. */
static void phb_read_slots(struct phb *phb, const struct connectors *cs)
{
	size_t first = 0, end;

	while (first < cs->n &&
	       strcmp(cs->list[first].parent->path, phb->node->path) != 0)
		first++;
	end = first;
	while (end < cs->n && cs->list[end].parent == cs->list[first].parent)
		end++;
	while (end-- > first) {
		const struct connector *c = &cs->list[end];

		*vec_add(cs->mem, phb->slots, phb->n_slots) = c;
		if (connector_is_pci_slot(c->drc.type) || connector_is_occupied(cs, c))
			*vec_add(cs->mem, phb->real_slots, phb->n_real_slots) = c;
	}
}

/* Return true for a node of a host bridge. That of its interrupt controller may have the same
 * index. */
static bool phb_is_node(const struct occupant *o)
{
	return !strncmp(o->path, "/pci@", 5);
}

const struct occupant *phb_find_unlisted(struct connectors *cs, const struct dr_ctx *dr,
					 const char *key)
{
	const struct occupant *o = connectors_find_unlisted(cs, dr, key);

	return o && phb_is_node(o) ? o : NULL;
}

/* Add the owned bridges, in the order of their nodes. */
static void phb_list_add_owned(struct phb_list *list, const struct number_map *by_index,
			       bool *is_owned)
{
	const struct connectors *cs = &list->connectors;

	for (size_t i = 0; i < cs->n_occupants; i++) {
		const struct occupant *node = &cs->occupants[i];
		struct phb phb = { .node = node };
		size_t at;

		if (!phb_is_node(node))
			continue;
		if (number_map_find(by_index, node->index, &at)) {
			if (is_owned[at])
				continue;
			is_owned[at] = true;
			phb.c = &cs->list[at];
		}
		phb_read_slots(&phb, &list->slots);
		*vec_add(cs->mem, list->phbs, list->n) = phb;
	}
	list->n_owned = list->n;
}

static int phb_list_fill(struct phb_list *list)
{
	const struct connectors *cs = &list->connectors;
	bool *is_owned = mem_array(cs->mem, cs->n + 1, sizeof(*is_owned));
	struct number_map by_index = { 0 };

	for (size_t i = 0; i < cs->n; i++)
		number_map_add(cs->mem, &by_index, cs->list[i].drc.index, i);
	number_map_sort(&by_index);
	if (mem_check(cs->mem))
		return -ENOMEM;
	phb_list_add_owned(list, &by_index, is_owned);
	for (size_t i = 0; i < cs->n; i++)
		if (!is_owned[i])
			*vec_add(cs->mem, list->phbs, list->n) =
				(struct phb){ .c = &cs->list[i] };
	return mem_check(cs->mem);
}

/* Warn once of the bridges that firmware's table does not list. */
static void phb_list_warn_unlisted(const struct phb_list *list, const struct dr_ctx *dr)
{
	_cleanup_free_ char *text = NULL;
	size_t size, n = 0;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; to && i < list->n; i++)
		if (!list->phbs[i].c)
			fprintf(to, "%s%s (0x%08x)", n++ ? ", " : "",
				list->phbs[i].node->path, list->phbs[i].node->index);
	if (to && text_close(to, &text) && n)
		dr_warn(dr,
			"%s: firmware's table does not list %s, which this partition has",
			text, n > 1 ? "these host bridges" : "this host bridge");
}

int phb_list_read(struct phb_list *list, struct mem *m, const struct dr_ctx *dr)
{
	int err;

	*list = (struct phb_list){ 0 };
	err = connectors_read_node(&list->connectors, m, dr, "/", connector_is_phb);
	if (!err)
		err = connectors_read_for(&list->slots, m, dr, NULL, phb_accept_slot,
					  false);
	if (!err)
		err = phb_list_fill(list);
	if (!err && !list->n)
		err = -ENODEV;
	if (!err)
		phb_list_warn_unlisted(list, dr);
	return err == -ENOENT ? -ENODEV : err;
}
