// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/core/result.h"

void dr_devices_add(struct mem *m, struct dr_devices *devices,
		    const struct dr_device *device)
{
	struct dr_device copy = *device;

	copy.node = mem_copy(m, device->node);
	copy.interfaces = NULL;
	copy.n_interfaces = 0;
	for (size_t i = 0; i < device->n_interfaces; i++)
		*vec_add(m, copy.interfaces, copy.n_interfaces) =
			mem_copy(m, device->interfaces[i]);
	*vec_add(m, devices->list, devices->n) = copy;
}
