// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Models of the embedder: a description becomes the words of configuration space that the
 * library's models have, too.
 *
 * Source:  PCI Local Bus 3.0, 6.1 (header), 6.8 (MSI, MSI-X)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"
#include "wire/crc32.h"

enum { OWN_BYTES = 256, MSIX_ENTRY = 16, PENDING_WORD = 8, VECTORS_PER_WORD = 64 };
enum { CAPABILITY_LIST = 0x10, COMMAND_WRITABLE = 0x507, CLASS_BRIDGE = 0x06 };

struct pci_own {
	struct pci_own *next;
	struct pci_model model;
	char name[64];
	struct pci_register registers[];
};

/* A configuration space that is being made */
struct own_space {
	uint8_t reset[OWN_BYTES], writable[OWN_BYTES];
	uint32_t used; /* capabilities end here */
	uint8_t *link; /* where the offset of the next one belongs */
};

static void own_put(struct own_space *s, uint32_t at, unsigned int size, uint32_t reset,
		    uint32_t writable)
{
	for (unsigned int i = 0; i < size; i++) {
		s->reset[at + i] = (uint8_t)(reset >> 8 * i);
		s->writable[at + i] = (uint8_t)(writable >> 8 * i);
	}
}

/* ---- Base address registers ---- */

static bool own_size_is_ok(const struct papr_pci_bar *bar)
{
	uint64_t most = bar->io	    ? UINT64_C(1) << 16
			: bar->is64 ? UINT64_C(1) << 39
				    : UINT64_C(1) << 31;

	return !(bar->bytes & (bar->bytes - 1)) && bar->bytes >= (bar->io ? 4u : 16u) &&
	       bar->bytes <= most && !(bar->io && (bar->is64 || bar->prefetch));
}

static int own_check_bars(const struct papr_pci_model *m, struct papr_error *error)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		const struct papr_pci_bar *bar = &m->bars[i];

		if (!bar->bytes)
			continue;
		if (!own_size_is_ok(bar))
			return papr_fail(error, -EINVAL,
					 "%s: BAR %u cannot have 0x%llx bytes, or this "
					 "type",
					 m->name, i, (unsigned long long)bar->bytes);
		if (bar->is64 && (i + 1 == PCI_BARS || m->bars[i + 1].bytes))
			return papr_fail(error, -EINVAL,
					 "%s: BAR %u has 64 bits, so the next one must "
					 "be free",
					 m->name, i);
	}
	return 0;
}

static void own_put_bars(struct own_space *s, const struct papr_pci_model *m)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		const struct papr_pci_bar *bar = &m->bars[i];
		uint64_t mask = ~(bar->bytes - 1);
		uint32_t type = (bar->io ? PCI_BAR_IO : 0u) |
				(bar->is64 ? PCI_BAR_64 : 0u) |
				(bar->prefetch ? PCI_BAR_PREFETCH : 0u);

		if (!bar->bytes)
			continue;
		own_put(s, PCI_BAR0 + 4 * i, 4, type, (uint32_t)mask);
		if (bar->is64)
			own_put(s, PCI_BAR0 + 4 * i + 4, 4, 0, (uint32_t)(mask >> 32));
	}
}

/* ---- Messages ---- */

/* A range of a BAR */
struct own_range {
	unsigned int bar;
	uint64_t offset, bytes;
};

static bool own_range_is_ok(const struct papr_pci_model *m, const struct own_range *r)
{
	const struct papr_pci_bar *bar = r->bar < PCI_BARS ? &m->bars[r->bar] : NULL;

	return bar && bar->bytes && !bar->io && r->offset % PENDING_WORD == 0 &&
	       r->offset <= bar->bytes && r->bytes <= bar->bytes - r->offset;
}

static int own_check_messages(const struct papr_pci_model *m, struct papr_error *error)
{
	const struct own_range table = { m->table_bar, m->table_offset,
					 (uint64_t)m->msix * MSIX_ENTRY };
	const struct own_range pending = { m->pending_bar, m->pending_offset,
					   ((uint64_t)m->msix + VECTORS_PER_WORD - 1) /
						   VECTORS_PER_WORD * PENDING_WORD };

	if (m->msis & (m->msis - 1) || m->msis > 32)
		return papr_fail(error, -EINVAL, "%s: it cannot have %u messages (MSI)",
				 m->name, m->msis);
	if (m->msix > PAPR_PCI_MSIX_MAX)
		return papr_fail(error, -EINVAL, "%s: it cannot have %u vectors (MSI-X)",
				 m->name, m->msix);
	if (!m->msix)
		return 0;
	if (!own_range_is_ok(m, &table))
		return papr_fail(error, -EINVAL,
				 "%s: the table of MSI-X is not in a memory BAR",
				 m->name);
	if (!own_range_is_ok(m, &pending))
		return papr_fail(error, -EINVAL,
				 "%s: the pending bits of MSI-X are not in a memory BAR",
				 m->name);
	if (table.bar == pending.bar && table.offset < pending.offset + pending.bytes &&
	    pending.offset < table.offset + table.bytes)
		return papr_fail(error, -EINVAL,
				 "%s: the table and the pending bits of MSI-X overlap",
				 m->name);
	return 0;
}

/* ---- Capabilities ---- */

/* Append a capability. Return its bytes, or NULL: there is no room. */
static uint8_t *own_append(struct own_space *s, uint8_t id, size_t n, uint32_t *at)
{
	if (n > OWN_BYTES - s->used)
		return NULL;
	*at = s->used;
	*s->link = (uint8_t)*at;
	s->link = &s->reset[*at + 1];
	s->used += ((uint32_t)n + 3) & ~3u;
	s->reset[*at] = id;
	return &s->reset[*at];
}

/* Address and data with 64 bits; as many messages as possible are enabled. */
static void own_put_msi(struct own_space *s, unsigned int msis)
{
	enum { BYTES = 14, CAPABLE_SHIFT = 1, ENABLED_SHIFT = 4 };
	unsigned int log2 = 0;
	uint32_t at;

	if (!msis || !own_append(s, PCI_CAP_MSI, BYTES, &at))
		return;
	while (1u << log2 < msis)
		log2++;
	own_put(s, at + MSI_FLAGS, 2,
		MSI_64 | log2 << CAPABLE_SHIFT | log2 << ENABLED_SHIFT,
		MSI_ENABLE | MSI_ENABLED);
	own_put(s, at + MSI_ADDRESS, 4, 0, 0xfffffffc);
	own_put(s, at + MSI_ADDRESS + 4, 4, 0, 0xffffffff);
	own_put(s, at + MSI_ADDRESS + 8, 2, 0, 0xffff);
}

static void own_put_msix(struct own_space *s, const struct papr_pci_model *m)
{
	enum { BYTES = 12, TABLE = 4, PENDING = 8, FLAGS_WRITABLE = 0xc000 };
	uint32_t at;

	if (!m->msix || !own_append(s, PCI_CAP_MSIX, BYTES, &at))
		return;
	own_put(s, at + MSIX_FLAGS, 2, m->msix - 1, FLAGS_WRITABLE);
	own_put(s, at + TABLE, 4, m->table_offset | m->table_bar, 0);
	own_put(s, at + PENDING, 4, m->pending_offset | m->pending_bar, 0);
}

static int own_put_capability(struct own_space *s, const struct papr_pci_model *m,
			      const struct papr_pci_capability *c,
			      struct papr_error *error)
{
	uint8_t *to;
	uint32_t at;

	if (!c->bytes || c->n < 2 || c->bytes[0] == PCI_CAP_MSI ||
	    c->bytes[0] == PCI_CAP_MSIX)
		return papr_fail(error, -EINVAL, "%s: a capability is invalid", m->name);
	to = own_append(s, c->bytes[0], c->n, &at);
	if (!to)
		return papr_fail(error, -EINVAL,
				 "%s: the capabilities need more than 192 bytes",
				 m->name);
	memcpy(to + 2, c->bytes + 2, c->n - 2);
	if (c->writable)
		memcpy(s->writable + at + 2, c->writable + 2, c->n - 2);
	return 0;
}

/* ---- The model ---- */

static int own_make_space(struct own_space *s, const struct papr_pci_model *m,
			  struct papr_error *error)
{
	int err = 0;

	*s = (struct own_space){ .used = PCI_HEADER_END };
	s->link = &s->reset[PCI_CAPABILITIES];
	own_put(s, PCI_VENDOR, 2, m->vendor, 0);
	own_put(s, PCI_DEVICE, 2, m->device, 0);
	own_put(s, PCI_COMMAND, 2, 0, COMMAND_WRITABLE);
	own_put(s, PCI_REVISION, 4, m->class_code << 8 | m->revision, 0);
	own_put(s, PCI_CACHE_LINE, 1, 0, 0xff);
	own_put(s, PCI_SUBSYSTEM_VENDOR, 2, m->subsystem_vendor, 0);
	own_put(s, PCI_SUBSYSTEM, 2, m->subsystem, 0);
	own_put(s, PCI_IRQ_LINE, 1, 0, 0xff);
	own_put(s, PCI_IRQ_PIN, 1, m->lsi, 0);
	own_put_bars(s, m);
	own_put_msi(s, m->msis);
	own_put_msix(s, m);
	for (size_t i = 0; !err && i < m->n_capabilities; i++)
		err = own_put_capability(s, m, &m->capabilities[i], error);
	if (s->used > PCI_HEADER_END)
		s->reset[PCI_STATUS] |= CAPABILITY_LIST;
	return err;
}

static uint32_t own_word(const uint8_t *bytes, uint32_t at)
{
	return (uint32_t)bytes[at + 3] << 24 | (uint32_t)bytes[at + 2] << 16 |
	       (uint32_t)bytes[at + 1] << 8 | bytes[at];
}

static int own_make(struct papr_vmm *vmm, const struct papr_pci_model *m,
		    const struct own_space *s)
{
	uint32_t words = (m->extended ? PCI_CONFIG_BYTES : OWN_BYTES) / 4;
	struct pci_own *own =
		calloc(1, sizeof(*own) + words * sizeof(struct pci_register));

	if (!own)
		return -ENOMEM;
	memcpy(own->name, m->name, strlen(m->name) + 1);
	for (uint32_t i = 0; i < words; i++) {
		struct pci_register *r = &own->registers[i];

		r->at = (uint16_t)(4 * i);
		if (4 * i >= OWN_BYTES)
			continue;
		r->reset = own_word(s->reset, 4 * i);
		r->writable = own_word(s->writable, 4 * i);
	}
	own->model = (struct pci_model){
		.driver = own->name,
		.registers = own->registers,
		.n_registers = words,
		.extended = m->extended,
		.is_own = true,
		.checksum = crc32_of(s->reset, OWN_BYTES) ^
			    ~crc32_of(s->writable, OWN_BYTES) ^ m->extended,
	};
	own->next = pci_of(vmm)->own;
	pci_of(vmm)->own = own;
	return 0;
}

int pci_own_add(struct papr_vmm *vmm, const struct papr_pci_model *model,
		struct papr_error *error)
{
	struct own_space space;
	int err = own_check_bars(model, error);

	if (!err)
		err = own_check_messages(model, error);
	if (!err && (model->class_code > 0xffffff ||
		     model->class_code >> 16 == CLASS_BRIDGE || model->vendor == 0xffff))
		err = papr_fail(error, -EINVAL,
				"%s: the class or the vendor is invalid, or a bridge",
				model->name);
	if (!err)
		err = own_make_space(&space, model, error);
	return err ? err : own_make(vmm, model, &space);
}

const struct pci_model *pci_own_find(const struct papr_vmm *vmm, const char *name)
{
	for (const struct pci_own *own = pci_of(vmm)->own; own; own = own->next)
		if (!strcmp(own->name, name))
			return &own->model;
	return NULL;
}

void pci_own_free(struct papr_vmm *vmm)
{
	while (pci_of(vmm)->own) {
		struct pci_own *own = pci_of(vmm)->own;

		pci_of(vmm)->own = own->next;
		free(own);
	}
}
