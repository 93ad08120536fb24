// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/connectors.h"
#include "cli/leftover.h"
#include "drmon/devices.h"
#include "drmon/inventory.h"

const struct dr_type *conn_type_next(const struct dr_type *type)
{
	do
		type = dr_type_next(type);
	while (type && !dr_type_has_connectors(type));
	return type;
}

/* ---- One connector ---- */

static char *conn_copy_text(const struct dr_connector *connector, const char *key)
{
	const char *text = connector_text(connector, key);

	return strdup(text ? text : "");
}

int conn_fill(struct conn *c, const struct dr_connector *connector)
{
	int64_t bytes = connector_number(connector, "size");
	const char *state = dr_connector_get_state(connector);

	*c = (struct conn){
		.type = dr_connector_get_type(connector),
		.index = dr_connector_get_index(connector),
		.name = conn_copy_text(connector, "name"),
		.state = strdup(state ? state : "?"),
		.location = conn_copy_text(connector, "loc_code"),
		.driver = drivers_text(connector),
		.devices = devices_text(connector),
		.bytes = bytes > 0 ? (uint64_t)bytes : 0,
		.node = connector_number(connector, "numa_node"),
	};
	return c->name && c->state && c->location && c->driver && c->devices ? 0
									     : -ENOMEM;
}

void conn_clear(struct conn *c)
{
	free(c->name);
	free(c->state);
	free(c->location);
	free(c->driver);
	free(c->devices);
}

/* ---- All connectors ---- */

static struct conn *inventory_grow(struct inventory *inv)
{
	size_t n = inv->n;

	if (!(n & (n - 1))) { /* 0 or a power of two: full */
		struct conn *more = reallocarray(inv->list, n ? 2 * n : 1, sizeof(*more));

		if (!more)
			return NULL;
		inv->list = more;
	}
	return &inv->list[inv->n++];
}

static int conn_compare(const void *one, const void *other)
{
	const struct conn *a = one, *b = other;

	return a->index < b->index ? -1 : a->index > b->index;
}

/* It is not an error if this machine has no connector of the type. */
static int inventory_read_type(struct inventory *inv, struct dr *dr,
			       const struct dr_type *type)
{
	size_t first = inv->n;
	const struct dr_connector *connector;
	struct dr_list *list;
	bool is_empty;
	int err =
		dr_list_new(dr, type, NULL, DR_LIST_DETAILS | DR_LIST_INTERFACES, &list);

	if (!list)
		return err;
	is_empty = err && dr_error_get_code(dr_get_error(dr)) == DR_CODE_NO_CONNECTORS;
	err = is_empty ? 0 : err;
	while (!err && (connector = dr_list_next(list))) {
		struct conn *c = inventory_grow(inv);

		err = c ? conn_fill(c, connector) : -ENOMEM;
	}
	if (!err && !is_empty)
		err = dr_list_get_errno(list);
	dr_list_free(list);
	/* lsslot orders slots by location. It reverses some types, and has no order for some. */
	if (inv->n > first && !type_is(type, TYPE_SLOTS))
		qsort(inv->list + first, inv->n - first, sizeof(*inv->list),
		      conn_compare);
	return err;
}

/* Only root can call firmware. Without it, no sensor is read. */
static int inventory_sense_empty(struct inventory *inv, struct dr *dr)
{
	inv->is_sensed = true;
	for (size_t i = 0; inv->is_sensed && i < inv->n; i++) {
		struct conn *c = &inv->list[i];
		const char *state;

		if (strcmp(c->state, "empty") != 0 || !type_is(c->type, TYPE_CARDS))
			continue;
		if (dr_sense(dr, c->index, &state))
			inv->is_sensed = false;
		else if (state && !strcmp(state, "present")) {
			free(c->state);
			c->state = strdup("present");
			if (!c->state)
				return -ENOMEM;
		}
	}
	return 0;
}

static void inventory_mark_left(void *priv, const struct dr_journal *journal)
{
	struct inventory *inv = priv;
	const char *state = dr_journal_get_state(journal, NULL);
	size_t at = 0, left;
	uint32_t index;

	/* most come in the order of the list */
	for (size_t i = 0; dr_journal_get_connector(journal, i, &index); i++) {
		for (left = inv->n; left && inv->list[at % inv->n].index != index; left--)
			at++;
		if (left && strcmp(state, "running") != 0)
			inv->list[at % inv->n].left = state;
	}
}

int inventory_read(struct inventory *inv, struct dr *dr)
{
	const struct dr_type *type = NULL;
	int err = 0;

	*inv = (struct inventory){ 0 };
	while (!err && (type = conn_type_next(type)))
		err = inventory_read_type(inv, dr, type);
	if (!err)
		err = inventory_sense_empty(inv, dr);
	if (!err)
		leftover_each(dr, inventory_mark_left, inv);
	return err;
}

void inventory_free(struct inventory *inv)
{
	for (size_t i = 0; i < inv->n; i++)
		conn_clear(&inv->list[i]);
	free(inv->list);
	*inv = (struct inventory){ 0 };
}
