// SPDX-License-Identifier: GPL-2.0-or-later
/* The slot driver (rpaphp), and the driver that adds and removes slots (rpadlpar_io) */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/drc.h"

enum slot_state { SLOT_EMPTY, SLOT_CONFIGURED, SLOT_NOT_CONFIGURED, SLOT_NOT_VALID };

enum { CONTROL_MAX = 64 };

struct kslot {
	struct kslot *next;
	struct kpci_bus *bus;
	struct dt_node *node; /* the host bridge; NULL: removed */
	uint32_t index, power_domain;
	int type;	/* first digits of the DRC type */
	uint32_t state; /* enum slot_state */
	uint8_t attention;
	struct pfs_node *dir;
};

static int sensor_errno(int32_t status)
{
	switch (status) {
	case -1:
		return -EIO;
	case -3:
		return -EINVAL;
	case -9000:
		return -EFAULT;
	case -9001:
		return -EEXIST;
	case -9002:
		return -ENODEV;
	}
	return -ERANGE;
}

static int sense(struct kernel *k, const struct kslot *slot, uint32_t *state)
{
	const uint32_t in[] = { DRC_ENTITY_SENSE, slot->index };
	int32_t status = kernel_rtas(k, "get-sensor-state", 2, in, 1, state);
	const uint32_t on[] = { slot->power_domain, DRC_POWER_ON };
	uint32_t level;

	/* Some connectors report their state only with power. */
	if (status == DRC_SENSE_NEEDS_POWER_UNISOLATED ||
	    status == DRC_SENSE_NEEDS_POWER) {
		if (!kernel_rtas(k, "set-power-level", 2, on, 1, &level))
			status = kernel_rtas(k, "get-sensor-state", 2, in, 1, state);
	}
	return status ? sensor_errno(status) : 0;
}

static int enable(struct kernel *k, struct kslot *slot)
{
	uint32_t state;
	int err;

	if (slot->state == SLOT_CONFIGURED)
		return 0;
	err = sense(k, slot, &state);
	if (err)
		return err;
	if (state == DRC_SENSE_PRESENT) {
		kpci_add_from_tree(k, slot->bus);
		slot->state = SLOT_CONFIGURED;
	} else if (state == DRC_SENSE_EMPTY) {
		slot->state = SLOT_EMPTY;
	} else {
		slot->state = SLOT_NOT_VALID;
		return -EINVAL;
	}
	return 0;
}

/* Remove all devices on the bus, including those of other slots. */
static int disable(struct kernel *k, struct kslot *slot)
{
	if (slot->state == SLOT_NOT_CONFIGURED)
		return -EINVAL;
	kpci_remove_on_bus(k, slot->bus);
	slot->state = SLOT_NOT_CONFIGURED;
	return 0;
}

/* Parse decimal digits at the start, and truncate to a byte. Without digits: 0. */
static uint8_t small_number(const char *bytes, size_t len)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	return (uint8_t)strtoul(text, NULL, 10);
}

static struct kernel *kernel_of(const struct pfs_node *file)
{
	return file->parent->priv;
}

static int power_show(struct pfs_node *file, struct text *out)
{
	const struct kslot *slot = file->priv;
	const uint32_t in[] = { slot->power_domain, 0 };
	uint32_t level;
	int32_t status =
		kernel_rtas(kernel_of(file), "get-power-level", 1, in, 1, &level);

	if (status)
		return sensor_errno(status);
	text_add(out, "%u\n", level);
	return 0;
}

static ssize_t power_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kslot *slot = file->priv;
	struct kernel *k = kernel_of(file);
	int err = -EINVAL;

	if (slot->bus->gone) {
		kernel_oops(k, "power of a slot whose bus was removed");
		return -EINVAL;
	}
	switch (small_number(bytes, len)) {
	case 0:
		err = disable(k, slot);
		break;
	case 1:
		err = enable(k, slot);
		break;
	}
	return err ? err : (ssize_t)len;
}

static int attention_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%u\n", ((const struct kslot *)file->priv)->attention);
	return 0;
}

static ssize_t attention_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kslot *slot = file->priv;
	uint8_t value = small_number(bytes, len);
	uint32_t in[] = { DRC_DR_INDICATOR, slot->index, value };

	if (value > 2)
		in[2] = 1;
	if (!kernel_rtas(kernel_of(file), "set-indicator", 3, in, 0, NULL))
		slot->attention = (uint8_t)in[2];
	return (ssize_t)len;
}

static void slot_files(struct kernel *k, struct kslot *slot, int device)
{
	static const struct pfs_ops power = { .show = power_show,
					      .store = power_store,
					      .locks = LOCK_PCI },
				    attention = { .show = attention_show,
						  .store = attention_store };

	slot->dir->priv = k;
	kernel_attr(k, slot->dir, "power", 0644, &power, slot);
	kernel_attr(k, slot->dir, "attention", 0644, &attention, slot);
	kernel_value(k, slot->dir, "adapter", &slot->state);
	if (device < 0)
		pfs_text(slot->dir, "address", 0444, "%04x:%02x\n", slot->bus->domain,
			 slot->bus->number);
	else
		pfs_text(slot->dir, "address", 0444, "%04x:%02x:%02x\n",
			 slot->bus->domain, slot->bus->number, device);
	pfs_text(slot->dir, "cur_bus_speed", 0444, "Unknown\n");
	pfs_text(slot->dir, "max_bus_speed", 0444, "Unknown\n");
	pfs_link(slot->dir, "module", "../../../../module/rpaphp");
}

/* Return the device number of the slot's own node, or -1 if it has none yet. */
static int device_of(const struct kslot *slot)
{
	const struct dt_node *n;
	uint32_t index, reg;

	for (n = slot->node->children; n; n = n->next)
		if (ktree_u32(n, "ibm,my-drc-index", &index) && index == slot->index &&
		    ktree_u32(n, "reg", &reg))
			return (int)(reg >> 11 & 0x1f);
	return -1;
}

struct registering {
	struct kernel *k;
	struct kpci_bus *bus;
	bool first_only;
	int err;
};

static int register_slot(struct kernel *k, struct kpci_bus *bus, const struct kdrc *drc)
{
	struct kslot *slot;
	uint32_t state;

	if (pfs_find(k->pci.slots_dir, drc->name)) {
		kernel_print(k, "rpaphp_register_slot: slot[%s] is already registered",
			     drc->name);
		return -EAGAIN;
	}
	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = (struct kslot){ .bus = bus,
				.node = bus->node,
				.index = drc->index,
				.power_domain = drc->power_domain };
	if (!sense(k, slot, &state) && state == DRC_SENSE_PRESENT)
		slot->state =
			kpci_bus_is_empty(k, bus) ? SLOT_NOT_CONFIGURED : SLOT_CONFIGURED;
	slot->dir = pfs_dir(k->pci.slots_dir, drc->name);
	if (!slot->dir) {
		free(slot);
		return -ENOMEM;
	}
	slot_files(k, slot, device_of(slot));
	slot->next = k->pci.slots;
	k->pci.slots = slot;
	kuevent(k, "add", slot->dir, "slots", NULL);
	return 0;
}

static bool register_one(const struct kdrc *drc, bool first, void *arg)
{
	struct registering *r = arg;

	/* The type of the first connector decides for all. */
	if (first && !isdigit((unsigned char)drc->type[0]))
		return true;
	r->err = register_slot(r->k, r->bus, drc);
	return r->err == -ENOMEM || r->first_only;
}

int kslots_add(struct kernel *k, struct kpci_bus *bus)
{
	struct registering r = { .k = k, .bus = bus };

	/* In the newer format, Linux reads only the first entry. */
	r.first_only = ktree_get(bus->node, "ibm,drc-info", NULL);
	kdrc_each(bus->node, register_one, &r);
	return r.err == -ENOMEM ? r.err : 0;
}

static void slot_free(struct kernel *k, struct kslot *slot)
{
	struct kslot **at = &k->pci.slots;

	while (*at != slot)
		at = &(*at)->next;
	*at = slot->next;
	kuevent(k, "remove", slot->dir, "slots", NULL);
	pfs_remove(slot->dir);
	free(slot);
}

bool kslots_use(const struct kernel *k, const struct kpci_bus *bus)
{
	const struct kslot *slot = k->pci.slots;

	while (slot && slot->bus != bus)
		slot = slot->next;
	return slot;
}

bool kslots_drop_first(struct kernel *k, const struct kpci_bus *bus)
{
	struct kslot *slot, *last = NULL;

	/* The newest slot is first in the list, so this finds the bus's oldest slot. */
	for (slot = k->pci.slots; slot; slot = slot->next)
		if (slot->bus == bus)
			last = slot;
	if (last)
		slot_free(k, last);
	return last;
}

void kslots_forget_node(struct kernel *k, const struct dt_node *node)
{
	struct kslot *slot;

	for (slot = k->pci.slots; slot; slot = slot->next)
		if (slot->node == node)
			slot->node = NULL;
}

/* ---- control/add_slot, control/remove_slot ---------------------------------------- */

/* Return true if the parent lists this node's connector with that type. */
static bool has_drc(const struct dt_node *node, const char *type, struct kdrc *drc)
{
	uint32_t index;

	return node->parent && ktree_is_called(node, "pci") &&
	       ktree_u32(node, "ibm,my-drc-index", &index) &&
	       kdrc_in(node->parent, index, drc) && !strcmp(drc->type, type);
}

/* Return the node whose connector has this type and this name. */
static struct dt_node *pci_called(struct kernel *k, const char *type, const char *name)
{
	struct dt_node *n = k->tree;
	struct kdrc drc;

	while (n && !(has_drc(n, type, &drc) && !strcmp(drc.name, name)))
		n = ktree_next(k->tree, n);
	return n;
}

/* Add a slot. Its name is searched among logical slots, then host bridges, then virtual
 * adapters. */
static int add_slot(struct kernel *k, const char *name)
{
	struct dt_node *slot = pci_called(k, "SLOT", name),
		       *node = slot ? slot : pci_called(k, "PHB", name);
	struct kpci_bus *bus;

	if (!node) {
		node = kvio_called(k, name);
		return node ? kvio_add(k, node) : -ENODEV;
	}
	if (kpci_bus_by_node(k, node))
		return -EINVAL;
	bus = slot ? kpci_slot_add(k, node) : kpci_phb_add(k, node);
	if (!bus)
		return -EIO;
	kslots_add(k, bus);
	return 0;
}

static int remove_phb(struct kernel *k, struct kpci_bus *bus)
{
	/* Only one slot is removed, before the check that the bus is empty. */
	kslots_drop_first(k, bus);
	if (!kpci_bus_is_empty(k, bus))
		return -EBUSY;
	kpci_phb_remove(k, bus);
	return 0;
}

/* Remove the slot and its bridge, with all devices below the bridge. */
static int remove_pci_slot(struct kernel *k, struct kpci_bus *bus)
{
	kslots_drop_first(k, bus);
	kpci_remove_dev(k, bus->bridge);
	return 0;
}

static int remove_slot(struct kernel *k, const char *name)
{
	struct dt_node *slot = pci_called(k, "SLOT", name),
		       *node = slot ? slot : pci_called(k, "PHB", name);
	struct kpci_bus *bus = node ? kpci_bus_by_node(k, node) : NULL;

	if (!node) {
		node = kvio_called(k, name);
		return node ? kvio_remove(k, node) : -ENODEV;
	}
	if (!bus)
		return -EINVAL;
	return slot ? remove_pci_slot(k, bus) : remove_phb(k, bus);
}

/* Return false if the name is empty or too long. */
static bool control_name(char name[CONTROL_MAX], const char *bytes, size_t len)
{
	if (!len || len >= CONTROL_MAX)
		return false;
	memcpy(name, bytes, len);
	name[len] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return true;
}

/* Only the removal of a PCI slot takes the lock of PCI, too. In Linux a signal ends the wait
 * for the lock of slots; here it does not. */
static unsigned int control_lock(const struct pfs_node *file, const char *bytes,
				 size_t len)
{
	char name[CONTROL_MAX];

	if (!control_name(name, bytes, len))
		return 0;
	return !strcmp(file->name, "remove_slot") && pci_called(file->priv, "SLOT", name)
		       ? LOCK_SLOTS | LOCK_PCI
		       : LOCK_SLOTS;
}

static ssize_t control_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	bool add = !strcmp(file->name, "add_slot");
	char name[CONTROL_MAX];
	int err;

	/* Linux returns 0 here: neither an error nor progress. */
	if (!control_name(name, bytes, len))
		return 0;
	err = add ? add_slot(k, name) : remove_slot(k, name);
	if (err != -ENODEV)
		kernel_print(k, "rpadlpar_io: slot %s %s", name,
			     add ? "added" : "removed");
	return err ? err : (ssize_t)len;
}

static int control_show(struct pfs_node *file, struct text *out)
{
	(void)file;
	text_add(out, "0\n");
	return 0;
}

/* Show the loaded modules, the newest first. */
static void show_modules(struct kernel *k, bool has_control)
{
	static const struct {
		const char *name;
		int pages[2]; /* of 64 KiB, of 4 KiB */
	} modules[] = { { "rpadlpar_io", { 5, 5 } }, { "rpaphp", { 4, 6 } } };
	struct text t = { 0 };

	for (int i = !has_control; i < 2; i++) {
		const char *name = modules[i].name;
		struct pfs_node *dir = pfs_path(pfs_path(k->sys, "module"), name);
		int bytes =
			(int)kernel_page(k) * modules[i].pages[kernel_page(k) == 4096];
		bool is_used = i && has_control;

		pfs_dir(dir, "holders");
		pfs_text(dir, "coresize", 0444, "%d\n", bytes);
		pfs_text(dir, "initstate", 0444, "live\n");
		pfs_text(dir, "refcnt", 0444, "%d\n", is_used);
		text_add(&t, "%s %d %d %s Live 0x0000000000000000\n", name, bytes,
			 is_used, is_used ? "rpadlpar_io," : "-");
	}
	if (!t.failed)
		pfs_text(k->proc, "modules", 0444, "%s", t.buf);
	text_free(&t);
}

void kslots_boot(struct kernel *k)
{
	static const struct pfs_ops ops = { .show = control_show,
					    .store = control_store,
					    .lock = control_lock };
	struct pfs_node *control;
	struct kpci_bus *bus;
	struct kdrc drc;
	bool has_control =
		ktree_get(ktree_find(k, "/rtas"), "ibm,configure-connector", NULL);

	show_modules(k, has_control);
	for (bus = k->pci.buses; bus; bus = bus->next)
		if (!bus->bridge || (bus->node && has_drc(bus->node, "SLOT", &drc)))
			kslots_add(k, bus);
	if (!has_control)
		return;
	control = pfs_path(k->sys, "bus/pci/slots/control");
	kernel_attr(k, control, "add_slot", 0644, &ops, k);
	kernel_attr(k, control, "remove_slot", 0644, &ops, k);
}

void kslots_free(struct kernel *k)
{
	struct kslot *slot;

	while ((slot = k->pci.slots)) {
		k->pci.slots = slot->next;
		free(slot);
	}
}
