// SPDX-License-Identifier: LGPL-2.1-or-later
/* Configuration space as the guest left it, and interrupts that it was given. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/state.h"

enum { IRQ_NONE, IRQ_MSI, IRQ_MSIX };

struct entry {
	struct pci_function *function;
	uint8_t config[PCI_CONFIG_BYTES];
	uint32_t irq_type, first_irq, n_irqs;
	uint8_t secondary; /* bus number behind a bridge */
};

struct loaded {
	uint32_t next_msi;
	size_t n;
	struct entry entries[];
};

/* The next connector of the kind that has a function; *bank and *i say where to go
 * on. NULL: that was all. */
static struct connector *next_function(struct connector_bank **bank, uint32_t *i)
{
	for (; *bank; *bank = (*bank)->next, *i = 0) {
		if ((*bank)->kind != DRC_KIND_PCI)
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
	return (struct pci_function *)(void *)c->dev; /* its head */
}

static size_t count_functions(const struct papr_vmm *vmm)
{
	struct connector_bank *bank = vmm->connectors.banks;
	uint32_t i = 0;
	size_t n = 0;

	while (next_function(&bank, &i))
		n++;
	return n;
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	struct connector_bank *bank = vmm->connectors.banks;
	struct connector *c;
	uint32_t i = 0;

	builder_be32(b, vmm->pci.next_msi);
	while ((c = next_function(&bank, &i))) {
		const struct pci_function *f = function_of(c);

		builder_be32(b, c->index);
		state_put_trimmed(b, f->config, PCI_CONFIG_BYTES);
		builder_be32(b, f->irq_type);
		builder_be32(b, f->first_irq);
		builder_be32(b, f->n_irqs);
		builder_u8(b, f->secondary ? f->secondary->number : 0);
	}
}

static bool irqs_are_possible(const struct entry *e)
{
	const struct pci_model *model = e->function->model;

	switch (e->irq_type) {
	case IRQ_NONE:
		return !e->n_irqs;
	case IRQ_MSI:
		return e->n_irqs <= model->msi;
	case IRQ_MSIX:
		return e->n_irqs <= model->msix;
	}
	return false;
}

/* Only what the guest could have written. */
static void load_config(struct cursor *c, struct entry *e)
{
	const struct pci_function *f = e->function;

	state_get_trimmed(c, e->config, PCI_CONFIG_BYTES);
	for (int i = 0; i < PCI_CONFIG_BYTES; i++)
		e->config[i] = (uint8_t)((e->config[i] & f->writable[i]) |
					 (f->config[i] & ~f->writable[i]));
}

static int load_entry(struct cursor *c, const struct connector *at, struct entry *e)
{
	if (cursor_be32(c) != at->index)
		return c->err ? -EBADMSG : -ENODEV;
	load_config(c, e);
	e->irq_type = cursor_be32(c);
	e->first_irq = cursor_be32(c);
	e->n_irqs = cursor_be32(c);
	e->secondary = cursor_u8(c);
	return c->err || !irqs_are_possible(e) ? -EBADMSG : 0;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct connector_bank *bank = vmm->connectors.banks;
	size_t n = count_functions(vmm);
	struct loaded *l = calloc(1, sizeof(*l) + n * sizeof(l->entries[0]));
	struct connector *at;
	uint32_t i = 0;
	int err = 0;

	if (!l)
		return -ENOMEM;
	l->next_msi = cursor_be32(c);
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
		papr_fail(error, err, "Not the PCI functions of the saved machine");
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	struct loaded *l = loaded;

	vmm->pci.next_msi = l->next_msi;
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		struct pci_function *f = e->function;

		memcpy(f->config, e->config, PCI_CONFIG_BYTES);
		f->irq_type = e->irq_type;
		f->first_irq = e->first_irq;
		f->n_irqs = e->n_irqs;
		if (f->secondary)
			f->secondary->number = e->secondary;
	}
	free(loaded);
}

const struct state_section state_pci = {
	.tag = "PCI ", .save = save, .load = load, .apply = apply
};
