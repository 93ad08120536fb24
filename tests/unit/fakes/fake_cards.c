// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/fake_parts.h"
#include "wire/drc_list.h"

static void add_words(struct fdt_frag *frag, const char *const *words)
{
	for (; words && *words; words++) {
		const char *colon = strchr(*words, ':');
		char name[64];
		struct cc_item item = { .name = name };

		if (colon) {
			snprintf(name, sizeof(name), "%.*s", (int)(colon - *words),
				 *words);
			item.status = CC_PROPERTY;
			item.value = (const uint8_t *)colon + 1;
			item.len = (uint32_t)strlen(colon + 1);
		} else {
			item.status = **words == '>'   ? CC_CHILD
				      : **words == '=' ? CC_SIBLING
						       : CC_PARENT;
			snprintf(name, sizeof(name), "%s", *words + 1);
		}
		assert_int_equal(fdt_frag_add(frag, &item), 0);
	}
}

static void put(struct fdt_frag *frag, const char *name, const void *value, size_t len)
{
	const struct cc_item item = { CC_PROPERTY, name, value, (uint32_t)len };

	assert_int_equal(fdt_frag_add(frag, &item), 0);
}

static void begin(struct fdt_frag *frag, const char *name)
{
	assert_int_equal(
		fdt_frag_add(frag, &(struct cc_item){ .status = CC_CHILD, .name = name }),
		0);
}

static void put_card(struct fdt_frag *frag, const char *node, uint32_t drc_index, int bus)
{
	const uint8_t index[4] = { (uint8_t)(drc_index >> 24), (uint8_t)(drc_index >> 16),
				   (uint8_t)(drc_index >> 8), (uint8_t)drc_index };
	const uint8_t reg[20] = { 0, (uint8_t)bus, (uint8_t)drc_index };

	begin(frag, node);
	put(frag, "reg", reg, sizeof(reg));
	put(frag, "ibm,my-drc-index", index, sizeof(index));
	put(frag, "ibm,loc-code", "loc", 4);
}

static void plug(struct fake *f, struct fake_drc *d)
{
	if (!f->first)
		f->first = d->index;
	d->is_present = true;
	fdt_frag_free(&d->frag);
	assert_int_equal(fdt_frag_init(&d->frag), 0);
}

void fake_plug(struct fake *f, const char *name, const char *node,
	       const char *const *words)
{
	struct fake_drc *d = fake_drc(f, name);

	plug(f, d);
	put_card(&d->frag, node, d->index, 0);
	add_words(&d->frag, words);
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
}

void fake_plug_two_paths(struct fake *f)
{
	struct fake_drc *d = fake_drc(f, "C8");

	plug(f, d);
	put_card(&d->frag, "ethernet@1", d->index, 0);
	put(&d->frag, "ibm,multipath-partner-drc", "\x40\0\0\x10", 4);
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
	fake_plug(f, "C16", "ethernet@2", NULL);
}

static void plug_bridge(struct fake *f, int bus_behind)
{
	struct fake_drc *bridge = fake_drc(f, "C48"), *behind = &f->drc[f->n++];
	const struct drc drc = { 0x40000110, 0x40000110, "C272", "28" };

	behind->index = drc.index;
	behind->type = "28";
	behind->parent = PHB "/pci@6";
	snprintf(behind->name, sizeof(behind->name), "C272");

	plug(f, bridge);
	put_card(&bridge->frag, "pci@6", bridge->index, 0);
	put(&bridge->frag, "class-code", "\0\x06\x04", 4);
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint8_t bytes[64];
		struct builder b = builder_of(bytes, sizeof(bytes));

		drc_list_encode(&b, (enum drc_list_prop)i, &drc, 1);
		put(&bridge->frag, drc_list_prop_names[i], bytes, b.len);
	}
	put_card(&bridge->frag, "ethernet@2", drc.index, bus_behind);
	assert_int_equal(fdt_frag_finish(&bridge->frag), 0);

	plug(f, behind);
	put_card(&behind->frag, "ethernet@2", drc.index, 1);
	assert_int_equal(fdt_frag_finish(&behind->frag), 0);
}

/* It has no bus number yet, so the card behind a bridge is on bus 0 as well. */
void fake_plug_bridge(struct fake *f)
{
	plug_bridge(f, 0);
}

void fake_plug_numbered_bridge(struct fake *f)
{
	plug_bridge(f, 1);
}

static struct fake_drc *new_drc(struct fake *f, uint32_t index, const char *name,
				const char *type, const char *parent)
{
	struct fake_drc *d = &f->drc[f->n++];

	assert_true(f->n <= FAKE_DRCS);
	*d = (struct fake_drc){ .index = index, .type = type, .parent = parent };
	snprintf(d->name, sizeof(d->name), "%s", name);
	return d;
}

struct fake_drc *fake_logical(struct fake *f, uint32_t index, const char *name,
			      const char *type, const char *parent)
{
	struct fake_drc *d = new_drc(f, index, name, type, parent);

	d->is_logical = true;
	return d;
}

void fake_attach(struct fake *f, const struct fake_drc *d)
{
	char parent[128];

	snprintf(parent, sizeof(parent), DT "%s", d->parent);
	fake_attach_fragment(f, d->frag.fdt, fdt_frag_top(&d->frag), parent);
}

void fake_plug_phb(struct fake *f, bool with_node)
{
	static const char node[] = "pci@800000020000001";
	static const struct drc phbs[] = { { 0x20000001, ~0u, "PHB 1", "PHB" },
					   { 0x20000002, ~0u, "PHB 2", "PHB" } };
	static const struct drc slots[] = { { 0x40010008, 0x40010008, "C65544", "28" },
					    { 0x40010010, 0x40010010, "C65552", "28" } };
	struct fake_drc *phb = new_drc(f, 0x20000001, "PHB 1", "PHB", ""), *card;

	f->first = phb->index;
	phb->is_logical = phb->is_present = true;
	new_drc(f, 0x20000002, "PHB 2", "PHB", "")->is_logical = true;
	card = new_drc(f, 0x40010008, "C65544", "28", "/pci@800000020000001");
	new_drc(f, 0x40010010, "C65552", "28", "/pci@800000020000001");
	fake_put_lists(f, "", phbs, COUNT(phbs));
	fake_text(f, "sys/bus/pci/slots/control/add_slot", "0\n");
	fake_text(f, "sys/bus/pci/slots/control/remove_slot", "0\n");

	assert_int_equal(fdt_frag_init(&phb->frag), 0);
	put_card(&phb->frag, node, phb->index, 0);
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint8_t bytes[64];
		struct builder b = builder_of(bytes, sizeof(bytes));

		drc_list_encode(&b, (enum drc_list_prop)i, slots, COUNT(slots));
		put(&phb->frag, drc_list_prop_names[i], bytes, b.len);
	}
	if (with_node)
		put_card(&phb->frag, "ethernet@1", card->index, 0);
	assert_int_equal(fdt_frag_finish(&phb->frag), 0);

	plug(f, card);
	put_card(&card->frag, "ethernet@1", card->index, 0);
	assert_int_equal(fdt_frag_finish(&card->frag), 0);
}

void fake_plug_virtual(struct fake *f)
{
	static const struct drc drcs[] = { { 0x30000002, ~0u, "V1", "SLOT" } };
	struct fake_drc *d = new_drc(f, 0x30000002, "V1", "SLOT", "/vdevice");

	fake_put_lists(f, "/vdevice", drcs, COUNT(drcs));
	fake_text(f, "sys/bus/pci/slots/control/add_slot", "0\n");
	fake_text(f, "sys/bus/pci/slots/control/remove_slot", "0\n");
	plug(f, d);
	d->is_logical = true;
	put_card(&d->frag, "v-scsi@30000002", d->index, 0);
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
}

void fake_configure(struct fake *f, const char *name)
{
	struct fake_drc *d = fake_drc(f, name);

	d->state = FAKE_CONFIGURED;
	d->led = 1;
	d->power = 100;
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	fake_attach_fragment(f, d->frag.fdt, fdt_frag_top(&d->frag), DT PHB);
	fake_scan(f, 0, PHB, true);
}
