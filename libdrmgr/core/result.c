// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/result.h"

void dr_devices_free(struct dr_devices *devices)
{
	for (size_t i = 0; i < devices->n; i++) {
		kern_names_free(&devices->list[i].interfaces);
		free(devices->list[i].node);
	}
	free(devices->list);
	*devices = (struct dr_devices){ 0 };
}

int dr_devices_add(struct dr_devices *devices, const struct dr_device *device)
{
	struct dr_device *more =
		reallocarray(devices->list, devices->n + 1, sizeof(*more));
	struct dr_device *copy;
	int err = 0;

	if (!more)
		return -ENOMEM;
	devices->list = more;
	copy = &more[devices->n++];
	*copy = *device;
	copy->interfaces = (struct kern_names){ 0 };
	copy->node = device->node ? strdup(device->node) : NULL;
	for (size_t i = 0; !err && i < device->interfaces.n; i++)
		err = kern_names_add(&copy->interfaces, device->interfaces.name[i]);
	return device->node && !copy->node ? -ENOMEM : err;
}

void dr_others_free(struct dr_other *others, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		dr_devices_free(&others[i].devices);
		free(others[i].name);
		free(others[i].node);
	}
	free(others);
}

void dr_result_free(struct dr_result *result)
{
	dr_devices_free(&result->devices);
	dr_others_free(result->others, result->n_others);
	result->others = NULL;
	result->n_others = 0;
	kern_names_free(&result->left);
	free(result->node);
	result->node = NULL;
}
