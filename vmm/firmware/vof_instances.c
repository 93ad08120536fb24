// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/firmware/cas.h"
#include "vmm/firmware/vof_services.h"
#include "vmm/tree/tree.h"
#include "vmm/vio/vdev.h"

enum { WRITE_BYTES = 64 << 10, WRITE_STEP = 256 };

struct vof_instance *vof_instance(const struct vof *vof, uint32_t ihandle)
{
	for (size_t i = 0; i < vof->n_instances; i++)
		if (vof->instances[i].ihandle == ihandle)
			return &vof->instances[i];
	return NULL;
}

uint32_t vof_open_path(struct papr_vmm *vmm, const char *path)
{
	int node = vof_find_node(vmm, path);
	struct vof *vof = machine_of(vmm)->vof;
	struct vof_instance *in;

	if (node < 0 || vof->n_instances == VOF_INSTANCES ||
	    vof->last_ihandle == UINT32_MAX - 1)
		return VOF_ERROR;
	in = &vof->instances[vof->n_instances];
	in->path = strdup(path);
	if (!in->path)
		return VOF_ERROR;

	in->phandle = fdt_get_phandle(tree_of(vmm)->fdt, node);
	in->ihandle = ++vof->last_ihandle;
	vof->n_instances++;
	return in->ihandle;
}

void vof_close_all(struct vof *vof)
{
	for (size_t i = 0; i < vof->n_instances; i++)
		free(vof->instances[i].path);
	vof->n_instances = 0;
}

uint32_t vof_open(struct papr_vmm *vmm, struct vof_call *call)
{
	char path[VOF_PATH];

	if (guest_read_str(vmm, call->args[0], path, sizeof(path)))
		return VOF_ERROR;
	return vof_open_path(vmm, path);
}

uint32_t vof_close(struct papr_vmm *vmm, struct vof_call *call)
{
	struct vof_instance *in = vof_instance(machine_of(vmm)->vof, call->args[0]);

	if (in) {
		free(in->path);
		*in = machine_of(vmm)
			      ->vof->instances[--machine_of(vmm)->vof->n_instances];
	}
	return 0;
}

uint32_t vof_instance_to_package(struct papr_vmm *vmm, struct vof_call *call)
{
	const struct vof_instance *in = vof_instance(machine_of(vmm)->vof, call->args[0]);

	return in ? in->phandle : (uint32_t)VOF_ERROR;
}

uint32_t vof_instance_to_path(struct papr_vmm *vmm, struct vof_call *call)
{
	const struct vof_instance *in = vof_instance(machine_of(vmm)->vof, call->args[0]);

	return in ? vof_give_path(vmm, in->phandle, call->args[1], call->args[2])
		  : (uint32_t)VOF_ERROR;
}

/* Write to an instance. QEMU discards the data and returns 0, and a client may retry that
 * forever. A device may accept less than it was given: this one accepts at most
 * WRITE_BYTES per call. */
uint32_t vof_write(struct papr_vmm *vmm, struct vof_call *call)
{
	const struct vof_instance *in = vof_instance(machine_of(vmm)->vof, call->args[0]);
	uint32_t len = call->args[2] < WRITE_BYTES ? call->args[2] : WRITE_BYTES;
	const struct vdev *vty = vty_default(vmm);
	bool is_console = in && vty && in->phandle &&
			  in->phandle == machine_of(vmm)->vof->stdout_phandle;
	char text[WRITE_STEP];

	if (!in)
		return VOF_ERROR;

	for (uint32_t done = 0, n; done < len; done += n) {
		n = len - done < sizeof(text) ? len - done : (uint32_t)sizeof(text);
		if (guest_read(vmm, (uint64_t)call->args[1] + done, text, n))
			return done ? done : (uint32_t)VOF_ERROR;
		if (is_console)
			vty_print(vmm, vty, text, n);
	}
	return len;
}

/* Arguments: method, ihandle, arguments of the method. Results: whether it threw, and
 * what it left on the stack. */
uint32_t vof_call_method(struct papr_vmm *vmm, struct vof_call *call)
{
	const struct vof_instance *in = vof_instance(machine_of(vmm)->vof, call->args[1]);
	char method[VOF_METHOD];

	if (!in || guest_read_str(vmm, call->args[0], method, sizeof(method)))
		return VOF_ERROR;

	if (!strcmp(in->path, "/") && !strcmp(method, "ibm,client-architecture-support"))
		return (uint32_t)cas_negotiate(vmm, call->args[2]);
	/* The guest's firmware contains the RTAS code, and must answer this call
	 * itself. */
	if (!strcmp(in->path, "/rtas") && !strcmp(method, "instantiate-rtas"))
		machine_log(vmm, "client interface: instantiate-rtas did not reach the "
				 "firmware in the guest");
	return VOF_ERROR;
}
