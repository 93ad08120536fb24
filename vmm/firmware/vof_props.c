// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine_types.h"
#include "vmm/firmware/boot.h"
#include "vmm/firmware/vof_services.h"
#include "vmm/tree/tree.h"
#include "wire/cursor.h"

/* Return a property's value, or NULL. A flattened tree may lack "name": it is then made
 * from the node's name, without unit address, in made[]. */
static const void *value_of(const struct papr_vmm *vmm, uint32_t phandle,
			    const char *name, int *len, char made[VOF_PATH])
{
	int node = vof_node_of(vmm, phandle);
	const void *value = fdt_getprop(tree_of(vmm)->fdt, node, name, len);
	const char *node_name;
	size_t n;

	if (value || node < 0 || strcmp(name, "name"))
		return value;

	node_name = fdt_get_name(tree_of(vmm)->fdt, node, NULL);
	n = node_name ? strcspn(node_name, "@") : VOF_PATH;
	if (n >= VOF_PATH)
		return NULL;
	memcpy(made, node_name, n);
	made[n] = '\0';
	*len = (int)n + 1;
	return made;
}

/* Read the property that the call names. Arguments: phandle, name. */
static const void *asked_for(const struct papr_vmm *vmm, const struct vof_call *call,
			     int *len, char made[VOF_PATH])
{
	char name[VOF_PROP_NAME];

	if (guest_read_str(vmm, call->args[1], name, sizeof(name)))
		return NULL;
	return value_of(vmm, call->args[0], name, len, made);
}

uint32_t vof_getproplen(struct papr_vmm *vmm, struct vof_call *call)
{
	char made[VOF_PATH];
	int len;

	return asked_for(vmm, call, &len, made) ? (uint32_t)len : (uint32_t)VOF_ERROR;
}

uint32_t vof_getprop(struct papr_vmm *vmm, struct vof_call *call)
{
	uint32_t room = call->args[3];
	char made[VOF_PATH];
	const void *value;
	int len;

	value = asked_for(vmm, call, &len, made);
	if (!value || guest_write(vmm, call->args[2], value,
				  room < (uint32_t)len ? room : (uint32_t)len))
		return VOF_ERROR;
	return (uint32_t)len; /* the full length, even if the value was cut */
}

/* Return the name of the property after prev, or NULL. "" is before the first one. */
static const char *next_name(const void *fdt, int node, const char *prev)
{
	bool found = !*prev;
	int prop;

	fdt_for_each_property_offset(prop, fdt, node) {
		const char *name;

		if (!fdt_getprop_by_offset(fdt, prop, &name, NULL))
			return NULL;
		if (found)
			return name;
		found = !strcmp(name, prev);
	}
	return NULL;
}

uint32_t vof_nextprop(struct papr_vmm *vmm, struct vof_call *call)
{
	int node = vof_node_of(vmm, call->args[0]);
	char prev[VOF_PROP_NAME];
	const char *name;

	/* IEEE 1275 returns -1 if the node does not exist. */
	if (node < 0)
		return 0;
	if (guest_read_str(vmm, call->args[1], prev, sizeof(prev)))
		return VOF_ERROR;

	name = next_name(tree_of(vmm)->fdt, node, prev);
	if (!name)
		return 0;
	return guest_write(vmm, call->args[2], name, strlen(name) + 1) ? VOF_ERROR : 1;
}

static uint64_t number(const uint8_t *value, uint32_t len)
{
	struct cursor c = cursor_of(value, len);

	return len == 8 ? cursor_be64(&c) : cursor_be32(&c);
}

static bool remember_bootargs(struct vof *vof, const uint8_t *value, uint32_t len)
{
	char *copy = strndup((const char *)value, len);

	if (!copy)
		return false;
	free(vof->bootargs);
	vof->bootargs = copy;
	return true;
}

/* Keep a value that the next tree must contain (bootargs, initrd). Return false if the
 * value is rejected. */
static bool remember(struct papr_vmm *vmm, const char *path, const char *name,
		     const uint8_t *value, uint32_t len)
{
	bool is_start = !strcmp(name, "linux,initrd-start");
	struct boot *boot = boot_of(vmm);
	uint64_t end;

	if (strcmp(path, "/chosen"))
		return true;
	if (!strcmp(name, "bootargs"))
		return remember_bootargs(machine_of(vmm)->vof, value, len);
	if (!is_start && strcmp(name, "linux,initrd-end"))
		return true;
	if (len != 4 && len != 8)
		return false;

	if (is_start) {
		boot->initrd_base = number(value, len);
	} else {
		end = number(value, len);
		boot->initrd_size = end > boot->initrd_base ? end - boot->initrd_base : 0;
	}
	return true;
}

uint32_t vof_setprop(struct papr_vmm *vmm, struct vof_call *call)
{
	int node = vof_node_of(vmm, call->args[0]);
	char name[VOF_PROP_NAME], path[VOF_PATH];
	uint8_t value[VOF_PROP_BYTES];
	uint32_t len = call->args[3];

	if (node < 0 || len > sizeof(value) ||
	    guest_read_str(vmm, call->args[1], name, sizeof(name)) ||
	    guest_read(vmm, call->args[2], value, len) ||
	    fdt_get_path(tree_of(vmm)->fdt, node, path, sizeof(path)) ||
	    !remember(vmm, path, name, value, len) ||
	    vof_set(vmm, node, name, value, len))
		return VOF_ERROR;
	return len;
}
