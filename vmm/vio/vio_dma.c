// SPDX-License-Identifier: LGPL-2.1-or-later
/* DMA windows of virtual devices: SCSI adapters and network cards have one each, whose number
 * is their unit address. */
#include "vmm/dr/connectors.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

void vio_dma_register(struct papr_vmm *vmm, struct dma_window *w, uint32_t reg)
{
	dma_window_register(vmm, w, reg, VIO_DMA_BYTES >> DMA_PAGE_SHIFT);
}

static void vio_dma_each(struct papr_vmm *vmm,
			 void (*fn)(struct papr_vmm *vmm, struct dma_window *w))
{
	for (struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next)
		fn(vmm, &v->dma);
	for (struct vio *vio = machine_of(vmm)->vios; vio; vio = vio->next)
		fn(vmm, &vio->dma);
}

void vio_dma_clear(struct papr_vmm *vmm)
{
	vio_dma_each(vmm, dma_window_clear);
}

void vio_dma_reset(struct papr_vmm *vmm)
{
	vio_dma_each(vmm, dma_window_reset);
}

struct dma_window *vio_dma_find(const struct papr_vmm *vmm, uint32_t reg)
{
	struct vdev *vdev = vdev_at(vmm, reg);
	const struct connector *c;

	if (vdev)
		return vdev->dma.default_pages ? &vdev->dma : NULL;
	for (struct vio *vio = machine_of(vmm)->vios; vio; vio = vio->next) {
		c = vio_connector(vmm, vio);
		if (c->index == reg)
			return connector_is_ready(c) ? &vio->dma : NULL;
	}
	return NULL;
}
