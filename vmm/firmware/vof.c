// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/sized.h"
#include "vmm/firmware/boot.h"
#include "vmm/firmware/vof_services.h"
#include "vmm/tree/tree.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum {
	ENTRY = 0x100, /* entry point of the firmware at 0 */
	STACK_BYTES = 0x8000,
	STACK_FRAME = 0x20, /* the smallest stack frame, at the upper end */
	SERVICE_NAME = 64,
	CELLS = 3 + VOF_WORDS,
};

int vof_init(struct papr_vmm *vmm)
{
	struct vof *vof;

	if (!machine_of(vmm)->cfg.vof)
		return 0;

	vof = calloc(1, sizeof(*vof));
	if (!vof)
		return -ENOMEM;
	vof->instances = calloc(VOF_INSTANCES, sizeof(*vof->instances));
	if (!vof->instances || vof_claims_init(&vof->claims)) {
		vof_free(vof);
		return -ENOMEM;
	}
	machine_of(vmm)->vof = vof;
	return 0;
}

void vof_free(struct vof *vof)
{
	if (!vof)
		return;
	vof_close_all(vof);
	free(vof->instances);
	vof_claims_free(&vof->claims);
	free(vof->bootargs);
	free(vof);
}

static bool claim_at(struct vof *vof, uint64_t start, uint64_t size)
{
	return !size || vof_claim(&vof->claims, start, size, 0) == start;
}

/* Claim the memory that is in use before the client runs. */
static int claim_what_is_there(struct papr_vmm *vmm)
{
	const struct boot *boot = boot_of(vmm);
	struct vof *vof = machine_of(vmm)->vof;
	uint64_t stack;

	vof_claims_reset(&vof->claims, machine_of(vmm)->cfg.ram_bytes);
	if (!claim_at(vof, 0, machine_of(vmm)->cfg.firmware_bytes))
		return -EFAULT;
	if (!machine_of(vmm)
		     ->cfg
		     .firmware_bytes) /* keep the interrupt vectors free in any case */
		vof->claims.base = STACK_BYTES;
	stack = vof_claim(&vof->claims, 0, STACK_BYTES, STACK_BYTES);
	if (stack == VOF_NO_CLAIM ||
	    !claim_at(vof, boot->kernel_base, boot->kernel_size) ||
	    !claim_at(vof, boot->initrd_base, boot->initrd_size))
		return -EFAULT;

	vof->stack = stack + STACK_BYTES - STACK_FRAME;
	return 0;
}

int vof_reset(struct papr_vmm *vmm)
{
	int err;

	if (!machine_of(vmm)->vof)
		return 0;

	/* Like QEMU, keep the client's bootargs. */
	vof_close_all(machine_of(vmm)->vof);
	machine_of(vmm)->vof->last_ihandle = 0;
	err = claim_what_is_there(vmm);
	return err ? err : vof_finish_tree(vmm);
}

bool papr_vmm_entry(const struct papr_vmm *vmm, struct papr_entry *out)
{
	MACHINE_GUARD(vmm);

	if (!machine_of(vmm)->vof || !machine_of(vmm)->vof->stack)
		return false;

	return sized_put(out,
			 &(struct papr_entry){
				 .pc = ENTRY,
				 .r1 = machine_of(vmm)->vof->stack,
				 .r3 = boot_of(vmm)->initrd_base,
				 .r4 = boot_of(vmm)->initrd_size,
			 },
			 sizeof(struct papr_entry)) > 0;
}

/* ---- Services without a file of their own ---- */

static uint32_t claim(struct papr_vmm *vmm, struct vof_call *call)
{
	uint64_t start = vof_claim(&machine_of(vmm)->vof->claims, call->args[0],
				   call->args[1], call->args[2]);

	if (start == VOF_NO_CLAIM)
		return VOF_ERROR;
	vof_tell_free_memory(vmm);
	return (uint32_t)start;
}

static uint32_t release(struct papr_vmm *vmm, struct vof_call *call)
{
	if (vof_release(&machine_of(vmm)->vof->claims, call->args[0], call->args[1]))
		vof_tell_free_memory(vmm);
	return 0;
}

static uint32_t milliseconds(struct papr_vmm *vmm, struct vof_call *call)
{
	(void)call;
	return (uint32_t)(machine_of(vmm)->env.clock_ns(machine_of(vmm)->env.priv) /
			  1000000);
}

/* Pack the tree, because the kernel takes over. UPDATE_DT allows trees of twice
 * initial_size. The client may have made its tree smaller, and initial_size follows. It
 * never grows here: a client could store a larger tree and double the limit again and
 * again. */
static uint32_t quiesce(struct papr_vmm *vmm, struct vof_call *call)
{
	struct tree *tree = tree_of(vmm);

	(void)call;
	if (!fdt_pack(tree->fdt)) {
		tree->size = fdt_totalsize(tree->fdt);
		if (tree->size < tree->initial_size)
			tree->initial_size = tree->size;
	}
	return 0;
}

static uint32_t pause_machine(struct papr_vmm *vmm, struct vof_call *call)
{
	(void)call;
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_STOP, .by_guest = true });
	return 0;
}

static uint32_t unknown(struct papr_vmm *vmm, struct vof_call *call)
{
	(void)vmm;
	(void)call;
	return VOF_ERROR;
}

/* ---- Dispatch of the hypercall ---- */

enum { ANY = 0xff };

static const struct service {
	const char *name;
	uint8_t nargs, nret;
	vof_fn *fn;
} services[] = {
	{ "finddevice", 1, 1, vof_finddevice },
	{ "getprop", 4, 1, vof_getprop },
	{ "getproplen", 2, 1, vof_getproplen },
	{ "setprop", 4, 1, vof_setprop },
	{ "nextprop", 3, 1, vof_nextprop },
	{ "peer", 1, 1, vof_peer },
	{ "child", 1, 1, vof_child },
	{ "parent", 1, 1, vof_parent },
	{ "open", 1, 1, vof_open },
	{ "close", 1, 0, vof_close },
	{ "instance-to-package", 1, 1, vof_instance_to_package },
	{ "package-to-path", 3, 1, vof_package_to_path },
	{ "instance-to-path", 3, 1, vof_instance_to_path },
	{ "write", 3, 1, vof_write },
	{ "claim", 3, 1, claim },
	{ "release", 2, 0, release },
	{ "call-method", ANY, ANY, vof_call_method },
	{ "milliseconds", 0, 1, milliseconds },
	{ "quiesce", ANY, ANY, quiesce },
	{ "exit", ANY, ANY, pause_machine },
};

/* Find a service by its name and counts. With other counts it is unknown. */
static vof_fn *find_service(const char *name, uint32_t nargs, uint32_t nret)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		const struct service *s = &services[i];

		if (!strcmp(s->name, name) && (s->nargs == ANY || s->nargs == nargs) &&
		    (s->nret == ANY || s->nret == nret))
			return s->fn;
	}
	return unknown;
}

/* Write the first result, then zeroes. */
static int64_t write_results(const struct papr_vmm *vmm, uint64_t addr, uint32_t nret,
			     uint32_t first)
{
	uint8_t bytes[4 * VOF_WORDS] = { 0 };
	struct builder b = builder_of(bytes, sizeof(bytes));

	builder_be32(&b, first);
	return guest_write(vmm, addr, bytes, 4 * (size_t)nret) ? H_PARAMETER : H_SUCCESS;
}

int64_t hcall_vof(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t addr = GUEST_REAL(args[0]);
	uint8_t block[4 * CELLS];
	struct cursor c = cursor_of(block, sizeof(block));
	struct vof_call call = { 0 };
	char name[SERVICE_NAME];
	uint32_t service, nargs, nret, result;

	if (!machine_of(vmm)->vof || guest_read(vmm, addr, block, sizeof(block)))
		return H_PARAMETER;
	service = cursor_be32(&c);
	nargs = cursor_be32(&c);
	nret = cursor_be32(&c);
	if (nargs >= VOF_WORDS || nret > VOF_WORDS - nargs ||
	    guest_read_str(vmm, service, name, sizeof(name)))
		return H_PARAMETER;
	for (uint32_t i = 0; i < nargs; i++)
		call.args[i] = cursor_be32(&c);

	result = find_service(name, nargs, nret)(vmm, &call);
	return write_results(vmm, addr + 4 * (3 + nargs), nret, result);
}
