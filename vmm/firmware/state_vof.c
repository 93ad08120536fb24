// SPDX-License-Identifier: LGPL-2.1-or-later
/* State of the client interface between calls. Without x-vof the section is empty. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/firmware/vof.h"
#include "vmm/state/state.h"

enum { CLAIM_BYTES = 16, INSTANCE_MIN_BYTES = 9 };

#define CLAIM_END (1ULL << 32)

/* ---- Save ---- */

static void put_claims(struct builder *b, const struct vof_claims *claims)
{
	builder_be64(b, claims->base);
	builder_be64(b, claims->top);
	builder_be32(b, (uint32_t)claims->n);
	for (size_t i = 0; i < claims->n; i++) {
		builder_be64(b, claims->all[i].start);
		builder_be64(b, claims->all[i].size);
	}
}

static void put_instances(struct builder *b, const struct vof *vof)
{
	builder_be32(b, (uint32_t)vof->n_instances);
	for (size_t i = 0; i < vof->n_instances; i++) {
		builder_be32(b, vof->instances[i].ihandle);
		builder_be32(b, vof->instances[i].phandle);
		builder_str(b, vof->instances[i].path);
	}
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct vof *vof = machine_of(vmm)->vof;

	if (!vof)
		return;
	put_claims(b, &vof->claims);
	put_instances(b, vof);
	builder_be32(b, vof->last_ihandle);
	builder_be32(b, vof->stdout_ihandle);
	builder_be32(b, vof->stdout_phandle);
	builder_be64(b, vof->stack);
	builder_u8(b, vof->bootargs != NULL);
	if (vof->bootargs)
		builder_str(b, vof->bootargs);
}

/* ---- Load ---- */

static bool claim_is_possible(const struct vof_claims *claims, size_t i)
{
	const struct vof_claim *claim = &claims->all[i];

	if (!claim->size || claim->start >= CLAIM_END ||
	    claim->size > CLAIM_END - claim->start)
		return false;
	return !i || claim[-1].start + claim[-1].size <= claim->start;
}

static int get_claims(struct cursor *c, struct vof_claims *claims)
{
	uint32_t n;

	if (vof_claims_init(claims))
		return -ENOMEM;
	claims->base = cursor_be64(c);
	claims->top = cursor_be64(c);
	n = cursor_be32(c);
	if (n > VOF_CLAIMS || n > cursor_left(c) / CLAIM_BYTES ||
	    claims->base > CLAIM_END || claims->top > CLAIM_END)
		return -EBADMSG;
	for (claims->n = 0; claims->n < n; claims->n++) {
		claims->all[claims->n].start = cursor_be64(c);
		claims->all[claims->n].size = cursor_be64(c);
		if (!claim_is_possible(claims, claims->n))
			return -EBADMSG;
	}
	return 0;
}

static int get_instances(struct cursor *c, struct vof *vof)
{
	uint32_t n = cursor_be32(c);

	if (n > VOF_INSTANCES || n > cursor_left(c) / INSTANCE_MIN_BYTES)
		return -EBADMSG;
	vof->instances = calloc(VOF_INSTANCES, sizeof(*vof->instances));
	if (!vof->instances)
		return -ENOMEM;
	while (vof->n_instances < n) {
		struct vof_instance *in = &vof->instances[vof->n_instances];
		const char *path;

		in->ihandle = cursor_be32(c);
		in->phandle = cursor_be32(c);
		path = cursor_str(c);
		if (!path)
			return -EBADMSG;
		in->path = strdup(path);
		if (!in->path)
			return -ENOMEM;
		vof->n_instances++;
	}
	return 0;
}

static int get_rest(struct cursor *c, struct vof *vof)
{
	const char *bootargs;

	vof->last_ihandle = cursor_be32(c);
	vof->stdout_ihandle = cursor_be32(c);
	vof->stdout_phandle = cursor_be32(c);
	vof->stack = cursor_be64(c);
	if (state_bool(c)) {
		bootargs = cursor_str(c);
		vof->bootargs = bootargs ? strdup(bootargs) : NULL;
		if (bootargs && !vof->bootargs)
			return -ENOMEM;
	}
	return c->err || cursor_left(c) ? -EBADMSG : 0;
}

static void discard(void *loaded)
{
	vof_free(loaded);
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct vof *vof;
	int err;

	(void)error;
	if (!machine_of(vmm)->vof)
		return cursor_left(c) ? -EBADMSG : 0;
	vof = calloc(1, sizeof(*vof));
	if (!vof)
		return -ENOMEM;
	err = get_claims(c, &vof->claims);
	if (!err)
		err = get_instances(c, vof);
	if (!err)
		err = get_rest(c, vof);
	if (err)
		vof_free(vof);
	else
		*loaded = vof;
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	vof_free(machine_of(vmm)->vof);
	machine_of(vmm)->vof = loaded;
}

const struct state_section state_vof = {
	.tag = "VOF ", .save = save, .load = load, .apply = apply, .discard = discard
};
