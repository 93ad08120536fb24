// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/firmware/vof_services.h"
#include "vmm/tree/tree.h"

/* Convert unit addresses to lower case: they are hexadecimal, and clients may use any
 * case. */
static void lower_unit_addresses(char *path)
{
	bool in_unit = false;

	for (char *p = path; *p; p++) {
		if (*p == '@')
			in_unit = true;
		else if (*p == '/')
			in_unit = false;
		else if (in_unit)
			*p = (char)tolower((unsigned char)*p);
	}
}

int vof_find_node(const struct papr_vmm *vmm, const char *path)
{
	char exact[VOF_PATH];

	/* Aliases are not supported: the client must resolve them. */
	if (path[0] != '/' || strlen(path) >= sizeof(exact))
		return -FDT_ERR_BADPATH;

	memcpy(exact, path, strlen(path) + 1);
	lower_unit_addresses(exact);
	return fdt_path_offset(tree_of(vmm)->fdt, exact);
}

int vof_node_of(const struct papr_vmm *vmm, uint32_t phandle)
{
	return fdt_node_offset_by_phandle(tree_of(vmm)->fdt, phandle);
}

static uint32_t phandle_of(const struct papr_vmm *vmm, int node, uint32_t otherwise)
{
	return node < 0 ? otherwise : fdt_get_phandle(tree_of(vmm)->fdt, node);
}

uint32_t vof_finddevice(struct papr_vmm *vmm, struct vof_call *call)
{
	char path[VOF_PATH];

	if (guest_read_str(vmm, call->args[0], path, sizeof(path)))
		return VOF_ERROR;
	return phandle_of(vmm, vof_find_node(vmm, path), VOF_ERROR);
}

uint32_t vof_peer(struct papr_vmm *vmm, struct vof_call *call)
{
	int node;

	if (!call->args[0])
		return phandle_of(vmm, 0, 0);

	node = vof_node_of(vmm, call->args[0]);
	return node < 0 ? 0
			: phandle_of(vmm, fdt_next_subnode(tree_of(vmm)->fdt, node), 0);
}

uint32_t vof_child(struct papr_vmm *vmm, struct vof_call *call)
{
	int node = vof_node_of(vmm, call->args[0]);

	/* libfdt takes a negative offset as the position before the root. */
	return node < 0 ? 0
			: phandle_of(vmm, fdt_first_subnode(tree_of(vmm)->fdt, node), 0);
}

uint32_t vof_parent(struct papr_vmm *vmm, struct vof_call *call)
{
	int node = vof_node_of(vmm, call->args[0]);

	return node < 0 ? 0
			: phandle_of(vmm, fdt_parent_offset(tree_of(vmm)->fdt, node), 0);
}

uint32_t vof_give_path(const struct papr_vmm *vmm, uint32_t phandle, uint32_t buf,
		       uint32_t len)
{
	int node = vof_node_of(vmm, phandle);
	char path[VOF_PATH];
	size_t n;

	if (node < 0 || fdt_get_path(tree_of(vmm)->fdt, node, path, sizeof(path)))
		return VOF_ERROR;

	n = strlen(path) + 1;
	if (guest_write(vmm, buf, path, len < n ? len : n))
		return VOF_ERROR;
	return (uint32_t)n;
}

uint32_t vof_package_to_path(struct papr_vmm *vmm, struct vof_call *call)
{
	return vof_give_path(vmm, call->args[0], call->args[1], call->args[2]);
}
