// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include <libfdt.h>

#include "libdrmgr/types/mem/lmb_tree.h"
#include "kern/ofdt.h"
#include "kern/prop.h"
#include "wire/assoc.h"

/* Read the property in the version that exists. The caller frees prop in any case. */
static int lmb_table_read(const struct dr_ctx *dr, struct dynmem *dm, struct prop *prop)
{
	_cleanup_prop_ struct prop size = { 0 };
	int err = prop_read(dr->root, DYNMEM_NODE, DYNMEM_LMB_SIZE_PROP, &size);

	*dm = (struct dynmem){ .version = DYNMEM_V2 };
	if (!err)
		err = dynmem_lmb_size(size.data, size.len, &dm->lmb_bytes);
	if (err)
		return err;
	err = prop_read(dr->root, DYNMEM_NODE, DYNMEM_V2_PROP, prop);
	if (err == -ENOENT) {
		dm->version = DYNMEM_V1;
		err = prop_read(dr->root, DYNMEM_NODE, DYNMEM_V1_PROP, prop);
	}
	dm->prop = prop->data;
	dm->len = prop->len;
	return err;
}

int lmb_tree_read(const struct dr_ctx *dr, uint32_t drc_index, struct lmb *lmb)
{
	_cleanup_prop_ struct prop prop = { 0 };
	struct dynmem dm;
	int err = lmb_table_read(dr, &dm, &prop);

	return err ? err : dynmem_by_index(&dm, drc_index, lmb);
}

static int lmb_table_write(const struct dr_ctx *dr, const struct dynmem *dm,
			   const struct builder *b)
{
	const struct ofdt_value value = {
		.name = dm->version == DYNMEM_V1 ? DYNMEM_V1_PROP : DYNMEM_V2_PROP,
		.value = b->buf,
		.len = b->len,
	};

	return ofdt_update_property(dr->root, DYNMEM_NODE, &value);
}

int lmb_tree_write(const struct dr_ctx *dr, uint32_t drc_index, uint32_t array,
		   uint32_t flags)
{
	_cleanup_prop_ struct prop prop = { 0 };
	struct builder b = { 0 };
	struct dynmem dm;
	int err = lmb_table_read(dr, &dm, &prop);

	if (!err)
		err = dynmem_encode_changed(&b, &dm, drc_index, array, flags);
	if (err)
		return err;
	b = builder_of(malloc(b.len), b.len);
	err = b.buf ? dynmem_encode_changed(&b, &dm, drc_index, array, flags) : -ENOMEM;
	if (!err)
		err = lmb_table_write(dr, &dm, &b);
	free(b.buf);
	return err;
}

/* Append an associativity array. list is a count of domains and the domains; an array has
 * only the first ones. */
static int lmb_append_array(const struct dr_ctx *dr, const struct prop *old,
			    const struct assoc_arrays *arrays, const uint8_t *list,
			    size_t list_len)
{
	size_t own = (size_t)arrays->entries * 4, len = old->len + own;
	struct builder b;
	int err;

	if (list_len < 4 + own)
		return -EBADMSG;
	b = builder_of(malloc(len), len);
	if (!b.buf)
		return -ENOMEM;
	builder_be32(&b, arrays->arrays + 1);
	builder_bytes(&b, old->data + 4, old->len - 4);
	builder_bytes(&b, list + 4, own);
	err = ofdt_update_property(dr->root, DYNMEM_NODE,
				   &(struct ofdt_value){ .name = ASSOC_ARRAYS_PROP,
							 .value = b.buf,
							 .len = b.len });
	free(b.buf);
	return err;
}

int lmb_tree_array(const struct dr_ctx *dr, const struct fdt_frag *frag, uint32_t *array)
{
	_cleanup_prop_ struct prop prop = { 0 };
	struct assoc_arrays arrays;
	const void *list;
	int len, err;

	list = fdt_getprop(frag->fdt, fdt_frag_top(frag), ASSOC_PROP, &len);
	if (!list)
		return -EBADMSG;
	err = prop_read(dr->root, DYNMEM_NODE, ASSOC_ARRAYS_PROP, &prop);
	if (!err)
		err = assoc_arrays_read(&arrays, prop.data, prop.len);
	if (err)
		return err;
	err = assoc_arrays_find(&arrays, list, (size_t)len, array);
	if (err != -ENOENT)
		return err;
	*array = arrays.arrays;
	return lmb_append_array(dr, &prop, &arrays, list, (size_t)len);
}
