// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "libdrmgr/types/logical/logical_query.h"
#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

struct phb_rows {
	struct phb_list list;
	const struct phb *only; /* the one of the key; NULL: no key */
	size_t next;
};

/* Find the bridge that the key names. */
static int phb_rows_find(struct phb_rows *rows, struct dr_list *list)
{
	struct connectors *cs = &rows->list.connectors;
	const struct occupant *unlisted = NULL;
	const struct connector *c;
	int err = connectors_find(cs, list->dr, list->key, RESOLVE_ALL, &c, &list->error);

	if (err == -ENOENT)
		unlisted = phb_find_unlisted(cs, list->dr, list->key);
	for (size_t i = 0; i < rows->list.n; i++) {
		const struct phb *phb = &rows->list.phbs[i];

		if (unlisted ? phb->node == unlisted : !err && phb->c == c)
			rows->only = phb;
	}
	return rows->only ? 0 : err;
}

static int phb_rows_open(struct dr_list *list)
{
	struct phb_rows *rows = list->rows;
	int err = phb_list_read(&rows->list, &list->mem, list->dr);

	if (!err && (list->key || list->flags & DR_LIST_DETAILS))
		err = connectors_read_loc_codes(&rows->list.connectors, list->dr);
	if (err) {
		dr_error_read(&list->error, list->dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}
	return list->key ? phb_rows_find(rows, list) : 0;
}

static int phb_rows_next(struct dr_list *list)
{
	struct phb_rows *rows = list->rows;

	while (rows->next < rows->list.n) {
		const struct phb *phb = &rows->list.phbs[rows->next++];

		if (rows->only && phb != rows->only)
			continue;
		list->current = (struct dr_connector){
			.c = phb->c,
			.index = phb->node ? phb->node->index : 0,
			.loc_code = phb->node ? phb->node->loc_code : NULL,
			.state = phb->node ? CONNECTOR_OWNED : CONNECTOR_NOT_OWNED,
			.row = phb,
		};
		return 1;
	}
	return 0;
}

static void phb_rows_rewind(struct dr_list *list)
{
	struct phb_rows *rows = list->rows;

	rows->next = 0;
}

static const struct dr_list_ops phb_list_ops = {
	.rows_bytes = sizeof(struct phb_rows),
	.open = phb_rows_open,
	.next = phb_rows_next,
	.rewind = phb_rows_rewind,
};

static void phb_get_devices(const void *object, size_t i, struct dr_value *value)
{
	const struct phb *phb = object;

	(void)i;
	value_set_node(value, phb->node ? phb->node->path : NULL);
}

static void phb_get_slots(const void *object, size_t i, struct dr_value *value)
{
	const struct phb *phb = object;

	(void)i;
	value_set_list(value, phb->n_slots);
}

static void phb_get_slot(const void *object, size_t i, struct dr_value *value)
{
	const struct phb *phb = object;

	value_set_text(value, phb->slots[i]->drc.name);
}

static void phb_get_real_slots(const void *object, size_t i, struct dr_value *value)
{
	const struct phb *phb = object;

	(void)i;
	value_set_list(value, phb->n_real_slots);
}

static void phb_get_real_slot(const void *object, size_t i, struct dr_value *value)
{
	const struct phb *phb = object;

	value_set_text(value, phb->real_slots[i]->drc.name);
}

static const struct dr_member phb_slot_members[] = { { .get = phb_get_slot }, { 0 } };

static const struct dr_member phb_real_slot_members[] = { { .get = phb_get_real_slot },
							  { 0 } };

static const struct dr_member phb_members[] = {
	{ .key = "devices",
	  .kind = DR_KIND_LIST,
	  .get = phb_get_devices,
	  .items = connector_node_members },
	{ .key = "slots",
	  .kind = DR_KIND_LIST,
	  .get = phb_get_slots,
	  .items = phb_slot_members },
	{ .key = "real_slots",
	  .kind = DR_KIND_LIST,
	  .get = phb_get_real_slots,
	  .items = phb_real_slot_members,
	  .is_internal = true },
	{ 0 },
};

static int phb_check(const struct dr_request *request, char **text)
{
	bool by_count = request->action == DR_ADD && request->count;

	if (!request->key && !by_count)
		return request_refuse(text, "A drc name or index must be specified");
	return request_check_action(request,
				    "The '-r', '-a', or '-Q' option must be "
				    "specified for PHB operations.",
				    text);
}

const struct dr_type type_phb = {
	.name = "phb",
	.title = "PCI host bridges",
	.usage = "-c phb [-Q | -r | -a] -s <drc_name | drc_index>",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.check = phb_check,
	.run = &run_phb,
	.can_remove = phb_can_remove,
	.list = &phb_list_ops,
	.members = phb_members,
	.none = "There are no DR capable PHBs on this system.",
	.unknown = "The specified PHB was not found.",
};
