// SPDX-License-Identifier: LGPL-2.1-or-later
/* Queues and buffers that the guest has registered with SCSI adapters and network cards */
#include <errno.h>
#include <stdlib.h>

#include "vmm/state/state.h"
#include "vmm/vio/vdev.h"

static bool is_saved(const struct vdev *v)
{
	return vdev_is(v, VDEV_SCSI) || vdev_is(v, VDEV_LAN);
}

static bool is_wanted(const struct papr_vmm *vmm)
{
	const struct vdev *v = machine_of(vmm)->vdevs;

	while (v && !is_saved(v))
		v = v->next;
	return v;
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	for (const struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next) {
		if (!is_saved(v))
			continue;
		builder_be64(b, v->crq_address);
		builder_be32(b, v->crq_bytes);
		builder_u8(b, v->signals);
		builder_u8(b, v->lan.is_open);
		builder_bytes(b, v->lan.mac, MAC_BYTES);
		for (int i = 0; i < LAN_POOLS; i++) {
			builder_be32(b, v->lan.pools[i].bytes);
			builder_be32(b, v->lan.pools[i].buffers);
		}
	}
}

static void load_one(struct cursor *c, struct vdev *v)
{
	v->crq_address = cursor_be64(c);
	v->crq_bytes = cursor_be32(c);
	v->signals = state_bool(c);
	v->lan.is_open = state_bool(c);
	for (int i = 0; i < MAC_BYTES; i++)
		v->lan.mac[i] = cursor_u8(c);
	for (int i = 0; i < LAN_POOLS; i++) {
		v->lan.pools[i].bytes = cursor_be32(c);
		v->lan.pools[i].buffers = cursor_be32(c);
		if (v->lan.pools[i].buffers > LAN_POOL_MAX)
			c->err = 1;
	}
}

/* The loaded values of each device, in the order of their addresses */
static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct vdev *all;
	size_t n = 0;

	(void)error;
	for (const struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next)
		n += is_saved(v);
	all = calloc(n + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		load_one(c, &all[i]);
	return state_finish(c, all, loaded);
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	const struct vdev *from = loaded;

	for (struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next) {
		if (!is_saved(v))
			continue;
		v->crq_address = from->crq_address;
		v->crq_bytes = from->crq_bytes;
		v->signals = from->signals;
		v->lan.is_open = from->lan.is_open;
		memcpy(v->lan.mac, from->lan.mac, MAC_BYTES);
		memcpy(v->lan.pools, from->lan.pools, sizeof(v->lan.pools));
		from++;
	}
	free(loaded);
}

const struct state_section state_vdev = { .tag = "VDEV",
					  .version = 1,
					  .is_wanted = is_wanted,
					  .save = save,
					  .load = load,
					  .apply = apply };
