// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The network card spapr-vlan. The guest registers it, and gives it buffers. What it sends
 * is lost, and it receives nothing.
 *
 * Source:  PAPR+ 16.4; QEMU 7.2's replies
 */
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/vio/vdev.h"

/* A buffer descriptor has a flag, a length of 24 bits and an address of 32 bits. */
#define BUFFER_VALID 0x8000000000000000ULL
enum {
	PAGE = 0x1000,
	QUEUE_UNIT = 16,
	BUFFER_UNIT = 4,
	BUFFER_MIN = 16,
	PACKET_MAX = 65536
};
enum { SEND_BUFFERS = 6 };

static uint32_t buffer_bytes(uint64_t descriptor)
{
	return descriptor >> 32 & 0xffffff;
}

/* Return the card at this address, or NULL. */
static struct lan *lan_at(const struct papr_vmm *vmm, uint64_t reg)
{
	struct vdev *vdev = vdev_at(vmm, reg);

	return vdev_is(vdev, VDEV_LAN) ? &vdev->lan : NULL;
}

/* Return true if the card can read and write this range of its bus. */
static bool lan_is_mapped(const struct papr_vmm *vmm, uint64_t reg, uint64_t address,
			  uint64_t bytes)
{
	const struct dma_window *w = &vdev_at(vmm, reg)->dma;
	struct papr_dma dma;

	for (; bytes; bytes -= dma.bytes, address += dma.bytes)
		if (dma_window_translate(w, address, bytes,
					 PAPR_DMA_READ | PAPR_DMA_WRITE, &dma))
			return false;
	return true;
}

/* Return true if a buffer of the card at this address is aligned and mapped. */
static bool lan_can_use(const struct papr_vmm *vmm, uint64_t reg, uint64_t descriptor,
			uint32_t unit)
{
	uint32_t address = (uint32_t)descriptor, bytes = buffer_bytes(descriptor);

	return !(address % unit) && !(bytes % unit) &&
	       lan_is_mapped(vmm, reg, address, bytes);
}

void vdev_close_lan(struct vdev *vdev)
{
	vdev->lan.is_open = false;
	memset(vdev->lan.pools, 0, sizeof(vdev->lan.pools));
	memcpy(vdev->lan.mac, vdev->lan.first_mac, MAC_BYTES);
}

/* Arguments: unit address, address of the buffer list, descriptor of the receive queue,
 * address of the filter list. */
int64_t hcall_register_lan(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct lan *lan = lan_at(vmm, args[0]);

	if (!lan)
		return H_PARAMETER;
	if (lan->is_open)
		return H_RESOURCE;
	if ((uint32_t)args[1] % PAGE || (uint32_t)args[3] % PAGE ||
	    !lan_is_mapped(vmm, args[0], (uint32_t)args[1], PAGE) ||
	    !lan_is_mapped(vmm, args[0], (uint32_t)args[3], PAGE) ||
	    !(args[2] & BUFFER_VALID) || !lan_can_use(vmm, args[0], args[2], QUEUE_UNIT))
		return H_PARAMETER;
	lan->is_open = true;
	return H_SUCCESS;
}

int64_t hcall_free_lan(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct vdev *vdev = vdev_at(vmm, args[0]);

	if (!lan_at(vmm, args[0]))
		return H_PARAMETER;
	if (!vdev->lan.is_open)
		return H_RESOURCE;
	vdev_close_lan(vdev);
	return H_SUCCESS;
}

/* Return the pool of buffers of this size, or an empty one; NULL: all others are in use. */
static struct lan_pool *pool_for(struct lan *lan, uint32_t bytes)
{
	struct lan_pool *empty = NULL;

	for (int i = LAN_POOLS - 1; i >= 0; i--) {
		if (lan->pools[i].buffers && lan->pools[i].bytes == bytes)
			return &lan->pools[i];
		if (!lan->pools[i].buffers)
			empty = &lan->pools[i];
	}
	return empty;
}

int64_t hcall_add_lan_buffer(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct lan *lan = lan_at(vmm, args[0]);
	struct lan_pool *pool;

	if (!lan || !lan_can_use(vmm, args[0], args[1], BUFFER_UNIT) ||
	    buffer_bytes(args[1]) < BUFFER_MIN)
		return H_PARAMETER;
	if (!lan->is_open)
		return H_RESOURCE;
	pool = pool_for(lan, buffer_bytes(args[1]));
	if (!pool || pool->buffers == LAN_POOL_MAX)
		return H_RESOURCE;
	pool->bytes = buffer_bytes(args[1]);
	pool->buffers++;
	return H_SUCCESS;
}

/* Arguments: unit address, up to 6 descriptors of buffers, a token of a call that was not
 * complete. */
int64_t hcall_send_lan(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	const struct lan *lan = lan_at(vmm, args[0]);
	uint32_t bytes = 0;

	if (!lan)
		return H_PARAMETER;
	if (!lan->is_open)
		return H_DROPPED;
	if (args[1 + SEND_BUFFERS])
		return H_HARDWARE;
	for (int i = 1; i <= SEND_BUFFERS && args[i] & BUFFER_VALID; i++)
		bytes += buffer_bytes(args[i]);
	return bytes > PACKET_MAX ? H_RESOURCE : H_SUCCESS;
}

int64_t hcall_multicast(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	return lan_at(vmm, args[0]) ? H_SUCCESS : H_PARAMETER;
}

int64_t hcall_change_lan_mac(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct lan *lan = lan_at(vmm, args[0]);

	if (!lan)
		return H_PARAMETER;
	for (int i = 0; i < MAC_BYTES; i++)
		lan->mac[i] = (uint8_t)(args[1] >> 8 * (MAC_BYTES - 1 - i));
	return H_SUCCESS;
}
