// SPDX-License-Identifier: LGPL-2.1-or-later
/* Configuration space as the guest left it, and the interrupts assigned to functions. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/pci.h"
#include "vmm/state/state.h"

struct entry {
	struct pci_function *function;
	uint8_t config[PCI_CONFIG_BYTES];
	uint32_t irq_type, first_irq, n_irqs;
};

struct loaded {
	size_t n;
	struct entry entries[];
};

/* Return the next PCI connector with a function, or NULL. *bank and *i keep the
 * position. */
static struct connector *next_function(struct connector_bank **bank, uint32_t *i)
{
	for (; *bank; *bank = (*bank)->next, *i = 0) {
		if ((*bank)->kind != DRC_KIND_PCI && (*bank)->kind != DRC_KIND_SLOT)
			continue;
		while (*i < (*bank)->count) {
			struct connector *c = &(*bank)->all[(*i)++];

			if (c->dev)
				return c;
		}
	}
	return NULL;
}

static struct pci_function *function_of(struct connector *c)
{
	return (struct pci_function *)(void *)c->dev; /* first member */
}

/* Return the number that names the slots behind a bridge; 0: no bridge. */
static uint8_t chassis_of(const struct pci_function *f)
{
	return f->secondary ? f->secondary->chassis : 0;
}

static size_t count_functions(const struct papr_vmm *vmm)
{
	struct connector_bank *bank = connectors_of(vmm)->banks;
	uint32_t i = 0;
	size_t n = 0;

	while (next_function(&bank, &i))
		n++;
	return n;
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	struct connector_bank *bank = connectors_of(vmm)->banks;
	struct connector *c;
	uint32_t i = 0;

	while ((c = next_function(&bank, &i))) {
		const struct pci_function *f = function_of(c);

		builder_be32(b, c->index);
		builder_u8(b, chassis_of(f));
		builder_u8(b, f->iommu_platform);
		builder_be32(b, (uint32_t)f->mac);
		state_put_trimmed(b, f->config, PCI_CONFIG_BYTES);
		builder_be32(b, f->irq_type);
		builder_be32(b, f->first_irq);
		builder_be32(b, f->n_irqs);
	}
}

/* Return true if type and range of the interrupts exist. */
static bool irqs_are_possible(const struct entry *e)
{
	if (!e->n_irqs)
		return e->irq_type == PCI_IRQ_NONE;
	return (e->irq_type == PCI_IRQ_MSI || e->irq_type == PCI_IRQ_MSIX) &&
	       e->first_irq >= PCI_FIRST_MSI && e->n_irqs <= PCI_MSIS &&
	       e->first_irq - PCI_FIRST_MSI <= PCI_MSIS - e->n_irqs;
}

/* Load configuration space. Return false if the card has other options: one is known, or a bit
 * differs that the guest cannot write. */
static bool load_config(struct cursor *c, struct entry *e)
{
	const struct pci_function *f = e->function;

	if (cursor_u8(c) != chassis_of(f) || state_bool(c) != f->iommu_platform ||
	    cursor_be32(c) != (uint32_t)f->mac)
		return false;
	state_get_trimmed(c, e->config, PCI_CONFIG_BYTES);
	for (int i = 0; i < PCI_CONFIG_BYTES; i++)
		if ((e->config[i] ^ f->config[i]) & ~f->writable[i])
			return false;
	return true;
}

static int load_entry(struct cursor *c, const struct connector *at, struct entry *e)
{
	if (cursor_be32(c) != at->index)
		return c->err ? -EBADMSG : -ENODEV;
	if (!load_config(c, e))
		return c->err ? -EBADMSG : -ENODEV;
	e->irq_type = cursor_be32(c);
	e->first_irq = cursor_be32(c);
	e->n_irqs = cursor_be32(c);
	return c->err || !irqs_are_possible(e) ? -EBADMSG : 0;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct connector_bank *bank = connectors_of(vmm)->banks;
	size_t n = count_functions(vmm);
	struct loaded *l = calloc(1, sizeof(*l) + n * sizeof(l->entries[0]));
	struct connector *at;
	uint32_t i = 0;
	int err = 0;

	if (!l)
		return -ENOMEM;
	while (!err && cursor_left(c) && (at = next_function(&bank, &i))) {
		l->entries[l->n].function = function_of(at);
		err = load_entry(c, at, &l->entries[l->n++]);
	}
	if (c->err)
		err = -EBADMSG;
	if (!err && (l->n != n || cursor_left(c)))
		err = -ENODEV;
	if (err)
		free(l);
	else
		*loaded = l;
	if (err == -ENODEV)
		papr_fail(error, err,
			  "The PCI functions differ from those of the saved machine");
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	struct loaded *l = loaded;

	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		struct pci_function *f = e->function;

		memcpy(f->config, e->config, PCI_CONFIG_BYTES);
		f->irq_type = e->irq_type;
		f->first_irq = e->first_irq;
		f->n_irqs = e->n_irqs;
	}
	pci_irqs_rebuild(vmm);
	free(loaded);
}

const struct state_section state_pci = {
	.tag = "PCI ", .save = save, .load = load, .apply = apply
};
