// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/show.h"
#include "drmon/devices.h"
#include "drmon/inventory.h"
#include "drmon/sense.h"
#include "kern/cleanup.h"

static const struct {
	const char *name, *title;
} types[CONN_TYPES] = {
	[CONN_PCI] = { "pci", "PCI" }, [CONN_SLOT] = { "slot", "SLOT" },
	[CONN_PHB] = { "phb", "PHB" }, [CONN_CPU] = { "cpu", "CPU" },
	[CONN_MEM] = { "mem", "MEM" },
};

const char *conn_type_name(enum conn_type type)
{
	return types[type].name;
}

const char *conn_type_title(enum conn_type type)
{
	return types[type].title;
}

/* ---- One connector ---- */

const char *conn_text(json_object *object, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(object, key, &value) && value
		       ? json_object_get_string(value)
		       : "";
}

int64_t conn_number(json_object *object, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(object, key, &value) && value
		       ? json_object_get_int64(value)
		       : -1;
}

uint32_t conn_index(json_object *object)
{
	return (uint32_t)strtoul(conn_text(object, "index"), NULL, 16);
}

/* ---- All connectors ---- */

struct reading {
	struct inventory *inv;
	const struct dr_ctx *dr;
	enum conn_type type;
	int err;
};

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

int conn_fill(struct conn *c, const struct dr_ctx *dr, enum conn_type type,
	      json_object *object)
{
	*c = (struct conn){
		.type = type,
		.index = conn_index(object),
		.name = strdup(conn_text(object, "name")),
		.state = strdup(conn_text(object, "state")),
		.location = strdup(conn_text(object, "loc_code")),
		.driver = drivers_text(object),
		.devices = devices_text(dr, type, object),
		.bytes = type == CONN_MEM ? (uint64_t)conn_number(object, "size") : 0,
		.node = conn_number(object, "numa_node"),
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

static void inventory_add(void *priv, json_object *object)
{
	struct reading *reading = priv;
	struct conn *c = reading->err ? NULL : inventory_grow(reading->inv);

	if (!reading->err)
		reading->err =
			c ? conn_fill(c, reading->dr, reading->type, object) : -ENOMEM;
	if (!reading->err)
		c->at = reading->inv->n;
	json_object_put(object);
}

void inventory_each(const struct dr_ctx *dr, enum conn_type type, const char *key,
		    const struct json_sink *sink)
{
	struct dr_error error;
	const struct show show = { .type = types[type].name,
				   .key = key,
				   .json = true,
				   .sink = sink,
				   .error = &error };

	/* It is not an error if this machine has no connector of the type. */
	show_type_find(show.type)->fn(&show, dr);
}

/* Order slots as lsslot does, by location. Order all others by index: lsslot reverses
 * some of them, and firmware has no order for some. */
static int inventory_compare(const void *one, const void *other)
{
	const struct conn *a = one, *b = other;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->type == CONN_PCI || a->type == CONN_SLOT)
		return a->at < b->at ? -1 : a->at > b->at;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int inventory_sense_empty(struct inventory *inv, const struct dr_ctx *dr)
{
	inv->is_sensed = dr->engine;
	for (size_t i = 0; inv->is_sensed && i < inv->n; i++) {
		struct conn *c = &inv->list[i];
		int32_t sense;

		if (c->type != CONN_PCI || strcmp(c->state, "empty") != 0)
			continue;
		if (sense_connector(dr, c->index, &sense))
			inv->is_sensed = false;
		else if (sense == DRC_SENSE_PRESENT) {
			free(c->state);
			c->state = strdup("present");
			if (!c->state)
				return -ENOMEM;
		}
	}
	return 0;
}

int inventory_read(struct inventory *inv, const struct dr_ctx *dr)
{
	struct reading reading = { .inv = inv, .dr = dr };
	const struct json_sink sink = { .add = inventory_add, .priv = &reading };

	*inv = (struct inventory){ 0 };
	for (reading.type = 0; reading.type < CONN_TYPES; reading.type++)
		inventory_each(dr, reading.type, NULL, &sink);
	if (reading.err)
		return reading.err;
	if (inv->n)
		qsort(inv->list, inv->n, sizeof(*inv->list), inventory_compare);
	return inventory_sense_empty(inv, dr);
}

void inventory_free(struct inventory *inv)
{
	for (size_t i = 0; i < inv->n; i++)
		conn_clear(&inv->list[i]);
	free(inv->list);
	*inv = (struct inventory){ 0 };
}
