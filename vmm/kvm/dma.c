// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "vmm/kvm/dma.h"

/* Map at most *bytes bytes. Return a pointer that is valid until the machine's lock is
 * released, and how many bytes are there, at least 1. Return NULL if the card must not access
 * the first byte. */
static void *dma_map(const struct host *host, uint64_t serial, uint64_t address,
		     uint64_t *bytes, unsigned int access)
{
	struct papr_dma dma = { .size = sizeof(dma) };

	if (!*bytes || papr_vmm_pci_dma(host->vmm, serial, address, *bytes, access, &dma))
		return NULL;
	*bytes = dma.bytes;
	return host_map(host, dma.address, dma.bytes);
}

int vm_dma_read(const struct host *host, uint64_t serial, uint64_t address, void *to,
		uint64_t bytes)
{
	uint8_t *p = to;

	for (uint64_t n; bytes; bytes -= n, address += n, p += n) {
		const void *from;

		n = bytes;
		from = dma_map(host, serial, address, &n, PAPR_DMA_READ);
		if (!from)
			return -EFAULT;
		memcpy(p, from, n);
	}
	return 0;
}

int vm_dma_write(const struct host *host, uint64_t serial, uint64_t address,
		 const void *from, uint64_t bytes)
{
	const uint8_t *p = from;

	for (uint64_t n; bytes; bytes -= n, address += n, p += n) {
		void *to;

		n = bytes;
		to = dma_map(host, serial, address, &n, PAPR_DMA_WRITE);
		if (!to)
			return -EFAULT;
		memcpy(to, p, n);
	}
	return 0;
}
