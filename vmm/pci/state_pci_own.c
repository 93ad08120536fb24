// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which functions have models of the embedder. It is not loaded: it must be the same on both
 * sides. */
#include <errno.h>

#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/pci.h"
#include "vmm/state/state.h"

/* Return the number of functions with models of the embedder, of this machine. */
static uint32_t own_count(const struct papr_vmm *vmm)
{
	uint32_t n = 0;

	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			n += f->model->is_own;
	return n;
}

static void own_save(const struct papr_vmm *vmm, struct builder *b)
{
	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older) {
			if (!f->model->is_own)
				continue;
			builder_be32(b, pci_connector(f)->index);
			builder_be32(b, f->model->checksum);
			builder_str(b, f->model->driver);
		}
}

/* Return the function of the connector, or NULL. */
static const struct pci_function *own_at(const struct papr_vmm *vmm, uint32_t index)
{
	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			if (!f->is_slot && pci_connector(f)->index == index)
				return f;
	return NULL;
}

static int own_check(const struct papr_vmm *vmm, uint32_t index, const char *name,
		     uint32_t checksum, struct papr_error *error)
{
	const struct pci_model *model = pci_own_find(vmm, name);
	const struct pci_function *f = own_at(vmm, index);

	if (!model)
		return papr_fail(error, -ENODEV,
				 "The saved machine has a PCI function of the model "
				 "'%s', which is not registered",
				 name);
	if (model->checksum != checksum)
		return papr_fail(error, -ENODEV,
				 "The PCI model '%s' differs from that of the saved "
				 "machine",
				 name);
	if (!f || f->model != model)
		return papr_fail(error, -ENODEV,
				 "The PCI functions differ from those of the saved "
				 "machine: it has '%s'",
				 name);
	return 0;
}

static int own_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		    struct papr_error *error)
{
	uint32_t n = 0;
	int err = 0;

	(void)loaded;
	for (; !err && cursor_left(c); n++) {
		uint32_t index = cursor_be32(c), checksum = cursor_be32(c);
		const char *name = cursor_str(c);

		err = c->err || !name ? -EBADMSG
				      : own_check(vmm, index, name, checksum, error);
	}
	if (!err && n != own_count(vmm))
		err = papr_fail(error, -ENODEV,
				"The PCI functions differ from those of the saved "
				"machine");
	return err;
}

const struct state_section state_pci_own = { .tag = "POWN",
					     .save = own_save,
					     .load = own_load };
