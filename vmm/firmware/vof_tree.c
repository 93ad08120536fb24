// SPDX-License-Identifier: LGPL-2.1-or-later
/* The stored tree, completed for a client. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/firmware/vof_services.h"
#include "vmm/tree/tree.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum { STEP = 64 << 10, TAG_BYTES = 64 /* size of a new property, with reserve */ };

static size_t used_bytes(const void *fdt)
{
	return fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);
}

static int resize(struct papr_vmm *vmm, size_t size, bool built)
{
	void *fdt = calloc(1, size);

	if (!fdt)
		return -ENOMEM;
	if (fdt_open_into(tree_of(vmm)->fdt, fdt, (int)size)) {
		free(fdt);
		return -EINVAL;
	}
	tree_store(vmm, fdt, size, built);
	return 0;
}

/* Make room for this many bytes, within the limit. Node offsets do not change. A tree
 * without a spare byte was packed, by quiesce or by its builder, and stays packed.
 * Callers ask for a reserve (TAG_BYTES), so a property never fills the tree
 * completely. */
static void make_room(struct papr_vmm *vmm, size_t bytes)
{
	size_t size = fdt_totalsize(tree_of(vmm)->fdt),
	       used = used_bytes(tree_of(vmm)->fdt);
	size_t most = tree_of(vmm)->initial_size + VOF_ROOM;

	if (used < size && size - used < bytes && size < most)
		resize(vmm, size + STEP < most ? size + STEP : most, false);
}

int vof_set(struct papr_vmm *vmm, int node, const char *name, const void *value,
	    size_t len)
{
	make_room(vmm, len + strlen(name) + TAG_BYTES);
	return fdt_setprop(tree_of(vmm)->fdt, node, name, value, (int)len);
}

static int set_u32(struct papr_vmm *vmm, int node, const char *name, uint32_t value)
{
	uint8_t be[4];
	struct builder b = builder_of(be, sizeof(be));

	builder_be32(&b, value);
	return vof_set(vmm, node, name, be, sizeof(be));
}

/* Add a phandle to every node without one, in tree order, so that the same nodes get the
 * same phandles each time. */
static int number_nodes(struct papr_vmm *vmm)
{
	uint32_t last = fdt_get_max_phandle(tree_of(vmm)->fdt);

	for (int node = 0; node >= 0;
	     node = fdt_next_node(tree_of(vmm)->fdt, node, NULL)) {
		if (fdt_get_phandle(tree_of(vmm)->fdt, node))
			continue;
		if (set_u32(vmm, node, "phandle", ++last))
			return -ENOMEM;
	}
	return 0;
}

/* Open the terminal for the kernel's first messages. */
static int open_stdout(struct papr_vmm *vmm)
{
	struct vof *vof = machine_of(vmm)->vof;
	int chosen = fdt_path_offset(tree_of(vmm)->fdt, "/chosen"), len;
	const char *path = fdt_getprop(tree_of(vmm)->fdt, chosen, "stdout-path", &len);
	const struct vof_instance *in;
	uint32_t ihandle;

	if (!path || len <= 0 || path[len - 1])
		return 0;
	ihandle = vof_open_path(vmm, path);
	/* If too many instances are open, use the terminal of an earlier negotiation. */
	in = vof_instance(vof,
			  ihandle == (uint32_t)VOF_ERROR ? vof->stdout_ihandle : ihandle);
	if (!in)
		return 0;

	vof->stdout_ihandle = in->ihandle;
	vof->stdout_phandle = in->phandle;
	return set_u32(vmm, chosen, "stdout", in->ihandle) ? -ENOMEM : 0;
}

static int put_bootargs(struct papr_vmm *vmm)
{
	int chosen = fdt_path_offset(tree_of(vmm)->fdt, "/chosen");
	const char *bootargs = machine_of(vmm)->vof->bootargs;

	if (!bootargs || chosen < 0)
		return 0;
	return vof_set(vmm, chosen, "bootargs", bootargs, strlen(bootargs) + 1) ? -ENOMEM
										: 0;
}

static void put_space(void *arg, uint64_t start, uint64_t size)
{
	builder_be64(arg, start);
	builder_be64(arg, size);
}

/* Return the end of the node's memory. The root has two cells for address and size
 * each. */
static uint64_t end_of_memory(const struct papr_vmm *vmm, int memory)
{
	int len;
	const void *reg = fdt_getprop(tree_of(vmm)->fdt, memory, "reg", &len);
	struct cursor c = cursor_of(reg, reg ? (size_t)len : 0);
	uint64_t start = cursor_be64(&c), size = cursor_be64(&c);

	return c.err ? 0 : start + size;
}

int vof_tell_free_memory(struct papr_vmm *vmm)
{
	static const size_t pair = 16;
	int memory = fdt_path_offset(tree_of(vmm)->fdt, "/memory@0");
	size_t size = (machine_of(vmm)->vof->claims.n + 1) * pair;
	struct builder b;
	uint8_t *bytes;
	int err;

	if (memory < 0)
		return 0;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	b = builder_of(bytes, size);
	vof_claims_free_space(&machine_of(vmm)->vof->claims, end_of_memory(vmm, memory),
			      put_space, &b);
	err = vof_set(vmm, memory, "available", bytes, b.len);
	free(bytes);
	return err ? -ENOMEM : 0;
}

int vof_finish_tree(struct papr_vmm *vmm)
{
	int err = resize(vmm, used_bytes(tree_of(vmm)->fdt) + STEP, true);

	if (!err)
		err = number_nodes(vmm);
	if (!err)
		err = vof_tell_free_memory(vmm);
	/* The terminal is set first: properties that are set last are listed first. */
	if (!err)
		err = open_stdout(vmm);
	return err ? err : put_bootargs(vmm);
}
