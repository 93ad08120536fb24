// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"

bool device_is_id(const char *id)
{
	if (!isalpha((unsigned char)*id))
		return false;
	return id[strspn(id, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")] == '\0';
}

struct device *device_find(const struct papr_vmm *vmm, const char *id)
{
	for (struct device *dev = machine_of(vmm)->devices; dev; dev = dev->next)
		if (dev->id && !strcmp(dev->id, id))
			return dev;
	return NULL;
}

int device_register(struct papr_vmm *vmm, struct device *dev, const char *id,
		    struct papr_error *error)
{
	char *copy = NULL;

	if (id && !device_is_id(id) && machine_of(vmm)->type->checks_ids)
		return papr_fail(error, -EINVAL, "Parameter 'id' expects an identifier");
	if (id && device_find(vmm, id))
		return papr_fail(error, -EEXIST, "Duplicate device ID '%s'", id);

	if (id) {
		copy = strdup(id);
		if (!copy)
			return papr_fail(error, -ENOMEM, "out of memory");
	} else {
		dev->number = machine_of(vmm)->anonymous_devices++;
	}

	dev->id = copy;
	dev->hotplugged = machine_of(vmm)->started;
	dev->next = machine_of(vmm)->devices;
	machine_of(vmm)->devices = dev;
	return 0;
}

void device_unregister(struct papr_vmm *vmm, struct device *dev)
{
	for (struct device **at = &machine_of(vmm)->devices; *at; at = &(*at)->next) {
		if (*at != dev)
			continue;
		*at = dev->next;
		free(dev->id);
		dev->id = NULL;
		dev->next = NULL;
		return;
	}
}

static void tell(const struct papr_vmm *vmm, const struct device *dev,
		 enum papr_event_type type)
{
	char *path = device_path(dev);

	machine_tell(vmm, &(struct papr_event){
				  .type = type, .device = dev->id, .path = path });
	free(path);
}

void device_deleted(struct papr_vmm *vmm, struct device *dev)
{
	tell(vmm, dev, PAPR_EV_DEVICE_DELETED);
	device_unregister(vmm, dev);
}

void device_inner_deleted(const struct papr_vmm *vmm, const struct device *dev,
			  const char *name)
{
	char *path = device_path(dev), *inner = NULL;

	if (path && asprintf(&inner, "%s/%s", path, name) < 0)
		inner = NULL;
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_DEVICE_DELETED,
						.path = inner });
	free(inner);
	free(path);
}

void device_rejected(const struct papr_vmm *vmm, const struct device *dev)
{
	machine_log(vmm, "Device hotunplug rejected by the guest for device %s",
		    dev->id ? dev->id : "");
	tell(vmm, dev, PAPR_EV_DEVICE_UNPLUG_GUEST_ERROR);
}

char *device_path(const struct device *dev)
{
	char *path;
	int len = dev->id ? asprintf(&path, "/machine/peripheral/%s", dev->id)
			  : asprintf(&path, "/machine/peripheral-anon/device[%u]",
				     (unsigned int)dev->number);

	return len < 0 ? NULL : path;
}
