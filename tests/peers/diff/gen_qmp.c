// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/gen.h"
#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"

#define PCI0 0x40000000u
#define MIB  (1LL << 20)

static const char *const cards[] = { "virtio-rng-pci", "virtio-net-pci", "e1000",
				     "virtio-scsi-pci", "virtio-blk-pci-none" };

static json_object *qmp(const char *execute, json_object *arguments)
{
	json_object *step = json_object_new_object();

	json_object_object_add(step, "kind", json_object_new_string("qmp"));
	json_object_object_add(step, "execute", json_object_new_string(execute));
	if (arguments)
		json_object_object_add(step, "arguments", arguments);
	return step;
}

static json_object *options(const char *name, ...)
{
	json_object *all = json_object_new_object();
	va_list ap;

	va_start(ap, name);
	for (; name; name = va_arg(ap, const char *))
		json_object_object_add(all, name,
				       json_object_new_string(va_arg(ap, const char *)));
	va_end(ap);
	return all;
}

/* Make a device_add, with a note of the resulting device. */
static json_object *add_step(json_object *all, enum gen_kind kind, uint32_t drc)
{
	json_object *step = qmp("device_add", all);

	json_put_int(step, "kind_of", kind);
	json_put_u64(step, "drc_of", drc);
	return step;
}

/* Valid until the next call. */
static const char *fresh_id(struct gen *g)
{
	snprintf(g->id, sizeof(g->id), "d%u", g->next_id++);
	return g->id;
}

/* In a machine of several NUMA nodes, often choose one, or one too high. */
static void put_node(struct gen *g, json_object *all, const char *name)
{
	uint32_t nodes = json_number(g->config, "nodes", 0);

	if (nodes && gen_chance(g, 60))
		json_put_int(all, name, gen_chance(g, 90) ? gen_below(g, nodes) : nodes);
}

/* ---- Adding --------------------------------------------------------------------------------------- */

/* Choose a bus for a card: its name, and the connector of its first place. */
static uint32_t any_bus(struct gen *g, char name[32])
{
	struct gen_device *d = gen_any_device(g);

	if (d && d->kind == GEN_PHB) {
		snprintf(name, 32, "%s.0", d->id);
		return PCI0 | (d->drc & 0xff) << 16;
	}
	if (d && d->kind == GEN_BRIDGE && d->cold) {
		snprintf(name, 32, "%s", d->id);
		return PCI0 | 7 << 8;
	}
	snprintf(name, 32, "%s", gen_chance(g, 98) ? "pci.0" : "nowhere");
	return PCI0;
}

static bool is_there(const struct gen *g, uint32_t drc)
{
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		if (g->devices[i].drc == drc)
			return true;
	}
	return false;
}

/* Properties that change a card's registers, as a word, a boolean or a number. */
static void put_properties(struct gen *g, json_object *all)
{
	if (gen_chance(g, 25))
		json_put_int(all, "vectors", 1 + gen_below(g, 3));
	if (gen_chance(g, 20))
		json_object_object_add(
			all, "disable-legacy",
			json_object_new_string(gen_chance(g, 80) ? "on" : "auto"));
}

static json_object *add_card(struct gen *g)
{
	const char *driver = cards[gen_below(g, gen_chance(g, 5) ? 5 : 4)];
	uint32_t slot = gen_below(g, 12), fn = gen_chance(g, 75) ? 0 : gen_below(g, 4);
	char bus[32], addr[16], mac[24];
	uint32_t first = any_bus(g, bus);
	json_object *all;

	/* QEMU crashes when a place is taken and function 0 has no name. QEMU 10.0 crashes when
	 * function 0 exists, too: it sets two errors. */
	if (is_there(g, first | slot << 3 | fn))
		fn = 0;
	snprintf(addr, sizeof(addr), "%x.%x", slot, fn);
	all = options("driver", driver, "id", fresh_id(g), "bus", bus, "addr", addr,
		      NULL);
	if (strcmp(driver, "e1000") == 0 || strcmp(driver, "virtio-net-pci") == 0) {
		snprintf(mac, sizeof(mac), "52:54:00:12:00:%02x", g->next_id & 0xff);
		json_object_object_add(all, "mac", json_object_new_string(mac));
		json_object_object_add(all, "romfile", json_object_new_string(""));
	}
	if (strncmp(driver, "virtio-", 7) == 0)
		put_properties(g, all);
	if (gen_chance(g, 50))
		json_object_object_add(all, "multifunction",
				       json_object_new_boolean(true));
	return add_step(all, GEN_PCI, first | slot << 3 | fn);
}

static json_object *add_phb(struct gen *g)
{
	uint32_t index = gen_chance(g, 90) ? 1 + gen_below(g, 4) : gen_below(g, 40);
	json_object *all =
		options("driver", "spapr-pci-host-bridge", "id", fresh_id(g), NULL);

	if (gen_chance(g, 95))
		json_put_int(all, "index", index);
	put_node(g, all, "numa_node");
	return add_step(all, GEN_PHB, 0x20000000 | index);
}

static json_object *add_core(struct gen *g)
{
	const char *driver = json_text(g->config, "core", "power9_v2.0-spapr-cpu-core");
	uint32_t threads = json_number(g->config, "threads", 1);
	uint32_t core = gen_below(g, 5) * threads;
	json_object *all;

	if (gen_chance(g, 10))
		core = GEN_ONE_OF(g, 0, 1, 3, 99);
	all = options("driver", driver, "id", fresh_id(g), NULL);
	json_put_int(all, "core-id", core);
	if (gen_chance(g, 10))
		json_put_int(all, "nr-threads", 1 + gen_below(g, 2));
	put_node(g, all, "node-id");
	/* TCG creates each processor only once. */
	if (!g->cpus_left)
		json_put_int(all, "core-id", GEN_ONE_OF(g, 0, 99));
	else
		g->cpus_left--;
	return add_step(all, GEN_CPU, 0x10000000 | core);
}

static json_object *add_dimm(struct gen *g)
{
	int64_t size = gen_chance(g, 90) ? (1 + gen_below(g, 3)) * 256 * MIB : 100 * MIB;
	const char *id = fresh_id(g);
	char *backend = text_of("m-%s", id);
	json_object *object =
		options("qom-type", "memory-backend-ram", "id", backend, NULL);
	json_object *all = options("driver", "pc-dimm", "id", id, "memdev",
				   gen_chance(g, 97) ? backend : "nothing", NULL);

	free(backend);
	json_put_int(object, "size", size);
	if (gen_chance(g, 15))
		json_put_int(all, "slot", gen_below(g, 10));
	if (gen_chance(g, 15))
		json_put_int(all, "addr", (4 + gen_below(g, 10)) * 256 * MIB);
	put_node(g, all, "node");
	gen_then(g, qmp("object-add", object));
	gen_then(g, add_step(all, GEN_DIMM, 0x80000004));
	gen_then(g, qmp("query-memory-devices", NULL));
	return qmp("query-memory-devices", NULL);
}

static json_object *add(struct gen *g)
{
	if (g->n_devices >= GEN_DEVICES / 2)
		return add_core(g);
	switch (gen_below(g, 10)) {
	case 0:
		return add_phb(g);
	case 1:
		return add_core(g);
	case 2:
	case 3:
		return add_dimm(g);
	default:
		return add_card(g);
	}
}

/* ---- Unplugging
 * ------------------------------------------------------------------------------------ */

static json_object *take_back(struct gen *g)
{
	struct gen_device *d = gen_any_device(g);
	const char *id;

	/* QEMU crashes if a DIMM was released in part, kept, and is unplugged again. */
	if (d && d->kind == GEN_CPU && gen_chance(g, 70))
		d = NULL;
	id = d ? d->id : "nobody";
	if (gen_chance(g, 4) || (d && d->kind == GEN_DIMM && d->refused))
		id = "nobody";
	return qmp("device_del", options("id", id, NULL));
}

json_object *gen_device(struct gen *g)
{
	return gen_chance(g, g->n_devices < 4 ? 80 : 50) ? add(g) : take_back(g);
}

/* ---- The machine --------------------------------------------------------------------------------------- */

static json_object *negotiate(struct gen *g)
{
	/* Without the bit for form 2 of NUMA's distances. */
	char *vectors = text_of("%s", step_linux_vectors);
	char *form2 = strstr(vectors, json_text(g->config, "form2", "none"));

	json_object *step = json_object_new_object(), *in = json_object_new_array();
	json_object *mem = json_object_new_array(), *range = json_object_new_array();

	json_object_object_add(step, "kind", json_object_new_string("hcall"));
	json_object_array_add(in, json_new_u64(0xf002));
	json_object_array_add(in, json_new_u64(AT_HCALLS));
	json_object_array_add(in, json_new_u64(AT_HCALLS + 0x100000));
	json_object_array_add(in, json_new_u64(0x80000));
	json_object_object_add(step, "in", in);
	json_object_array_add(range, json_new_u64(AT_HCALLS));
	if (form2 && gen_chance(g, 50))
		form2[8] = '8';
	json_object_array_add(range, json_object_new_string(vectors));
	free(vectors);
	json_object_array_add(mem, range);
	json_object_object_add(step, "mem_in", mem);
	json_object_object_add(step, "fdt", json_object_new_boolean(true));
	json_object_object_add(step, "stopped", json_object_new_boolean(true));
	return step;
}

/* H_HOME_NODE_ASSOCIATIVITY */
static json_object *home_node(struct gen *g)
{
	json_object *step = json_object_new_object(), *in = json_object_new_array();

	json_object_object_add(step, "kind", json_object_new_string("hcall"));
	json_object_array_add(in, json_new_u64(0x2ec));
	json_object_array_add(in, json_new_u64(gen_chance(g, 90) ? 1 : gen_below(g, 4)));
	json_object_array_add(in, json_new_u64(gen_below(g, 8)));
	json_object_object_add(step, "in", in);
	json_put_int(step, "regs", 6);
	json_object_object_add(step, "stopped", json_object_new_boolean(true));
	return step;
}

/* QEMU crashes in a reset that removes a core. */
static bool core_is_asked_back(const struct gen *g)
{
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		if (g->devices[i].kind == GEN_CPU && g->devices[i].asked_back)
			return true;
	}
	return false;
}

json_object *gen_machine(struct gen *g)
{
	if (core_is_asked_back(g))
		return qmp("query-hotpluggable-cpus", NULL);
	if (json_object_object_get_ex(g->config, "nodes", NULL) && gen_chance(g, 30))
		return home_node(g);
	switch (gen_below(g, 12)) {
	case 0:
		return qmp("system_reset", NULL);
	case 1:
		return gen_rtas_step("system-reboot", NULL, 0, 1);
	case 2:
	case 3:
		return negotiate(g);
	case 4:
	case 5:
		return qmp("query-hotpluggable-cpus", NULL);
	case 6:
	case 7:
		return qmp("query-memory-devices", NULL);
	default:
		return qmp("system_powerdown", NULL);
	}
}
