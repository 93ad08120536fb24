// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The ports of USB devices. They are compared, not loaded: the state of a device belongs to
 * the device at its port, as in QEMU. Older states do not have this section.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/state/state.h"

/* Write the ports of each controller's devices, oldest first. */
static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct connector_bank *bank;

	for (bank = connectors_of(vmm)->banks; bank; bank = bank->next) {
		for (uint32_t i = 0; bank->kind == DRC_KIND_PCI && i < bank->count; i++) {
			const struct connector *c = &bank->all[i];
			const struct pci_function *f =
				(const void *)c->dev; /* first member */

			for (const struct disk *d = f ? f->disks : NULL; d; d = d->next) {
				if (!*d->port)
					continue;
				builder_be32(b, c->index);
				builder_str(b, d->port);
			}
		}
	}
}

static bool is_wanted(const struct papr_vmm *vmm)
{
	struct builder b = builder_of(NULL, 0);

	save(vmm, &b);
	return b.len;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct builder b = builder_of(NULL, 0);
	uint8_t *ours;
	bool alike;

	(void)loaded;
	save(vmm, &b);
	alike = b.len == cursor_left(c);
	if (alike) {
		ours = malloc(b.len + 1);
		if (!ours)
			return -ENOMEM;
		b = builder_of(ours, b.len);
		save(vmm, &b);
		alike = !memcmp(ours, c->p, b.len);
		free(ours);
	}
	return alike ? 0
		     : papr_fail(error, -ENODEV,
				 "The ports of USB devices differ from those of the "
				 "saved machine");
}

const struct state_section state_usb = {
	.tag = "usbp", .version = 1, .is_wanted = is_wanted, .save = save, .load = load
};
