// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "tests/peers/diff/gen.h"
#include "tests/peers/diff/text.h"

#define PCI0 0x40000000u

/* ---- Chance ---------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t next(struct gen *g)
{
	uint64_t z = g->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint32_t gen_below(struct gen *g, uint32_t n)
{
	return n ? next(g) % n : 0;
}

bool gen_chance(struct gen *g, uint32_t percent)
{
	return gen_below(g, 100) < percent;
}

uint32_t gen_one_of(struct gen *g, const uint32_t *values, size_t n)
{
	return values[gen_below(g, n)];
}

struct gen_device *gen_any_device(struct gen *g)
{
	return g->n_devices ? &g->devices[gen_below(g, g->n_devices)] : NULL;
}

/* Empty connectors of every kind, and invalid indexes. */
static uint32_t stray_drc(struct gen *g)
{
	switch (gen_below(g, 8)) {
	case 0:
		return PCI0 | gen_below(g, 256);
	case 1:
		return 0x10000000 | gen_below(g, 6);
	case 2:
		return 0x20000000 | gen_below(g, 34);
	case 3:
		return 0x80000000 | gen_below(g, 28);
	case 4:
		return 0x90000000 | gen_below(g, 10);
	case 5:
		return PCI0 | gen_below(g, 4) << 16 | gen_below(g, 0x10000);
	case 6:
		return gen_below(g, 16) << 28 | gen_below(g, 40);
	default:
		return (uint32_t)next(g);
	}
}

uint32_t gen_drc(struct gen *g)
{
	struct gen_device *d = gen_any_device(g);

	if (!d || gen_chance(g, 25))
		return stray_drc(g);
	return d->drc + gen_below(g, d->n_drcs);
}

/* ---- Steps ------------------------------------------------------------------------------ */

json_object *gen_rtas_step(const char *call, const uint32_t *args, unsigned int nargs,
			   unsigned int nret)
{
	json_object *step = json_object_new_object(), *all = json_object_new_array();
	unsigned int i;

	for (i = 0; i < nargs; i++)
		json_object_array_add(all, json_object_new_int64(args[i]));
	json_object_object_add(step, "kind", json_object_new_string("rtas"));
	json_object_object_add(step, "call", json_object_new_string(call));
	json_object_object_add(step, "args", all);
	json_put_int(step, "nret", nret);
	return step;
}

json_object *gen_walk(uint32_t drc)
{
	json_object *step = json_object_new_object();

	json_object_object_add(step, "kind", json_object_new_string("cc-walk"));
	json_put_u64(step, "drc", drc);
	return step;
}

void gen_then(struct gen *g, json_object *step)
{
	json_object_array_add(g->queue, step);
}

static void add_cold(struct gen *g, const char *id, enum gen_kind kind, uint32_t drc)
{
	struct gen_device *d = &g->devices[g->n_devices++];

	*d = (struct gen_device){ .kind = kind, .drc = drc, .n_drcs = 1, .cold = true };
	snprintf(d->id, sizeof(d->id), "%s", id);
}

/* "cold" in the configuration: the -device options, as id -> index. */
void gen_begin(struct gen *g, uint64_t seed, json_object *config)
{
	json_object *cold = json_object_object_get(config, "cold");

	*g = (struct gen){ .random = seed, .config = config };
	g->negotiated = json_number(config, "cas", 0);
	g->cpus_left = json_number(config, "hot_cores", 0);
	g->queue = json_object_new_array();
	if (!cold)
		return;
	json_object_object_foreach(cold, id, drc)
	{
		add_cold(g, id, *id == 'b' ? GEN_BRIDGE : GEN_PCI,
			 strtoul(json_object_get_string(drc), NULL, 16));
	}
}

void gen_end(struct gen *g)
{
	json_object_put(g->queue);
}

json_object *gen_step(struct gen *g)
{
	json_object *step;

	if (json_object_array_length(g->queue)) {
		step = json_object_get(json_at(g->queue, 0));
		json_object_array_del_idx(g->queue, 0, 1);
		return step;
	}
	switch (gen_below(g, 20)) {
	case 0:
	case 1:
	case 2:
		return gen_device(g);
	case 3:
		return gen_machine(g);
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
		return gen_call(g);
	default:
		return gen_connector(g);
	}
}

/* ---- Existing devices
 * --------------------------------------------------------------------- */

static struct gen_device *find(struct gen *g, const char *id)
{
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		if (strcmp(g->devices[i].id, id) == 0)
			return &g->devices[i];
	}
	return NULL;
}

static void forget(struct gen *g, const char *id)
{
	struct gen_device *d = find(g, id);

	if (!d)
		return;
	if (d->kind == GEN_CPU)
		g->over = true;
	*d = g->devices[--g->n_devices];
}

static void learn_event(struct gen *g, json_object *event)
{
	const char *name = json_text(event, "event", "");
	json_object *data = json_object_object_get(event, "data");
	struct gen_device *d = find(g, json_text(data, "device", ""));

	if (strcmp(name, "DEVICE_DELETED") == 0) {
		forget(g, json_text(data, "device", ""));
	} else if (d && (strcmp(name, "DEVICE_UNPLUG_GUEST_ERROR") == 0 ||
			 strcmp(name, "MEM_UNPLUG_ERROR") == 0)) {
		d->asked_back = false;
		d->refused = true;
	} else if (strcmp(name, "RESET") == 0) {
		g->negotiated = false;
	}
}

/* Store the machine's choice of addresses for DIMMs without one. */
static void learn_dimms(struct gen *g, json_object *list)
{
	size_t i, n = json_object_is_type(list, json_type_array)
			      ? json_object_array_length(list)
			      : 0;

	for (i = 0; i < n; i++) {
		json_object *data = json_object_object_get(json_at(list, i), "data");
		struct gen_device *d = find(g, json_text(data, "id", ""));

		if (!d || d->kind != GEN_DIMM)
			continue;
		d->drc = 0x80000000 | (uint32_t)(json_number(data, "addr", 0) >> 28);
		d->n_drcs = json_number(data, "size", 0) >> 28;
	}
}

static void learn_device(struct gen *g, json_object *step)
{
	json_object *arguments = json_object_object_get(step, "arguments");
	struct gen_device *d;

	if (g->n_devices == GEN_DEVICES ||
	    !json_object_object_get_ex(step, "kind_of", NULL))
		return;
	d = &g->devices[g->n_devices++];
	*d = (struct gen_device){ .kind = json_number(step, "kind_of", 0),
				  .drc = json_hex(step, "drc_of", 0),
				  .n_drcs = 1 };
	snprintf(d->id, sizeof(d->id), "%s", json_text(arguments, "id", ""));
}

void gen_learn(struct gen *g, json_object *step, json_object *reply)
{
	json_object *events = json_object_object_get(reply, "events"), *result = NULL;
	const char *execute = json_text(step, "execute", "");
	bool failed;
	size_t i;

	json_object_object_get_ex(reply, "reply", &result);
	failed = json_object_is_type(result, json_type_object) &&
		 json_object_object_get_ex(result, "error", NULL);
	if (strcmp(execute, "device_add") == 0 && !failed)
		learn_device(g, step);
	if (strcmp(execute, "device_del") == 0 && !failed) {
		struct gen_device *d =
			find(g, json_text(json_object_object_get(step, "arguments"), "id",
					  ""));

		if (d)
			d->asked_back = true;
	}
	if (strcmp(execute, "query-memory-devices") == 0)
		learn_dimms(g, result);
	if (strcmp(json_text(step, "kind", ""), "hcall") == 0 &&
	    json_object_object_get_ex(step, "fdt", NULL) &&
	    json_number(reply, "r3", -1) == 0)
		g->negotiated = true;
	for (i = 0; i < json_count(reply, "events"); i++)
		learn_event(g, json_at(events, i));
}
